"""The diagram of a DMN file: which decision needs which, and whether that goes round in a circle."""

from crmcore.language import Phrase, joined, say
from crmcore.organization.dmn.elements import Element
from crmcore.organization.faults import Faults

__all__ = ["examine_diagram"]


def examine_diagram(root: Element, faults: Faults) -> None:
    """Add a fault for every circle of decisions that need one another."""
    decisions = {one.attributes["id"]: one for one in root.all("decision") if "id" in one.attributes}
    needs = {id_: [other for other in _needed(one) if other in decisions] for id_, one in decisions.items()}
    done: set[str] = set()
    for start in decisions:
        circle = _circle(start, needs, done)
        if circle:
            faults.add(decisions[circle[0]].place, _goes_round([_name(decisions[one]) for one in circle]))


def _goes_round(names: list[str]) -> Phrase:
    if len(names) == 1:
        return say("the decision {name} needs its own answer", name=names[0])
    return say("the decisions {names} need one another's answers in a circle", names=joined(names))


def _name(decision: Element) -> str:
    return decision.attributes.get("name") or decision.attributes["id"]


def _needed(decision: Element) -> list[str]:
    required = (one.child("requiredDecision") for one in decision.all("informationRequirement"))
    return [one.attributes.get("href", "").rpartition("#")[2] for one in required if one is not None]


def _circle(start: str, needs: dict[str, list[str]], done: set[str]) -> list[str]:
    """Return the decisions of a circle that can be reached from one; none when there is no new one."""
    path: list[str] = []
    on_path: set[str] = set()
    stack: list[tuple[str, bool]] = [(start, False)]
    while stack:
        one, left = stack.pop()
        if left:
            on_path.discard(path.pop())
            done.add(one)
        elif one in on_path:
            circle = path[path.index(one) :]
            done.update(path)
            return circle
        elif one not in done:
            path.append(one)
            on_path.add(one)
            stack.append((one, True))
            stack.extend((other, False) for other in reversed(needs[one]))
    return []

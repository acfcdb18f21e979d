"""What changes hands, as people and programs read it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from attrs import frozen
from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from crmcore.cli.drawing import draw
from crmcore.cli.formats.json_report import dumped
from crmcore.cli.formats.text import aligned
from crmcore.cli.harmless import visible
from crmcore.cli.terminal import Terminal
from crmcore.cli.words import MOST, where_in_words
from crmcore.language import Phrase, listed, say, say_many, told, translated
from crmcore.organization import Organization
from crmcore.responsibility import Comparison, Hands, Load, Move
from crmcore.responsibility.comparing import KINDS, MoveKind

__all__ = ["FORMATS", "Told"]

_HEADINGS: Final[Mapping[MoveKind, Phrase]] = {
    "opened": say("opened: nobody answers any more"),
    "contested": say("contested: more roles are accountable than may be"),
    "closed": say("closed: somebody answers at last"),
    "settled": say("settled: no longer too many roles are accountable"),
    "moved": say("moved: somebody else answers"),
    "appeared": say("appeared: these customers are new, and somebody answers"),
    "vanished": say("vanished: these customers cannot be here any more"),
    "still-open": say("still open: nobody answers, for another reason"),
}

_STYLES: Final[Mapping[MoveKind, str]] = {
    "opened": "bold red",
    "contested": "bold red",
    "closed": "bold green",
    "settled": "bold green",
    "still-open": "bold red",
}


@frozen
class Told:
    """A comparison and what it is told with.

    Attributes:
        comparison: what changes hands.
        organization: the new one.
        limit: how many moves of a kind text shows; 0 for all.
        terminal: where it is shown.
    """

    comparison: Comparison
    organization: Organization
    limit: int
    terminal: Terminal

    def groups(self) -> Iterator[tuple[MoveKind, list[Move]]]:
        """Yield the moves of each kind, the largest first."""
        for kind in KINDS:
            moves = [move for move in self.comparison.moves if move.kind == kind]
            if moves:
                yield kind, sorted(moves, key=self.comparison.points, reverse=True)


def _text(told_of: Told) -> str:
    parts: list[RenderableType] = []
    for kind, moves in told_of.groups():
        shown = moves[: told_of.limit or None]
        parts.append(Text(told(_HEADINGS[kind]), _STYLES.get(kind, "bold")))
        for move in shown:
            parts += [*_move(told_of.comparison, move), Text()]
        if len(shown) < len(moves):
            rest = say("… and {count} more (--limit 0 shows all)", count=len(moves) - len(shown))
            parts += [Text(told(rest), "italic"), Text()]
    loads = list(_loads(told_of))
    if loads:
        parts += [Text(translated("Whose load changes"), "bold"), Padding.indent(aligned(loads), 2), Text()]
    parts.append(Text(visible(_summary(told_of)), "bold"))
    return draw(*parts, terminal=told_of.terminal)


def _move(comparison: Comparison, move: Move) -> Iterator[RenderableType]:
    yield Padding.indent(Text(visible(_in_a_line(move))), 2)
    rows = [(say("where"), words) for words in _where(comparison, move)]
    for label, places in ((say("before"), move.before_places), (say("after"), move.after_places)):
        rows += [(label, str(place)) for place in places[:MOST]]
    yield Padding.indent(aligned(rows), 4)


def _in_a_line(move: Move) -> str:
    before, after = told(_hands(move.before)), told(_hands(move.after))
    return f"{move.touchpoint}: {before} → {after}"


def _hands(hands: Hands | None) -> Phrase:
    if hands is None:
        return say("not met")
    if not hands.roles:
        return say("nobody")
    roles = listed(hands.roles)
    if not hands.people:
        return say("{roles}, held by nobody", roles=roles)
    return say("{roles} ({people})", roles=roles, people=listed(hands.people))


def _where(comparison: Comparison, move: Move) -> Iterator[str]:
    boxes = move.boxes[:MOST]
    for box in boxes:
        yield where_in_words(comparison.space.describe(box), comparison.space.points(box))
    if len(move.boxes) > len(boxes):
        more = len(move.boxes) - len(boxes)
        yield told(say_many("and {count} more part", "and {count} more parts", more))


def _loads(told_of: Told) -> Iterator[tuple[str, str]]:
    people = told_of.organization.by_id("people")
    for load in told_of.comparison.loads:
        capacity = people[load.person].capacity if load.person in people else None
        shares = told_of.comparison.shares(load)
        change = say(
            "{before:,g} → {after:,g} points (+{gained:,g} −{lost:,g}), {old_share:.0%} → {new_share:.0%} of all",
            before=round(load.before, 2),
            after=round(load.after, 2),
            gained=round(load.gained, 2),
            lost=round(load.lost, 2),
            old_share=shares[0],
            new_share=shares[1],
        )
        if capacity is not None:
            change = say("{change}; capacity {capacity}", change=change, capacity=capacity)
        yield load.person, told(change)


def _summary(told_of: Told) -> str:
    comparison = told_of.comparison
    counted = {kind: sum(map(comparison.points, moves)) for kind, moves in told_of.groups()}
    window = (
        say("on {on}", on=comparison.on)
        if comparison.on == comparison.until
        else say("from {on} to {until}", on=comparison.on, until=comparison.until)
    )
    kinds = [_COUNTED[kind](points) for kind, points in counted.items()]
    found = listed(kinds) if kinds else say("nothing changes hands")
    sentence = say("{name} {window}: {found}.", name=told_of.organization.name, window=window, found=found)
    if comparison.complete:
        return told(sentence)
    return told(say("{sentence} Not every proof went to its end: there may be more.", sentence=sentence))


_COUNTED: Final[Mapping[MoveKind, Callable[[int], Phrase]]] = {
    "opened": lambda points: say_many("{count:,} point opens", "{count:,} points open", points),
    "contested": lambda points: say_many(
        "{count:,} point becomes contested", "{count:,} points become contested", points
    ),
    "closed": lambda points: say_many("{count:,} point closes", "{count:,} points close", points),
    "settled": lambda points: say_many("{count:,} point is settled", "{count:,} points are settled", points),
    "moved": lambda points: say_many("{count:,} point changes hands", "{count:,} points change hands", points),
    "appeared": lambda points: say_many("{count:,} point appears", "{count:,} points appear", points),
    "vanished": lambda points: say_many("{count:,} point vanishes", "{count:,} points vanish", points),
    "still-open": lambda points: say_many("{count:,} point stays open", "{count:,} points stay open", points),
}


def _markdown(told_of: Told) -> str:
    lines = [f"**{_escaped(_summary(told_of))}**"]
    for kind, moves in told_of.groups():
        lines += ["", f"### {told(_HEADINGS[kind])}", "", "| | | |", "| --- | --- | --- |"]
        for move in moves[: told_of.limit or None]:
            where = "<br>".join(map(_escaped, _where(told_of.comparison, move)))
            lines.append(f"| {_escaped(_in_a_line(move))} | {where} | {_places(move)} |")
    loads = [f"| {_escaped(person)} | {_escaped(change)} |" for person, change in _loads(told_of)]
    if loads:
        lines += ["", f"### {translated('Whose load changes')}", "", "| | |", "| --- | --- |", *loads]
    return "\n".join(lines) + "\n"


def _places(move: Move) -> str:
    return "<br>".join(_escaped(str(place)) for place in dict.fromkeys((*move.before_places, *move.after_places)))


def _escaped(text: str) -> str:
    for character in "\\`*_[]<>|":
        text = text.replace(character, f"\\{character}")
    return visible(text)


def _json(told_of: Told) -> str:
    comparison = told_of.comparison
    return dumped(
        {
            "version": 1,
            "organization": told_of.organization.name,
            "on": comparison.on.isoformat(),
            "until": comparison.until.isoformat(),
            "complete": comparison.complete,
            "moves": [_move_data(comparison, move) for _, moves in told_of.groups() for move in moves],
            "loads": [_load_data(comparison, load) for load in comparison.loads],
        }
    )


def _move_data(comparison: Comparison, move: Move) -> dict[str, Any]:
    return {
        "touchpoint": move.touchpoint,
        "kind": move.kind,
        "before": _hands_data(move.before),
        "after": _hands_data(move.after),
        "points": comparison.points(move),
        "boxes": [comparison.space.describe(box) for box in move.boxes],
        "witness": comparison.space.witness(move.boxes[0]),
        "before_places": [str(place) for place in move.before_places],
        "after_places": [str(place) for place in move.after_places],
    }


def _hands_data(hands: Hands | None) -> dict[str, Any] | None:
    if hands is None:
        return None
    return {"roles": list(hands.roles), "people": list(hands.people), "conflict": hands.conflict}


def _load_data(comparison: Comparison, load: Load) -> dict[str, Any]:
    share_before, share_after = comparison.shares(load)
    return {
        "person": load.person,
        "gained": load.gained,
        "lost": load.lost,
        "before": load.before,
        "after": load.after,
        "share_before": share_before,
        "share_after": share_after,
    }


FORMATS: Final = {"text": _text, "json": _json, "markdown": _markdown}
"""The writers of a comparison, by the name of their format."""

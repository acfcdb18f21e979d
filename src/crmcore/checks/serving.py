"""Which departments may answer a customer at each visit, and for which customers these are the same.

What is true of a customer stays; the channel, the stage and the day may differ from one contact to the next. So for one
customer a visit has a set of departments, any of which may answer: one for each channel, perhaps. Customers for whom
all these sets are equal are one **audience**: what is proven of the journey of one of them holds for all.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from attrs import frozen

from crmcore.checks.journeys import Journey
from crmcore.organization import STAGE
from crmcore.responsibility import BUDGET, Box, Responsibilities, Space, intersection, merged, partition, uncovered

__all__ = ["NOBODY", "Audience", "Serving", "serving"]

NOBODY: Final = -1
"""Stands among the departments where nobody is accountable."""


@frozen
class Audience:
    """Customers who are served by the same departments at every visit of one part of the journey.

    Attributes:
        boxes: which customers; only what is true of a customer is restricted.
        departments: for every visit at which someone is accountable for them, the departments that may answer.
        passable: the visits at which it can be that nobody is accountable.
    """

    boxes: tuple[Box, ...]
    departments: Mapping[int, tuple[int, ...]]
    passable: frozenset[int]


@frozen
class Serving:
    """Who answers where.

    Attributes:
        departments: the departments that answer, known by their position; None stands for roles without one.
        answered: where a department answers at a visit, by the positions of the two.
        audiences: the customers, by who answers them.
        complete: whether these are known to be all.
    """

    departments: tuple[str | None, ...]
    answered: Mapping[tuple[int, int], Sequence[Box]]
    audiences: tuple[Audience, ...]
    complete: bool


def serving(responsibilities: Responsibilities, journey: Journey, budget: int = BUDGET) -> Serving:
    """Divide the customers by the departments that may answer them.

    Args:
        responsibilities: the organization, compiled.
        journey: its visits.
        budget: how many looks at a rule the division may take.
    """
    known = {department.id for department in responsibilities.organization.departments}
    departments: dict[str | None, int] = {}
    found: dict[str, dict[int, list[Box]]] = {}
    complete = True
    for touchpoint in dict.fromkeys(visit.touchpoint for visit in journey.visits):
        here = found[touchpoint] = {}
        for answer in responsibilities.answers(touchpoint):
            name = responsibilities.department_of(answer.rule.role)
            department = departments.setdefault(name if name in known else None, len(departments))
            here.setdefault(department, []).extend(answer.boxes)
            complete = complete and answer.complete
        space = responsibilities.touchpoint_box(touchpoint)
        if space is not None:
            rules = (rule.box for rule in responsibilities.rules(touchpoint))
            gap = uncovered(space, [*rules, *responsibilities.impossible])
            here[NOBODY] = list(gap.boxes)
            complete = complete and gap.complete
    answered = _by_visit(responsibilities.space, journey, found)
    audiences: list[Audience] = []
    parts = [part for part in journey.parts if len(part) > 1 or _needs(responsibilities, journey, part)]
    for part in parts:
        visited = {key: boxes for key, boxes in answered.items() if key[0] in part}
        more, divided = _audiences(responsibilities.space, visited, budget // len(parts))
        audiences.extend(more)
        complete = complete and divided
    return Serving(tuple(departments), answered, tuple(audiences), complete)


def _needs(responsibilities: Responsibilities, journey: Journey, part: frozenset[int]) -> bool:
    return any(responsibilities.touchpoints[journey.visits[visit].touchpoint].needs for visit in part)


def _by_visit(
    space: Space, journey: Journey, found: Mapping[str, Mapping[int, Sequence[Box]]]
) -> Mapping[tuple[int, int], Sequence[Box]]:
    """Tell the stages of a touchpoint apart."""
    axis = space.index(STAGE)
    limits: dict[str | None, Box] = {None: space.whole}
    if axis is not None:
        for visit in journey.visits:
            mask = space.axes[axis].mask([visit.stage or ""])
            limits[visit.stage] = (*space.whole[:axis], mask, *space.whole[axis + 1 :])
    answered: dict[tuple[int, int], Sequence[Box]] = {}
    for position, visit in enumerate(journey.visits):
        for department, boxes in found[visit.touchpoint].items():
            parts = [part for box in boxes if (part := intersection(box, limits[visit.stage]))]
            if parts:
                answered[position, department] = parts
    return answered


def _audiences(
    space: Space, answered: Mapping[tuple[int, int], Sequence[Box]], budget: int
) -> tuple[tuple[Audience, ...], bool]:
    """Divide the customers so that in each part every department answers at a visit for all of them, or for none."""
    customer = frozenset(space.customer_axes)
    alike: dict[frozenset[Box], list[tuple[int, int]]] = {}
    for key, boxes in answered.items():
        projected = merged(
            tuple(mask if axis in customer else space.axes[axis].full for axis, mask in enumerate(box)) for box in boxes
        )
        alike.setdefault(frozenset(projected), []).append(key)
    rules = [(box, group) for group, boxes in enumerate(alike) for box in boxes]
    group_of = [group for _, group in rules]

    def judge(covering: Sequence[int], partly: Sequence[int]) -> bool | None:
        certain = {group_of[rule] for rule in covering}
        return True if all(group_of[rule] in certain for rule in partly) else None

    division = partition(space.whole, [box for box, _ in rules], judge, budget)
    parts: dict[frozenset[int], list[Box]] = {}
    for part in division.parts:
        parts.setdefault(frozenset(group_of[rule] for rule in part.rules), []).append(part.box)
    members = list(alike.values())
    audiences = (
        _audience([key for group in sorted(groups) for key in members[group]], boxes)
        for groups, boxes in parts.items()
        if groups
    )
    return tuple(audiences), division.complete


def _audience(keys: Sequence[tuple[int, int]], boxes: Sequence[Box]) -> Audience:
    departments: dict[int, list[int]] = {}
    for visit, department in sorted(keys):
        if department != NOBODY:
            departments.setdefault(visit, []).append(department)
    return Audience(
        boxes=tuple(merged(boxes)),
        departments={visit: tuple(found) for visit, found in departments.items()},
        passable=frozenset(visit for visit, department in keys if department == NOBODY),
    )

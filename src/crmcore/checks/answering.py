"""Which roles, people and departments answer for customers, and where: what several checks begin with."""

from collections.abc import Iterator, Sequence
from typing import Final

from attrs import frozen

from crmcore.checks.boxes import Region, region
from crmcore.checks.context import Context
from crmcore.organization import ALL, DutyKind, Escalation, Staffing, Touchpoint
from crmcore.responsibility import Box, Responsibilities, intersection, merged, readable, uncovered

__all__ = ["Answering", "answering", "guarded", "journey_departments", "places", "staffed", "standing"]

_FEW: Final = 32
"""So many boxes are made as large as can be; where there are more, nobody reads them all, and it takes long."""


@frozen
class Answering:
    """A part of a touchpoint's space where a role wins a duty.

    Attributes:
        touchpoint: where.
        role: the id of the role.
        box: the part.
        complete: whether all parts of this duty are known.
    """

    touchpoint: Touchpoint
    role: str
    box: Box
    complete: bool


def answering(context: Context, *duties: DutyKind) -> Iterator[Answering]:
    """Yield where a role wins one of these duties, touchpoint after touchpoint."""
    for touchpoint in context.organization.touchpoints:
        for duty in duties:
            for answer in context.responsibilities.answers(touchpoint.id, duty):
                for box in merged(answer.boxes):
                    yield Answering(touchpoint, answer.rule.role, box, answer.complete)


def guarded(context: Context, escalation: Escalation) -> Iterator[tuple[Touchpoint, Box]]:
    """Yield the touchpoints that an escalation is for, each with the part of its space where it holds."""
    named = escalation.touchpoints
    where = context.responsibilities.scope_box(escalation.where)
    for touchpoint in context.organization.touchpoints:
        if named == ALL or touchpoint.id in named:
            space = context.responsibilities.touchpoint_box(touchpoint.id)
            part = None if where is None or space is None else intersection(where, space)
            if part is not None:
                yield touchpoint, part


def journey_departments(context: Context) -> Sequence[str]:
    """Return the departments that do something for a customer somewhere, in the order of the file."""
    roles = dict.fromkeys(each.role for each in answering(context, "accountable", "responsible"))
    found = {context.responsibilities.department_of(role) for role in roles}
    return [department.id for department in context.organization.departments if department.id in found]


def standing(context: Context) -> Iterator[Staffing]:
    """Yield the staffing entries of roles that exist which have not ended when the proof begins."""
    for entry in context.organization.staffing:
        if entry.role in context.roles and (entry.to is None or entry.to >= context.on):
            yield entry


def staffed(
    responsibilities: Responsibilities, role: str, within: Box | None = None
) -> Sequence[tuple[Box, frozenset[str]]]:
    """Return who holds a role, in as few parts of the space as can be; no people are a vacancy.

    Args:
        responsibilities: the organization, compiled.
        role: the id of the role.
        within: where; None for the whole space.
    """
    pools: dict[frozenset[str], list[Box]] = {}
    for box, people in responsibilities.pools(role, responsibilities.space.whole if within is None else within):
        pools.setdefault(people, []).append(box)
    return [(box, people) for people, boxes in pools.items() for box in merged(boxes)]


def places(responsibilities: Responsibilities, boxes: Sequence[Box], within: Box | None) -> Iterator[Region]:
    """Say where boxes are, as people read it best: in few and large boxes, which hold nothing else.

    Args:
        responsibilities: the organization, compiled.
        boxes: what to say.
        within: what they are a part of; None when that is empty, and they are none.
    """
    if within is None:
        return
    few = merged(boxes)
    if len(few) <= _FEW:
        rest = uncovered(within, few)
        few = readable(few, rest.boxes, within) if rest.complete else few
    for box in few:
        yield region(responsibilities, box)

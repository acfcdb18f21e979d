"""Why a question has no answer, in words that tell what to mend: the attribute, the box, the witness."""

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from crmcore.errors import OutsideSpace, UncoveredTouchpoint, VacantRole, nearest
from crmcore.language import listed, say
from crmcore.responsibility.axes import Box
from crmcore.responsibility.partition import widened
from crmcore.responsibility.ranges import range_in_words

if TYPE_CHECKING:
    from crmcore.organization.model import DutyKind
    from crmcore.responsibility.compiling import Responsibilities

__all__ = [
    "Cells",
    "admits",
    "elsewhere",
    "missing_attribute",
    "refuse_impossible",
    "uncovered_touchpoint",
    "unknown_attribute",
    "unknown_value",
    "vacant_role",
]

_MOST: Final = 12
"""So many values are named of those that are allowed."""

Cells = tuple[int | None, ...]
"""Where a customer is: the cell on every axis, None where the question does not say."""


def admits(box: Box, where: Cells) -> bool:
    """Say whether a customer lies in a box; what the question does not say counts as inside."""
    return all(cell is None or mask >> cell & 1 for mask, cell in zip(box, where, strict=True))


def _allowed(values: list[Any]) -> str:
    numbers = any(isinstance(value, list) for value in values)
    if numbers and values[0] == [None, None]:
        return say("it is a number")
    shown = listed(range_in_words(*value) if numbers else str(value) for value in values[:_MOST])
    rest = len(values) - _MOST
    names = say("{names} and {count} more", names=shown, count=rest) if rest > 0 else shown
    return say("it is a number {ranges}", ranges=names) if numbers else say("it is one of {values}", values=names)


def unknown_attribute(responsibilities: "Responsibilities", name: str, value: Any) -> OutsideSpace:
    """Say that there is no such dimension, and which there are."""
    names = responsibilities.space.names[:-1]
    reason = say("the organization has no dimension {name!r}, and no other either", name=name)
    if names:
        reason = say("the organization has no dimension {name!r}; it has: {known}", name=name, known=listed(names))
    return OutsideSpace(name, value, reason, nearest(name, names))


def missing_attribute(responsibilities: "Responsibilities", position: int) -> OutsideSpace:
    """Say that the answer depends on an attribute which the question leaves out, and what it can be."""
    axis = responsibilities.space.axes[position]
    allowed = _allowed(axis.describe(axis.full))
    depends = say(
        "the answer depends on {name!r}, which the question does not say: {allowed}", name=axis.id, allowed=allowed
    )
    return OutsideSpace(axis.id, None, depends)


def unknown_value(responsibilities: "Responsibilities", position: int, value: Any) -> OutsideSpace:
    """Say that no customer has such a value, and which there are."""
    axis = responsibilities.space.axes[position]
    inner = isinstance(value, str) and axis.mask([value])
    values = axis.describe(axis.mask([value]) if inner and isinstance(value, str) else axis.full)
    if inner:
        reason = say(
            "{name} {value!r} stands for several values; a customer has one of those below it",
            name=axis.id,
            value=value,
        )
        return OutsideSpace(axis.id, value, reason)
    names = getattr(axis, "positions", {})
    hint = nearest(value, names) if isinstance(value, str) else None
    allowed = _allowed(values)
    reason = say("no customer has {name} {value!r}: {allowed}", name=axis.id, value=value, allowed=allowed)
    return OutsideSpace(axis.id, value, reason, hint)


def elsewhere(responsibilities: "Responsibilities", touchpoint: str, position: int, cell: int) -> OutsideSpace:
    """Say that a touchpoint does not happen for a value, and for which it does."""
    axis = responsibilities.space.axes[position]
    box = responsibilities.touchpoint_box(touchpoint) or responsibilities.space.whole
    value = axis.witness(1 << cell)
    reason = say(
        "touchpoint {touchpoint!r} does not happen for {name} {value!r}: {allowed}",
        touchpoint=touchpoint,
        name=axis.id,
        value=value,
        allowed=_allowed(axis.describe(box[position])),
    )
    return OutsideSpace(axis.id, value, reason)


def refuse_impossible(responsibilities: "Responsibilities", where: Cells) -> None:
    """Refuse a combination that cannot occur.

    Raises:
        OutsideSpace: it cannot occur, with the reason that the file gives.
    """
    space = responsibilities.space
    for entry in responsibilities.organization.impossible:
        box = responsibilities.scope_box(entry.where)
        if box is None:
            continue
        restricted = [position for position, mask in enumerate(box) if mask != space.axes[position].full]
        if all(where[position] is not None for position in restricted) and admits(box, where):
            said = {"names": listed(space.names[position] for position in restricted), "place": entry.place}
            reason = say("this combination of {names} cannot occur: {place}", **said)
            if entry.because:
                why = entry.because
                reason = say("this combination of {names} cannot occur ({why}): {place}", why=why, **said)
            raise OutsideSpace(None, None, reason)


def _around(where: Cells, within: Box) -> Box:
    """Return the smallest box that holds the customer: where no cell was said, the first that is possible."""
    return tuple(mask & -mask if cell is None else 1 << cell for mask, cell in zip(within, where, strict=True))


def _on(responsibilities: "Responsibilities", day: date) -> "Responsibilities":
    """Return the same organization compiled for the proof of one day."""
    return type(responsibilities)(responsibilities.organization, on=day, without=responsibilities.without)


def uncovered_touchpoint(
    responsibilities: "Responsibilities", touchpoint: str, duty: "DutyKind", where: Cells, day: date
) -> UncoveredTouchpoint:
    """Say that nobody answers for a customer, and for which others nobody does."""
    today = _on(responsibilities, day)
    within = today.touchpoint_box(touchpoint) or today.space.whole
    here = _around((*where[:-1], 0), within)
    box = widened(here, [*today.table(touchpoint, duty).boxes, *today.impossible], within)
    return UncoveredTouchpoint(touchpoint, today.space.describe(box), today.space.witness(here))


def vacant_role(responsibilities: "Responsibilities", role: str, where: Cells, day: date) -> VacantRole:
    """Say that a role has no holder for a customer, and for which others it has none."""
    today = _on(responsibilities, day)
    here = _around((*where[:-1], 0), today.space.whole)
    staffed = [rule.box for rule in today.staffing(role).rules if rule.people]
    box = widened(here, staffed, today.space.whole)
    return VacantRole(role, today.space.describe(box), today.space.witness(here))

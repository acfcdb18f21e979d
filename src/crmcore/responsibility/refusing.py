"""Why a question has no answer, in words that tell what to mend: the attribute, the box, the witness."""

from datetime import date
from typing import TYPE_CHECKING, Any

from crmcore.errors import OutsideSpace, UncoveredTouchpoint, VacantRole, nearest
from crmcore.responsibility.axes import Box
from crmcore.responsibility.partition import widened

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

Cells = tuple[int | None, ...]
"""Where a customer is: the cell on every axis, None where the question does not say."""


def admits(box: Box, where: Cells) -> bool:
    """Say whether a customer lies in a box; what the question does not say counts as inside."""
    return all(cell is None or mask >> cell & 1 for mask, cell in zip(box, where, strict=True))


def _allowed(values: list[Any]) -> str:
    shown = [
        f"a number in [{value[0]}, {value[1]})" if isinstance(value, list) else str(value) for value in values[:12]
    ]
    return "it is one of " + ", ".join(shown) + (f" and {len(values) - 12} more" if len(values) > 12 else "")


def unknown_attribute(responsibilities: "Responsibilities", name: str, value: Any) -> OutsideSpace:
    """Say that there is no such dimension, and which there are."""
    names = responsibilities.space.names[:-1]
    known = ", ".join(names) or "none"
    reason = f"the organization has no dimension {name!r}; it has: {known}"
    return OutsideSpace(name, value, reason, nearest(name, names))


def missing_attribute(responsibilities: "Responsibilities", position: int) -> OutsideSpace:
    """Say that the answer depends on an attribute which the question leaves out, and what it can be."""
    axis = responsibilities.space.axes[position]
    allowed = _allowed(axis.describe(axis.full))
    return OutsideSpace(axis.id, None, f"the answer depends on {axis.id!r}, which the question does not say: {allowed}")


def unknown_value(responsibilities: "Responsibilities", position: int, value: Any) -> OutsideSpace:
    """Say that no customer has such a value, and which there are."""
    axis = responsibilities.space.axes[position]
    inner = isinstance(value, str) and axis.mask([value])
    values = axis.describe(axis.mask([value]) if inner and isinstance(value, str) else axis.full)
    if inner:
        reason = f"{axis.id} {value!r} stands for several values; a customer has one of those below it"
        return OutsideSpace(axis.id, value, reason)
    names = getattr(axis, "positions", {})
    hint = nearest(value, names) if isinstance(value, str) else None
    return OutsideSpace(axis.id, value, f"no customer has {axis.id} {value!r}: {_allowed(values)}", hint)


def elsewhere(responsibilities: "Responsibilities", touchpoint: str, position: int, cell: int) -> OutsideSpace:
    """Say that a touchpoint does not happen for a value, and for which it does."""
    axis = responsibilities.space.axes[position]
    box = responsibilities.touchpoint_box(touchpoint) or responsibilities.space.whole
    value = axis.witness(1 << cell)
    reason = (
        f"touchpoint {touchpoint!r} does not happen for {axis.id} {value!r}: {_allowed(axis.describe(box[position]))}"
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
            names = ", ".join(space.names[position] for position in restricted)
            why = f" ({entry.because})" if entry.because else ""
            raise OutsideSpace(None, None, f"this combination of {names} cannot occur{why}: {entry.place}")


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

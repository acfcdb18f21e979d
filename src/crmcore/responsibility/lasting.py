"""Days put together: parts of a space in which the same customers follow each other day after day become one."""

from collections.abc import Iterable, Sequence
from typing import Final

from crmcore.responsibility.axes import Box, intersection
from crmcore.responsibility.partition import uncovered

__all__ = ["unbroken"]

_MOST: Final = 1_000
"""Beyond so many parts nobody reads them, and comparing each with each takes too long."""


def unbroken(boxes: Sequence[Box], every_day: int) -> list[Box]:
    """Return the same points in boxes of which no two share a customer, so that each has all days of its customers.

    Args:
        boxes: the parts; they share no point.
        every_day: the mask of all days.
    """
    whole = [box for box in boxes if box[-1] == every_day]
    some = [box for box in boxes if box[-1] != every_day]
    if len(some) > _MOST or len({box[-1] for box in some}) < 2:
        return list(boxes)
    apart: list[Box] = []
    for box in some:
        apart = _joined(apart, box)
    return [*whole, *apart]


def _joined(apart: Iterable[Box], box: Box) -> list[Box]:
    """Add a box to some that share no customer."""
    kept: list[Box] = []
    pending = [box]
    for other in apart:
        shared = [part for one in pending if (part := intersection(one[:-1], other[:-1])) is not None]
        kept += ((*part, other[-1] | box[-1]) for part in shared)
        kept += _outside(other, shared)
        if shared:
            pending = [part for one in pending for part in _outside(one, [other[:-1]])]
    return [*kept, *pending]


def _outside(box: Box, customers: Sequence[Box]) -> list[Box]:
    """Return a box without some customers; its days stay as they are."""
    if not customers:
        return [box]
    left = uncovered((*box[:-1], 1), [(*part, 1) for part in customers])
    return [(*part[:-1], box[-1]) for part in left.boxes]

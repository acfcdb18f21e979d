# ruff: noqa: D102 (what a method of `Axis` is for is said there once, not again for each kind of axis)
"""The space of possible customers, cut into elementary cells, so that a part of it is a bitmask a dimension.

An `Axis` is one dimension: its cells are tree leaves in preorder (every inner name is then one run of cells), plain
values, or number and day intervals between the ends that some rule names. A `Box` holds one mask of cells an axis.
"""

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property
from math import isfinite
from typing import Any

from attrs import frozen

from crmcore.organization import DAY, Number, Scope, Tree
from crmcore.values import Interval

__all__ = [
    "Axis",
    "Box",
    "DayAxis",
    "NameAxis",
    "NumberAxis",
    "Space",
    "TreeAxis",
    "cells",
    "intersection",
    "runs",
]

Box = tuple[int, ...]
"""A part of the space: for every axis the bitmask of the cells that it admits, none of them empty."""


def intersection(one: Box, other: Box) -> Box | None:
    """Return what two boxes share; None when they share nothing."""
    shared = tuple(mine & theirs for mine, theirs in zip(one, other, strict=True))
    return shared if all(shared) else None


def cells(mask: int) -> Iterator[int]:
    """Yield the positions of the bits of a mask, the lowest first."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def runs(mask: int) -> Iterator[tuple[int, int]]:
    """Yield the half-open ranges of neighbouring bits of a mask, the lowest first."""
    offset = 0
    while mask:
        gap = (mask & -mask).bit_length() - 1
        mask >>= gap
        length = (~mask & (mask + 1)).bit_length() - 1
        yield offset + gap, offset + gap + length
        offset += gap + length
        mask >>= length


def _run(start: int, stop: int) -> int:
    return (1 << stop) - (1 << start) if start < stop else 0


@frozen(slots=False)
class Axis(ABC):
    """One dimension, cut into cells.

    Attributes:
        id: the dimension's id, or `stage` or `day`.
        of_customer: whether it is true of the customer for longer than one contact.
    """

    id: str
    of_customer: bool

    @property
    @abstractmethod
    def size(self) -> int:
        """How many cells there are."""

    @abstractmethod
    def mask(self, values: Iterable[str | Interval]) -> int:
        """Return the cells that a scope's values admit; what is unknown admits nothing."""

    @abstractmethod
    def cell(self, value: Any) -> int | None:
        """Return the cell of one customer's value; None when no customer can have it."""

    @abstractmethod
    def describe(self, mask: int) -> list[Any]:
        """Say in the file's own words which values a mask admits, in as few as can be."""

    @abstractmethod
    def witness(self, mask: int) -> Any:
        """Return one value that the mask admits."""

    @cached_property
    def full(self) -> int:
        """The mask of all cells."""
        return _run(0, self.size)


@frozen(slots=False)
class NameAxis(Axis):
    """A flat choice of names.

    Attributes:
        values: the names, a cell each.
    """

    values: tuple[str, ...]

    @property
    def size(self) -> int:
        return len(self.values)

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """Cell by name."""
        return {value: position for position, value in enumerate(self.values)}

    def mask(self, values: Iterable[str | Interval]) -> int:
        mask = 0
        for value in values:
            position = self.positions.get(value) if isinstance(value, str) else None
            if position is not None:
                mask |= 1 << position
        return mask

    def cell(self, value: Any) -> int | None:
        return self.positions.get(value) if isinstance(value, str) else None

    def describe(self, mask: int) -> list[Any]:
        return [self.values[cell] for cell in cells(mask)]

    def witness(self, mask: int) -> Any:
        return self.values[next(cells(mask))]


@frozen(slots=False)
class TreeAxis(Axis):
    """A tree of names: a cell is a leaf, an inner name a run of cells.

    Attributes:
        tree: the tree.
    """

    tree: Tree

    @property
    def size(self) -> int:
        return len(self.tree.leaves)

    @cached_property
    def _masks(self) -> Mapping[str, int]:
        return {name: _run(*span) for name, span in self.tree.spans.items()}

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """Cell by the name of a leaf."""
        return {leaf: position for position, leaf in enumerate(self.tree.leaves)}

    def mask(self, values: Iterable[str | Interval]) -> int:
        mask = 0
        for value in values:
            if isinstance(value, str):
                mask |= self._masks.get(value, 0)
        return mask

    def cell(self, value: Any) -> int | None:
        return self.positions.get(value) if isinstance(value, str) else None

    def describe(self, mask: int) -> list[Any]:
        names = []
        stack = list(reversed(self.tree.roots))
        while stack:
            node = stack.pop()
            below = self._masks[node.name]
            if mask & below == below:
                names.append(node.name)
            elif mask & below:
                stack.extend(reversed(node.children))
        return names

    def witness(self, mask: int) -> Any:
        return self.tree.leaves[next(cells(mask))]


def _plain(number: float | None) -> float | None:
    """A whole number is written without a decimal point."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


@frozen(slots=False)
class NumberAxis(Axis):
    """A range of numbers: a cell is an interval between neighbouring ends of rules.

    Attributes:
        domain: the range.
        cuts: where a cell ends and the next begins, ascending, all strictly inside the range.
    """

    domain: Number
    cuts: tuple[float, ...]

    @property
    def size(self) -> int:
        return len(self.cuts) + 1

    def mask(self, values: Iterable[str | Interval]) -> int:
        mask = 0
        for value in values:
            if isinstance(value, Interval):
                low, high = self.domain.min, self.domain.max
                if value.empty or (value.start is not None and high is not None and value.start >= high):
                    continue
                if value.stop is not None and low is not None and value.stop <= low:
                    continue
                start = 0 if value.start is None else bisect_right(self.cuts, value.start)
                stop = self.size if value.stop is None else bisect_right(self.cuts, value.stop)
                if value.stop is not None and (stop == 0 or self.cuts[stop - 1] != value.stop):
                    stop += 1  # the end is not a cut: it lies at or beyond the end of the range
                mask |= _run(start, min(stop, self.size))
        return mask

    def cell(self, value: Any) -> int | None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        if not isfinite(value) or value not in Interval(self.domain.min, self.domain.max):
            return None
        if self.domain.integer and value != int(value):
            return None
        return bisect_right(self.cuts, value)

    def describe(self, mask: int) -> list[Any]:
        ends = (self.domain.min, *self.cuts, self.domain.max)
        return [[_plain(ends[start]), _plain(ends[stop])] for start, stop in runs(mask)]

    def witness(self, mask: int) -> Any:
        cell = next(cells(mask))
        ends = (self.domain.min, *self.cuts, self.domain.max)
        start, stop = ends[cell], ends[cell + 1]
        if start is not None:
            return _plain(start)
        return 0 if stop is None or stop > 0 else _plain(stop - 1)


@frozen(slots=False)
class DayAxis(Axis):
    """The days of a window: a cell is a span of days between neighbouring changes.

    Attributes:
        first: the first day; None for the beginning of time.
        last: the last day; None for the end of time.
        cuts: the first day of every cell but the first, ascending, all inside the window.
    """

    first: date | None
    last: date | None
    cuts: tuple[date, ...]

    @property
    def size(self) -> int:
        return len(self.cuts) + 1

    def mask(self, values: Iterable[str | Interval]) -> int:
        return self.full if not tuple(values) else 0

    def span(self, first: date | None, last: date | None) -> int:
        """Return the cells from one day to another, both included; None is open."""
        if first is not None and self.last is not None and first > self.last:
            return 0
        if last is not None and self.first is not None and last < self.first:
            return 0
        start = 0 if first is None else bisect_right(self.cuts, first)
        stop = self.size if last is None else bisect_right(self.cuts, last) + 1
        return _run(start, stop)

    def cell(self, value: Any) -> int | None:
        return bisect_right(self.cuts, value) if isinstance(value, date) else None

    def first_day(self, cell: int) -> date:
        """Return the first day of a cell; for the beginning of time the earliest that there is."""
        return self.cuts[cell - 1] if cell else self.first or date.min

    def describe(self, mask: int) -> list[Any]:
        spans = []
        for start, stop in runs(mask):
            last = self.last if stop == self.size else self.cuts[stop - 1] - timedelta(days=1)
            first = self.first if start == 0 else self.cuts[start - 1]
            spans.append([first and first.isoformat(), last and last.isoformat()])
        return spans

    def witness(self, mask: int) -> Any:
        return self.first_day(next(cells(mask))).isoformat()


@frozen(slots=False)
class Space:
    """All axes together: the dimensions in the order of the file, then the stage if there are stages, then the day.

    Attributes:
        axes: the axes; the day is always there, and last.
    """

    axes: tuple[Axis, ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The axes' ids."""
        return tuple(axis.id for axis in self.axes)

    @cached_property
    def _positions(self) -> Mapping[str, int]:
        return {name: position for position, name in enumerate(self.names)}

    def index(self, name: str) -> int | None:
        """Return the position of an axis; None when there is none of that name."""
        return self._positions.get(name)

    @cached_property
    def whole(self) -> Box:
        """Everything."""
        return tuple(axis.full for axis in self.axes)

    @cached_property
    def customer_axes(self) -> tuple[int, ...]:
        """The positions of the axes that stay the same from one contact to the next."""
        return tuple(position for position, axis in enumerate(self.axes) if axis.of_customer)

    @cached_property
    def locators(self) -> Mapping[str, tuple[int, Callable[[Any], int | None]]]:
        """For every axis but the day its position, and the function that finds the cell of a value."""
        return {axis.id: (position, axis.cell) for position, axis in enumerate(self.axes[:-1])}

    @property
    def days(self) -> DayAxis:
        """The axis of days."""
        days = self.axes[-1]
        assert isinstance(days, DayAxis)  # noqa: S101 (true by construction, said for the type checker)
        return days

    def box(self, scope: Scope, first: date | None = None, last: date | None = None) -> Box | None:
        """Return the part of the space that a scope admits between two days, both included; None when it is empty."""
        masks = list(self.whole)
        masks[-1] = self.days.span(first, last)
        for name, values in scope:
            position = self._positions.get(name)
            if position is not None and name != DAY:
                masks[position] &= self.axes[position].mask(values)
        return tuple(masks) if all(masks) else None

    def describe(self, box: Box) -> dict[str, list[Any]]:
        """Return a box in the file's own words; an axis that it does not restrict is absent."""
        return {axis.id: axis.describe(mask) for axis, mask in zip(self.axes, box, strict=True) if mask != axis.full}

    def witness(self, box: Box) -> dict[str, Any]:
        """Return one customer in contact inside a box; the day is named only where more than one is proven."""
        return {
            axis.id: axis.witness(mask)
            for axis, mask in zip(self.axes, box, strict=True)
            if axis.id != DAY or self.days.size > 1
        }

    def points(self, box: Box) -> int:
        """Return how many elementary points a box holds, days not counted."""
        count = 1
        for mask in box[:-1]:
            count *= mask.bit_count()
        return count

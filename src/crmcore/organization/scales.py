"""Scales: values in an order, cut exactly where rules begin and end, at a value or between two."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cached_property

from attrs import field, frozen

from crmcore.organization.space import Choice

__all__ = ["Scale", "ScaleCell", "ScaleEnd"]


@frozen
class ScaleEnd:
    """A value of a scale at which something begins or ends.

    Attributes:
        position: where it lies.
        text: the value as people write it.
    """

    position: Decimal
    text: str = field(eq=False)


@frozen
class ScaleCell:
    """A part of a scale: one value, when both ends are the same, or all values strictly between two.

    Attributes:
        low: where it begins; None for no bound.
        high: where it ends; None for no bound.
        example: a value in it, as a report says it.
        joined: whether no value lies between the cell before and this one.
    """

    low: ScaleEnd | None
    high: ScaleEnd | None
    example: str | float
    joined: bool = True

    @property
    def single(self) -> bool:
        """Whether it is one value."""
        return self.low is not None and self.low == self.high

    @property
    def key(self) -> tuple[Decimal, bool]:
        """Where it stands among the cells: one value comes before all that is above it."""
        return Decimal("-Infinity") if self.low is None else self.low.position, not self.single

    def __contains__(self, position: Decimal) -> bool:
        if self.low is not None and self.single:
            return position == self.low.position
        above = self.low is None or self.low.position < position
        return above and (self.high is None or position < self.high.position)


@frozen(slots=False)
class Scale(Choice):
    """Values in an order, such as numbers or days, cut where rules begin and end: unlike a `Number`, at a value too.

    To everything else it is a choice, whose values are the cells by what they hold: `< 0`, `0`, `(0 .. 660)`.

    Attributes:
        cells: the cells, the lowest first.
    """

    cells: tuple[ScaleCell, ...] = field(kw_only=True)

    @classmethod
    def of(cls, cells: Iterable[ScaleCell]) -> "Scale":
        """Build a scale from its cells, the lowest first."""
        cells = tuple(cells)
        return cls((_interval(cell, cell) for cell in cells), cells=cells)

    @cached_property
    def _keys(self) -> tuple[tuple[Decimal, bool], ...]:
        return tuple(cell.key for cell in self.cells)

    def find(self, position: Decimal) -> int | None:
        """Return the cell in which a value lies; None when it lies in none."""
        cell = bisect_right(self._keys, (position, False)) - 1
        return cell if cell >= 0 and position in self.cells[cell] else None

    def describe(self, start: int, stop: int) -> Iterator[str]:
        """Yield the intervals that a half-open range of cells makes, as FEEL writes them: `(660 .. 700]`, `>= 18`."""
        first = start
        for cell in range(start + 1, stop + 1):
            if cell == stop or not self.cells[cell].joined:
                yield _interval(self.cells[first], self.cells[cell - 1])
                first = cell


def _interval(first: ScaleCell, last: ScaleCell) -> str:
    if first.low is not None and first.single and first is last:
        return first.low.text
    match first.low, last.high:
        case None, None:
            return "-"
        case None, ScaleEnd(text=high):
            return f"<{'=' if last.single else ''} {high}"
        case ScaleEnd(text=low), None:
            return f">{'=' if first.single else ''} {low}"
        case ScaleEnd(text=low), ScaleEnd(text=high):
            return f"{'[' if first.single else '('}{low} .. {high}{']' if last.single else ')'}"
    raise AssertionError

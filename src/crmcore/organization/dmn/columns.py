"""The values of one input, cut into the cells that its conditions tell apart."""

from collections.abc import Iterable, Sequence
from decimal import MAX_EMAX, Context, Decimal, localcontext
from functools import cached_property
from itertools import accumulate
from math import ceil, floor
from typing import Any, Final

from attrs import evolve, frozen

from crmcore.language import say
from crmcore.organization.dmn.literals import DISCRETE, LIMITS, Kind, Literal, NoLiteral, literal_of, plain
from crmcore.organization.dmn.unary_tests import Condition, Range
from crmcore.organization.scales import Scale, ScaleCell, ScaleEnd
from crmcore.organization.space import Choice

__all__ = ["Column", "Line", "Names", "column"]

_MOST_NAMED: Final = 5
_EXACT: Final = Context(prec=400, Emax=MAX_EMAX)


@frozen(slots=False)
class Names:
    """An input of text or truth values: a cell for each that is named, and one for every other text.

    Attributes:
        kind: text or truth values.
        values: what is named.
        others: whether there are others.
    """

    kind: Kind
    values: tuple[Literal, ...]
    others: bool

    @cached_property
    def domain(self) -> Choice:
        """The cells by name; all other texts are called by what they are not: `not("A", "B")`."""
        names = [str(value) for value in self.values]
        shown = names if len(names) <= _MOST_NAMED else [*names[:_MOST_NAMED], "…"]
        return Choice([*names, f"not({', '.join(shown)})"] if self.others else names)

    def mask(self, condition: Condition) -> int:
        """Return the cells that a condition admits."""
        if not condition.tests:
            return (1 << len(self.domain.values)) - 1
        mask = 0
        for value in condition.literals():
            if value in self._positions:
                mask |= 1 << self._positions[value]
        return mask ^ (1 << len(self.domain.values)) - 1 if condition.negated else mask

    @cached_property
    def _positions(self) -> dict[Literal, int]:
        return {value: position for position, value in enumerate(self.values)}

    def cell(self, value: Any) -> int | None:
        """Return the cell of one value; None when the input cannot have it."""
        literal = literal_of(value)
        if literal.kind is not self.kind:
            return None
        return self._positions.get(literal, len(self.values) if self.others else None)


@frozen(slots=False)
class Line:
    """An input whose values have an order: a cell for each end that is named, and for what lies between two.

    Attributes:
        kind: what the values are.
        ends: the ends, ascending.
        allowed: what the input can be.
    """

    kind: Kind
    ends: tuple[Decimal, ...]
    allowed: Condition

    @cached_property
    def domain(self) -> Scale:
        """The cells."""
        cells: list[ScaleCell] = []
        joined = True
        for cell, possible in zip(self._parts, self._possible, strict=True):
            if cell is not None and possible:
                cells.append(evolve(cell, joined=joined))
            if cell is not None:
                joined = possible
        return Scale.of(cells)

    @cached_property
    def _parts(self) -> list[ScaleCell | None]:
        """The ends and what lies between them by turns; None for what holds no value."""
        ends = [ScaleEnd(end, plain(self.kind, end)) for end in self.ends]
        parts: list[ScaleCell | None] = []
        for low, high in zip((None, *ends), (*ends, None), strict=True):
            parts.append(self._between(low, high))
            if high is not None:
                whole = self.kind not in DISCRETE or high.position == high.position.to_integral_value()
                parts.append(ScaleCell(high, high, _example(self.kind, high.position)) if whole else None)
        return parts

    def _between(self, low: ScaleEnd | None, high: ScaleEnd | None) -> ScaleCell | None:
        least, most = LIMITS.get(self.kind, (None, None))
        inside = _inside(
            low.position if low else None, high.position if high else None, least, most, whole=self.kind in DISCRETE
        )
        return None if inside is None else ScaleCell(low, high, _example(self.kind, inside))

    @cached_property
    def _possible(self) -> list[bool]:
        allowed = self._full_mask(self.allowed)
        return [part is not None and bool(allowed >> number & 1) for number, part in enumerate(self._parts)]

    @cached_property
    def _before(self) -> list[int]:
        """For every part how many cells come before it."""
        return [0, *accumulate(self._possible)]

    @cached_property
    def _part_of(self) -> dict[Decimal | None, int]:
        return {end: 2 * number + 1 for number, end in enumerate(self.ends)}

    def _run(self, test: Literal | Range) -> tuple[int, int]:
        """Return the parts that a test admits, a half-open range."""
        if isinstance(test, Literal):
            part = self._part_of[test.position]
            return part, part + 1
        low = 0 if test.low is None else self._part_of[test.low.position] + (not test.low_inside)
        high = len(self._parts) if test.high is None else self._part_of[test.high.position] + test.high_inside
        return low, high

    def _full_mask(self, condition: Condition) -> int:
        return _mask(condition, map(self._run, condition.tests), 2 * len(self.ends) + 1)

    def mask(self, condition: Condition) -> int:
        """Return the cells that a condition admits."""
        runs = ((self._before[low], self._before[max(low, high)]) for low, high in map(self._run, condition.tests))
        return _mask(condition, runs, self._before[-1])

    def cell(self, value: Any) -> int | None:
        """Return the cell of one value; None when the input cannot have it."""
        literal = literal_of(value)
        kinds = {self.kind, Kind.NUMBER} if self.kind in (Kind.INTEGER, Kind.MONTHS) else {self.kind}
        if literal.kind not in kinds or literal.position is None:
            return None
        if self.kind in DISCRETE and literal.position != literal.position.to_integral_value():
            return None
        return self.domain.find(literal.position)


Column = Names | Line


def _mask(condition: Condition, runs: Iterable[tuple[int, int]], size: int) -> int:
    full = (1 << size) - 1
    if not condition.tests:
        return full
    mask = 0
    for start, stop in runs:
        if start < stop:
            mask |= (1 << stop) - (1 << start)
    return mask ^ full if condition.negated else mask


def _inside(
    low: Decimal | None, high: Decimal | None, least: Decimal | None, most: Decimal | None, *, whole: bool
) -> Decimal | None:
    """Return a value strictly between two ends, with few digits; None when there is none."""
    with localcontext(_EXACT):
        if low is None and high is None:
            return max(Decimal(0), least or Decimal(0))
        if high is None and low is not None:
            return None if most is not None and most <= low else _least(Decimal(floor(low) + 1), most)
        if low is None and high is not None:
            return None if least is not None and high <= least else _most(Decimal(ceil(high) - 1), least)
        assert low is not None and high is not None  # noqa: S101 (the other cases are above)
        inside, step = Decimal(floor(low) + 1), Decimal(1)
        while inside >= high:
            if whole:
                return None
            step /= 10
            inside = (floor(low / step) + 1) * step
        return inside


def _least(one: Decimal, bound: Decimal | None) -> Decimal:
    return one if bound is None else min(one, bound)


def _most(one: Decimal, bound: Decimal | None) -> Decimal:
    return one if bound is None else max(one, bound)


def _example(kind: Kind, position: Decimal) -> str | float:
    if kind not in (Kind.NUMBER, Kind.INTEGER):
        return plain(kind, position)
    if position == position.to_integral_value() and abs(position) < 10**15:
        return int(position)
    number = float(position)
    return number if Decimal(repr(number)) == position else plain(kind, position)


def column(kind: Kind, allowed: Condition, conditions: Sequence[Condition]) -> Column:
    """Cut the values of an input.

    Args:
        kind: what they are.
        allowed: what the input can be.
        conditions: what the rules ask of it.

    Raises:
        NoLiteral: texts are allowed by what they are not.
    """
    named = [literal for one in (allowed, *conditions) for literal in one.literals()]
    if kind is Kind.BOOLEAN:
        every = (Literal(kind, value=True), Literal(kind, value=False))
        names = Names(kind, every, others=False)
        return Names(kind, tuple(value for cell, value in enumerate(every) if names.mask(allowed) >> cell & 1), False)
    if kind is Kind.STRING:
        if allowed.negated:
            raise NoLiteral(say("the values that are allowed are named one by one, without {found}", found="not(…)"))
        named = list(allowed.literals()) or named
        return Names(kind, tuple(dict.fromkeys(named)), others=not allowed.tests)
    ends = {literal.position for literal in named if literal.position is not None}
    return Line(kind, tuple(sorted(ends)), allowed)

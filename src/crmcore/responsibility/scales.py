# ruff: noqa: D102 (what a method of `Axis` is for is said there once, not again for each kind of axis)
"""Scales as axes: a run of cells is told as one interval, and its example is a value of the scale."""

from decimal import Decimal
from typing import Any

from attrs import frozen

from crmcore.organization.scales import Scale
from crmcore.responsibility.axes import NameAxis, cells, runs

__all__ = ["ScaleAxis"]


@frozen(slots=False)
class ScaleAxis(NameAxis):
    """A scale, whose cells have the names that its domain gives them.

    Attributes:
        scale: the scale.
    """

    scale: Scale

    def cell(self, value: Any) -> int | None:
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            return super().cell(value)
        position = Decimal(str(value))
        return self.scale.find(position) if position.is_finite() else None

    def describe(self, mask: int) -> list[Any]:
        return [text for start, stop in runs(mask) for text in self.scale.describe(start, stop)]

    def witness(self, mask: int) -> Any:
        return self.scale.cells[next(cells(mask))].example

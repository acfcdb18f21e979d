"""The parts of a decision table: its inputs, its outputs, its rules."""

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from crmcore.organization.dmn.columns import Column
from crmcore.organization.dmn.literals import Literal
from crmcore.values import NOWHERE, Place

__all__ = ["Expression", "Input", "Output", "Rule"]


@frozen
class Expression:
    """An output that is no value but has to be computed: it is kept as it is written.

    Attributes:
        text: FEEL.
    """

    text: str

    @property
    def nothing(self) -> bool:
        """Whether it stands for no value."""
        return self.text in ("", "-", "null")

    def __str__(self) -> str:
        return self.text


@frozen
class Input:
    """What a table asks for.

    Attributes:
        name: the expression, mostly a name such as `Credit score`.
        id: the dimension that it is in the organization.
        column: its values, cut into cells; None when no rule asks for it.
        place: where it is written.
    """

    name: str
    id: str
    column: Column | None
    place: Place = field(default=NOWHERE, kw_only=True, eq=False, repr=False)


@frozen
class Output:
    """One part of the answer.

    Attributes:
        name: its name; may be empty where there is only one.
        values: its values, the one of highest priority first; empty when none are named.
        default: what it is when no rule matches; None for nothing.
    """

    name: str
    values: tuple[Literal, ...] = ()
    default: Literal | Expression | None = None

    def rank(self, value: Literal | Expression) -> int:
        """Return how many values come before one; 0 when the values have no order, and what is no value comes last."""
        if not self.values:
            return 0
        return self.values.index(value) if isinstance(value, Literal) else len(self.values)


@frozen
class Rule:
    """One row of a table.

    Attributes:
        number: which one, from 1.
        masks: for each input that it restricts, by the id of its dimension, the cells that it admits.
        outputs: the answer, a value for each output.
        place: where it is written.
    """

    number: int
    masks: Mapping[str, int]
    outputs: tuple[Literal | Expression, ...]
    place: Place = field(default=NOWHERE, kw_only=True, eq=False, repr=False)

    def admits(self, cells: Mapping[str, Any]) -> bool:
        """Say whether the rule matches where the inputs lie in these cells."""
        return all(mask >> cells[dimension] & 1 for dimension, mask in self.masks.items())

"""The cells of a decision table: what is read of one, and what is wrong with it, by rule and column."""

from attrs import frozen

from crmcore.language import say
from crmcore.organization.dmn.literals import NoLiteral
from crmcore.organization.dmn.unary_tests import ANYTHING, Condition, condition
from crmcore.organization.faults import Faults
from crmcore.values import Place

__all__ = ["Asked", "Cells"]


@frozen
class Asked:
    """A condition and where it is written.

    Attributes:
        condition: the condition.
        place: where.
        rule: the number of the rule; 0 for the values that are allowed.
        column: the number of the column, from 1.
    """

    condition: Condition
    place: Place
    rule: int
    column: int


class Cells:
    """Reads the cells of one table.

    Args:
        table: what people call the table.
        faults: where what is wrong is added.
    """

    def __init__(self, table: str, faults: Faults) -> None:
        self.table = table
        self.faults = faults

    def fault(self, place: Place, found: str, suggestion: str = "") -> None:
        """Add a fault, with the name of the table."""
        self.faults.add(place, say("{table}: {found}", table=self.table, found=found), suggestion)

    def fault_of(self, one: Asked, found: str, suggestion: str = "") -> None:
        """Add a fault of one cell of the table."""
        if not one.rule:
            self.fault(one.place, say("allowed values of column {column}: {found}", column=one.column, found=found))
            return
        cell = say("rule {rule}, column {column}: {found}", rule=one.rule, column=one.column, found=found)
        self.fault(one.place, cell, suggestion)

    def read_condition(self, text: str, place: Place, rule: int, number: int) -> Asked | None:
        """Return a condition; None, with a fault, when it cannot be analysed."""
        try:
            return Asked(condition(text), place, rule, number)
        except NoLiteral as error:
            self.fault_of(Asked(ANYTHING, place, rule, number), error.reason)
            return None

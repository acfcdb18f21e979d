"""Who goes to whom, as records: what becomes of each customer, and all of it as a plan."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from attrs import field, frozen

from crmcore.customers.assignment_records import AssignmentReason
from crmcore.organization import Organization

__all__ = ["Change", "Move", "Plan"]


class Change(StrEnum):
    """What becomes of an assignment."""

    GIVEN = "given"
    """Somebody looks after the customer in a role in which nobody did."""
    MOVED = "moved"
    """Another person does than before."""
    ENDED = "ended"
    """Nobody has to any longer."""


@frozen
class Move:
    """What becomes of one customer in one role.

    Attributes:
        customer: the id of the customer.
        role: the role.
        before: who looks after it now; None for nobody.
        after: who will; None for nobody.
        because: why.
        version: the version of the assignment that was read; 0 where there is none.
    """

    customer: str
    role: str
    before: str | None
    after: str | None
    because: AssignmentReason
    version: int

    @property
    def change(self) -> Change:
        """What becomes of it."""
        if self.before is None:
            return Change.GIVEN
        return Change.ENDED if self.after is None else Change.MOVED


@frozen
class Plan:
    """Who goes to whom.

    Attributes:
        organization: by which it is decided.
        day: for which day.
        moves: what becomes of each customer and role that changes, by customer.
        customers: how many customers were looked at.
        uncovered: how many of them have, at some touchpoint of their stage, nobody who answers.
    """

    organization: Organization = field(repr=False)
    day: date
    moves: tuple[Move, ...]
    customers: int
    uncovered: int

    @property
    def summary(self) -> Mapping[tuple[str, str | None, str | None], int]:
        """How many customers go, by role, from whom to whom; the most first."""
        return dict(Counter((move.role, move.before, move.after) for move in self.moves).most_common())

"""Handoffs of customers from one department to another, as records."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from attrs import field, frozen

from crmcore.customers.facts import Fact
from crmcore.storage import Entity, Kind, personal, reference

__all__ = ["HANDOFF", "Checklist", "CustomerHandoff", "HandoffState"]


class HandoffState(StrEnum):
    """How far a handoff has come."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    OBSOLETE = "obsolete"


@frozen(kw_only=True)
class CustomerHandoff(Entity):
    """One department passes a customer to another; who gives it stays accountable until it is taken.

    Attributes:
        customer: the customer.
        from_department: the department that gives.
        to_department: the department that takes.
        from_stage: the stage that the customer left; None where only the department changes.
        to_stage: the stage that it is in.
        carries: the facts that go along.
        state: offered, accepted, returned to the giver with a reason, or obsolete as the customer moved on.
        opened_by: who opened it.
        opened_at: when.
        giver: who looked after the customer in the department that gives; None for nobody.
        due: when it has to be taken, in working time; None for no deadline.
        settled_by: who took it, or returned it.
        settled_at: when.
        reason: why it was returned.
        escalated_at: when somebody was told that it is late.
        escalated_to: who.
    """

    customer: str = reference("customer")
    from_department: str
    to_department: str
    from_stage: str | None = None
    to_stage: str | None = None
    carries: Sequence[str] = field(default=())
    state: HandoffState = field(default=HandoffState.OFFERED, converter=HandoffState)
    opened_by: str
    opened_at: datetime
    giver: str | None = None
    due: datetime | None = None
    settled_by: str | None = None
    settled_at: datetime | None = None
    reason: str | None = personal(default=None)
    escalated_at: datetime | None = None
    escalated_to: str | None = None

    @property
    def open(self) -> bool:
        """Whether nobody has taken it yet."""
        return self.state in (HandoffState.OFFERED, HandoffState.RETURNED)

    @property
    def across(self) -> bool:
        """Whether another department takes the customer, and not another person of the same."""
        return self.from_department != self.to_department


HANDOFF = Kind(
    "handoff", CustomerHandoff, indexed=[("state", "due"), ("to_department", "state"), ("customer", "state")]
)


@frozen
class Checklist:
    """What goes along with a customer.

    Attributes:
        handoff: the handoff.
        known: the facts that it carries and that are known, each with who learned it, when and where.
        missing: the facts that it should carry, and nobody knows.
    """

    handoff: CustomerHandoff
    known: tuple[Fact, ...]
    missing: tuple[str, ...]

"""Who looks after a customer, as records: a person for a role, for some time, and why."""

from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from attrs import field, frozen

from crmcore.customers.answers import AtTouchpoint
from crmcore.customers.records import Customer
from crmcore.organization import Person
from crmcore.responsibility import Resolution
from crmcore.storage import Entity, Kind, personal, reference

__all__ = ["ASSIGNMENT", "Assigned", "Assignment", "AssignmentReason", "Coverage", "current_id"]


class AssignmentReason(StrEnum):
    """Why somebody came to look after a customer."""

    FIRST = "first"
    LEFT = "left"
    STAFFING = "staffing"
    BY_HAND = "by-hand"
    REBALANCED = "rebalanced"
    MERGED = "merged"


@frozen(kw_only=True)
class Assignment(Entity):
    """Somebody looks after a customer in a role, for some time.

    Attributes:
        customer: the customer.
        role: the role.
        person: the person.
        since: from when.
        until: until when; None while it lasts. Of a customer and a role, one lasts at most.
        reason: why this person.
        note: the reason in words, where somebody gave one.
        assigned_by: who decided it: a person, or a program.
        ended_because: why it ended, in words, where somebody gave a reason.
    """

    customer: str = reference("customer")
    role: str
    person: str
    since: datetime
    until: datetime | None = None
    reason: AssignmentReason = field(converter=AssignmentReason)
    note: str | None = personal(default=None)
    assigned_by: str
    ended_because: str | None = personal(default=None)


ASSIGNMENT = Kind(
    "assignment", Assignment, indexed=[("person", "until"), ("role", "since"), ("customer", "role", "since")]
)


@frozen
class Assigned:
    """Who answers for a customer at a touchpoint.

    Attributes:
        customer: the customer.
        resolution: what the organization says: the role, the pool, and why.
        person: who answers that day; None where a pool answers and nobody of it was assigned that day.
        assignment: by which the person looks after the customer; None where there is none.
        absent: who has the assignment, where that person is away and another stands in.
    """

    customer: Customer
    resolution: Resolution
    person: Person | None
    assignment: Assignment | None = None
    absent: Person | None = None

    @property
    def role(self) -> str:
        """The role that answers."""
        return self.resolution.role.id

    @property
    def because(self) -> str:
        """The reasons in one line why this person answers, with the places where they are written."""
        return self.resolution.because if self.person is None else self.resolution.because_of(self.person)


@frozen
class Coverage:
    """Who looks after a customer in its stage.

    Attributes:
        customer: the customer.
        assigned: the assignments that last, of the roles that answer in the stage.
        gaps: the touchpoints at which nobody answers, or nobody can be told, with the reasons.
    """

    customer: Customer
    assigned: tuple[Assignment, ...]
    gaps: tuple[AtTouchpoint, ...]


def current_id(customer: str, role: str) -> str:
    """Return the id of the assignment that lasts of a customer and a role: two who assign at once meet in it."""
    return sha256(f"{customer}\0{role}".encode()).hexdigest()[:40]

"""Who looks after a customer: a person for each role that answers for it, for as long as nothing speaks against it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final
from zoneinfo import ZoneInfo

from attrs import evolve, field, frozen

from crmcore.customers.answers import AtTouchpoint
from crmcore.customers.assigning import Candidates
from crmcore.customers.attributes import point_of
from crmcore.customers.current import current_customer, id_of
from crmcore.customers.failures import InvalidAssignment
from crmcore.customers.records import Customer
from crmcore.customers.work import Desk, Job
from crmcore.errors import UnknownName, nearest
from crmcore.language import say
from crmcore.organization import DutyKind, Person
from crmcore.responsibility import Question, Resolution
from crmcore.storage import (
    Among,
    Entity,
    Is,
    Kind,
    NotThere,
    Order,
    Page,
    Query,
    reference,
)

__all__ = [
    "ASSIGNMENT",
    "Assigned",
    "Assignment",
    "AssignmentReason",
    "Assignments",
    "Coverage",
    "choose",
    "covering",
    "current_id",
    "written",
]

_REMEMBERED: Final = 50
"""How many of those who looked after a customer before are known to the rule that chooses."""


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
    """

    customer: str = reference("customer")
    role: str
    person: str
    since: datetime
    until: datetime | None = None
    reason: AssignmentReason = field(converter=AssignmentReason)
    note: str | None = None
    assigned_by: str


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
        """The reasons in one line, with the places where they are written."""
        return self.resolution.because


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


class Assignments(Desk):
    """Who looks after which customer."""

    def who(
        self,
        customer: Customer | str,
        touchpoint: str,
        *,
        duty: DutyKind = "accountable",
        contact: Mapping[str, Any] | None = None,
        day: date | None = None,
    ) -> Assigned:
        """Say who answers for a customer at a touchpoint; the person stays the same as long as possible.

        Where nobody is assigned yet for the role that answers, somebody of the pool is, by the rule of the staffing.
        In work that only reads, and of another day than today, nobody is assigned.

        Args:
            customer: the customer, or its id.
            touchpoint: the touchpoint.
            duty: which duty is asked for.
            contact: what is known of this contact, by dimension.
            day: the day; None for today.

        Raises:
            NotThere: there is no such customer.
            UnknownName: there is no such touchpoint, or no such rule to choose by.
            OutsideSpace: something must be known of the customer or the contact, and is not.
            UncoveredTouchpoint: no duty covers this customer.
            VacantRole: the role that answers has no active holder.
        """

        def asked() -> Assigned:
            with self._begin(read_only=True) as job:
                found = job.unit.get(Customer, id_of(customer))
                today = job.today()
                resolution = job.organization.who(
                    Question(
                        touchpoint,
                        duty=duty,
                        customer=point_of(found.custom, job.organization),
                        contact=contact or {},
                        stage=found.stage,
                        day=day or today,
                    )
                )
                if day is not None and day != today:
                    return _on_another_day(job, found, resolution, day)
                current = _current(job, found.id, resolution.role.id)
                standing = _standing(found, resolution, current, today)
                if standing is not None:
                    return standing
                if self._joined and job.unit.read_only:
                    return Assigned(found, resolution, choose(job, found.id, resolution))
            with self._begin() as job:
                return _given(job, found, resolution, current)

        return self._tried(asked)

    def cover(self, customer: Customer | str) -> Coverage:
        """See to it that somebody looks after a customer in each role that answers in its stage.

        Raises:
            NotThere: there is no such customer.
            InvalidCustomer: it was merged into another.
        """

        def covered() -> Coverage:
            with self._begin() as job:
                found = current_customer(job, customer)
                return covering(job, found)

        return self._tried(covered)

    def assign(self, customer: Customer | str, role: str, person: str, *, note: str | None = None) -> Assignment:
        """Let a certain person look after a customer in a role.

        Args:
            customer: the customer, or its id.
            role: the role.
            person: the person; one who works here today.
            note: why, in words.

        Raises:
            UnknownName: there is no such role, or no such person.
            InvalidAssignment: the person does not work here today.
            Stale: somebody else assigned it meanwhile.
        """
        with self._begin() as job:
            found = current_customer(job, customer)
            people, roles = job.organization.by_id("people"), job.organization.by_id("roles")
            if role not in roles:
                raise UnknownName("role", role, nearest(role, roles))
            if person not in people:
                raise UnknownName("person", person, nearest(person, people))
            if not people[person].employed(job.today()):
                raise InvalidAssignment(found.id, role, say("{person} does not work here today", person=person))
            current = _current(job, found.id, role)
            if current is not None and current.person == person:
                return current
            return written(job, found, role, person, AssignmentReason.BY_HAND, current, note=note)

    def release(self, customer: Customer | str, role: str, *, note: str | None = None) -> None:
        """Let nobody look after a customer in a role any longer; `who` and `cover` choose anew.

        Raises:
            NotThere: nobody does.
        """
        with self._begin() as job:
            found = current_customer(job, customer)
            current = job.unit.get(Assignment, current_id(found.id, role))
            job.unit.remove(current)
            job.unit.add(_past(job, current))
            job.happened("customer-released", found, role=role, person=current.person, because=note)

    def of(self, customer: Customer | str) -> tuple[Assignment, ...]:
        """Return who looks after a customer now, by role."""
        with self._begin(read_only=True) as job:
            where = [Is("customer", id_of(customer)), Is("until", None)]
            return tuple(job.unit.each(Query(Assignment, where=where, order=[Order("role")])))

    def history(self, customer: Customer | str) -> tuple[Assignment, ...]:
        """Return who ever looked after a customer, in the order of their beginning."""
        with self._begin(read_only=True) as job:
            where = [Is("customer", id_of(customer))]
            return tuple(job.unit.each(Query(Assignment, where=where, order=[Order("since")])))

    def held_by(
        self, person: str, *, role: str | None = None, limit: int = 100, after: str | None = None
    ) -> Page[Assignment]:
        """Return one page of what somebody looks after now, the oldest first.

        Args:
            person: the person.
            role: in which role; None for all.
            limit: how many a page has.
            after: the cursor of the page before.
        """
        with self._begin(read_only=True) as job:
            where = [Is("person", person), Is("until", None), *([] if role is None else [Is("role", role)])]
            return job.unit.find(Query(Assignment, where=where, order=[Order("since")], limit=limit, after=after))

    def loads(self) -> Mapping[str, int]:
        """Return how many customers each person looks after now, a customer once for each role."""
        with self._begin(read_only=True) as job:
            found = job.unit.count_by(Assignment, ["person"], [Is("until", None)])
            return {person: count for (person,), count in found.items()}


def current_id(customer: str, role: str) -> str:
    """Return the id of the assignment that lasts of a customer and a role: two who assign at once meet in it."""
    return sha256(f"{customer}\0{role}".encode()).hexdigest()[:40]


def covering(job: Job, customer: Customer) -> Coverage:
    """See to it that somebody looks after a customer in each role that answers in its stage."""
    today, point = job.today(), point_of(customer.custom, job.organization)
    assigned = []
    for role, resolution in job.answers.roles(customer.stage, point, today).items():
        current = _current(job, customer.id, role)
        standing = _standing(customer, resolution, current, today) or _given(job, customer, resolution, current)
        if standing.assignment is not None:
            assigned.append(standing.assignment)
    gaps = tuple(answer for answer in job.answers.at(customer.stage, point, today) if answer.gap is not None)
    return Coverage(customer, tuple(assigned), gaps)


def choose(job: Job, customer: str, resolution: Resolution) -> Person:
    """Return who of a pool would be assigned, by the rule of the staffing.

    Raises:
        UnknownName: no plugin adds a rule of that name.
    """
    assigners = job.plugins.assigners
    if resolution.assign not in assigners:
        raise UnknownName("assigner", resolution.assign, nearest(resolution.assign, assigners))
    return assigners[resolution.assign].choose(_candidates(job, customer, resolution))


def written(
    job: Job,
    customer: Customer,
    role: str,
    person: str,
    reason: AssignmentReason,
    current: Assignment | None,
    *,
    note: str | None = None,
) -> Assignment:
    """Let a person look after a customer in a role from now on, instead of whoever did."""
    assignment = Assignment(
        id=current_id(customer.id, role),
        version=0 if current is None else current.version,
        customer=customer.id,
        role=role,
        person=person,
        since=job.instants.at(job.now()),
        reason=reason,
        note=note,
        assigned_by=job.actor,
    )
    if current is None:
        assignment = job.unit.add(assignment)
    else:
        job.unit.add(_past(job, current))
        assignment = job.unit.put(assignment)
    before = None if current is None else current.person
    job.happened("customer-assigned", customer, role=role, person=person, before=before, reason=reason.value)
    return assignment


def _past(job: Job, assignment: Assignment) -> Assignment:
    return evolve(assignment, id=job.ids(), version=0, until=job.now())


def _current(job: Job, customer: str, role: str) -> Assignment | None:
    try:
        return job.unit.get(Assignment, current_id(customer, role))
    except NotThere:
        return None


def _standing(customer: Customer, resolution: Resolution, current: Assignment | None, day: date) -> Assigned | None:
    """Return who answers by the assignment that lasts; None where there is none, or it cannot last."""
    if current is None:
        return None
    here = next((person for person in resolution.pool if person.id == current.person), None)
    if here is not None:
        return Assigned(customer, resolution, here, current)
    away = next((one for one in resolution.replaced if one.holder.id == current.person), None)
    if away is not None and away.holder.employed(day):
        return Assigned(customer, resolution, away.by or resolution.pool[0], current, away.holder)
    return None


def _given(job: Job, customer: Customer, resolution: Resolution, current: Assignment | None) -> Assigned:
    """Assign one of the pool, for the first time or because the one who had it cannot any longer."""
    person = choose(job, customer.id, resolution)
    reason = AssignmentReason.FIRST
    if current is not None:
        holder = job.organization.by_id("people").get(current.person)
        gone = holder is None or not holder.employed(job.today())
        reason = AssignmentReason.LEFT if gone else AssignmentReason.STAFFING
    assignment = written(job, customer, resolution.role.id, person.id, reason, current)
    return Assigned(customer, resolution, person, assignment)


def _candidates(job: Job, customer: str, resolution: Resolution) -> Candidates:
    pool = tuple(person.id for person in resolution.pool)
    loads = job.unit.count_by(Assignment, ["person"], [Is("until", None), Among("person", pool)])
    latest = Query(
        Assignment,
        where=[Is("role", resolution.role.id), Among("person", pool)],
        order=[Order("since", descending=True)],
        limit=1,
    )
    before = Query(
        Assignment, where=[Is("customer", customer)], order=[Order("since", descending=True)], limit=_REMEMBERED
    )
    return Candidates(
        customer,
        resolution.role.id,
        resolution.pool,
        loads={person: count for (person,), count in loads.items()},
        last=next((one.person for one in job.unit.find(latest)), None),
        before=tuple(dict.fromkeys(one.person for one in job.unit.find(before))),
    )


def _on_another_day(job: Job, customer: Customer, resolution: Resolution, day: date) -> Assigned:
    """Return who answered, or will, on another day: who had the assignment at its end, if the pool has that person."""
    end = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(job.organization.timezone)).astimezone(UTC)
    where = [Is("customer", customer.id), Is("role", resolution.role.id)]
    having = [one for one in job.unit.each(Query(Assignment, where=where)) if one.since < end]
    then = next((one for one in having if one.until is None or one.until >= end), None)
    return _standing(customer, resolution, then, day) or Assigned(customer, resolution, resolution.person)

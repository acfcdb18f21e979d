"""How somebody comes to look after a customer, in a job that is open: what the desk, imports and handoffs share."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from attrs import evolve

from crmcore.customers.assignment_records import Assigned, Assignment, AssignmentReason, Coverage, current_id
from crmcore.customers.attributes import point_of
from crmcore.customers.choosing import Choosing
from crmcore.customers.planning import given_along
from crmcore.customers.records import Customer
from crmcore.customers.work import Job
from crmcore.organization import Person
from crmcore.responsibility import Resolution
from crmcore.storage import Is, NotThere, Order, Query

__all__ = [
    "assigned",
    "choose",
    "covering",
    "current_assignment",
    "given",
    "on_another_day",
    "past",
    "release_idle",
    "standing",
    "written",
]

_TICK: Final = timedelta(microseconds=1)

_REMEMBERED: Final = 50
"""How many of those who looked after a customer before are known to the rule that chooses."""


def covering(job: Job, customer: Customer) -> Coverage:
    """See to it that somebody looks after a customer in each role that answers in its stage."""
    today, point = job.today(), point_of(customer.custom, job.organization)
    assigned = []
    for role, resolution in job.answers.roles(customer.stage, point, today).items():
        current = current_assignment(job, customer.id, role)
        holding = standing(customer, resolution, current, today) or given(job, customer, resolution, current)
        if holding.assignment is not None:
            assigned.append(holding.assignment)
    gaps = tuple(answer for answer in job.answers.at(customer.stage, point, today) if answer.gap is not None)
    return Coverage(customer, tuple(assigned), gaps)


def release_idle(job: Job, customer: Customer) -> None:
    """End what people look after in roles that no longer answer in the customer's stage."""
    answering = job.answers.roles(customer.stage, point_of(customer.custom, job.organization), job.today())
    where = [Is("customer", customer.id), Is("until", None)]
    for assignment in tuple(job.unit.each(Query(Assignment, where=where))):
        if assignment.role not in answering:
            job.unit.remove(assignment)
            job.unit.add(past(job, assignment))
            job.happened("customer-released", customer, role=assignment.role, person=assignment.person)


def choose(job: Job, customer: str, resolution: Resolution) -> Person:
    """Return who of a pool would be assigned, by the rule of the staffing.

    Raises:
        UnknownName: no plugin adds a rule of that name.
    """
    before = Query(
        Assignment, where=[Is("customer", customer)], order=[Order("since", descending=True)], limit=_REMEMBERED
    )
    known = [one.person for one in job.unit.find(before)]
    return Choosing.among(job, [resolution]).person(customer, resolution, known)


def written(
    job: Job,
    customer: Customer,
    role: str,
    person: str,
    *,
    reason: AssignmentReason,
    current: Assignment | None,
    note: str | None = None,
) -> Assignment:
    """Let a person look after a customer in a role from now on, instead of whoever did."""
    assignment = assigned(job, customer, role, person, reason=reason, current=current, note=note)
    if current is None:
        assignment = job.unit.add(assignment)
    else:
        job.unit.add(past(job, current, assignment.since))
        assignment = job.unit.put(assignment)
    before = None if current is None else current.person
    if before is not None and before != person:
        given_along(job, customer, before, person)
    job.happened("customer-assigned", customer, role=role, person=person, before=before, reason=reason.value)
    return assignment


def assigned(
    job: Job,
    customer: Customer,
    role: str,
    person: str,
    *,
    reason: AssignmentReason,
    current: Assignment | None,
    note: str | None = None,
) -> Assignment:
    """Return the assignment by which a person looks after a customer in a role from now on; it is not written yet."""
    return Assignment(
        id=current_id(customer.id, role),
        version=0 if current is None else current.version,
        customer=customer.id,
        role=role,
        person=person,
        since=_following(job, current),
        reason=reason,
        note=note,
        assigned_by=job.actor,
    )


def past(job: Job, assignment: Assignment, until: datetime | None = None) -> Assignment:
    """Return what remains of an assignment that ends.

    Args:
        job: the job.
        assignment: the assignment.
        until: until when: the instant from which another has the customer; None for now.
    """
    return evolve(assignment, id=job.ids(), version=0, until=until or _following(job, assignment))


def _following(job: Job, current: Assignment | None) -> datetime:
    """Return the present instant, which is behind the beginning of what lasts, also where clocks disagree."""
    instant = job.instants.at(job.now())
    return instant if current is None else max(instant, current.since + _TICK)


def current_assignment(job: Job, customer: str, role: str) -> Assignment | None:
    """Return the assignment that lasts of a customer and a role; None where there is none."""
    try:
        return job.unit.get(Assignment, current_id(customer, role))
    except NotThere:
        return None


def standing(customer: Customer, resolution: Resolution, current: Assignment | None, day: date) -> Assigned | None:
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


def given(job: Job, customer: Customer, resolution: Resolution, current: Assignment | None) -> Assigned:
    """Assign one of the pool, for the first time or because the one who had it cannot any longer."""
    person = choose(job, customer.id, resolution)
    reason = AssignmentReason.FIRST
    if current is not None:
        holder = job.organization.by_id("people").get(current.person)
        gone = holder is None or not holder.employed(job.today())
        reason = AssignmentReason.LEFT if gone else AssignmentReason.STAFFING
    assignment = written(job, customer, resolution.role.id, person.id, reason=reason, current=current)
    return Assigned(customer, resolution, person, assignment)


def on_another_day(job: Job, customer: Customer, resolution: Resolution, day: date) -> Assigned:
    """Return who answered, or will, on another day: who had the assignment at its end, if the pool has that person."""
    end = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(job.organization.timezone)).astimezone(UTC)
    where = [Is("customer", customer.id), Is("role", resolution.role.id)]
    having = [one for one in job.unit.each(Query(Assignment, where=where)) if one.since < end]
    then = next((one for one in having if one.until is None or one.until >= end), None)
    return standing(customer, resolution, then, day) or Assigned(customer, resolution, resolution.person)

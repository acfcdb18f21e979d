"""How a handoff comes to be, in a job that is open: what the lifecycle, changes of customers and rebalancing share."""

from attrs import evolve

from crmcore.customers.appointing import current_assignment
from crmcore.customers.attributes import point_of
from crmcore.customers.handoff_records import CustomerHandoff, HandoffState
from crmcore.customers.records import Customer
from crmcore.customers.work import Job
from crmcore.organization import Handoff
from crmcore.storage import Among, Is, Order, Query

__all__ = ["accountable_department", "handed_over", "handoff_of", "obsolete", "open_handoffs", "opened"]


def accountable_department(job: Job, customer: Customer) -> str | None:
    """Return the department that answers for a customer in its stage; None where nobody does, or can be told."""
    return job.answers.department(customer.stage, point_of(customer.custom, job.organization), job.today())


def handed_over(job: Job, before: Customer, after: Customer, *, caused_by: str | None = None) -> CustomerHandoff | None:
    """Open a handoff where another department answers for a customer than before; None where none is needed.

    A department that gave the customer away, and from which nobody took it, still has it: it is the one that gives.

    Args:
        job: the job.
        before: the customer as it was.
        after: the customer as it is now.
        caused_by: the id of the event that led to it.
    """
    gives, takes = accountable_department(job, before), accountable_department(job, after)
    handoffs = open_handoffs(job, after.id)
    if any(one.across and one.to_department == takes for one in handoffs):
        return None
    gives = next((one.from_department for one in handoffs if one.across), gives)
    given = gives is not None and takes is not None and gives != takes
    for handoff in handoffs:
        if handoff.across or takes is None or (given and handoff.from_department == gives):
            job.unit.put(obsolete(job, handoff))
            job.happened("handoff-obsolete", after, handoff=handoff.id, caused_by=caused_by)
    if gives is None or takes is None or gives == takes:
        return None
    return opened(job, before, after, gives, takes, caused_by=caused_by)


def opened(
    job: Job, before: Customer, after: Customer, gives: str, takes: str, *, caused_by: str | None = None
) -> CustomerHandoff:
    """Open a handoff, as the organization says what goes along and how soon it has to be taken.

    Args:
        job: the job.
        before: the customer as it was.
        after: the customer as it is now.
        gives: the department that gives it.
        takes: the department that takes it.
        caused_by: the id of the event that led to it.
    """
    handoff = job.unit.add(handoff_of(job, before, after, gives, takes, giver=_giver(job, before, gives)))
    job.happened(
        "handoff-opened",
        after,
        handoff=handoff.id,
        from_department=gives,
        to_department=takes,
        caused_by=caused_by,
    )
    return handoff


def handoff_of(
    job: Job, before: Customer, after: Customer, gives: str, takes: str, *, giver: str | None
) -> CustomerHandoff:
    """Return a handoff as the organization says what goes along and how soon; it is not written yet.

    Args:
        job: the job.
        before: the customer as it was.
        after: the customer as it is now.
        gives: the department that gives it.
        takes: the department that takes it.
        giver: who looked after the customer in the department that gives.
    """
    agreed = _agreed(job, before.stage, after.stage, gives, takes)
    within = None if agreed is None else agreed.within
    return CustomerHandoff(
        id=job.ids(),
        customer=after.id,
        from_department=gives,
        to_department=takes,
        from_stage=before.stage if before.stage != after.stage else None,
        to_stage=after.stage,
        carries=() if agreed is None else agreed.carries,
        opened_by=job.actor,
        opened_at=job.now(),
        giver=giver,
        due=None if within is None else job.hours.add(job.now(), within).at,
    )


def obsolete(job: Job, handoff: CustomerHandoff) -> CustomerHandoff:
    """Return a handoff that nobody has to take any longer, as another takes its place; it is not written yet."""
    return evolve(handoff, state=HandoffState.OBSOLETE, settled_by=job.actor, settled_at=job.now())


def open_handoffs(job: Job, customer: str) -> tuple[CustomerHandoff, ...]:
    """Return the handoffs of a customer that nobody has taken yet, the oldest first."""
    states = (HandoffState.OFFERED.value, HandoffState.RETURNED.value)
    where = [Is("customer", customer), Among("state", states)]
    return tuple(job.unit.each(Query(CustomerHandoff, where=where, order=[Order("opened_at")])))


def _agreed(job: Job, before: str | None, after: str | None, gives: str, takes: str) -> Handoff | None:
    """Return what the organization says of a handoff; rather for both stages than for one of them, or for all."""
    between = [one for one in job.organization.handoffs if (one.from_, one.to) == (gives, takes)]

    def fits(handoff: Handoff) -> int:
        return (before in handoff.at) + 2 * (after in handoff.at) if handoff.at else 1

    fitting = [one for one in between if fits(one)]
    return max(fitting, key=fits) if fitting else None


def _giver(job: Job, customer: Customer, department: str) -> str | None:
    """Return who looks after a customer in the department that gives it."""
    point = point_of(customer.custom, job.organization)
    for role in job.answers.roles(customer.stage, point, job.today()):
        if job.organization.responsibilities.department_of(role) == department:
            assignment = current_assignment(job, customer.id, role)
            if assignment is not None:
                return assignment.person
    return None

"""How somebody comes to look after many new customers: read once for all of them, and written at once."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import frozen

from crmcore.customers.appointing import assigned
from crmcore.customers.assignment_records import Assignment, AssignmentReason
from crmcore.customers.attributes import point_of
from crmcore.customers.choosing import Choosing
from crmcore.customers.planning import planning
from crmcore.customers.records import Customer
from crmcore.customers.task_records import Task
from crmcore.customers.work import Job

if TYPE_CHECKING:
    from crmcore.storage import Event

__all__ = ["Covered", "cover_new"]


@frozen
class Covered:
    """What a new customer was given.

    Attributes:
        assigned: who looks after it, in each role that answers in its stage.
        tasks: what is planned for them.
    """

    assigned: tuple[Assignment, ...]
    tasks: tuple[Task, ...]


def cover_new(job: Job, customers: Sequence[Customer]) -> Mapping[str, Covered]:
    """See to it that somebody looks after customers that have just been added, and does what their stage plans.

    What comes of it is what `covering` and `planned` make of one after another, in the order given. What is read does
    not grow with the customers: the loads of people, and for each role and pool who was given the last one.

    Args:
        job: the job.
        customers: them; nobody looks after them, or ever did.

    Returns:
        What each was given, by its id.

    Raises:
        UnknownName: no plugin adds a rule of the staffing.
    """
    today = job.today()
    answering = [
        (one, job.answers.roles(one.stage, point_of(one.custom, job.organization), today)) for one in customers
    ]
    choosing = Choosing.among(job, [resolution for _, roles in answering for resolution in roles.values()])
    covered: dict[str, Covered] = {}
    events: list[Event] = []
    for customer, roles in answering:
        given: dict[str, Assignment] = {}
        for role, resolution in roles.items():
            before = [one.person for one in reversed(given.values())]
            person = choosing.person(customer.id, resolution, before).id
            reason = AssignmentReason.FIRST
            given[role] = assigned(job, customer, role, person, reason=reason, current=None)
            choosing.took(role, person, given[role].since)
            told = {"role": role, "person": person, "before": None, "reason": reason.value}
            events.append(job.event("customer-assigned", customer, **told))
        tasks = tuple(planning(job, customer, given))
        events += [event for _, event in tasks]
        covered[customer.id] = Covered(tuple(given.values()), tuple(task for task, _ in tasks))
    job.unit.add_all(one for each in covered.values() for one in each.assigned)
    job.unit.add_all(one for each in covered.values() for one in each.tasks)
    job.tell(events)
    return covered

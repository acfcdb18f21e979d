"""The plan of a stage as tasks, in a job that is open; and tasks that go along when another takes the customer."""

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import evolve

from crmcore.calendars import Recurrence
from crmcore.customers.assignment_records import Assignment
from crmcore.customers.records import Customer
from crmcore.customers.task_records import Task, TaskState
from crmcore.customers.work import Job
from crmcore.storage import Event, Is, Query

__all__ = ["given_along", "planned", "planning", "recurrence", "tell_of"]


def recurrence(rule: str) -> Recurrence:
    """Return a rule of recurrence.

    Raises:
        InvalidRecurrence: it is none.
    """
    return Recurrence.parse(rule)


def planned(job: Job, customer: Customer, assigned: Mapping[str, Assignment]) -> tuple[Task, ...]:
    """Set the tasks that the organization plans for the stage that a customer came into, for those who have it.

    A task of a role that nobody has for the customer is left out: `audit` tells of the customer.
    """
    tasks = []
    for task, event in planning(job, customer, assigned):
        tasks.append(job.unit.add(task))
        job.tell([event])
    return tuple(tasks)


def planning(job: Job, customer: Customer, assigned: Mapping[str, Assignment]) -> Iterator[tuple[Task, Event]]:
    """Yield the tasks that `planned` sets, each with what is told of it, for whoever writes many at once."""
    stage = job.organization.by_id("stages").get(customer.stage or "")
    for plan in () if stage is None else stage.tasks:
        if plan.role not in assigned:
            continue
        due = None if plan.within is None else job.hours.add(job.now(), plan.within).at
        task = Task(
            id=job.ids(),
            customer=customer.id,
            title=plan.title,
            owner=assigned[plan.role].person,
            due=due,
            recurs=plan.recurs,
            role=plan.role,
            stage=customer.stage,
            created_by=job.actor,
            created_at=job.now(),
        )
        yield task, job.event("task-added", customer, task=task.id, owner=task.owner)


def given_along(job: Job, customer: Customer, before: str, after: str) -> None:
    """Give the open tasks of a customer that one person has to another, who takes the customer."""
    where = [Is("customer", customer.id), Is("owner", before), Is("state", TaskState.OPEN.value)]
    for task in tuple(job.unit.each(Query(Task, where=where))):
        passed = job.unit.put(evolve(task, owner=after, reminded_at=None))
        tell_of(job, "task-passed-on", passed, owner=after, before=before)


def tell_of(job: Job, name: str, task: Task, **payload: Any) -> Event:
    """Tell of a task at its customer; at the task itself where it has none."""
    subject = task if task.customer is None else job.unit.get(Customer, task.customer)
    return job.happened(name, subject, task=task.id, **payload)

"""Tasks and follow-up plans: next steps with an owner and a time, reminders, what recurs, and actions of meetings."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from attrs import evolve

from crmcore.customers.current import current_customer, id_of
from crmcore.customers.failures import InvalidTask
from crmcore.customers.planning import recurrence, tell_of
from crmcore.customers.records import Customer
from crmcore.customers.task_records import Task, TaskState
from crmcore.customers.work import Desk, Job
from crmcore.errors import UnknownName, nearest
from crmcore.language import say
from crmcore.storage import Below, Filter, Is, Order, Page, Query

__all__ = ["Tasks"]

_DUE: Final = (Order("due"), Order("created_at"))


class Tasks(Desk):
    """What people have to do next."""

    def add(
        self,
        title: str,
        *,
        owner: str,
        customer: Customer | str | None = None,
        due: datetime | None = None,
        recurs: str | None = None,
        remind_at: datetime | None = None,
        forum: str | None = None,
    ) -> Task:
        """Set a task.

        Args:
            title: what is to be done.
            owner: who does it: the id of a person of the organization who works here.
            customer: for which customer, or its id; None for none in particular.
            due: until when, in UTC; one that recurs needs it.
            recurs: the rule by which it comes again (RFC 5545), such as `FREQ=WEEKLY;BYDAY=MO`.
            remind_at: when the owner is reminded, in UTC.
            forum: the meeting that decided it; such an action needs a time.

        Raises:
            UnknownName: there is no such person or meeting.
            InvalidTask: it has no title, its owner does not work here, or it needs a time and has none.
            InvalidRecurrence: the rule is none.
        """
        with self._begin() as job:
            found = None if customer is None else current_customer(job, customer)
            if not title.strip():
                raise InvalidTask("title", say("say what is to be done"))
            _employed(job, owner)
            if forum is not None:
                _known_forum(job, forum)
            if due is None and (recurs is not None or forum is not None):
                raise InvalidTask("due", say("what recurs, and what a meeting decides, has a time until when"))
            task = job.unit.add(
                Task(
                    id=job.ids(),
                    customer=None if found is None else found.id,
                    title=title.strip(),
                    owner=owner,
                    due=due,
                    recurs=None if recurs is None else recurrence(recurs).rule,
                    remind_at=remind_at,
                    forum=forum,
                    created_by=job.actor,
                    created_at=job.now(),
                )
            )
            tell_of(job, "task-added", task, owner=owner)
            return task

    def get(self, id: str) -> Task:  # noqa: A002 (a record's id is called so everywhere)
        """Return a task.

        Raises:
            NotThere: there is none of that id.
        """
        with self._begin(read_only=True) as job:
            return job.unit.get(Task, id)

    def done(self, task: Task | str, *, outcome: str | None = None) -> Task | None:
        """Say that a task is done; return the next one where it recurs.

        Args:
            task: the task, or its id.
            outcome: what came of it.

        Raises:
            InvalidTask: it is not open.
        """
        with self._begin() as job:
            before = _open(job, task)
            if before.recurs is not None and before.customer is not None:
                job.unit.hold(Customer, before.customer)
            after = self._close(job, before, TaskState.DONE, outcome)
            tell_of(job, "task-done", after, owner=after.owner)
            return self._next(job, before)

    def drop(self, task: Task | str, *, because: str) -> Task:
        """Say that a task is not to be done any longer; one that recurs does not come again.

        Raises:
            InvalidTask: it is not open, or there is no reason.
        """
        with self._begin() as job:
            before = _open(job, task)
            if not because.strip():
                raise InvalidTask("because", say("say why it is dropped"))
            after = self._close(job, before, TaskState.DROPPED, because.strip())
            tell_of(job, "task-dropped", after, owner=after.owner)
            return after

    def pass_on(self, task: Task | str, owner: str) -> Task:
        """Give a task to another person.

        Raises:
            UnknownName: there is no such person.
            InvalidTask: it is not open, or the person does not work here.
        """
        with self._begin() as job:
            before = _open(job, task)
            _employed(job, owner)
            after = job.unit.put(evolve(before, owner=owner, role=None, reminded_at=None))
            tell_of(job, "task-passed-on", after, owner=owner, before=before.owner)
            return after

    def put_off(self, task: Task | str, due: datetime, *, remind_at: datetime | None = None) -> Task:
        """Give a task another time.

        Args:
            task: the task, or its id.
            due: until when, in UTC.
            remind_at: when the owner is reminded, in UTC; None for never.

        Raises:
            InvalidTask: it is not open.
        """
        with self._begin() as job:
            before = _open(job, task)
            after = job.unit.put(evolve(before, due=due, remind_at=remind_at, reminded_at=None))
            tell_of(job, "task-put-off", after, owner=after.owner)
            return after

    def of(self, customer: Customer | str, *, closed: bool = False) -> tuple[Task, ...]:
        """Return the next steps for a customer, the most urgent first.

        Args:
            customer: the customer, or its id.
            closed: whether those are returned too that are done or dropped.
        """
        with self._begin(read_only=True) as job:
            where: list[Filter] = [Is("customer", id_of(customer))]
            if not closed:
                where.append(Is("state", TaskState.OPEN.value))
            return tuple(job.unit.each(Query(Task, where=where, order=_DUE)))

    def owned_by(self, person: str, *, limit: int = 100, after: str | None = None) -> Page[Task]:
        """Return one page of what somebody has to do, the most urgent first.

        Args:
            person: the person.
            limit: how many a page has.
            after: the cursor of the page before.
        """
        with self._begin(read_only=True) as job:
            where = [Is("owner", person), Is("state", TaskState.OPEN.value)]
            return job.unit.find(Query(Task, where=where, order=_DUE, limit=limit, after=after))

    def of_forum(self, forum: str) -> tuple[Task, ...]:
        """Return what a meeting decided and nobody has done yet: it is carried over until it is done.

        Raises:
            UnknownName: there is no such meeting.
        """
        with self._begin(read_only=True) as job:
            _known_forum(job, forum)
            where = [Is("forum", forum), Is("state", TaskState.OPEN.value)]
            return tuple(job.unit.each(Query(Task, where=where, order=_DUE)))

    def overdue(self) -> Iterator[Task]:
        """Yield the tasks whose time has passed, the longest overdue first."""
        with self._begin(read_only=True) as job:
            where = [Is("state", TaskState.OPEN.value), Below("due", job.now())]
            yield from job.unit.each(Query(Task, where=where, order=_DUE))

    def remind(self) -> tuple[Task, ...]:
        """Remind the owners of all tasks whose time for it has come, once each; return the tasks.

        The event `task-reminder` tells it, from which notifiers learn.
        """
        with self._begin() as job:
            now = job.now()
            where = [Is("state", TaskState.OPEN.value), Is("reminded_at", None), Below("remind_at", now)]
            reminded = []
            for task in tuple(job.unit.each(Query(Task, where=where, order=[Order("remind_at")]))):
                after = job.unit.put(evolve(task, reminded_at=now))
                tell_of(job, "task-reminder", after, owner=after.owner)
                reminded.append(after)
            return tuple(reminded)

    def _close(self, job: Job, task: Task, state: TaskState, outcome: str | None) -> Task:
        return job.unit.put(evolve(task, state=state, closed_by=job.actor, closed_at=job.now(), outcome=outcome))

    def _next(self, job: Job, task: Task) -> Task | None:
        """Set the next task of a series: behind the time of the last one, and not in the past."""
        if task.recurs is None or task.due is None:
            return None
        start = task.due if task.series is None else job.unit.get(Task, task.series).due or task.due
        moment = recurrence(task.recurs).next(max(task.due, job.now()), start=start, hours=job.hours)
        if moment is None:
            return None
        ahead = None if task.remind_at is None else task.due - task.remind_at
        following = job.unit.add(
            evolve(
                task,
                id=job.ids(),
                version=0,
                series=task.series or task.id,
                due=moment.at,
                remind_at=None if ahead is None else moment.at - ahead,
                reminded_at=None,
                created_by=job.actor,
                created_at=job.now(),
            )
        )
        tell_of(job, "task-added", following, owner=following.owner)
        return following


def _open(job: Job, task: Task | str) -> Task:
    found = job.unit.get(Task, task) if isinstance(task, str) else task
    if found.state is not TaskState.OPEN:
        raise InvalidTask("state", say("{task} is {state} already", task=found.id, state=found.state.value))
    return found


def _employed(job: Job, owner: str) -> None:
    people = job.organization.by_id("people")
    if owner not in people:
        raise UnknownName("person", owner, nearest(owner, people))
    if not people[owner].employed(job.today()):
        raise InvalidTask("owner", say("{person} does not work here today", person=owner))


def _known_forum(job: Job, forum: str) -> None:
    forums = job.organization.by_id("forums")
    if forum not in forums:
        raise UnknownName("forum", forum, nearest(forum, forums))

"""The lifecycle: customers come from stage to stage, as the organization allows and the guards let pass."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from attrs import evolve

from crmcore.customers.appointing import covering, release_idle
from crmcore.customers.current import current_customer, id_of
from crmcore.customers.failures import TransitionRefused
from crmcore.customers.guards import Objection, Transition
from crmcore.customers.handing_over import handed_over
from crmcore.customers.planning import planned
from crmcore.customers.records import Customer
from crmcore.customers.stage_records import Funnel, Passage, StageChange
from crmcore.customers.staging import stage_change
from crmcore.customers.work import Desk, Job
from crmcore.errors import UnknownName, nearest
from crmcore.language import say
from crmcore.organization import Stage
from crmcore.storage import Among, Below, Between, Filter, Is, Order, Query

__all__ = ["Lifecycle"]

_PAGE: Final = 1_000


class Lifecycle(Desk):
    """The way of customers through the stages of the organization."""

    def advance(self, customer: Customer | str, stage: str, *, note: str | None = None) -> Customer:
        """Let a customer come into another stage, hand it over where another department answers there, and assign.

        Args:
            customer: the customer as it was read, or its id.
            stage: the stage that it comes into; one that the organization lets follow, also back where it says so.
            note: why, in words.

        Raises:
            UnknownName: the organization has no such stage.
            TransitionRefused: the organization does not let it follow, or a guard objects; the error says what is
                missing.
            Stale: somebody else changed the customer since it was read.
        """
        with self._begin() as job:
            before = current_customer(job, customer, alone=True)
            target = _stage(job, stage)
            objections = tuple(_objections(job, before, target))
            if objections:
                raise TransitionRefused(
                    before.id, before.stage, stage, tuple((one.reason, one.missing) for one in objections)
                )
            after = job.unit.put(evolve(before, stage=stage, stage_since=job.now()))
            change = job.unit.add(stage_change(job, before, target, note))
            event = job.happened(
                "stage-changed",
                after,
                before=before.stage,
                after=stage,
                probability=change.probability,
                stage_change=change.id,
            )
            handed_over(job, before, after, caused_by=event.id)
            coverage = covering(job, after)
            planned(job, after, {one.role: one for one in coverage.assigned})
            if target.terminal:  # nobody takes it over any more
                release_idle(job, after)
            return after

    def objections(self, customer: Customer | str, stage: str) -> tuple[Objection, ...]:
        """Return what speaks against a customer coming into a stage now; nothing where it can.

        Raises:
            UnknownName: the organization has no such stage.
        """
        with self._begin(read_only=True) as job:
            return tuple(_objections(job, current_customer(job, customer), _stage(job, stage)))

    def following(self, customer: Customer | str) -> tuple[str, ...]:
        """Return the stages that the organization lets follow the one that a customer is in."""
        with self._begin(read_only=True) as job:
            return _following(job, current_customer(job, customer).stage)

    def history(self, customer: Customer | str) -> tuple[StageChange, ...]:
        """Return the stages that a customer came into, in order."""
        with self._begin(read_only=True) as job:
            where = [Is("customer", id_of(customer))]
            return tuple(job.unit.each(Query(StageChange, where=where, order=[Order("at")])))

    def overdue(self) -> Iterator[Customer]:
        """Yield the customers that are longer in their stage than the organization wants, the longest first."""
        with self._begin(read_only=True) as job:
            for stage in job.organization.stages:
                if stage.within is not None:
                    yield from _overdue(job, stage)

    def funnel(self, since: datetime, until: datetime) -> Funnel:
        """Return how the customers that were registered in a time passed through the lifecycle up to now.

        A customer that came into a stage more than once counts once for each time.

        Args:
            since: from when, in UTC, included.
            until: until when, in UTC, included.
        """
        with self._begin(read_only=True) as job:
            entered, left = Counter[str](), Counter[tuple[str, str]]()
            times: dict[str, list[int]] = {}
            began = 0
            for some in _registered(job, since, until):
                began += len(some)
                where = [Among("customer", [one.id for one in some])]
                for change in job.unit.each(Query(StageChange, where=where, limit=_PAGE)):
                    entered[change.after] += 1
                    if change.before is not None:
                        left[change.before, change.after] += 1
                        times.setdefault(change.before, []).append(change.seconds or 0)
            return Funnel(began, {one.id: _passage(one.id, entered, left, times) for one in job.organization.stages})


def _stage(job: Job, stage: str) -> Stage:
    stages = job.organization.by_id("stages")
    if stage not in stages:
        raise UnknownName("stage", stage, nearest(stage, stages))
    found: Stage = stages[stage]
    return found


def _following(job: Job, stage: str | None) -> tuple[str, ...]:
    if stage is None:
        return tuple(one.id for one in job.organization.stages)
    return tuple(after for before, after in job.organization.stage_transitions() if before == stage)


def _objections(job: Job, customer: Customer, stage: Stage) -> Iterator[Objection]:
    following = _following(job, customer.stage)
    if stage.id not in following:
        yield Objection(
            say(
                "{before} is not followed by {after}; it is by {following}",
                before=customer.stage or "",
                after=stage.id,
                following=", ".join(following) or say("nothing"),
            ),
            following,
        )
        return
    stages = job.organization.by_id("stages")
    transition = Transition(customer, stages.get(customer.stage or ""), stage, job)
    for guard in job.plugins.guards.values():
        yield from guard.examine(transition)


def _overdue(job: Job, stage: Stage) -> Iterator[Customer]:
    """Yield the customers of a stage whose time in it is up, by working time."""
    assert stage.within is not None  # noqa: S101 (asked before)
    now = job.now()
    where: list[Filter] = [
        Is("stage", stage.id),
        Is("merged_into", None),
        Is("erased_at", None),
        Below("stage_since", now),
    ]
    for customer in job.unit.each(Query(Customer, where=where, order=[Order("stage_since")], limit=_PAGE)):
        if job.hours.add(customer.stage_since, stage.within).at > now:
            return  # who came later is due later
        yield customer


def _registered(job: Job, since: datetime, until: datetime) -> Iterator[list[Customer]]:
    query = Query(Customer, where=[Between("registered_at", since, until)], order=[Order("registered_at")], limit=_PAGE)
    some: list[Customer] = []
    for customer in job.unit.each(query):
        some.append(customer)
        if len(some) == _PAGE:
            yield some
            some = []
    if some:
        yield some


def _passage(stage: str, entered: Counter[str], left: Counter[tuple[str, str]], times: dict[str, list[int]]) -> Passage:
    to = {after: count for (before, after), count in left.items() if before == stage}
    spent = times.get(stage)
    return Passage(
        entered[stage],
        to,
        entered[stage] - sum(to.values()),
        timedelta(seconds=median(spent)) if spent else None,
    )

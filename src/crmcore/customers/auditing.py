"""The audit: which customers nobody has, who looks after too many, what is stuck; asked in a handful of statements.

However many customers there are, the storage is asked five times: customers are counted by all that decides who
answers, of which only the combinations that occur are looked at; then by what they lack; then assignments and handoffs.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from attrs import field, frozen

from crmcore.customers.assignment_records import Assignment
from crmcore.customers.attributes import dimensions_on_file, field_name
from crmcore.customers.handoff_records import CustomerHandoff, HandoffState
from crmcore.customers.records import Customer
from crmcore.customers.task_records import TaskState
from crmcore.customers.work import Desk, Job
from crmcore.language import Phrase, listed, say_many, told
from crmcore.organization import Organization
from crmcore.storage import CUSTOM, MOST_CONDITIONS, Among, Below, Filter, Is, Lacks

__all__ = ["Audit", "AuditKind", "Auditing", "Concern"]


class AuditKind(StrEnum):
    """What is wrong with some customers."""

    UNANSWERED = "unanswered"
    """At some touchpoint of their stage nobody answers for them, or too little is known to tell who does."""
    UNASSIGNED = "unassigned"
    """Nobody looks after them."""
    DEPARTED = "departed"
    """Somebody looks after them who does not work here any longer."""
    OVERLOADED = "overloaded"
    """They are more than the person who looks after them can take."""
    HANDOFF_LATE = "handoff-late"
    """They were offered to a department that should have taken them by now."""
    HANDOFF_RETURNED = "handoff-returned"
    """They were returned to the department that gave them, which has not offered them again."""
    NO_NEXT_STEP = "no-next-step"
    """Nothing is to be done for them, although their lifecycle has not ended."""
    FACT_MISSING = "fact-missing"
    """A fact is not known that whoever serves them in their stage needs."""


@frozen
class Concern:
    """Something that is wrong with some customers.

    Attributes:
        kind: what is wrong.
        subject: with whom or what: a touchpoint, a person, a department, a stage, a fact; empty for none.
        count: how many customers, or assignments, or handoffs.
        where: by what the customers are the same, by dimension or field; empty where they are not.
        filters: what finds the customers, for `customers.find(filters=…)`; empty where they are found by other records.
    """

    kind: AuditKind
    subject: str
    count: int
    where: Mapping[str, Any] = field(factory=dict)
    filters: tuple[Filter, ...] = ()

    @property
    def message(self) -> str:
        """What is wrong, in a sentence, in the language of the moment."""
        return told(_sentence(self))


@frozen
class Audit:
    """What is wrong with the customers on file.

    Attributes:
        day: on which day.
        customers: how many there are.
        concerns: what is wrong, by kind, the most customers first.
    """

    day: date
    customers: int
    concerns: tuple[Concern, ...]

    def of(self, kind: AuditKind) -> tuple[Concern, ...]:
        """Return the concerns of a kind."""
        return tuple(one for one in self.concerns if one.kind is kind)

    def count(self, kind: AuditKind) -> int:
        """Return how many customers, assignments or handoffs are concerned."""
        return sum(one.count for one in self.of(kind))


class Auditing(Desk):
    """What is wrong with the customers on file."""

    def audit(self) -> Audit:
        """Return which customers have nobody, have somebody who left or is overloaded, are stuck, or lack something."""
        with self._begin(read_only=True) as job:
            counts = _counted(job)
            concerns = [
                *_unanswered(job, counts),
                *_people(job),
                *_handoffs(job),
                *_lacking(job),
            ]
            order = list(AuditKind)
            concerns.sort(key=lambda one: (order.index(one.kind), -one.count, one.subject, str(one.where)))
            return Audit(job.today(), sum(counts.values()), tuple(concerns))


Combination = tuple[str | None, tuple[tuple[str, Any], ...]]
"""A stage, and what is known by dimension."""

_SERVED: tuple[Filter, ...] = (Is("merged_into", None), Is("erased_at", None))


def _going_on(job: Job) -> tuple[Filter, ...]:
    """Return the conditions of customers whose lifecycle has not ended."""
    stages = tuple(stage.id for stage in job.organization.stages if not stage.terminal)
    return (*_SERVED, Among("stage", stages)) if job.organization.stages else _SERVED


def _counted(job: Job) -> Mapping[Combination, int]:
    """Return how many customers there are of each combination of what decides who answers."""
    names = [dimension.id for dimension in dimensions_on_file(job.organization)]
    fields = ["stage", *(f"{CUSTOM}{field_name(name)}" for name in names)]
    return {
        (stage, tuple((name, value) for name, value in zip(names, values, strict=True) if value is not None)): count
        for (stage, *values), count in job.unit.count_by(Customer, fields, _SERVED).items()
    }


def _unanswered(job: Job, counts: Mapping[Combination, int]) -> Iterator[Concern]:
    for (stage, known), count in counts.items():
        for answer in job.answers.at(stage, dict(known), job.today()):
            if answer.gap is not None:
                names = {dimension.id: None for dimension in dimensions_on_file(job.organization)} | dict(known)
                filters = tuple(Is(f"{CUSTOM}{field_name(name)}", value) for name, value in names.items())
                yield Concern(
                    AuditKind.UNANSWERED,
                    answer.touchpoint,
                    count,
                    {"stage": stage, **dict(known)},
                    (*_SERVED, Is("stage", stage), *filters),
                )


def _lacking(job: Job) -> Iterator[Concern]:
    """Yield who has nobody though somebody should, who has no next step, and who lacks a fact that is needed.

    All of that is asked in one statement, for the first hundred questions; in another one for the next hundred.
    """
    questions = list(_questions(job.organization))
    for start in range(0, len(questions), MOST_CONDITIONS):
        some = questions[start : start + MOST_CONDITIONS]
        met = job.unit.count_meeting(Customer, ["stage"], [one.lacks for one in some], _going_on(job))
        for (stage,), counts in met.items():
            for question, count in zip(some, counts, strict=True):
                if count and (question.stages is None or stage in question.stages):
                    where = (*_going_on(job), Is("stage", stage), question.lacks)
                    yield Concern(question.kind, question.subject or stage or "", count, {"stage": stage}, where)


@frozen
class _Question:
    """What customers of some stages should not lack.

    Attributes:
        kind: what is wrong with those that do.
        lacks: the condition that they lack it.
        stages: the stages; None for all.
        subject: what is lacking; None where the stage says enough.
    """

    kind: AuditKind
    lacks: Lacks
    stages: frozenset[str] | None = None
    subject: str | None = None


def _questions(organization: Organization) -> Iterator[_Question]:
    met = frozenset(stage for touchpoint in organization.touchpoints for stage in touchpoint.stages)
    everywhere = any(not touchpoint.stages for touchpoint in organization.touchpoints)
    nobody = Lacks("id", "assignment", "customer", [Is("until", None)])
    yield _Question(AuditKind.UNASSIGNED, nobody, None if everywhere else met)
    yield _Question(AuditKind.NO_NEXT_STEP, Lacks("id", "task", "customer", [Is("state", TaskState.OPEN.value)]))
    every = frozenset(stage.id for stage in organization.stages)
    needed: dict[str, frozenset[str]] = {}
    for touchpoint in organization.touchpoints:
        for name in touchpoint.needs:
            needed[name] = needed.get(name, frozenset()).union(touchpoint.stages or every)
    for name, stages in needed.items():
        unknown = Lacks("id", "fact", "customer", [Is("name", name)])
        yield _Question(AuditKind.FACT_MISSING, unknown, stages if every else None, name)


def _people(job: Job) -> Iterator[Concern]:
    people, today = job.organization.by_id("people"), job.today()
    for (person,), count in job.unit.count_by(Assignment, ["person"], [Is("until", None)]).items():
        record = people.get(person)
        if record is None or not record.employed(today):
            yield Concern(AuditKind.DEPARTED, person, count)
        elif record.capacity is not None and count > record.capacity:
            yield Concern(AuditKind.OVERLOADED, person, count - record.capacity)


def _handoffs(job: Job) -> Iterator[Concern]:
    late = [Is("state", HandoffState.OFFERED.value), Below("due", job.now())]
    for (department,), count in job.unit.count_by(CustomerHandoff, ["to_department"], late).items():
        yield Concern(AuditKind.HANDOFF_LATE, department, count)
    returned = [Is("state", HandoffState.RETURNED.value)]
    for (department,), count in job.unit.count_by(CustomerHandoff, ["from_department"], returned).items():
        yield Concern(AuditKind.HANDOFF_RETURNED, department, count)


def _sentence(concern: Concern) -> Phrase:
    count, subject = concern.count, concern.subject
    same = listed(f"{name}={value}" for name, value in concern.where.items() if value is not None)
    match concern.kind:
        case AuditKind.UNANSWERED:
            return say_many(
                "for {count:,} customer nobody can be told who answers at {touchpoint}: {same}",
                "for {count:,} customers nobody can be told who answers at {touchpoint}: {same}",
                count,
                touchpoint=subject,
                same=same,
            )
        case AuditKind.UNASSIGNED:
            return say_many(
                "{count:,} customer has nobody: {same}", "{count:,} customers have nobody: {same}", count, same=same
            )
        case AuditKind.DEPARTED:
            return say_many(
                "{count:,} customer is with {person}, who does not work here",
                "{count:,} customers are with {person}, who does not work here",
                count,
                person=subject,
            )
        case AuditKind.OVERLOADED:
            return say_many(
                "{person} has {count:,} customer more than the capacity stated",
                "{person} has {count:,} customers more than the capacity stated",
                count,
                person=subject,
            )
        case AuditKind.HANDOFF_LATE:
            return say_many(
                "{department} is late to take {count:,} customer",
                "{department} is late to take {count:,} customers",
                count,
                department=subject,
            )
        case AuditKind.HANDOFF_RETURNED:
            return say_many(
                "{count:,} customer was returned to {department}, and not offered again",
                "{count:,} customers were returned to {department}, and not offered again",
                count,
                department=subject,
            )
        case AuditKind.NO_NEXT_STEP:
            return say_many(
                "{count:,} customer has no next step: {same}",
                "{count:,} customers have no next step: {same}",
                count,
                same=same,
            )
        case AuditKind.FACT_MISSING:
            return say_many(
                "of {count:,} customer nobody knows {fact}: {same}",
                "of {count:,} customers nobody knows {fact}: {same}",
                count,
                fact=subject,
                same=same,
            )

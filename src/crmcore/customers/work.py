"""What an operation works with: one unit of work, who acts, for which organization, at what time.

Operations are the methods of desks, one desk for each part of the CRM. A desk opens a job of its own for each call, or
works within one that is open already, so that several calls happen as a whole or not at all.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any, Final, Protocol, Self, TypeVar
from zoneinfo import ZoneInfo

from attrs import define, field, frozen

from crmcore.calendars import WorkingTime
from crmcore.customers.answers import Answers
from crmcore.customers.fields import CustomField
from crmcore.organization import Organization
from crmcore.plugins import Registry
from crmcore.storage import AlreadyThere, Busy, Entity, Event, Kinds, Stale, UnitOfWork
from crmcore.values import Clock, Ids

__all__ = ["Begin", "Desk", "Instants", "Job", "Joined"]

Result = TypeVar("Result")
_ATTEMPTS: Final = 5

_TICK: Final = timedelta(microseconds=1)


class Instants:
    """Instants of events that follow one another: each is later than the one before, also when the clock stands."""

    def __init__(self) -> None:
        """Begin with no event."""
        self._latest: datetime | None = None
        self._lock = Lock()

    def at(self, instant: datetime) -> datetime:
        """Return an instant for the next event: the one given, or the first behind the event before."""
        with self._lock:
            self._latest = instant if self._latest is None else max(instant, self._latest + _TICK)
            return self._latest


@define(eq=False)
class Job:
    """What an operation works with.

    Attributes:
        unit: what reads and writes, as a whole or not at all.
        organization: the organization that is asked who acts.
        actor: who does it: the id of a person, or of a program.
        clock: what says which instant it is.
        ids: what makes ids.
        kinds: the kinds of records that the storage knows.
        plugins: what plugins add.
        fields: the company's own fields by the kind of the records that have them, and by name.
        working_time: what gives when the company works; asked only when a deadline is wanted.
        answers: who answers at every touchpoint of a stage, remembered for all customers alike.
        instants: what gives each event its instant.
        events: what has happened in it so far.
    """

    unit: UnitOfWork
    organization: Organization
    actor: str
    clock: Clock
    ids: Ids
    kinds: Kinds
    plugins: Registry
    fields: Mapping[str, Mapping[str, CustomField]]
    working_time: Callable[[], WorkingTime]
    answers: Answers
    instants: Instants = field(factory=Instants)
    events: list[Event] = field(factory=list)

    @property
    def hours(self) -> WorkingTime:
        """When the company works.

        Raises:
            LibraryWanted: its holidays are those of a country, and the extra `calendars` is not installed.
        """
        return self.working_time()

    def now(self) -> datetime:
        """Return the present instant, in UTC."""
        return self.clock()

    def today(self) -> date:
        """Return which day it is where the company is."""
        return self.clock().astimezone(ZoneInfo(self.organization.timezone)).date()

    def happened(self, name: str, subject: Entity, *, caused_by: str | None = None, **payload: Any) -> Event:
        """Add an event, in the same transaction as what it tells of.

        Events last for ever: what they hold of people are ids and codes. Names, addresses and texts stand in records,
        which can be erased.

        Args:
            name: what happened, such as `customer-registered`.
            subject: the record that it happened to.
            caused_by: the id of the event that led to it.
            payload: what else there is to tell, as JSON has it; without personal data.
        """
        event = self.event(name, subject, caused_by=caused_by, **payload)
        self.tell([event])
        return event

    def event(self, name: str, subject: Entity, *, caused_by: str | None = None, **payload: Any) -> Event:
        """Return an event that `tell` adds, for whoever tells many at once; the arguments are those of `happened`."""
        return Event(
            id=self.ids(),
            name=name,
            actor=self.actor,
            at=self.instants.at(self.now()),
            subject_kind=self.kinds.of(type(subject)).name,
            subject=subject.id,
            payload=payload,
            caused_by=caused_by,
        )

    def tell(self, events: Sequence[Event]) -> None:
        """Add events, in the same transaction as what they tell of."""
        self.unit.append_all(events)
        self.events.extend(events)


class Begin(Protocol):
    """What opens the job of one operation: a new one that is committed at the end, or the one that is open."""

    def __call__(self, *, read_only: bool = False) -> AbstractContextManager[Job]:
        """Open a job; it is committed when the block ends, and rolled back when the block fails."""


@frozen
class Joined:
    """What opens a job that is open already: its operations happen with it, or not at all.

    Attributes:
        job: the job.
    """

    job: Job

    def __call__(self, *, read_only: bool = False) -> AbstractContextManager[Job]:
        """Give the job; its unit of work decides whether it can be written."""
        del read_only
        return nullcontext(self.job)


class Desk:
    """Some operations of the CRM. Each is a transaction of its own, unless the desk works within a job."""

    def __init__(self, begin: Begin) -> None:
        """Make a desk.

        Args:
            begin: what opens the job of each operation.
        """
        self._begin = begin

    @classmethod
    def within(cls, job: Job) -> Self:
        """Return a desk whose operations are parts of a job that is open."""
        return cls(Joined(job))

    @property
    def _joined(self) -> bool:
        """Whether operations are parts of a job: one that fails cannot be tried again without all the others."""
        return isinstance(self._begin, Joined)

    def _tried(self, operation: Callable[[], Result]) -> Result:
        """Return what an operation gives, after trying it again where somebody else wrote the same meanwhile."""
        for _ in range(0 if self._joined else _ATTEMPTS - 1):
            with suppress(AlreadyThere, Busy, Stale):
                return operation()
        return operation()

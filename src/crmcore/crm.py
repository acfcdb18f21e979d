"""The CRM: the one object that an app opens. It joins an organization, a storage and what plugins add."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from crmcore.calendars import WorkingTime
from crmcore.customers import (
    Assigned,
    Audit,
    Customer,
    CustomField,
    Job,
    Timeline,
    kinds_of,
)
from crmcore.customers.answers import Answers
from crmcore.customers.work import Instants, Joined
from crmcore.desks import Desks
from crmcore.organization import DutyKind, Organization
from crmcore.plugins import Registry
from crmcore.storage import Event, Kinds, Storage
from crmcore.values import Clock, Ids, new_id, now

if TYPE_CHECKING:
    from os import PathLike

__all__ = ["CRM", "Desks", "Work"]

_LOG: Final = logging.getLogger(__name__)

PROGRAM: Final = "crmcore"
"""Who acts where nobody is named."""


class Work(Desks):
    """Several operations as one: all of them happen, or none.

    Attributes:
        job: what the operations work with: the unit of work, who acts, the time. An operation of your own takes it.
    """

    def __init__(self, job: Job) -> None:
        """Make the desks of a job that is open."""
        super().__init__(Joined(job))
        self.job = job


class CRM(Desks):
    """A CRM: an organization that says who acts, and a storage that keeps what happened.

    `crm.customers.register(...)` is a transaction of its own; `with crm.begin(actor=...) as work` joins several.

    Attributes:
        organization: who serves the customers, and how.
        storage: where records lie.
        tenant: whose records they are.
        plugins: what plugins add.
    """

    def __init__(
        self,
        storage: Storage,
        *,
        organization: Organization,
        tenant: str = "main",
        actor: str = PROGRAM,
        clock: Clock = now,
        ids: Ids = new_id,
        plugins: Registry | None = None,
        fields: Iterable[CustomField] = (),
        owned: bool = False,
    ) -> None:
        """Open a CRM on a storage that is open; `CRM.open` opens one by its URL.

        Args:
            storage: where records lie; it knows the kinds that `CRM.kinds` gives.
            organization: who serves the customers, and how.
            tenant: whose records they are.
            actor: who acts in operations outside `begin`: the id of a person, or of the program.
            clock: what says which instant it is.
            ids: what makes ids.
            plugins: what plugins add; None for all that is installed.
            fields: the company's own fields.
            owned: whether the storage is closed with the CRM.
        """
        super().__init__(self._opened)
        self.organization = organization
        self.storage = storage
        self.tenant = tenant
        self.plugins = Registry.installed() if plugins is None else plugins
        self._actor = actor
        self._clock = clock
        self._ids = ids
        self._answers = Answers(organization)
        self._instants = Instants()
        self._owned = owned
        self._fields: dict[str, dict[str, CustomField]] = {}
        for one in fields:
            self._fields.setdefault(one.of, {})[one.name] = one

    @classmethod
    def open(
        cls,
        source: str | Callable[[Kinds], Storage],
        *,
        organization: "Organization | str | PathLike[str]",
        tenant: str = "main",
        actor: str = PROGRAM,
        clock: Clock = now,
        ids: Ids = new_id,
        plugins: Registry | None = None,
        fields: Iterable[CustomField] = (),
    ) -> Self:
        """Open a CRM; as a context manager it is closed at the end.

        Args:
            source: the URL of a storage, such as `sqlite:///crm.db` or `memory:`; or what makes a storage that knows
                some kinds, such as `lambda kinds: SQLStorage(connection, kinds)` for a connection of your own, whose
                transaction the CRM then shares.
            organization: who serves the customers, and how; or the path of its file.
            tenant: whose records they are.
            actor: who acts in operations outside `begin`: the id of a person, or of the program.
            clock: what says which instant it is.
            ids: what makes ids.
            plugins: what plugins add; None for all that is installed.
            fields: the company's own fields.

        Raises:
            InvalidOrganization: the file is not one of an organization.
            UnknownName: no plugin adds a storage for the URL.
            StorageUnavailable: the storage cannot be reached, or its schema has to be upgraded.
        """
        company = organization if isinstance(organization, Organization) else Organization.read(organization)
        plugins = Registry.installed() if plugins is None else plugins
        fields = tuple(fields)
        kinds = cls.kinds(company, plugins=plugins, fields=fields)
        storage = plugins.storage_of(source).open(source, kinds) if isinstance(source, str) else source(kinds)
        return cls(
            storage,
            organization=company,
            tenant=tenant,
            actor=actor,
            clock=clock,
            ids=ids,
            plugins=plugins,
            fields=fields,
            owned=True,
        )

    @staticmethod
    def kinds(
        organization: Organization, *, plugins: Registry | None = None, fields: Iterable[CustomField] = ()
    ) -> Kinds:
        """Return the kinds of records that a storage has to know to be the CRM of an organization.

        Args:
            organization: whose dimensions are fields of its customers.
            plugins: what plugins add; None for all that is installed.
            fields: the company's own fields.

        Raises:
            UnknownName: a field is of a kind that does not exist.
        """
        plugins = Registry.installed() if plugins is None else plugins
        return kinds_of(organization, plugins.kinds.values(), fields)

    def who(
        self,
        customer: Customer | str,
        touchpoint: str,
        *,
        duty: DutyKind = "accountable",
        contact: Mapping[str, Any] | None = None,
        day: date | None = None,
    ) -> Assigned:
        """Say who answers for a customer at a touchpoint; short for `assignments.who`, which says what it takes."""
        return self.assignments.who(customer, touchpoint, duty=duty, contact=contact, day=day)

    def audit(self) -> Audit:
        """Return what is wrong with the customers on file; short for `auditing.audit`."""
        return self.auditing.audit()

    def timeline(
        self,
        customer: Customer | str,
        *,
        kinds: Iterable[str] = (),
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 50,
        after: str | None = None,
    ) -> Timeline:
        """Return what happened with a customer, the newest first; short for `timelines.of`, which says more."""
        return self.timelines.of(customer, kinds=kinds, since=since, until=until, limit=limit, after=after)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the storage, if the CRM opened it."""
        if self._owned:
            self.storage.close()

    @contextmanager
    def begin(self, actor: str | None = None, *, read_only: bool = False) -> Iterator[Work]:
        """Join several operations: all of them happen when the block ends, none if it fails.

        Args:
            actor: who does it: the id of a person, or of a program; None for that of the CRM.
            read_only: whether writing is refused; one moment is then seen, where the storage can do that.

        Raises:
            StorageError: what others committed meanwhile speaks against it; nothing is written.
        """
        with self._opened(read_only=read_only, actor=actor) as job:
            yield Work(job)

    @contextmanager
    def _opened(self, *, read_only: bool = False, actor: str | None = None) -> Iterator[Job]:
        with self.storage.begin(self.tenant, read_only=read_only) as unit:
            job = Job(
                unit=unit,
                organization=self.organization,
                actor=actor or self._actor,
                clock=self._clock,
                ids=self._ids,
                kinds=self.storage.kinds,
                plugins=self.plugins,
                fields=self._fields,
                working_time=self._working_time,
                answers=self._answers,
                instants=self._instants,
            )
            yield job
            if not read_only and not unit.ended:
                unit.commit()
                self._tell(job.events)

    def _working_time(self) -> WorkingTime:
        return self._hours

    @cached_property
    def _hours(self) -> WorkingTime:
        return WorkingTime.of(self.organization)

    def _tell(self, events: Iterable[Event]) -> None:
        """Tell observers what happened; it has happened, whatever becomes of them."""
        for event in events if self.plugins.observers else ():
            for failure in self.plugins.observe(event):
                _LOG.warning("%s", failure)

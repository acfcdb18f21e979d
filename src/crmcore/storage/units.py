"""Units of work: some reading and writing that happens as a whole or not at all."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from attrs import evolve

from crmcore.language import say
from crmcore.storage.events import EVENT, Event
from crmcore.storage.failures import InvalidRecord, InvalidTenant, NotThere, ReadOnly, Stale, WorkEnded
from crmcore.storage.filters import Filter
from crmcore.storage.outbox import Parcel
from crmcore.storage.queries import Page, Query, cursor, search, searched_fields, searched_where
from crmcore.storage.records import Entity, Kind, Record
from crmcore.storage.rows import Row

if TYPE_CHECKING:
    from crmcore.storage.kinds import Kinds
    from crmcore.storage.port import Transaction

__all__ = ["UnitOfWork", "tenant_named"]

_CHUNK: Final = 5_000
"""How many records are looked through and handed over at once, when many are added."""

_LONGEST_TENANT: Final = 100


def tenant_named(name: str) -> str:
    """Return the name of a tenant after making sure that it can be one.

    Raises:
        InvalidTenant: it is empty, too long, or has characters that nobody sees.
    """
    if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_TENANT:
        raise InvalidTenant(say("a tenant is named by 1 to {most} characters", most=_LONGEST_TENANT))
    if not name.isprintable() or name != name.strip() or name == "*":
        shown = repr(name)
        raise InvalidTenant(say("{name} cannot name a tenant: it has what nobody sees, or is *", name=shown))
    return name


class UnitOfWork:
    """Some reading and writing that happens as a whole or not at all.

    As a context manager it is rolled back at the end, unless it was committed. Its own writes are seen at once, those
    of others once they are committed; one that only reads sees one moment. A write that is refused ends it, and nothing
    of it is kept.

    Attributes:
        tenant: whose records it sees.
        read_only: whether it refuses to write.
        ended: whether it was committed, rolled back or refused.
    """

    def __init__(self, kinds: "Kinds", tenant: str, transaction: "Transaction", *, read_only: bool = False) -> None:
        self.tenant = tenant
        self.read_only = read_only
        self.ended = False
        self._kinds = kinds
        self._transaction = transaction

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.rollback()

    def add(self, entity: Record) -> Record:
        """Add a record, and return it as version 1.

        Raises:
            AlreadyThere: the tenant has one of this kind and id; perhaps told at the commit only.
            InvalidRecord: a field holds what its kind does not allow.
            DanglingReference: it refers to a record that is not there.
        """
        self.add_all([entity])
        return evolve(entity, version=1)

    def add_all(self, entities: Iterable[Record]) -> int:
        """Add many records at once, faster than one after another; return how many.

        Args:
            entities: records, also of several kinds; they are taken as they come, never all at once, so that a
                generator may bring any number. One that refers to another comes behind it.

        Raises:
            AlreadyThere, InvalidRecord, DanglingReference: as for one; then none is added.
        """
        count = 0
        with self._writing() as transaction:
            for kind, some in _chunks(entities, self._kinds):
                _refuse_events(kind, some[0])
                transaction.insert(kind, [_versioned(row, 1) for row in map(self._kinds.rows(kind).of, some)])
                count += len(some)
        return count

    def append(self, event: Event) -> Event:
        """Add an event, which is never changed or removed; return it as it is stored."""
        with self._writing() as transaction:
            transaction.insert(EVENT, [_versioned(self._kinds.rows(EVENT).of(event), 1)])
        return evolve(event, version=1)

    def append_all(self, events: Iterable[Event]) -> None:
        """Add many events at once."""
        rows = [_versioned(self._kinds.rows(EVENT).of(event), 1) for event in events]
        if rows:
            with self._writing() as transaction:
                transaction.insert(EVENT, rows)

    def enqueue(self, parcel: Parcel) -> Parcel:
        """Put a parcel into the outbox: it is delivered once this unit of work is committed, and only then."""
        return self.add(parcel)

    def get(self, record: type[Record], id: str) -> Record:  # noqa: A002 (a record's id is called so everywhere)
        """Return a record.

        Raises:
            NotThere: this tenant has none of that id.
        """
        kind = self._kinds.of(record)
        row = self._reading().fetch(kind, id)
        if row is None:
            raise NotThere(kind.name, id)
        return self._kinds.rows(kind).entity(row)  # type: ignore[return-value]  # the kind is that of the class

    def put(self, entity: Record) -> Record:
        """Write a record over the one that was read, and return it as the next version.

        Raises:
            NotThere: it was never added, or is removed.
            Stale: somebody else wrote it since; perhaps told at the commit only.
            InvalidRecord: a field holds what its kind does not allow.
            DanglingReference: it refers to a record that is not there.
        """
        kind = self._kinds.of(type(entity))
        with self._writing() as transaction:
            _refuse_events(kind, entity)
            row = self._kinds.rows(kind).of(entity)
            if not transaction.replace(kind, _versioned(row, entity.version + 1), entity.version):
                raise self._missed(kind, entity)
        return evolve(entity, version=entity.version + 1)

    def remove(self, entity: Entity) -> None:
        """Remove a record.

        Raises:
            NotThere: it is not there.
            Stale: somebody else wrote it since it was read.
            StillReferred: other records refer to it.
        """
        kind = self._kinds.of(type(entity))
        with self._writing() as transaction:
            _refuse_events(kind, entity)
            if not transaction.delete(kind, entity.id, entity.version):
                raise self._missed(kind, entity)

    def find(self, query: Query[Record]) -> Page[Record]:
        """Return one page of the records that a query asks for.

        Raises:
            InvalidQuery: it asks for what the records have not, or compares what cannot be compared.
        """
        kind = self._kinds.of(query.record)
        wanted = search(query, kind)
        rows = self._reading().select(kind, wanted)
        more = len(rows) > query.limit
        entity = self._kinds.rows(kind).entity
        records = tuple(map(entity, rows[: query.limit]))
        after = cursor(wanted, kind, rows[query.limit - 1]) if more else None
        return Page(records, after)  # type: ignore[arg-type]  # the kind is that of the class

    def each(self, query: Query[Record]) -> Iterator[Record]:
        """Yield all records that a query asks for, page by page: its limit is how many are in memory at once.

        Raises:
            InvalidQuery: as `find`.
        """
        while True:
            page = self.find(query)
            yield from page.records
            if page.after is None:
                return
            query = evolve(query, after=page.after)

    def count(self, record: type[Entity], where: Sequence[Filter] = ()) -> int:
        """Return how many records of a class meet all conditions.

        Raises:
            InvalidQuery: a condition cannot be asked.
        """
        kind = self._kinds.of(record)
        return self._reading().count(kind, searched_where(where, kind))

    def count_by(
        self, record: type[Entity], names: Sequence[str], where: Sequence[Filter] = ()
    ) -> Mapping[tuple[Any, ...], int]:
        """Return how many records have each combination of values of some fields, in one pass of the storage.

        Args:
            record: the class of the records.
            names: the fields; the keys of the result hold their values in this order, None for what is empty.
            where: conditions that all counted records meet.

        Raises:
            InvalidQuery: a field or a condition cannot be asked.
        """
        kind = self._kinds.of(record)
        list(searched_fields(names, kind))
        if not names:
            total = self.count(record, where)
            return {(): total} if total else {}
        return self._reading().tally(kind, tuple(names), searched_where(where, kind))

    def commit(self) -> None:
        """Make everything that was written last, and end.

        Raises:
            StorageError: what others committed meanwhile speaks against it; nothing is written.
        """
        with self._guarded() as transaction:
            transaction.commit()
        self.ended = True

    def rollback(self) -> None:
        """Forget everything that was written, and end; nothing happens where it has ended already."""
        if not self.ended:
            self.ended = True
            self._transaction.rollback()

    def _reading(self) -> "Transaction":
        if self.ended:
            raise WorkEnded
        return self._transaction

    @contextmanager
    def _writing(self) -> Iterator["Transaction"]:
        if self.read_only and not self.ended:
            raise ReadOnly
        with self._guarded() as transaction:
            yield transaction

    @contextmanager
    def _guarded(self) -> Iterator["Transaction"]:
        """Give the transaction; whatever goes wrong meanwhile ends the unit of work."""
        transaction = self._reading()
        try:
            yield transaction
        except BaseException:
            self.rollback()
            raise

    def _missed(self, kind: Kind, entity: Entity) -> NotThere | Stale:
        """Return why a record could not be written: it is not there, or it is not in this version."""
        if self._transaction.fetch(kind, entity.id) is None:
            return NotThere(kind.name, entity.id)
        return Stale(kind.name, entity.id, entity.version)


def _versioned(row: Row, version: int) -> Row:
    return row if row[1] == version else (row[0], version, *row[2:])


def _refuse_events(kind: Kind, entity: Entity) -> None:
    if kind is EVENT:
        raise InvalidRecord(kind.name, entity.id, "version", say("events are appended, and never changed or removed"))


def _chunks(entities: Iterable[Record], kinds: "Kinds") -> Iterator[tuple[Kind, list[Record]]]:
    """Yield records of one kind that follow one another, not too many at once."""
    given = iter(entities)
    while some := list(islice(given, _CHUNK)):
        start = 0
        for end in range(1, len(some) + 1):
            if end == len(some) or type(some[end]) is not type(some[start]):
                yield kinds.of(type(some[start])), some[start:end]
                start = end

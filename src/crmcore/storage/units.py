"""Units of work: some reading and writing that happens as a whole or not at all."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby, islice
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from attrs import evolve

from crmcore.language import say
from crmcore.storage.asking import askable, sought
from crmcore.storage.changes import Watch
from crmcore.storage.events import Event
from crmcore.storage.failures import InvalidQuery, InvalidRecord, NotThere, ReadOnly, Stale, WorkEnded
from crmcore.storage.filters import Among, Filter
from crmcore.storage.outbox import Parcel
from crmcore.storage.queries import MOST_CONDITIONS, Order, Page, Query, Search, cursor, searched_fields
from crmcore.storage.records import Entity, Kind, Record
from crmcore.storage.rows import Row
from crmcore.storage.values import is_id

if TYPE_CHECKING:
    from crmcore.storage.kinds import Kinds
    from crmcore.storage.port import Transaction

__all__ = ["UnitOfWork"]

_CHUNK: Final = 1_000
"""How many records are looked through and handed over at once, when many are written."""


class UnitOfWork:
    """Some reading and writing that happens as a whole or not at all.

    As a context manager it is rolled back at the end, unless it was committed. Its own writes are seen at once, those
    of others once they are committed; one that only reads sees one moment. A write that is refused ends it, and nothing
    of it is kept; so does a reading that the storage cannot do.

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
        self._watches: list[Watch] = []

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
                _refuse_events(kind, some[0].id)
                rows = self._kinds.rows(kind).added(some)
                transaction.insert(kind, rows)
                for row in rows if self._watches else ():
                    self._noted(kind, None, row)
                count += len(some)
        return count

    def append(self, event: Event) -> Event:
        """Add an event, which is never changed or removed; return it as it is stored.

        Raises:
            AlreadyThere, InvalidRecord: as for a record.
        """
        self.append_all([event])
        return evolve(event, version=1)

    def append_all(self, events: Iterable[Event]) -> int:
        """Add many events at once, as they come; return how many.

        Raises:
            AlreadyThere, InvalidRecord: as for a record; then none is added.
        """
        kind, count = self._kinds.of(Event), 0
        with self._writing() as transaction:
            for own, some in _chunks(events, self._kinds):
                if own is not kind:
                    raise InvalidRecord(own.name, some[0].id, "id", say("only events are appended: add it"))
                transaction.insert(kind, self._kinds.rows(kind).added(some))
                count += len(some)
        return count

    def enqueue(self, parcel: Parcel) -> Parcel:
        """Put a parcel into the outbox: it is delivered once this unit of work is committed, and only then."""
        return self.add(parcel)

    def get(self, record: type[Record], id: str) -> Record:  # noqa: A002 (a record's id is called so everywhere)
        """Return a record.

        Raises:
            NotThere: this tenant has none of that id.
        """
        kind = self._kinds.of(record)
        self._refuse_ended()
        row = None
        if is_id(id):
            with self._guarded() as transaction:
                row = transaction.fetch(kind, id)
        if row is None:
            raise NotThere(kind.name, id)
        return self._kinds.rows(kind).entity(row)  # type: ignore[return-value]  # the kind is that of the class

    def hold(self, record: type[Record], id: str, *, alone: bool = False) -> Record:  # noqa: A002 (as above)
        """Return a record, and let nobody else write or remove it until this unit of work has ended.

        Any number hold a record at once, so that they add to it what is only right while it is as they read it. Who is
        about to change just that holds it `alone`, and reads after that what those who held it before have written. One
        that only reads does not hold it, as it sees one moment.

        Args:
            record: the class of the record.
            id: its id.
            alone: whether nobody else may hold it.

        Raises:
            NotThere: this tenant has none of that id.
            Busy, Stale: somebody else holds it, or wrote it since; perhaps told at the commit only.
        """
        if self.read_only:
            return self.get(record, id)
        for found in self.hold_all(record, (id,), alone=alone):
            return found
        raise NotThere(self._kinds.of(record).name, id)

    def hold_all(self, record: type[Record], ids: Iterable[str], *, alone: bool = False) -> tuple[Record, ...]:
        """Hold many records at once, and return those of them that are there, in the order of their ids.

        The arguments and errors are those of `hold`.
        """
        kind, wanted = self._kinds.of(record), sorted({one for one in ids if is_id(one)})
        found: list[Row] = []
        with self._guarded() as transaction:
            for start in range(0, len(wanted), _CHUNK):
                some = wanted[start : start + _CHUNK]
                if self.read_only:
                    found += transaction.select(kind, Search((Among("id", some),), (Order("id"),), len(some)))
                else:
                    found += transaction.hold(kind, some, alone=alone)
        found.sort(key=lambda row: row[0])
        return tuple(map(self._kinds.rows(kind).entity, found))  # type: ignore[arg-type]  # the kind is that of the class

    def put(self, entity: Record) -> Record:
        """Write a record over the one that was read, and return it as the next version.

        Raises:
            NotThere: it was never added, or is removed.
            Stale: somebody else wrote it since; perhaps told at the commit only.
            InvalidRecord: a field holds what its kind does not allow.
            DanglingReference: it refers to a record that is not there.
        """
        self.put_all([entity])
        return evolve(entity, version=entity.version + 1)

    def put_all(self, entities: Iterable[Record]) -> int:
        """Write many records over those that were read, faster than one after another; return how many.

        Args:
            entities: records, also of several kinds; they are taken as they come, never all at once.

        Raises:
            NotThere, Stale, InvalidRecord, DanglingReference: as for one; then none is written.
        """
        return self._over(entities, removing=False)

    def remove(self, entity: Entity) -> None:
        """Remove a record.

        Raises:
            NotThere: it is not there.
            Stale: somebody else wrote it since it was read.
            InvalidRecord: a field holds what its kind does not allow.
            StillReferred: other records refer to it.
        """
        self.remove_all([entity])

    def remove_all(self, entities: Iterable[Entity]) -> int:
        """Remove many records, faster than one after another; return how many.

        Args:
            entities: records, also of several kinds; they are taken as they come, never all at once. One that refers to
                another comes before it.

        Raises:
            NotThere, Stale, InvalidRecord, StillReferred: as for one; then none is removed.
        """
        return self._over(entities, removing=True)

    def _over(self, entities: Iterable[Entity], *, removing: bool) -> int:
        """Write records over those that were read, or remove those; return how many."""
        count = 0
        with self._writing() as transaction:
            for kind, some in _chunks(entities, self._kinds):
                _refuse_events(kind, some[0].id)
                rows, versions = self._kinds.rows(kind).changed(some), [one.version for one in some]
                before = self._before(kind, some)
                if removing:
                    missed = transaction.delete_all(kind, [one.id for one in some], versions)
                else:
                    missed = transaction.replace_all(kind, rows, versions)
                if missed is not None:
                    raise self._missed(kind, some[missed])
                for row in rows if self._watches else ():
                    self._noted(kind, before.get(row[0]), None if removing else row)
                count += len(some)
        return count

    def find(self, query: Query[Record]) -> Page[Record]:
        """Return one page of the records that a query asks for.

        Raises:
            InvalidQuery: it asks for what the records have not, or compares what cannot be compared.
        """
        kind = self._kinds.of(query.record)
        wanted = sought(query, kind, self._kinds)
        with self._guarded() as transaction:
            rows = transaction.select(kind, wanted)
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
        asked = askable(where, kind, self._kinds)
        with self._guarded() as transaction:
            return transaction.count(kind, asked)

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
        asked = askable(where, kind, self._kinds)
        with self._guarded() as transaction:
            return transaction.tally(kind, tuple(names), asked)

    def count_meeting(
        self,
        record: type[Entity],
        names: Sequence[str],
        conditions: Sequence[Filter],
        where: Sequence[Filter] = (),
    ) -> Mapping[tuple[Any, ...], tuple[int, ...]]:
        """Return how many records of each combination of values meet each of some conditions, in one pass.

        Several questions about the same records are asked at once: how many customers of each stage have no task, how
        many have nobody, and of how many a fact is not known.

        Args:
            record: the class of the records.
            names: the fields, at least one; the keys of the result hold their values as those of `count_by` do.
            conditions: what is counted, each by itself; at most 100.
            where: conditions that all counted records meet.

        Returns:
            For each combination of which some record meets some condition, a number a condition, in their order.

        Raises:
            InvalidQuery: a field or a condition cannot be asked, or there are none or too many.
        """
        kind = self._kinds.of(record)
        list(searched_fields(names, kind))
        if not names or not 0 < len(conditions) <= MOST_CONDITIONS:
            raise InvalidQuery(say("it takes a field, and from 1 to {most} conditions", most=MOST_CONDITIONS))
        counted = tuple(one for condition in conditions for one in askable([condition], kind, self._kinds))
        asked = askable(where, kind, self._kinds)
        with self._guarded() as transaction:
            found = transaction.tally_meeting(kind, tuple(names), counted, asked)
        return {key: tuple(numbers) for key, numbers in found.items()}

    @contextmanager
    def watched(self) -> Iterator[Watch]:
        """Watch which records are written while the block lasts, events aside, and what they were before.

        It costs a reading for each record that is written over or removed.
        """
        watch = Watch()
        self._watches.append(watch)
        try:
            yield watch
        finally:
            self._watches.remove(watch)

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

    def _before(self, kind: Kind, entities: Sequence[Entity]) -> Mapping[str, Row]:
        """Return what is stored of some records by their ids, where somebody watches what becomes of them."""
        if not self._watches:
            return {}
        ids = tuple(one.id for one in entities)
        found = self._transaction.select(kind, Search((Among("id", ids),), (Order("id"),), len(ids)))
        return {row[0]: row for row in found}

    def _noted(self, kind: Kind, before: Row | None, after: Row | None) -> None:
        for watch in self._watches:
            watch.note(kind, before, after)

    def _refuse_ended(self) -> None:
        if self.ended:
            raise WorkEnded

    @contextmanager
    def _writing(self) -> Iterator["Transaction"]:
        if self.read_only and not self.ended:
            raise ReadOnly
        with self._guarded() as transaction:
            yield transaction

    @contextmanager
    def _guarded(self) -> Iterator["Transaction"]:
        """Give the transaction; whatever goes wrong meanwhile ends the unit of work."""
        self._refuse_ended()
        try:
            yield self._transaction
        except BaseException:
            self.rollback()
            raise

    def _missed(self, kind: Kind, entity: Entity) -> NotThere | Stale:
        """Return why a record could not be written: it is not there, or it is not in this version."""
        if self._transaction.fetch(kind, entity.id) is None:
            return NotThere(kind.name, entity.id)
        return Stale(kind.name, entity.id, entity.version)


def _refuse_events(kind: Kind, id_: str) -> None:
    if kind.record is Event:
        raise InvalidRecord(kind.name, id_, "id", say("events are appended, and never changed or removed"))


def _chunks(entities: Iterable[Record], kinds: "Kinds") -> Iterator[tuple[Kind, list[Record]]]:
    """Yield records of one kind that follow one another, not too many at once."""
    for record, together in groupby(entities, type):
        while some := list(islice(together, _CHUNK)):
            yield kinds.of(record), some

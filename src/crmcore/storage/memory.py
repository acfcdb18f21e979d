"""Records in the memory of the process: the smallest storage, for tests, examples and what need not last."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from heapq import nsmallest
from threading import RLock
from typing import Any, Final
from weakref import WeakSet

from crmcore.storage.failures import AlreadyThere, Busy, DanglingReference, NotThere, Stale, StillReferred
from crmcore.storage.filters import Filter
from crmcore.storage.kinds import Kinds
from crmcore.storage.matching import admitting
from crmcore.storage.outbox import PARCEL, Claim, ParcelState, Wanted
from crmcore.storage.port import Capability, Storage, Transaction
from crmcore.storage.queries import Search
from crmcore.storage.records import Kind
from crmcore.storage.rows import Row
from crmcore.storage.trees import as_text
from crmcore.storage.values import Holds

__all__ = ["MemoryStorage", "Table"]

Table = dict[str, Row]
"""The rows of one kind of one tenant, by id; their trees are texts, so that nobody can change what is stored."""

_NONE: Final[Table] = {}


class MemoryStorage(Storage):
    """A storage in the memory of the process. It is gone when the process ends; threads may share it."""

    capabilities = frozenset({Capability.WRITERS, Capability.SNAPSHOTS, Capability.REFERENCES, Capability.HOLDS})

    def __init__(self, kinds: Kinds) -> None:
        super().__init__(kinds)
        self.lock = RLock()
        self.tables: dict[tuple[str, str], Table] = {}
        self.holding: WeakSet[MemoryTransaction] = WeakSet()
        self._seen: set[tuple[str, str]] = set()

    def transaction(self, tenant: str, *, read_only: bool) -> "MemoryTransaction":
        """Begin what is behind a unit of work: one that only reads keeps the tables as they are now."""
        with self.lock:
            if not read_only:
                return MemoryTransaction(self, tenant, self.tables)
            self._seen.update(self.tables)
            return MemoryTransaction(self, tenant, dict(self.tables))

    def claim(self, wanted: Wanted) -> tuple[Claim, ...]:
        """Give parcels that are due to a worker."""
        kind = self.kinds[PARCEL.name]
        names = list(kind.all_fields)
        due, state, topic = names.index("due"), names.index("state"), names.index("topic")
        with self.lock:
            waiting = (
                (row[due], tenant, row)
                for (tenant, name), table in self.tables.items()
                if name == PARCEL.name and wanted.tenant in (None, tenant)
                for row in table.values()
                if row[state] == ParcelState.WAITING and row[due] <= wanted.now
                if not wanted.topics or row[topic] in wanted.topics
            )
            chosen = nsmallest(wanted.batch, waiting, key=lambda one: (one[0], one[2][0]))
            claimed: list[tuple[str, Row]] = []
            written: dict[tuple[str, str], dict[str, Row | None]] = {}
            for _, tenant, row in chosen:
                values = dict(zip(names, row, strict=True))
                values |= {"version": values["version"] + 1, "attempts": values["attempts"] + 1}
                values |= {"worker": wanted.worker, "due": wanted.until}
                claimed.append((tenant, tuple(values.values())))
                written.setdefault((tenant, PARCEL.name), {})[row[0]] = claimed[-1][1]
            self.write(written)
        return tuple(
            Claim(tenant, self.kinds.rows(kind).entity(read(kind, row)))  # type: ignore[arg-type]  # that is its class
            for tenant, row in claimed
        )

    def write(self, written: Mapping[tuple[str, str], Mapping[str, Row | None]]) -> None:
        """Write rows over those of their ids, and remove those that are None; whoever only reads sees the old ones."""
        for key, rows in written.items():
            if key in self._seen or key not in self.tables:
                self.tables[key] = dict(self.tables.get(key, _NONE))
                self._seen.discard(key)
            table = self.tables[key]
            for id_, row in rows.items():
                if row is None:
                    table.pop(id_, None)
                else:
                    table[id_] = row

    def tenants(self) -> tuple[str, ...]:
        """Return the names of the tenants that have records."""
        with self.lock:
            return tuple(sorted({tenant for (tenant, _), table in self.tables.items() if table}))

    def close(self) -> None:
        """Keep what there is: a storage in memory can be used on."""


class MemoryTransaction(Transaction):
    """What was written stays here until the commit, which happens only if nobody else wrote the same meanwhile."""

    def __init__(self, storage: MemoryStorage, tenant: str, tables: Mapping[tuple[str, str], Table]) -> None:
        self._storage = storage
        self._tenant = tenant
        self._tables = tables
        self._written: dict[tuple[str, str], dict[str, Row | None]] = {}
        self._found: dict[tuple[Kind, str], int] = {}
        self._held: dict[tuple[Kind, str], bool] = {}
        self._overtaken = False

    def insert(self, kind: Kind, rows: Sequence[Row]) -> None:
        """Add rows."""
        for row in rows:
            if self._row(kind, row[0]) is not None:
                raise AlreadyThere(kind.name, row[0])
            self._write(kind, row[0], kept(kind, row))

    def fetch(self, kind: Kind, id: str) -> Row | None:  # noqa: A002 (a record's id is called so everywhere)
        """Return the row of an id."""
        row = self._row(kind, id)
        return None if row is None else read(kind, row)

    def replace(self, kind: Kind, row: Row, version: int) -> bool:
        """Write a row over the one of its id and of a version."""
        known = self._row(kind, row[0])
        if known is None or known[1] != version:
            return False
        self._write(kind, row[0], kept(kind, row))
        return True

    def delete(self, kind: Kind, id: str, version: int) -> bool:  # noqa: A002 (as above)
        """Remove the row of an id and a version."""
        known = self._row(kind, id)
        if known is None or known[1] != version:
            return False
        with self._storage.lock:
            self._refuse_where_referred(kind, id, without=(kind, id))
        self._write(kind, id, None)
        return True

    def select(self, kind: Kind, search: Search) -> list[Row]:
        """Return rows."""
        key = _order(kind, search)
        found = self._matching(kind, search.where)
        if search.after is not None:
            behind = key(_at(kind, search))
            found = (row for row in found if key(row) > behind)
        with self._storage.lock:
            return [read(kind, row) for row in nsmallest(search.limit, found, key=key)]

    def count(self, kind: Kind, where: Sequence[Filter]) -> int:
        """Return how many rows there are."""
        with self._storage.lock:
            return sum(1 for _ in self._matching(kind, where))

    def tally(self, kind: Kind, names: Sequence[str], where: Sequence[Filter]) -> Mapping[tuple[Any, ...], int]:
        """Return how many rows have each combination of values."""
        places = [_places(kind)[name] for name in names]
        with self._storage.lock:
            return Counter(tuple(row[place] for place in places) for row in self._matching(kind, where))

    def hold(self, kind: Kind, ids: Sequence[str], *, alone: bool) -> list[Row]:
        """Return rows, and remember that nobody else may write them, or hold them against us, before the commit."""
        rows = []
        with self._storage.lock:
            for id_ in ids:
                row = self._row(kind, id_)
                if row is not None:
                    rows.append(read(kind, row))
                    self._remember(kind, id_)
                    self._held[kind, id_] = alone or self._held.get((kind, id_), False)
            self._storage.holding.add(self)
        return rows

    def commit(self) -> None:
        """Write everything, if nobody else wrote the same meanwhile, or held it against us."""
        with self._storage.lock:
            if self._overtaken:
                raise Busy
            for (kind, id_), version in self._found.items():
                self._refuse_where_changed(kind, id_, version)
            for (_, name), rows in self._written.items():
                kind = self._storage.kinds[name]
                for id_, row in rows.items():
                    if row is None:
                        self._refuse_where_referred(kind, id_)
                    else:
                        self._refuse_dangling(kind, row)
            self._storage.write(self._written)
            self._storage.holding.discard(self)
            for other in self._storage.holding if self._held else ():
                other.overtake(self._tenant, self._held)

    def overtake(self, tenant: str, held: Mapping[tuple[Kind, str], bool]) -> None:
        """Learn what another held that has committed: where one of us held a record alone, it is too late for us."""
        if tenant == self._tenant:
            self._overtaken |= any(held[key] or self._held[key] for key in self._held.keys() & held.keys())

    def rollback(self) -> None:
        """Forget everything."""
        self._written.clear()
        with self._storage.lock:
            self._storage.holding.discard(self)

    def _row(self, kind: Kind, id_: str) -> Row | None:
        key = (self._tenant, kind.name)
        written = self._written.get(key, {})
        return written[id_] if id_ in written else self._tables.get(key, _NONE).get(id_)

    def _write(self, kind: Kind, id_: str, row: Row | None) -> None:
        self._remember(kind, id_)
        if row is not None:
            self._refuse_dangling(kind, row)
        self._written.setdefault((self._tenant, kind.name), {})[id_] = row

    def _remember(self, kind: Kind, id_: str) -> None:
        """Remember in which version a row is stored, so that the commit is refused where it is no longer."""
        known = self._tables.get((self._tenant, kind.name), _NONE).get(id_)
        self._found.setdefault((kind, id_), 0 if known is None else known[1])

    def _matching(self, kind: Kind, where: Sequence[Filter]) -> Iterator[Row]:
        key = (self._tenant, kind.name)
        written = self._written.get(key, {})
        stored = self._tables.get(key, _NONE)
        rows = {**stored, **written}.values() if written else stored.values()
        admits = admitting(kind, where, self._storage.kinds, self._matching)
        return (row for row in rows if row is not None and admits(row))

    def _refuse_where_changed(self, kind: Kind, id_: str, version: int) -> None:
        known = self._tables.get((self._tenant, kind.name), _NONE).get(id_)
        if version == 0 and known is not None:
            raise AlreadyThere(kind.name, id_)
        if version and known is None:
            raise NotThere(kind.name, id_)
        if known is not None and known[1] != version:
            raise Stale(kind.name, id_, version)

    def _refuse_dangling(self, kind: Kind, row: Row) -> None:
        for place, one in enumerate(kind.all_fields.values()):
            if one.refers is not None and row[place] is not None:
                target = self._storage.kinds[one.refers]
                if self._row(target, row[place]) is None and not (target is kind and row[place] == row[0]):
                    raise DanglingReference(kind.name, row[0], (one.refers,))

    def _refuse_where_referred(self, kind: Kind, id_: str, without: tuple[Kind, str] | None = None) -> None:
        for other, name in self._storage.kinds.references[kind.name]:
            place = _places(other)[name]
            for row in self._matching(other, ()):
                if row[place] == id_ and (other, row[0]) != without:
                    raise StillReferred(kind.name, id_)


def kept(kind: Kind, row: Row) -> Row:
    """Return a row as it is kept: with its trees as texts."""
    return _with_trees(kind, row, as_text)


def read(kind: Kind, row: Row) -> Row:
    """Return a kept row as it is given back: with trees of its own."""
    return _with_trees(kind, row, json.loads)


def _with_trees(kind: Kind, row: Row, change: Callable[[Any], Any]) -> Row:
    places = [place for place, one in enumerate(kind.all_fields.values()) if one.holds is Holds.TREE]
    if not places:
        return row
    values = list(row)
    for place in places:
        if values[place] is not None:
            values[place] = change(values[place])
    return tuple(values)


def _places(kind: Kind) -> Mapping[str, int]:
    return {name: place for place, name in enumerate(kind.all_fields)}


class _Reversed:
    """A value that comes before what it is greater than."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __lt__(self, other: "_Reversed") -> bool:
        return bool(other.value < self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Reversed) and self.value == other.value

    def __hash__(self) -> int:
        return hash(self.value)


def _order(kind: Kind, search: Search) -> Callable[[Row], tuple[Any, ...]]:
    """Return the key by which rows stand in the order of a search: nothing comes before something."""
    places = _places(kind)
    wanted = [(places[order.name], order.descending) for order in search.order]

    def key(row: Row) -> tuple[Any, ...]:
        values = (((0,) if row[place] is None else (1, row[place]), descending) for place, descending in wanted)
        return tuple(_Reversed(value) if descending else value for value, descending in values)

    return key


def _at(kind: Kind, search: Search) -> Row:
    """Return a row that stands at the position of a search."""
    places, row = _places(kind), [None] * len(kind.all_fields)
    for order, value in zip(search.order, search.after or (), strict=True):
        row[places[order.name]] = value
    return tuple(row)

"""A storage in one file of JSON lines, to which each commit appends a line. Everything is also kept in memory.

Nothing in the file is ever changed, so that a commit is there whole or not at all: a line without its end, of a process
that was killed while it wrote, is no line. Programs that share the file read what others have appended before each unit
of work, and write one at a time.
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from threading import Lock
from typing import Any, Final

from attrs import evolve
from filelock import FileLock, Timeout

from crmcore.language import say
from crmcore.storage import (
    PARCEL,
    AlreadyThere,
    Busy,
    Capability,
    Claim,
    Field,
    Filter,
    Holds,
    Kind,
    Kinds,
    Parcel,
    ParcelState,
    Row,
    Search,
    Storage,
    StorageUnavailable,
    Transaction,
    Wanted,
    admitting,
    as_text,
)

__all__ = ["JsonLines"]

Line = Mapping[str, Any]
"""A row as it is kept, in the file and in memory: its values by the names of their fields, as JSON has them."""

Table = Mapping[str, Line]
"""The rows of a kind, by id."""

_NONE: Final[Table] = {}


class JsonLines(Storage):
    """A storage in a file of JSON lines.

    Args:
        url: `jsonlines:///crm.jsonl`; the folder is there already.
        kinds: the kinds of records.
        patience: how many seconds a unit of work that writes waits for another.

    Raises:
        StorageUnavailable: the URL names no file, or the file cannot be read.
    """

    capabilities = frozenset({Capability.DURABLE, Capability.SHARED, Capability.SNAPSHOTS})

    def __init__(self, url: str, kinds: Kinds, patience: float = 10.0) -> None:
        super().__init__(kinds)
        name = url.partition(":///")[2]
        if not name:
            raise StorageUnavailable(say("{url!r} names no file: write it as jsonlines:///crm.jsonl", url=url[:100]))
        self._path = Path(name)
        self._patience = patience
        self._tables: dict[tuple[str, str], Table] = {}
        self._parcels = kinds.rows(kinds[PARCEL.name])
        self._read_to = 0
        self._reading = Lock()
        self.refreshed()

    def refreshed(self) -> Mapping[tuple[str, str], Table]:
        """Read what others have appended, and return all tables; those of an earlier call stay as they were."""
        with self._reading, _reaching(self._path):
            if self._path.exists():
                with self._path.open("rb") as file:
                    file.seek(self._read_to)
                    for line in file:
                        if not line.endswith(b"\n"):  # somebody writes it just now, or was killed while writing it
                            break
                        self._apply(json.loads(line))
                        self._read_to += len(line)
            return dict(self._tables)

    def _apply(self, commit: Mapping[str, Any]) -> None:
        for name, written in commit["written"].items():
            key = (commit["tenant"], name)
            rows = {**self._tables.get(key, _NONE), **written}
            self._tables[key] = {id_: line for id_, line in rows.items() if line is not None}

    def append(self, tenant: str, written: Mapping[str, Mapping[str, Line | None]]) -> None:
        """Append a commit, and return when the disk has it; only who holds the lock may."""
        with _reaching(self._path), self._path.open("ab") as file:
            file.truncate(self._read_to)  # a line without its end is nobody's any more
            file.write(as_text({"tenant": tenant, "written": written}).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self.refreshed()

    def locked(self) -> FileLock:
        """Take the lock that lets one write at a time.

        Raises:
            Busy: another one did not let go of it in time.
            StorageUnavailable: the folder is not there, or cannot be written to.
        """
        lock = FileLock(f"{self._path}.lock", timeout=self._patience, thread_local=False)
        with _reaching(self._path):
            try:
                lock.acquire()
            except Timeout as error:
                raise Busy from error
        return lock

    def transaction(self, tenant: str, *, read_only: bool) -> "JsonLinesTransaction":
        """Begin what is behind a unit of work."""
        lock = None if read_only else self.locked()
        transaction = JsonLinesTransaction(self, tenant, lock)
        try:
            transaction.tables = {name: table for (whose, name), table in self.refreshed().items() if whose == tenant}
        except BaseException:
            transaction.rollback()
            raise
        return transaction

    def claim(self, wanted: Wanted) -> tuple[Claim, ...]:
        """Give parcels that are due to a worker: one worker claims at a time."""
        claims = []
        with self.locked():
            for tenant, one in sorted(self._due(wanted), key=lambda one: (one[1].due, one[1].id))[: wanted.batch]:
                parcel = evolve(one, version=one.version + 1, worker=wanted.worker, due=wanted.until)
                parcel = evolve(parcel, attempts=one.attempts + 1)
                line = _line(self._parcels.kind, self._parcels.of(parcel))
                self.append(tenant, {PARCEL.name: {parcel.id: line}})
                claims.append(Claim(tenant, parcel))
        return tuple(claims)

    def _due(self, wanted: Wanted) -> Iterator[tuple[str, Parcel]]:
        for (tenant, name), table in self.refreshed().items():
            for line in table.values() if name == PARCEL.name and wanted.tenant in (None, tenant) else ():
                parcel = self._parcels.entity(_row(self._parcels.kind, line))
                assert isinstance(parcel, Parcel)  # noqa: S101 (that is the class of this kind)
                waits = parcel.state is ParcelState.WAITING and parcel.due <= wanted.now
                if waits and (not wanted.topics or parcel.topic in wanted.topics):
                    yield tenant, parcel

    def close(self) -> None:
        """Nothing is held open."""


class JsonLinesTransaction(Transaction):
    """The tables as they were when it began, and what it wrote over them; its commit is one line of the file."""

    def __init__(self, storage: JsonLines, tenant: str, lock: FileLock | None) -> None:
        self._storage, self._tenant, self._lock = storage, tenant, lock
        self.tables: Mapping[str, Table] = {}
        self._written: dict[str, dict[str, Line | None]] = {}

    def insert(self, kind: Kind, rows: Sequence[Row]) -> None:
        """Add rows."""
        for row in rows:
            if self.fetch(kind, row[0]) is not None:
                raise AlreadyThere(kind.name, row[0])
            self._write(kind, row[0], row)

    def fetch(self, kind: Kind, id: str) -> Row | None:  # noqa: A002 (a record's id is called so everywhere)
        """Return the row of an id."""
        for lines in (self._written, self.tables):
            if id in lines.get(kind.name, _NONE):
                line = lines[kind.name][id]
                return None if line is None else _row(kind, line)
        return None

    def replace(self, kind: Kind, row: Row, version: int) -> bool:
        """Write a row over the one of its id and of a version."""
        return self._change(kind, row[0], version, row)

    def delete(self, kind: Kind, id: str, version: int) -> bool:  # noqa: A002 (as above)
        """Remove the row of an id and a version."""
        return self._change(kind, id, version, None)

    def _change(self, kind: Kind, id_: str, version: int, row: Row | None) -> bool:
        known = self.fetch(kind, id_)
        if known is None or known[_places(kind)["version"]] != version:
            return False
        self._write(kind, id_, row)
        return True

    def _write(self, kind: Kind, id_: str, row: Row | None) -> None:
        self._written.setdefault(kind.name, {})[id_] = None if row is None else _line(kind, row)

    def _matching(self, kind: Kind, where: Sequence[Filter]) -> Iterator[Row]:
        admits = admitting(kind, where, self._storage.kinds, self._matching)
        for line in {**self.tables.get(kind.name, _NONE), **self._written.get(kind.name, {})}.values():
            row = None if line is None else _row(kind, line)
            if row is not None and admits(row):
                yield row

    def select(self, kind: Kind, search: Search) -> list[Row]:
        """Return rows: ordered by the last field first, since sorting leaves equals as they are."""
        places = [(_places(kind)[order.name], order.descending) for order in search.order]
        rows = list(self._matching(kind, search.where))
        for place, descending in reversed(places):
            rows.sort(key=lambda row, place=place: _ordered(row[place]), reverse=descending)  # type: ignore[misc]
        if search.after is not None:
            rows = [row for row in rows if _behind(row, search.after, places)]
        return rows[: search.limit]

    def count(self, kind: Kind, where: Sequence[Filter]) -> int:
        """Return how many rows there are."""
        return sum(1 for _ in self._matching(kind, where))

    def tally(self, kind: Kind, names: Sequence[str], where: Sequence[Filter]) -> Mapping[tuple[Any, ...], int]:
        """Return how many rows have each combination of values."""
        places = [_places(kind)[name] for name in names]
        return Counter(tuple(row[place] for place in places) for row in self._matching(kind, where))

    def commit(self) -> None:
        """Append what was written, in one line."""
        try:
            if self._written:
                self._storage.append(self._tenant, self._written)
        finally:
            self.rollback()

    def rollback(self) -> None:
        """Forget what was written, and let others write."""
        self._written = {}
        if self._lock is not None:
            self._lock.release()


@contextmanager
def _reaching(path: Path) -> Iterator[None]:
    """Tell what is wrong with the file as an error of a storage."""
    try:
        yield
    except (OSError, ValueError, LookupError) as error:
        raise StorageUnavailable(say("{file}: {error}", file=str(path), error=str(error))) from error


def _copied(tree: Any) -> Any:
    return json.loads(as_text(tree))


_JSON: Final[Mapping[Holds, tuple[Callable[[Any], Any], Callable[[Any], Any]]]] = {
    Holds.EXACT: (str, Decimal),
    Holds.DAY: (date.isoformat, date.fromisoformat),
    Holds.INSTANT: (datetime.isoformat, datetime.fromisoformat),
    Holds.TREE: (_copied, _copied),
}
"""What turns a value into one of JSON, and back; those that are not named here are the same in both."""


def _coded(one: Field, value: Any, way: int) -> Any:
    return value if value is None or one.holds not in _JSON else _JSON[one.holds][way](value)


def _line(kind: Kind, row: Row) -> Line:
    """Return what is kept of a row."""
    values = zip(kind.all_fields.items(), row, strict=True)
    return {name: _coded(one, value, 0) for (name, one), value in values}


def _row(kind: Kind, line: Line) -> Row:
    """Return the row of what is kept, with the default of each field that is newer."""
    fields = kind.all_fields.items()
    return tuple(_coded(one, line[name] if name in line else _coded(one, one.default, 0), 1) for name, one in fields)


def _places(kind: Kind) -> Mapping[str, int]:
    return {name: place for place, name in enumerate(kind.all_fields)}


def _ordered(value: Any) -> tuple[Any, ...]:
    """Return the key by which values are ordered: nothing comes before something."""
    return (0,) if value is None else (1, value)


def _behind(row: Row, after: Row, places: Sequence[tuple[int, bool]]) -> bool:
    """Return whether a row comes behind a position of its order."""
    for (place, descending), value in zip(places, after, strict=True):
        mine, other = _ordered(row[place]), _ordered(value)
        if mine != other:
            return (mine < other) if descending else (mine > other)
    return False

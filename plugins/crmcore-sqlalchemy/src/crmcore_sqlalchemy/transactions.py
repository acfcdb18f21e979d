"""The transaction behind a unit of work, on one connection."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn, TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import NestedTransaction, RootTransaction
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import Delete, Update

from crmcore.language import say
from crmcore.storage import (
    AlreadyThere,
    Busy,
    DanglingReference,
    Filter,
    Kind,
    Row,
    Search,
    StillReferred,
    StorageError,
    StorageUnavailable,
    Transaction,
)
from crmcore_sqlalchemy.dialects import Dialect, Fault
from crmcore_sqlalchemy.statements import counted, selected, tallied
from crmcore_sqlalchemy.tables import TENANT, KindTable

__all__ = ["SQLTransaction", "unavailable"]

Result = TypeVar("Result")


def unavailable(error: DBAPIError) -> StorageUnavailable:
    """Return the error for a database that cannot do what is asked, with its own words."""
    words = str(error.orig).strip().splitlines() or [type(error.orig).__name__]
    return StorageUnavailable(say("the database says: {words}", words=" ".join(words)))


class SQLTransaction(Transaction):
    """The transaction behind a unit of work.

    Args:
        connection: on which it was begun.
        whole: what is committed or rolled back: the connection's transaction, or a part of one that the caller owns.
        tenant: whose rows it reads and writes.
        tables: the tables by the names of their kinds.
        dialect: of the database.
        owned: whether the connection is the storage's own, and closed at the end.
        added: called with how many rows were added, once they last.
    """

    def __init__(
        self,
        connection: Connection,
        whole: RootTransaction | NestedTransaction,
        tenant: str,
        tables: Mapping[str, KindTable],
        dialect: Dialect,
        *,
        owned: bool,
        added: Callable[[int], None] | None = None,
    ) -> None:
        self._connection = connection
        self._whole = whole
        self._tenant = tenant
        self._tables = tables
        self._dialect = dialect
        self._owned = owned
        self._told = added
        self._added = 0

    def insert(self, kind: Kind, rows: Sequence[Row]) -> None:
        """Add rows."""
        table = self._tables[kind.name]
        with self._telling(kind, rows[0][0] if len(rows) == 1 else ""):
            values = table.encoded(self._tenant, rows)
            if isinstance(table.inserted, str):
                self._connection.exec_driver_sql(table.inserted, values)
            else:
                self._connection.execute(table.inserted, list(map(table.named, values)))
        self._added += len(rows)

    def fetch(self, kind: Kind, id: str) -> Row | None:  # noqa: A002 (a record's id is called so everywhere)
        """Return the row of an id."""
        table = self._tables[kind.name]
        with self._telling(kind, id):
            found = self._connection.execute(table.fetched, {"the_tenant": self._tenant, "the_id": id}).first()
        return None if found is None else table.decoded(found)

    def hold(self, kind: Kind, ids: Sequence[str], *, alone: bool) -> list[Row]:
        """Return rows, and lock them: shared, or for us alone."""
        table = self._tables[kind.name]
        with self._telling(kind, ids[0] if len(ids) == 1 else ""):
            given = {"the_tenant": self._tenant, "the_ids": list(ids)}
            return list(map(table.decoded, self._connection.execute(table.held[alone], given)))

    def replace(self, kind: Kind, row: Row, version: int) -> bool:
        """Write a row over the one of its id and of a version."""
        table = self._tables[kind.name]
        values = table.named(*table.encoded(self._tenant, [row]))
        del values[TENANT], values["id"]
        with self._telling(kind, row[0]):
            return self._connection.execute(table.updated, values | self._one(row[0], version)).rowcount == 1

    def replace_all(self, kind: Kind, rows: Sequence[Row], versions: Sequence[int]) -> int | None:
        """Write rows over those of their ids and of some versions, in one statement."""
        if len(rows) == 1 or not self._counts_many:
            return super().replace_all(kind, rows, versions)
        table, given = self._tables[kind.name], list[dict[str, Any]]()
        for values, row, version in zip(table.encoded(self._tenant, rows), rows, versions, strict=True):
            named = table.named(values)
            del named[TENANT], named["id"]
            given.append(named | self._one(row[0], version))
        if self._all_found(kind, table.updated, given):
            return None
        return super().replace_all(kind, rows, versions)

    def delete(self, kind: Kind, id: str, version: int) -> bool:  # noqa: A002 (as above)
        """Remove the row of an id and a version."""
        table = self._tables[kind.name]
        with self._telling(kind, id, removing=True):
            if self._dialect.holds_to_itself:
                self._let_go_of_itself(table, id, version)
            return self._connection.execute(table.deleted, self._one(id, version)).rowcount == 1

    def delete_all(self, kind: Kind, ids: Sequence[str], versions: Sequence[int]) -> int | None:
        """Remove the rows of some ids and versions, in one statement."""
        itself = self._dialect.holds_to_itself and any(one.refers == kind.name for one in kind.all_fields.values())
        if len(ids) == 1 or itself or not self._counts_many:
            return super().delete_all(kind, ids, versions)
        given = [self._one(id_, version) for id_, version in zip(ids, versions, strict=True)]
        if self._all_found(kind, self._tables[kind.name].deleted, given, removing=True):
            return None
        return super().delete_all(kind, ids, versions)

    @property
    def _counts_many(self) -> bool:
        """Whether the database tells how many rows there were of those that one statement for many meant."""
        return self._connection.dialect.supports_sane_multi_rowcount

    def _all_found(
        self, kind: Kind, statement: Update | Delete, given: list[dict[str, Any]], *, removing: bool = False
    ) -> bool:
        """Execute a statement for many rows at once, and tell whether each was there; else nothing has changed."""
        with self._telling(kind, "", removing=removing), self._connection.begin_nested() as part:
            if self._connection.execute(statement, given).rowcount == len(given):
                return True
            part.rollback()
        return False

    def select(self, kind: Kind, search: Search) -> list[Row]:
        """Return rows."""
        table = self._tables[kind.name]
        with self._telling(kind, ""):
            statement = selected(self._tables, kind, self._tenant, search, self._dialect)
            found = self._connection.execute(statement).all()
        return list(map(table.decoded, found))

    def count(self, kind: Kind, where: Sequence[Filter]) -> int:
        """Return how many rows there are."""
        with self._telling(kind, ""):
            number = self._connection.execute(
                counted(self._tables, kind, self._tenant, where, self._dialect)
            ).scalar_one()
        return int(number)

    def tally(self, kind: Kind, names: Sequence[str], where: Sequence[Filter]) -> Mapping[tuple[Any, ...], int]:
        """Return how many rows have each combination of values, in one statement."""
        return {key: number for key, (number,) in self._tallied(kind, names, (), where).items()}

    def tally_meeting(
        self, kind: Kind, names: Sequence[str], conditions: Sequence[Filter], where: Sequence[Filter]
    ) -> Mapping[tuple[Any, ...], Sequence[int]]:
        """Return how many rows of each combination of values meet each condition, in one statement."""
        found = self._tallied(kind, names, conditions, where)
        return {key: numbers for key, numbers in found.items() if any(numbers)}

    def _tallied(
        self, kind: Kind, names: Sequence[str], conditions: Sequence[Filter], where: Sequence[Filter]
    ) -> Mapping[tuple[Any, ...], Sequence[int]]:
        statement = tallied(
            self._tables, kind, self._tenant, names, conditions=conditions, where=where, dialect=self._dialect
        )
        with self._telling(kind, ""):
            found = self._connection.execute(statement).all()
        asked = list(dict.fromkeys(names))
        places = [asked.index(name) for name in names]
        change = [self._dialect.from_database.get(kind.searchable[name].holds) for name in asked]
        tally = {}
        for row in found:
            values, numbers = row[: len(asked)], row[len(asked) :]
            read = [one if how is None or one is None else how(one) for one, how in zip(values, change, strict=True)]
            tally[tuple(read[place] for place in places)] = [int(number) for number in numbers]
        return tally

    def run(self, ask: Callable[[Connection], Result]) -> Result:
        """Return what a function reads and writes on the connection, with errors told as those of a storage."""
        with self._telling(None, ""):
            return ask(self._connection)

    def commit(self) -> None:
        """Make everything last."""
        try:
            with self._telling(None, ""):
                self._whole.commit()
        finally:
            self._let_go()
        if self._told is not None and self._added:
            self._told(self._added)

    def rollback(self) -> None:
        """Forget everything; a connection that is lost has forgotten already."""
        try:
            if self._whole.is_active:
                self._whole.rollback()
        except DBAPIError:
            self._connection.invalidate()
        finally:
            self._let_go()

    def _let_go(self) -> None:
        if self._owned:
            self._connection.close()

    def _let_go_of_itself(self, table: KindTable, id_: str, version: int) -> None:
        for name, one in table.kind.all_fields.items():
            if one.refers == table.kind.name and one.optional:
                column = table.columns[name]
                freed = table.updated.where(column == id_)
                self._connection.execute(freed, {column.name: None} | self._one(id_, version))

    def _one(self, id_: str, version: int) -> dict[str, Any]:
        """Return which row of the tenant is meant, as parameters of what writes over it or removes it."""
        return {"the_tenant": self._tenant, "the_id": id_, "the_version": version}

    @contextmanager
    def _telling(self, kind: Kind | None, id_: str, *, removing: bool = False) -> Iterator[None]:
        """Tell errors of the database as those of a storage."""
        try:
            yield
        except DBAPIError as error:
            self._tell(error, kind, id_, removing=removing)

    def _tell(self, error: DBAPIError, kind: Kind | None, id_: str, *, removing: bool) -> NoReturn:
        told: StorageError
        match self._dialect.fault(error):
            case Fault.DUPLICATE if kind is not None:
                told = AlreadyThere(kind.name, id_)
            case Fault.DANGLING if kind is not None and removing:
                told = StillReferred(kind.name, id_)
            case Fault.DANGLING if kind is not None:
                refers = {one.refers for one in kind.all_fields.values() if one.refers is not None}
                told = DanglingReference(kind.name, id_, tuple(sorted(refers)))
            case Fault.BUSY:
                told = Busy()
            case _:
                told = unavailable(error)
        raise told from error

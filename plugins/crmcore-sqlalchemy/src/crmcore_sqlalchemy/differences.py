"""What the schema of a database lacks, compared with what the kinds of a program need."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen
from sqlalchemy import Connection, inspect

from crmcore.language import say
from crmcore.storage import StorageUnavailable
from crmcore_sqlalchemy.dialects import Dialect
from crmcore_sqlalchemy.tables import TENANT, KindTable, column_name

__all__ = ["Difference", "differences"]

Found = Mapping[str, Any]
"""A column as the database tells of it."""


@frozen
class Difference:
    """What a table lacks.

    Attributes:
        table: the table that should be there.
        absent: whether all of it is missing.
        columns: names of missing fields.
        altered: names of columns that may not be empty but have to, or have too much room for an index.
        indexes: names of missing indexes.
        narrow: names of columns that have less room than they could have, for an index that is no longer wanted.
    """

    table: KindTable
    absent: bool = False
    columns: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()
    indexes: tuple[str, ...] = ()
    narrow: tuple[str, ...] = ()

    @property
    def hinders(self) -> bool:
        """Whether records cannot be stored as long as it is so."""
        return self.absent or bool(self.columns or self.altered or self.indexes)

    def __str__(self) -> str:
        name = self.table.table.name
        if self.absent:
            return name
        columns = [*map(column_name, self.columns), *self.altered, *self.narrow]
        return ", ".join([f"{name}.{column}" for column in columns] + list(self.indexes))


def differences(connection: Connection, tables: Sequence[KindTable], dialect: Dialect) -> Iterator[Difference]:
    """Yield what each table lacks that lacks anything.

    Raises:
        StorageUnavailable: a field may be empty in the database, and not in this program.
    """
    database = inspect(connection)
    present = set(database.get_table_names())
    names = [table.table.name for table in tables if table.table.name in present]
    columns = database.get_multi_columns(filter_names=names) if names else {}
    indexes = database.get_multi_indexes(filter_names=names) if names else {}
    found = {key[-1]: some for key, some in columns.items()}
    indexed = {key[-1]: {index["name"] for index in some} for key, some in indexes.items()}
    for table in tables:
        name = table.table.name
        if name not in present:
            yield Difference(table, absent=True)
            continue
        known = {column["name"]: column for column in found.get(name, ())}
        _refuse_narrower(table, known)
        unwritten = tuple(_unwritten(table, known, connection, dialect))
        missing = (str(index.name) for index in table.table.indexes if index.name not in indexed.get(name, ()))
        lacks = Difference(
            table,
            columns=tuple(one for one, column in table.columns.items() if column.name not in known),
            altered=tuple(_altered(table, known, dialect, unwritten, indexed=True)),
            indexes=tuple(sorted(missing)),
            narrow=tuple(_altered(table, known, dialect, (), indexed=False)),
        )
        if lacks.hinders or lacks.narrow:
            yield lacks


def _refuse_narrower(table: KindTable, known: Mapping[str, Found]) -> None:
    for name, one in table.kind.all_fields.items():
        found = known.get(column_name(name))
        if found is not None and found["nullable"] and not one.optional:
            raise StorageUnavailable(
                say(
                    "{kind}.{name} may be empty in the database, and not in this program: let it be None, or give the "
                    "new field another name",
                    kind=table.kind.name,
                    name=name,
                )
            )


def _unwritten(table: KindTable, known: Mapping[str, Found], connection: Connection, dialect: Dialect) -> Iterator[str]:
    """Yield the columns that must not be empty, and are in all that the program writes: it gave their fields up."""
    fields = {TENANT, *map(column_name, table.kind.all_fields)}
    for column, found in known.items():
        if column not in fields and not found["nullable"] and not dialect.defaults(connection, table.table.name, found):
            yield column


def _altered(
    table: KindTable, known: Mapping[str, Found], dialect: Dialect, unwritten: Sequence[str], *, indexed: bool
) -> Iterator[str]:
    """Yield the columns that would refuse what a program may write, or an index that it wants.

    Args:
        table: the table.
        known: its columns as they are.
        dialect: of the database.
        unwritten: the columns that nobody writes.
        indexed: whether to look at what hinders the program; or at what is narrow for an index that it does not want.
    """
    yield from unwritten
    for name, one in table.kind.all_fields.items():
        column = column_name(name)
        if column not in known:
            continue
        found = known[column]
        resized = dialect.resized(found["type"], table.table.c[column].type)
        wanted = any(name in names for names in table.kind.indexed)
        if (indexed and one.optional and not found["nullable"]) or (resized and wanted == indexed):
            yield column

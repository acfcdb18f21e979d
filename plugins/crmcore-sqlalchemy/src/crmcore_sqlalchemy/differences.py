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
        altered: names of columns that may not be empty but have to, or have another length than they should have.
        indexes: names of missing indexes.
    """

    table: KindTable
    absent: bool = False
    columns: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()
    indexes: tuple[str, ...] = ()

    def __str__(self) -> str:
        name = self.table.table.name
        if self.absent:
            return name
        columns = [*map(column_name, self.columns), *self.altered]
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
        missing = (str(index.name) for index in table.table.indexes if index.name not in indexed.get(name, ()))
        lacks = Difference(
            table,
            columns=tuple(one for one, column in table.columns.items() if column.name not in known),
            altered=tuple(_altered(table, known, dialect)),
            indexes=tuple(sorted(missing)),
        )
        if lacks.columns or lacks.altered or lacks.indexes:
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


def _altered(table: KindTable, known: Mapping[str, Found], dialect: Dialect) -> Iterator[str]:
    """Yield the columns that would refuse what a program may write: those that it knows no longer are empty in it."""
    fields = {column_name(name): one for name, one in table.kind.all_fields.items()}
    for name, found in known.items():
        if name not in fields:
            if name != TENANT and not found["nullable"] and found["default"] is None:
                yield name
        elif (fields[name].optional and not found["nullable"]) or dialect.resized(
            found["type"], table.table.c[name].type
        ):
            yield name

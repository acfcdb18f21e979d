"""Tables from kinds: one table a kind, one column a field, typed so that other programs can read them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import repeat
from typing import Any, Final, cast

from attrs import evolve, frozen
from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.sql import Delete, Insert, Select, Update

from crmcore.storage import CUSTOM, PARCEL, Holds, Kind, Kinds, Row
from crmcore_sqlalchemy.dialects import Dialect

__all__ = ["TENANT", "KindTable", "column_name", "schema_of", "table_name", "view_name"]

TENANT: Final = "tenant"
_TENANT_LENGTH: Final = 100


def table_name(kind: Kind) -> str:
    """Return the name of the table of a kind: `crmcore_organization_version`."""
    return f"crmcore_{kind.name.replace('-', '_')}"


def view_name(kind: Kind) -> str:
    """Return the name of the view that other programs read: `crm_organization_version`."""
    return f"crm_{kind.name.replace('-', '_')}"


def column_name(field_name: str) -> str:
    """Return the name of the column of a field; `custom.industry` is in `custom_industry`."""
    return field_name.replace(CUSTOM, "custom_", 1) if field_name.startswith(CUSTOM) else field_name


@frozen(slots=False, eq=False)
class KindTable:
    """The table of a kind, with what is asked of it again and again.

    Attributes:
        kind: the kind.
        table: the table.
        columns: its columns by the names of the fields, in the order of rows.
        selected: what selects whole rows.
        fetched: what selects the row of `the_tenant` and `the_id`.
        held: what selects the rows of `the_tenant` and `the_ids`, and holds them with others, or (True) alone.
        inserted: what adds a row: a statement of SQLAlchemy; or the text of one, whose values stand as in a row.
        updated: what writes over the row of `the_tenant`, `the_id` and `the_version`.
        deleted: what removes it.
        encoders: for each place of a row what changes its value on the way in, if anything does.
        decoders: the places of a row whose values are changed on the way out, with what changes them.
    """

    kind: Kind
    table: Table
    columns: Mapping[str, Column[Any]]
    selected: Select[Any]
    fetched: Select[Any]
    held: Mapping[bool, Select[Any]]
    inserted: Insert | str
    updated: Update
    deleted: Delete
    encoders: Sequence[Callable[[Any], Any] | None]
    decoders: Sequence[tuple[int, Callable[[Any], Any]]]

    def again(self) -> "KindTable":
        """Return the table under another name, for a statement in which it stands twice."""
        table = cast("Table", self.table.alias())  # in a statement it is asked the same as a table
        columns = {name: table.c[column.name] for name, column in self.columns.items()}
        return evolve(self, table=table, columns=columns)

    def encoded(self, tenant: str, rows: Sequence[Row]) -> list[tuple[Any, ...]]:
        """Return rows as the database has them, the tenant in front."""
        columns: list[Iterable[Any]] = [repeat(tenant, len(rows)), *zip(*rows, strict=True)]
        for place, change in enumerate(self.encoders, 1):
            if change is not None:
                columns[place] = [None if value is None else change(value) for value in columns[place]]
        return list(zip(*columns, strict=True))

    def named(self, values: Sequence[Any]) -> dict[str, Any]:
        """Return a row as the database has it, by the names of columns."""
        return dict(zip((TENANT, *(column.name for column in self.columns.values())), values, strict=True))

    def decoded(self, row: Sequence[Any]) -> Row:
        """Return a row that the database gave."""
        if not self.decoders:
            return tuple(row)
        values = list(row)
        for place, change in self.decoders:
            if values[place] is not None:
                values[place] = change(values[place])
        return tuple(values)

    def value(self, name: str, value: Any) -> Any:
        """Return a value of a field as the database has it."""
        change = self.encoders[list(self.columns).index(name)]
        return value if change is None or value is None else change(value)


def schema_of(kinds: Kinds, dialect: Dialect) -> tuple[MetaData, Mapping[str, KindTable]]:
    """Return the schema of some kinds, and what is asked of each table, by the name of the kind."""
    metadata = MetaData()
    tables = {kind.name: _table(kind, kinds, dialect, metadata) for kind in kinds.in_order}
    return metadata, {name: _asked(kinds[name], table, dialect) for name, table in tables.items()}


def _table(kind: Kind, kinds: Kinds, dialect: Dialect, metadata: MetaData) -> Table:
    name = table_name(kind)
    columns = [Column(TENANT, _tenant_type(dialect), nullable=False)]
    columns.extend(_column(kind, field_name, dialect) for field_name in kind.all_fields)
    table = Table(name, metadata, *columns, PrimaryKeyConstraint(TENANT, "id", name=f"pk_{name}"))
    for field_name, one in kind.all_fields.items():
        if one.refers is not None:
            here, target = column_name(field_name), table_name(kinds[one.refers])
            table.append_constraint(
                ForeignKeyConstraint(
                    [TENANT, here], [f"{target}.{TENANT}", f"{target}.id"], name=_short(f"fk_{name}_{here}")
                )
            )
    for names in _indexed(kind):
        _index(table, (TENANT, *(column_name(one) for one in names)))
    if kind.name == PARCEL.name:
        _index(table, ("state", "due", "id"))  # workers claim for all tenants, those due first first
    return table


def _tenant_type(dialect: Dialect) -> Any:
    kind = dialect.column(Holds.TEXT, key=True)
    assert isinstance(kind, String)  # noqa: S101 (ids are texts everywhere)
    return kind.adapt(type(kind), length=_TENANT_LENGTH)


def _column(kind: Kind, name: str, dialect: Dialect) -> Column[Any]:
    one, most = kind.all_fields[name], kind.longest.get(name, 0)
    key = name == "id" or one.refers is not None
    return Column(column_name(name), dialect.column(one.holds, key=key, most=most), nullable=one.optional)


def _indexed(kind: Kind) -> Iterator[tuple[str, ...]]:
    """Yield what is searched by: what the kind says, and its references, by which removals are refused."""
    known = set(kind.indexed)
    yield from kind.indexed
    for name, one in kind.all_fields.items():
        if one.refers is not None and (name,) not in known:
            yield (name,)


def _index(table: Table, names: Sequence[str]) -> None:
    called = _short("ix_" + "_".join((table.name, *(name for name in names if name != TENANT))))
    Index(called, *(table.c[name] for name in names))


def _short(name: str) -> str:
    """Return a name that every database takes: of at most 63 bytes, still its own."""
    if len(name.encode()) <= 60:
        return name
    cut = name.encode()[:48].decode(errors="ignore")
    return f"{cut}_{sha256(name.encode()).hexdigest()[:8]}"


def _asked(kind: Kind, table: Table, dialect: Dialect) -> KindTable:
    columns = {name: table.c[column_name(name)] for name in kind.all_fields}
    fields = list(kind.all_fields.values())
    selected = select(*columns.values())
    wanted: list[ColumnElement[bool]] = [table.c[TENANT] == bindparam("the_tenant"), table.c.id == bindparam("the_id")]
    several = table.c[TENANT] == bindparam("the_tenant"), table.c.id.in_(bindparam("the_ids", expanding=True))
    ordered = selected.where(*several).order_by(table.c.id)
    return KindTable(
        kind,
        table,
        columns,
        selected,
        selected.where(*wanted),
        {  # who refers to a row that is held alone has no need to wait, where the database can tell that apart
            False: ordered.with_for_update(read=True),
            True: ordered.with_for_update(key_share=True),
        },
        dialect.insertion(table) or insert(table),
        update(table).where(*wanted, table.c.version == bindparam("the_version")),
        delete(table).where(*wanted, table.c.version == bindparam("the_version")),
        [dialect.to_database.get(one.holds) for one in fields],
        [
            (place, dialect.from_database[one.holds])
            for place, one in enumerate(fields)
            if one.holds in dialect.from_database
        ],
    )

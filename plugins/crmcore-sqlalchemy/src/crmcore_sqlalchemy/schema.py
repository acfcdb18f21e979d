"""The schema of a database: what is there, what is missing, and how it is brought up to date; nothing is lost."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from importlib.resources import as_file, files
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import BatchOperations, Operations
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    ForeignKeyConstraint,
    MetaData,
    String,
    Table,
    Text,
    delete,
    insert,
    inspect,
    select,
    text,
)

from crmcore.language import say
from crmcore.storage import PARCEL, Field, Kinds, StorageUnavailable
from crmcore_sqlalchemy.dialects import Dialect
from crmcore_sqlalchemy.differences import Difference, differences
from crmcore_sqlalchemy.tables import TENANT, KindTable, column_name, schema_of, table_name, view_name

__all__ = ["HISTORY", "Schema"]

HISTORY: Final = "crmcore_migration"
"""The table in which the version of the schema stands."""

_ACCOUNT: Final = Table(
    "crmcore_kinds", MetaData(), Column("name", String(40), primary_key=True), Column("fields", Text)
)


class Schema:
    """The schema of some kinds in a database.

    Attributes:
        tables: what is asked of each table, by the name of its kind.
    """

    def __init__(self, source: Engine | Connection, kinds: Kinds, dialect: Dialect) -> None:
        self.metadata, self.tables = schema_of(kinds, dialect)
        self._source = source
        self._kinds = kinds
        self._dialect = dialect

    def ready(self) -> StorageUnavailable | None:
        """Make sure that records can be read: an empty database is given its schema.

        Returns:
            Why nothing may be written, if the schema is of a later version than this program; None otherwise.

        Raises:
            StorageUnavailable: the schema has to be upgraded first.
        """
        with self._connected() as connection:
            self._dialect.verify(connection)
            version, missing = self._version(connection), self._hindering(connection)
        if version is None and all(one.absent for one in missing):
            self.upgrade()
            return None
        if missing or version != self.newest:  # perhaps somebody is just about to make it
            with self._changing() as connection:
                version, missing = self._version(connection), self._hindering(connection)
        if version is not None and version not in self._versions():
            return StorageUnavailable(
                say(
                    "the schema of the database ({version}) is of a later crmcore-sqlalchemy than this one ({own}): it "
                    "is read, and nothing is written; update this program",
                    version=version,
                    own=self.newest,
                )
            )
        if missing or version != self.newest:
            lacks = "; ".join(map(str, missing)) or str(version)
            raise StorageUnavailable(
                say(
                    "the schema of the database is of another time ({lacks}): run `crmcore db upgrade` with the "
                    "path of your organization",
                    lacks=lacks,
                )
            )
        with self._connected() as connection:
            self._refuse_other_types(connection)
        return None

    @property
    def newest(self) -> str:
        """The version of the schema that this program makes."""
        with _scripts() as scripts:
            return scripts.get_current_head() or ""

    @property
    def version(self) -> str | None:
        """The version of the schema that the database has; None when it has none."""
        with self._connected() as connection:
            return self._version(connection)

    def missing(self) -> tuple[str, ...]:
        """Return the names of the tables, columns and indexes that are missing."""
        with self._connected() as connection:
            return tuple(str(one) for one in self._missing(connection))

    @property
    def versions(self) -> frozenset[str]:
        """The versions of the schema that this program knows."""
        return frozenset(self._versions())

    def account(self) -> Mapping[str, Mapping[str, str]]:
        """Return what the fields of each kind hold, as the database says; nothing where it is empty."""
        with self._connected() as connection:
            return self._known(connection) if inspect(connection).has_table(_ACCOUNT.name) else {}

    def upgrade(self) -> tuple[str, ...]:
        """Bring the database to the schema of this program; nothing is removed. Return what was missing.

        Raises:
            StorageUnavailable: the schema is of a later version, or a field would change what it holds.
        """
        with self._changing() as connection:
            version = self._version(connection)
            if version is not None and version not in self._versions():
                raise StorageUnavailable(
                    say("the schema of the database ({version}) is newer than this program", version=version)
                )
            with _configured(connection) as config:
                command.upgrade(config, "head")
            self._refuse_other_types(connection)
            missing = tuple(self._missing(connection))
            if missing:
                self._hide(connection)
            for one in missing:
                self._add(connection, one)
            self._write_account(connection)
            self._dialect.settle(connection)
            if missing:
                self._show(connection)
                self._dialect.separate(
                    connection, [table.table.name for table in self.tables.values()], table_name(PARCEL)
                )
            return tuple(map(str, missing))

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        if isinstance(self._source, Connection):
            yield self._source
        else:
            with self._source.connect() as connection:
                yield connection

    @contextmanager
    def _changing(self) -> Iterator[Connection]:
        """Give a connection on which nobody else changes the schema at the same time."""
        if isinstance(self._source, Connection):
            with self._source.begin_nested():
                yield self._source
            return
        with self._source.connect() as connection:
            connection.detach()  # a lock that the connection keeps ends with it
            with connection.begin():
                self._dialect.lock(connection)
                yield connection

    def _versions(self) -> set[str]:
        with _scripts() as scripts:
            return {script.revision for script in scripts.walk_revisions()}

    @staticmethod
    def _version(connection: Connection) -> str | None:
        return MigrationContext.configure(connection, opts={"version_table": HISTORY}).get_current_revision()

    def _missing(self, connection: Connection) -> Sequence[Difference]:
        return list(differences(connection, tuple(self.tables.values()), self._dialect))

    def _hindering(self, connection: Connection) -> Sequence[Difference]:
        return [one for one in self._missing(connection) if one.hinders]

    def _add(self, connection: Connection, lacks: Difference) -> None:
        table = lacks.table.table
        if lacks.absent:
            table.create(connection)
            return
        operations = Operations(MigrationContext.configure(connection))
        for name in lacks.columns:
            self._add_column(operations, lacks.table, name)
        if lacks.altered or lacks.narrow:
            self._alter(connection, operations, lacks)
        for index in sorted(table.indexes, key=lambda one: str(one.name)):
            if index.name in lacks.indexes:
                index.create(connection)

    def _alter(self, connection: Connection, operations: Operations, lacks: Difference) -> None:
        """Let columns be empty, and have the length that they should have."""
        table = lacks.table.table
        found = {column["name"]: column for column in inspect(connection).get_columns(table.name)}
        for index in inspect(connection).get_indexes(table.name) if lacks.narrow else ():
            if {*index["column_names"]} & {*lacks.narrow}:
                operations.drop_index(str(index["name"]), table.name)
        with self._changed(operations, table.name) as batch:
            for name in (*lacks.altered, *lacks.narrow):
                column = table.c.get(name)
                batch.alter_column(
                    name,
                    nullable=True if column is None else bool(column.nullable),
                    type_=None
                    if column is None or not self._dialect.resized(found[name]["type"], column.type)
                    else column.type,
                    existing_type=found[name]["type"],
                    existing_nullable=found[name]["nullable"],
                )

    @contextmanager
    def _changed(self, operations: Operations, name: str) -> Iterator[BatchOperations]:
        """Give what changes a table; where that is done by a new one, its defaults are taken over letter by letter."""

        def heard(_inspector: object, _table: object, column: dict[str, Any]) -> None:
            if isinstance(column["default"], str):
                column["default"] = column["default"].replace(":", "\\:")

        with operations.batch_alter_table(name, reflect_kwargs={"listeners": [("column_reflect", heard)]}) as batch:
            yield batch

    def _add_column(self, operations: Operations, table: KindTable, name: str) -> None:
        one, column = table.kind.all_fields[name], table.columns[name]
        default = None if one.optional else self._default(table, name, one)
        added = Column(column.name, column.type, nullable=one.optional, server_default=default)
        if one.refers is None:
            operations.add_column(table.table.name, added)
            return
        (constraint,) = [
            some
            for some in table.table.constraints
            if isinstance(some, ForeignKeyConstraint) and some.column_keys == [TENANT, column.name]
        ]
        with self._changed(operations, table.table.name) as batch:
            batch.add_column(added)
            batch.create_foreign_key(
                str(constraint.name), constraint.referred_table.name, [TENANT, column.name], [TENANT, "id"]
            )

    def _default(self, table: KindTable, name: str, one: Field) -> Any:
        """Return what records have in a new column that were stored before it."""
        if one.default is None:
            raise StorageUnavailable(
                say(
                    "{kind}.{name} is new and has no default: records that are stored already would have nothing "
                    "there; give the field a default, or let it be None",
                    kind=table.kind.name,
                    name=name,
                )
            )
        value = table.value(name, one.default)
        if isinstance(value, bool):
            return text("true" if value else "false")
        if isinstance(value, str | date):
            quoted = str(value).replace("\\", "\\\\" if self._dialect.escapes_backslash else "\\").replace("'", "''")
            return text("'" + quoted.replace(":", "\\:") + "'")
        return text(str(value))

    def _account(self) -> Mapping[str, Mapping[str, str]]:
        return {
            kind.name: {name: one.holds.value for name, one in kind.all_fields.items()} for kind in self._kinds.values()
        }

    def _known(self, connection: Connection) -> Mapping[str, Mapping[str, str]]:
        """Return what the fields of each kind hold, as the database says."""
        return {row.name: json.loads(row.fields) for row in connection.execute(select(_ACCOUNT))}

    def _refuse_other_types(self, connection: Connection) -> None:
        known = self._known(connection)
        for kind, fields in self._account().items():
            for name, holds in fields.items():
                before = known.get(kind, {}).get(name, holds)
                if before != holds:
                    raise StorageUnavailable(
                        say(
                            "{kind}.{name} holds {before} in the database, and {holds} in this program: give the new "
                            "field another name",
                            kind=kind,
                            name=name,
                            before=before,
                            holds=holds,
                        )
                    )

    def _write_account(self, connection: Connection) -> None:
        known = self._known(connection)
        for kind, fields in self._account().items():
            connection.execute(delete(_ACCOUNT).where(_ACCOUNT.c.name == kind))
            merged = json.dumps({**known.get(kind, {}), **fields})  # ASCII: a database may know no other letters
            connection.execute(insert(_ACCOUNT).values(name=kind, fields=merged))

    def _hide(self, connection: Connection) -> None:
        """Remove the views: databases change no table that a view shows."""
        quote = connection.dialect.identifier_preparer.quote
        for table in self.tables.values():
            connection.exec_driver_sql(f"DROP VIEW IF EXISTS {quote(view_name(table.kind))}")

    def _show(self, connection: Connection) -> None:
        """Make the views that other programs read."""
        quote = connection.dialect.identifier_preparer.quote
        for table in self.tables.values():
            view, shown = quote(view_name(table.kind)), [quote(TENANT)]
            for name, one in table.kind.all_fields.items():
                column = quote(column_name(name))
                expression = self._dialect.readable(one.holds, column)
                shown.append(column if expression == column else f"{expression} AS {column}")
            head = f"CREATE VIEW {view} {self._dialect.view_options}AS"
            made = f"{head} SELECT {', '.join(shown)} FROM {quote(table.table.name)}"  # noqa: S608 (all of it quoted)
            connection.exec_driver_sql(made.replace("%", "%%"))


@contextmanager
def _configured(connection: Connection | None = None) -> Iterator[Config]:
    with as_file(files("crmcore_sqlalchemy") / "migrations") as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        config.attributes["version_table"] = HISTORY
        yield config


@contextmanager
def _scripts() -> Iterator[ScriptDirectory]:
    with _configured() as config:
        yield ScriptDirectory.from_config(config)

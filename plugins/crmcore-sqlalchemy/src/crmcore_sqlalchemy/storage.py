"""The storage itself: an engine, units of work on its connections, and claims on the outbox."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, Self

from attrs import evolve
from sqlalchemy import Connection, Engine, create_engine, func, make_url, select, update
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, TimeoutError  # noqa: A004 (the pool's own)

from crmcore.language import say
from crmcore.storage import (
    PARCEL,
    Busy,
    Capability,
    Claim,
    Kinds,
    Parcel,
    ParcelState,
    Storage,
    StorageUnavailable,
    Wanted,
)
from crmcore_sqlalchemy.dialects import DIALECTS, Dialect, Fault
from crmcore_sqlalchemy.schema import Schema
from crmcore_sqlalchemy.tables import TENANT, KindTable
from crmcore_sqlalchemy.transactions import SQLTransaction, unavailable

__all__ = ["EVERYONE", "SQLStorage", "dialect_of", "engine_of", "reaching"]

EVERYONE: Final = "*"
"""Whose parcels a worker sees that works for all tenants; no tenant can be called so."""

_DRIVERS: Final[Mapping[str, str]] = {
    "sqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "mariadb": "mariadb+pymysql",
}
_ATTEMPTS: Final = 5

_FIRST_LOOK: Final = 1_000
"""How many new rows are worth a look at what a database holds, for one that does not look by itself."""

_LOOK_LATER: Final = 4
"""How many times as many are, the next time."""

_LAST_LOOK: Final = 100
"""How many are when the storage is closed."""


class SQLStorage(Storage):
    """Records in an SQL database: SQLite, PostgreSQL or MariaDB.

    Args:
        source: an engine; or a connection of a program that shares its transaction: units of work are then parts of it
            (savepoints), and last only if the program commits.
        kinds: the kinds of records.
        patience: how many seconds a unit of work waits for others before it is `Busy`.
        replica: an engine of a copy that follows the database, for units of work that only read; None for none. They
            see what the copy has come to: what was just committed may still be missing.
        owned: whether the engines are disposed of when the storage is closed.

    Raises:
        StorageUnavailable: the database cannot be reached, or its schema has to be upgraded.
    """

    def __init__(
        self,
        source: Engine | Connection,
        kinds: Kinds,
        *,
        patience: float = 10.0,
        replica: Engine | None = None,
        owned: bool = False,
    ) -> None:
        super().__init__(kinds)
        self._source = source
        self._replica = replica
        self._patience = patience
        self._owned = owned
        self._dialect = dialect_of(source)
        self._outdated: StorageUnavailable | None = None
        self._unseen, self._look_again = 0, _FIRST_LOOK
        with reaching(self._dialect):
            self.schema = Schema(source, kinds, self._dialect)
            self._outdated = self.schema.ready()

    @classmethod
    def open(cls, url: str, kinds: Kinds, *, patience: float = 10.0, replica: str | None = None) -> Self:
        """Open the database of a URL; an empty one is given its schema.

        Args:
            url: `sqlite:///crm.db`, `postgresql://user@host/name`, `mariadb://user@host/name`.
            kinds: the kinds of records.
            patience: how many seconds a unit of work waits for others before it is `Busy`.
            replica: the URL of a copy that follows the database, for units of work that only read; None for none.

        Raises:
            StorageUnavailable: a URL is none, the database cannot be reached, or its schema has to be upgraded.
        """
        engine = engine_of(url, patience)
        copy = None
        try:
            copy = None if replica is None else engine_of(replica, patience)
            return cls(engine, kinds, patience=patience, replica=copy, owned=True)
        except BaseException:
            for one in (engine, copy):
                if one is not None:
                    one.dispose()
            raise

    @property
    def capabilities(self) -> frozenset[Capability]:  # type: ignore[override]
        """What the database can do."""
        return self._dialect.capabilities

    def transaction(self, tenant: str, *, read_only: bool) -> SQLTransaction:
        """Begin what is behind a unit of work."""
        if self._outdated is not None and not read_only:
            raise self._outdated
        return self._begun(tenant, read_only=read_only)

    def _begun(self, tenant: str, *, read_only: bool) -> SQLTransaction:
        with reaching(self._dialect):
            if isinstance(self._source, Connection):
                self._dialect.join(self._source)
                part = self._source.begin_nested()
                self._dialect.enter(self._source, tenant)
                return SQLTransaction(self._source, part, tenant, self.schema.tables, self._dialect, owned=False)
            source = self._source if self._replica is None or not read_only else self._replica
            connection = source.connect()
            try:
                whole = connection.begin()
                self._dialect.begin(connection, tenant, read_only=read_only, patience=self._patience)
            except BaseException:
                connection.close()
                raise
            tables, added = self.schema.tables, None if read_only else self._grown
            return SQLTransaction(connection, whole, tenant, tables, self._dialect, owned=True, added=added)

    def _grown(self, rows: int) -> None:
        """Let the database look over what it holds, each time that it holds a few times as much as before."""
        self._unseen += rows
        if self._unseen >= self._look_again:
            self._look_over()
            self._look_again *= _LOOK_LATER

    def _look_over(self) -> None:
        if isinstance(self._source, Engine) and self._dialect.look_over(self._source):
            self._unseen = 0
            if self._owned:
                self._source.dispose()  # connections plan by what was known when they were opened

    def claim(self, wanted: Wanted) -> tuple[Claim, ...]:
        """Give parcels that are due to a worker: each to one, however many ask at once."""
        for _ in range(_ATTEMPTS - 1):
            try:
                return self._claimed(wanted)
            except Busy:  # on a cluster, two nodes chose the same parcels, and the other was first
                continue
        return self._claimed(wanted)

    def _claimed(self, wanted: Wanted) -> tuple[Claim, ...]:
        if self._outdated is not None:
            raise self._outdated
        transaction = self._begun(wanted.tenant or EVERYONE, read_only=False)
        try:
            claims = transaction.run(lambda connection: tuple(self._taken(connection, wanted)))
            transaction.commit()
        except BaseException:
            transaction.rollback()
            raise
        return claims

    def _taken(self, connection: Connection, wanted: Wanted) -> Iterator[Claim]:
        parcels = self.schema.tables[PARCEL.name]
        table, columns = parcels.table, parcels.columns
        chosen = (
            select(table.c[TENANT], *columns.values())
            .where(columns["state"] == ParcelState.WAITING.value, columns["due"] <= parcels.value("due", wanted.now))
            .order_by(columns["due"], columns["id"])
            .limit(wanted.batch)
        )
        if wanted.tenant is not None:
            chosen = chosen.where(table.c[TENANT] == wanted.tenant)
        if wanted.topics:
            chosen = chosen.where(columns["topic"].in_(wanted.topics))
        if self._dialect.skips_locked:
            chosen = chosen.with_for_update(skip_locked=True)
        found = connection.execute(chosen).all()
        if not found:
            return
        changed = update(table).values(
            version=columns["version"] + 1,
            attempts=columns["attempts"] + 1,
            worker=wanted.worker,
            due=parcels.value("due", wanted.until),
        )
        for tenant in {row[0] for row in found}:  # by the key: what else is read on the way would be locked, too
            ids = [row[1] for row in found if row[0] == tenant]
            connection.execute(changed.where(table.c[TENANT] == tenant, columns["id"].in_(ids)))
        for tenant, *row in found:
            yield Claim(tenant, self._claimed_parcel(parcels, row, wanted))

    def _claimed_parcel(self, parcels: KindTable, row: list[Any], wanted: Wanted) -> Parcel:
        parcel = self.kinds.rows(PARCEL).entity(parcels.decoded(row))
        assert isinstance(parcel, Parcel)  # noqa: S101 (that is the class of this kind)
        return evolve(
            parcel, version=parcel.version + 1, attempts=parcel.attempts + 1, worker=wanted.worker, due=wanted.until
        )

    def tenants(self) -> tuple[str, ...] | None:
        """Return the names of the tenants that have records; None where the database does not let us see them all."""
        found: set[str] = set()
        for table in self.schema.tables.values():
            with reaching(self._dialect), self._looking() as connection:
                if not self._dialect.reveal(connection, table.table.name, self._patience):
                    return None
                found.update(_tenants_in(connection, table))
        return tuple(sorted(found))

    @contextmanager
    def _looking(self) -> Iterator[Connection]:
        """Give a connection of which nothing lasts."""
        if isinstance(self._source, Connection):
            with self._source.begin_nested() as part:
                yield self._source
                part.rollback()
            return
        with self._source.connect() as connection, connection.begin() as whole:
            yield connection
            whole.rollback()

    @contextmanager
    def snapshot(self) -> Iterator["SQLStorage"]:
        """Give a storage that sees one moment of all tenants, whatever is committed meanwhile; it only reads."""
        if isinstance(self._source, Connection):
            yield self
            return
        source = self._replica or self._source
        with reaching(self._dialect), source.connect() as connection, connection.begin() as whole:
            self._dialect.begin(connection, EVERYONE, read_only=True, patience=self._patience)
            yield SQLStorage(connection, self.kinds, patience=self._patience)
            whole.rollback()

    def close(self) -> None:
        """Let go of the connections that are the storage's own."""
        if self._owned and self._unseen >= _LAST_LOOK:
            self._look_over()
        for engine in (self._source, self._replica):
            if self._owned and isinstance(engine, Engine):
                engine.dispose()


def _tenants_in(connection: Connection, table: KindTable) -> Iterator[str]:
    """Yield the tenants of a table, each found by the index: the rows of one are passed over."""
    column = table.table.c[TENANT]
    found = connection.execute(select(func.min(column))).scalar_one()
    while found is not None:
        yield found
        found = connection.execute(select(func.min(column)).where(column > found)).scalar_one()


def dialect_of(source: Engine | Connection) -> Dialect:
    """Return how to speak with a database.

    Raises:
        StorageUnavailable: it is one that nobody taught us.
    """
    name = source.dialect.name
    if name not in DIALECTS:
        known = ", ".join(_DRIVERS)
        raise StorageUnavailable(
            say("{name} is no database that crmcore knows: it knows {known}", name=name, known=known)
        )
    return DIALECTS[name]


def engine_of(url: str, patience: float = 10.0) -> Engine:
    """Return an engine for a URL, with connections that suit a storage.

    Raises:
        StorageUnavailable: the URL is none, or its driver is not installed.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StorageUnavailable(
            say("{url!r} is no URL of a database; one looks like sqlite:///crm.db", url=url[:100])
        ) from None
    family = "mariadb" if parsed.drivername == "mysql" else parsed.drivername
    if family == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise StorageUnavailable(say("a storage in SQLite is a file, as in sqlite:///crm.db; in memory it is memory:"))
    parsed = parsed.set(drivername=_DRIVERS.get(family, family))
    try:
        engine = create_engine(
            parsed, pool_pre_ping=family != "sqlite", pool_timeout=patience, **_options(parsed, patience)
        )
    except NoSuchModuleError:
        raise StorageUnavailable(say("{name} is no database that SQLAlchemy knows", name=family)) from None
    except ImportError as error:
        raise StorageUnavailable(
            say(
                "{name} needs a driver that is not installed ({module}): pip install 'crmcore-sqlalchemy[{name}]'",
                name=family,
                module=error.name or "",
            )
        ) from None
    dialect_of(engine).prepare(engine, patience)
    return engine


def _options(url: URL, patience: float) -> dict[str, Any]:
    match url.get_backend_name():
        case "postgresql":
            return {"connect_args": {"connect_timeout": max(2, round(patience))}}
        case "mariadb" | "mysql":
            return {"connect_args": {"connect_timeout": max(2, round(patience)), "charset": "utf8mb4"}}
    return {}


@contextmanager
def reaching(dialect: Dialect) -> Iterator[None]:
    """Tell errors of a database that cannot be reached, or is busy, as those of a storage."""
    try:
        yield
    except DBAPIError as error:
        if dialect.fault(error) == Fault.BUSY:
            raise Busy from error
        raise unavailable(error) from error
    except TimeoutError as error:
        raise StorageUnavailable(
            say("all connections to the database are taken by units of work: end those that are done")
        ) from error

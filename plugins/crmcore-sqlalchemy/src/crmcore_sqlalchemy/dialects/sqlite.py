"""SQLite."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Context, Decimal
from sqlite3 import OperationalError
from time import monotonic, sleep
from typing import Any, ClassVar, Final

from sqlalchemy import BigInteger, Connection, Engine, Float, String, Table, Text, event, insert
from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from crmcore.language import say
from crmcore.storage import DECIMALS, DIGITS, LONGEST_ID, LONGEST_TEXT, Capability, Holds, StorageUnavailable, as_text
from crmcore_sqlalchemy.dialects.dialect import AsItIs, Change, Dialect, Fault

__all__ = ["SQLite"]

_SCALE: Final = 10**DECIMALS
_EXACTLY: Final = Context(prec=2 * DIGITS)
"""How exact numbers are moved, whatever the context of the caller says."""


def _whole(value: Decimal) -> int:
    """Return an exact number as so many of the smallest parts."""
    return int(value.scaleb(DECIMALS, _EXACTLY))


def _exact(parts: int) -> Decimal:
    """Return so many of the smallest parts as an exact number."""
    return Decimal(parts).scaleb(-DECIMALS, _EXACTLY)


_INSTANT: Final = len("2026-11-23 08:30:00.000000")
"""How long the text of an instant is, of which the zone is left away: all are in UTC."""

_POSITIONAL: Final = dialect(paramstyle="qmark")

_SAMPLE: Final = 400
"""How many rows of an index are looked at."""

_CACHE: Final = 32_768
"""How many KiB of its file a connection keeps at hand: of the default 2,048, large indexes are read again and again."""

_LOGGED: Final = 4_000
"""How many pages the log has before they are written into the file: pages that are written often are written less."""

_AGAIN: Final = 0.02
"""After how many seconds to try again what SQLite itself does not wait for."""


def _keep_a_log(connection: Any, patience: float) -> None:
    """Let a file be written through a log beside it; whoever opens a new file first does so while others wait."""
    end = monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or monotonic() > end:
                raise
            sleep(_AGAIN)
        else:
            return


class SQLite(Dialect):
    """One file, one writer at a time, any number of readers beside it."""

    capabilities = frozenset(Capability) - {Capability.WRITERS}
    skips_locked = False
    to_database: ClassVar[Mapping[Holds, Change]] = {
        Holds.EXACT: _whole,
        Holds.DAY: date.isoformat,
        Holds.INSTANT: lambda value: value.isoformat(" ", "microseconds")[:_INSTANT],
        Holds.TREE: as_text,
    }
    from_database: ClassVar[Mapping[Holds, Change]] = {
        Holds.EXACT: _exact,
        Holds.YES_NO: bool,
        Holds.DAY: date.fromisoformat,
        Holds.INSTANT: lambda value: datetime.fromisoformat(value).replace(tzinfo=UTC),
        Holds.TREE: json.loads,
    }

    def column(self, holds: Holds, *, key: bool = False, most: int = LONGEST_TEXT) -> TypeEngine[Any]:
        """Return the type of a column."""
        del most
        if key:
            return String(LONGEST_ID)
        types: Mapping[Holds, TypeEngine[Any]] = {
            Holds.TEXT: Text(),
            Holds.WHOLE: BigInteger(),
            Holds.EXACT: BigInteger(),
            Holds.NUMBER: Float(53),
            Holds.YES_NO: AsItIs("BOOLEAN"),
            Holds.DAY: AsItIs("DATE"),
            Holds.INSTANT: AsItIs("TIMESTAMP"),
            Holds.TREE: AsItIs("JSON"),
        }
        return types[holds]

    def begin(self, connection: Connection, tenant: str, *, read_only: bool, patience: float) -> None:
        """Begin: whoever writes has the file for itself from the start, so that nobody has to give way later."""
        del tenant, patience
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
        if read_only:  # the moment that is seen is that of the first reading
            connection.exec_driver_sql("SELECT 1 FROM sqlite_master LIMIT 1").all()

    def fault(self, error: DBAPIError) -> str | None:
        """Return what an error means."""
        name = getattr(error.orig, "sqlite_errorname", "") or ""
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return Fault.BUSY
        if name in ("SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_UNIQUE"):
            return Fault.DUPLICATE
        if name == "SQLITE_CONSTRAINT_FOREIGNKEY":
            return Fault.DANGLING
        return Fault.UNREACHABLE if name.startswith(("SQLITE_CANTOPEN", "SQLITE_NOTADB", "SQLITE_READONLY")) else None

    def prepare(self, engine: Engine, patience: float) -> None:
        """Keep a log beside the file, hold references, and leave it to us to begin transactions."""

        @event.listens_for(engine, "connect")
        def _(connection: Any, _: object) -> None:
            connection.isolation_level = None
            connection.execute(f"PRAGMA busy_timeout = {int(patience * 1000)}")
            _keep_a_log(connection, patience)
            connection.execute(f"PRAGMA cache_size = -{_CACHE}")
            connection.execute(f"PRAGMA wal_autocheckpoint = {_LOGGED}")
            connection.execute("PRAGMA foreign_keys = ON")

    def insertion(self, table: Table) -> str | None:
        """Return the text of the statement that adds a row: the driver takes what `to_database` gives."""
        return str(insert(table).compile(dialect=_POSITIONAL))

    def look_over(self, engine: Engine) -> bool:
        """Gather statistics from a sample of each index; where it cannot be just now, that is left for later.

        Without them SQLite goes through whole tables in the order that is asked for, where a few rows are wanted.
        """
        with engine.connect() as connection:
            waits = connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
            connection.exec_driver_sql("PRAGMA busy_timeout = 0")
            try:
                connection.exec_driver_sql(f"PRAGMA analysis_limit = {_SAMPLE}")
                connection.exec_driver_sql("ANALYZE")
            except DBAPIError:  # what was committed before is not to look as if it had failed
                return False
            finally:
                connection.exec_driver_sql(f"PRAGMA busy_timeout = {waits}")
        return True

    def verify(self, connection: Connection) -> None:
        """Make sure that references are held."""
        if not connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one():
            raise StorageUnavailable(
                say("SQLite holds no references on this connection: execute PRAGMA foreign_keys = ON when it connects")
            )

    def join(self, connection: Connection) -> None:
        """Begin, where the driver has not begun yet."""
        driver = connection.connection.driver_connection
        if driver is not None and not driver.in_transaction:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    def lock(self, connection: Connection) -> None:
        """Take the file; references are held again by the next connection: a table is changed by a new one."""
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def settle(self, connection: Connection) -> None:
        """Make sure that all references still hold."""
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
            raise StorageUnavailable(say("the schema cannot be upgraded: records refer to others that are not there"))

    def readable(self, holds: Holds, column: str) -> str:
        """Return the expression by which a view shows a column to people: exact numbers with their point."""
        return f"{column} / {_SCALE}.0" if holds is Holds.EXACT else column

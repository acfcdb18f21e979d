"""MariaDB, and MySQL where it speaks the same."""

import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any, ClassVar, Final

from sqlalchemy import BigInteger, Connection, Date, Numeric, String
from sqlalchemy.dialects import mysql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from crmcore.storage import DECIMALS, DIGITS, LONGEST_ID, LONGEST_INDEXED, LONGEST_TEXT, Busy, Holds, as_text
from crmcore_sqlalchemy.dialects.dialect import AsItIs, Change, Dialect, Fault

__all__ = ["MariaDB"]


class MariaDB(Dialect):
    """A server; also as a Galera cluster, whose conflicts appear at the commit."""

    to_database: ClassVar[Mapping[Holds, Change]] = {
        Holds.INSTANT: lambda value: value.replace(tzinfo=None),
        Holds.TREE: as_text,
    }
    from_database: ClassVar[Mapping[Holds, Change]] = {
        Holds.INSTANT: lambda value: value.replace(tzinfo=UTC),
        Holds.YES_NO: bool,
        Holds.TREE: json.loads,
    }
    escapes_backslash = True
    holds_to_itself = True
    _COLLATION: Final = "utf8mb4_nopad_bin"

    def column(self, holds: Holds, *, key: bool = False, most: int = LONGEST_TEXT) -> TypeEngine[Any]:
        """Return the type of a column: texts compare by code points, and blanks at the end count."""
        if key or (holds is Holds.TEXT and most <= LONGEST_INDEXED):  # an index takes no text of any length
            return mysql.VARCHAR(LONGEST_ID if key else most, charset="utf8mb4", collation=self._COLLATION)
        types: Mapping[Holds, TypeEngine[Any]] = {
            Holds.TEXT: mysql.MEDIUMTEXT(charset="utf8mb4", collation=self._COLLATION),
            Holds.WHOLE: BigInteger(),
            Holds.EXACT: Numeric(DIGITS, DECIMALS),
            Holds.NUMBER: mysql.DOUBLE(asdecimal=False),
            Holds.YES_NO: AsItIs("BOOLEAN"),
            Holds.DAY: Date(),
            Holds.INSTANT: mysql.DATETIME(fsp=6),
            Holds.TREE: mysql.LONGTEXT(charset="utf8mb4", collation=self._COLLATION),
        }
        return types[holds]

    def begin(self, connection: Connection, tenant: str, *, read_only: bool, patience: float) -> None:
        """Begin; what only reads sees the moment of its beginning.

        A second is the least that the server waits well: told not to wait at all, it lets commits fail.
        """
        del tenant
        connection.exec_driver_sql(
            f"SET innodb_lock_wait_timeout = {max(1, round(patience))}, "
            "max_sort_length = 65536, sort_buffer_size = 8388608"
        )
        if read_only:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            connection.exec_driver_sql("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
        else:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")

    def defaults(self, connection: Connection, table: str, column: Mapping[str, Any]) -> bool:
        """Whether a column has a default; SQLAlchemy reads none that has a quotation mark in it."""
        asked = (
            "SELECT column_default IS NOT NULL FROM information_schema.columns "
            "WHERE table_schema = DATABASE() AND table_name = %s AND column_name = %s"
        )
        return bool(connection.exec_driver_sql(asked, (table, column["name"])).scalar_one())

    def lock(self, connection: Connection) -> None:
        """Take the lock that everyone takes who changes the schema; the connection keeps it until it is closed."""
        if connection.exec_driver_sql("SELECT GET_LOCK(CONCAT('crmcore.', DATABASE()), 60)").scalar_one() != 1:
            raise Busy

    def resized(self, found: TypeEngine[Any], wanted: TypeEngine[Any]) -> bool:
        """Whether a text has another length than it should have."""
        if not isinstance(found, String) or not isinstance(wanted, mysql.VARCHAR | mysql.MEDIUMTEXT):
            return False
        return found.length != wanted.length

    def fault(self, error: DBAPIError) -> str | None:
        """Return what an error means."""
        number = error.orig.args[0] if error.orig is not None and error.orig.args else None
        known = {
            1062: Fault.DUPLICATE,
            1451: Fault.DANGLING,
            1452: Fault.DANGLING,
            1020: Fault.BUSY,
            1205: Fault.BUSY,
            1213: Fault.BUSY,
            1044: Fault.UNREACHABLE,
            1045: Fault.UNREACHABLE,
            1049: Fault.UNREACHABLE,
            1698: Fault.UNREACHABLE,
        }
        if number in known:
            return known[number]
        return Fault.UNREACHABLE if error.connection_invalidated or number in range(2000, 2100) else None

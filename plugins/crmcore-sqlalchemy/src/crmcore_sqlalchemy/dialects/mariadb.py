"""MariaDB, and MySQL where it speaks the same."""

import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any, ClassVar, Final

from sqlalchemy import BigInteger, Connection, Date, Numeric
from sqlalchemy.dialects import mysql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from crmcore.storage import DECIMALS, DIGITS, LONGEST_ID, Holds, as_text
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
    _COLLATION: Final = "utf8mb4_nopad_bin"

    def column(self, holds: Holds, *, key: bool) -> TypeEngine[Any]:
        """Return the type of a column: texts compare by code points, and blanks at the end count."""
        if key:
            return mysql.VARCHAR(LONGEST_ID, charset="utf8mb4", collation=self._COLLATION)
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
        """Begin; what only reads sees the moment of its beginning."""
        del tenant
        connection.exec_driver_sql(
            f"SET innodb_lock_wait_timeout = {round(patience)}, max_sort_length = 65536, sort_buffer_size = 8388608"
        )
        if read_only:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            connection.exec_driver_sql("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
        else:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")

    def lock(self, connection: Connection) -> None:
        """Take the lock that everyone takes who changes the schema; the connection keeps it until it is closed."""
        connection.exec_driver_sql("SELECT GET_LOCK(CONCAT('crmcore.', DATABASE()), 60)")

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

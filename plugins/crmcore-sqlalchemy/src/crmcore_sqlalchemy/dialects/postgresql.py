"""PostgreSQL."""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Boolean, ColumnElement, Connection, Date, Float, Numeric, String, Text, func
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from crmcore.storage import DECIMALS, DIGITS, LONGEST_ID, LONGEST_TEXT, Holds, as_text
from crmcore_sqlalchemy.dialects.dialect import AsItIs, Change, Dialect, Fault

__all__ = ["PostgreSQL"]


class PostgreSQL(Dialect):
    """A server; rows of other tenants are kept from us by the database itself, too."""

    empty_first = True
    view_options = "WITH (security_invoker = true) "
    to_database: ClassVar[Mapping[Holds, Change]] = {Holds.TREE: as_text}
    from_database: ClassVar[Mapping[Holds, Change]] = {Holds.INSTANT: lambda value: value.astimezone(UTC)}

    def column(self, holds: Holds, *, key: bool = False, most: int = LONGEST_TEXT) -> TypeEngine[Any]:
        """Return the type of a column: texts sort by code points whatever the database's language is."""
        del most
        if key:
            return String(LONGEST_ID, collation="C")
        types: Mapping[Holds, TypeEngine[Any]] = {
            Holds.TEXT: Text(collation="C"),
            Holds.WHOLE: BigInteger(),
            Holds.EXACT: Numeric(DIGITS, DECIMALS),
            Holds.NUMBER: Float(53),
            Holds.YES_NO: Boolean(),
            Holds.DAY: Date(),
            Holds.INSTANT: postgresql.TIMESTAMP(timezone=True, precision=6),
            Holds.TREE: AsItIs("JSON"),
        }
        return types[holds]

    def enter(self, connection: Connection, tenant: str) -> None:
        """Tell the database whose rows are to be seen."""
        connection.exec_driver_sql("SELECT set_config('crmcore.tenant', %s, true)", (tenant,)).all()

    def lock(self, connection: Connection) -> None:
        """Take the lock that everyone takes who changes the schema."""
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(6711)")

    def separate(self, connection: Connection, tables: Sequence[str], shared: str) -> None:
        """Let nobody see or write rows of another tenant than the one that the transaction was begun for."""
        quote = connection.dialect.identifier_preparer.quote
        for name in tables:
            table, mine = quote(name), "tenant = current_setting('crmcore.tenant', true)"
            seen = f"{mine} OR current_setting('crmcore.tenant', true) = '*'" if name == shared else mine
            connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            connection.exec_driver_sql(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            connection.exec_driver_sql(f"DROP POLICY IF EXISTS crmcore_tenant ON {table}")
            connection.exec_driver_sql(f"CREATE POLICY crmcore_tenant ON {table} USING ({seen}) WITH CHECK ({seen})")

    def reveal(self, connection: Connection, table: str, patience: float) -> bool:
        """Lift the policy for the owner of the table: for this transaction, in which nobody else reads the table."""
        asked = (
            "SELECT r.rolsuper OR r.rolbypassrls, pg_has_role(c.relowner, 'USAGE') FROM pg_roles r, pg_class c "
            "WHERE r.rolname = current_user AND c.oid = to_regclass(%s)"
        )
        quoted = connection.dialect.identifier_preparer.quote(table)
        above, owns = connection.exec_driver_sql(asked, (quoted,)).one()
        if not above and owns:
            connection.exec_driver_sql("SELECT set_config('lock_timeout', %s, true)", (_milliseconds(patience),)).all()
            connection.exec_driver_sql(f"ALTER TABLE {quoted} NO FORCE ROW LEVEL SECURITY")
        return bool(above or owns)

    def contains(self, column: ColumnElement[Any], text: str) -> ColumnElement[bool]:
        """Return the condition that a column has a text in it."""
        return func.strpos(column, text) > 0

    def begin(self, connection: Connection, tenant: str, *, read_only: bool, patience: float) -> None:
        """Begin, and tell the database whose rows are to be seen, for this transaction alone.

        Instants travel in UTC: in other zones, those of the last hours of the year 9999 are none that Python knows.
        """
        if read_only:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        connection.exec_driver_sql(
            "SELECT set_config('crmcore.tenant', %s, true), set_config('lock_timeout', %s, true), "
            "set_config('TimeZone', 'UTC', true)",
            (tenant, _milliseconds(patience)),
        ).all()

    def fault(self, error: DBAPIError) -> str | None:
        """Return what an error means."""
        state = getattr(error.orig, "sqlstate", None)
        known = {
            "23505": Fault.DUPLICATE,
            "23503": Fault.DANGLING,
            "40001": Fault.BUSY,
            "40P01": Fault.BUSY,
            "55P03": Fault.BUSY,
            "57014": Fault.BUSY,  # also what a lock that comes in the moment when patience ends is told as, at times
        }
        if state in known:
            return known[state]
        lost = error.connection_invalidated or (type(error.orig).__name__ == "OperationalError" and state is None)
        return Fault.UNREACHABLE if lost or (state or "").startswith(("08", "57P", "28", "3D")) else None


def _milliseconds(patience: float) -> str:
    return f"{max(1, int(patience * 1000))}ms"

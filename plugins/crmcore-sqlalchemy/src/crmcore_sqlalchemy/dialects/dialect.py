"""What every family of databases has to bring."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Final

from sqlalchemy import ColumnElement, Connection, Engine, Table, func
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine, UserDefinedType

from crmcore.storage import LONGEST_TEXT, Capability, Holds

__all__ = ["AsItIs", "Change", "Dialect", "Fault"]

Change = Callable[[Any], Any]
"""What changes a value on its way into a database, or out of it."""


class Fault:
    """What an error of a database means."""

    DUPLICATE: Final = "duplicate"
    DANGLING: Final = "dangling"
    BUSY: Final = "busy"
    UNREACHABLE: Final = "unreachable"


class AsItIs(UserDefinedType[Any]):
    """A column whose values come and go as they are: dates and instants of SQLite, which are texts that sort."""

    cache_ok = True

    def __init__(self, called: str) -> None:
        self.called = called

    def get_col_spec(self, **_: Any) -> str:
        """Return the name of the type."""
        return self.called


class Dialect(ABC):
    """A family of databases.

    Attributes:
        capabilities: what a storage in one can do.
        empty_first: whether an empty value has to be told to come first.
        view_options: what a view is made with.
        holds_to_itself: whether a row that refers to itself cannot be removed for that.
        escapes_backslash: whether a backslash has to be doubled in a text of a statement.
        skips_locked: whether a claim can pass over rows that others are about to claim.
        to_database: how values are changed on their way in; what is absent goes as it is.
        from_database: how values are changed on their way out.
    """

    capabilities: ClassVar[frozenset[Capability]] = frozenset(Capability)
    empty_first: ClassVar[bool] = False
    skips_locked: ClassVar[bool] = True
    view_options: ClassVar[str] = ""
    holds_to_itself: ClassVar[bool] = False
    escapes_backslash: ClassVar[bool] = False
    to_database: ClassVar[Mapping[Holds, Change]] = {}
    from_database: ClassVar[Mapping[Holds, Change]] = {}

    @abstractmethod
    def column(self, holds: Holds, *, key: bool = False, most: int = LONGEST_TEXT) -> TypeEngine[Any]:
        """Return the type of a column.

        Args:
            holds: what it holds.
            key: whether it holds ids.
            most: how many characters a text has at most.
        """

    def resized(self, found: TypeEngine[Any], wanted: TypeEngine[Any]) -> bool:
        """Whether a column has room for texts of another length than it should have."""
        del found, wanted
        return False

    def insertion(self, table: Table) -> str | None:
        """Return the text of the statement that adds a row, where the driver takes rows as they are; None otherwise.

        Values stand in the order of the columns. It spares what SQLAlchemy does for each value of each row.
        """
        del table
        return None

    def look_over(self, engine: Engine) -> bool:
        """Look how much there is of what, so that questions are answered by the index that fits them.

        Returns:
            Whether it looked. PostgreSQL and MariaDB do it by themselves.
        """
        del engine
        return False

    @abstractmethod
    def begin(self, connection: Connection, tenant: str, *, read_only: bool, patience: float) -> None:
        """Begin a transaction of a tenant that waits so many seconds for others."""

    def defaults(self, connection: Connection, table: str, column: Mapping[str, Any]) -> bool:
        """Whether a column, as SQLAlchemy tells of it, has a value for what is stored without one."""
        del connection, table
        return column["default"] is not None

    def verify(self, connection: Connection) -> None:
        """Make sure that a connection is one that a storage can work on.

        Raises:
            StorageUnavailable: it is not.
        """

    def join(self, connection: Connection) -> None:
        """Make sure that a connection of a program is in a transaction, of which a part can be begun."""

    def enter(self, connection: Connection, tenant: str) -> None:
        """Begin a part of a transaction that a program owns."""

    def lock(self, connection: Connection) -> None:
        """Wait until nobody else changes the schema, and keep others waiting until the connection is closed."""

    def settle(self, connection: Connection) -> None:
        """Make sure that the schema was changed without loss, before the change is committed.

        Raises:
            StorageUnavailable: something was lost.
        """

    def separate(self, connection: Connection, tables: Sequence[str], shared: str) -> None:
        """Let the database itself keep tenants apart, where it can.

        Args:
            connection: on which the schema is changed.
            tables: the names of all tables of kinds.
            shared: the name of the table whose rows a worker sees of all tenants.
        """

    def reveal(self, connection: Connection, table: str, patience: float) -> bool:
        """Let a transaction that is rolled back see the rows of all tenants in a table; return whether it does."""
        del connection, table, patience
        return True

    @abstractmethod
    def fault(self, error: DBAPIError) -> str | None:
        """Return what an error means, one of `Fault`; None for any other."""

    def prepare(self, engine: Engine, patience: float) -> None:
        """Let an engine of our own make its connections so that they suit us."""

    def contains(self, column: ColumnElement[Any], text: str) -> ColumnElement[bool]:
        """Return the condition that a column has a text in it, upper and lower case apart."""
        return func.instr(column, text) > 0

    def readable(self, holds: Holds, column: str) -> str:
        """Return the expression by which a view shows a column to people."""
        del holds
        return column

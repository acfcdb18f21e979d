"""Storage of crmcore in SQL databases: SQLite, PostgreSQL and MariaDB."""

from typing import TYPE_CHECKING, Any

from crmcore.language import bring_catalogue

if TYPE_CHECKING:
    from crmcore_sqlalchemy.schema import Schema
    from crmcore_sqlalchemy.storage import SQLStorage

__all__ = ["SQLStorage", "Schema"]

bring_catalogue(__name__)


def __getattr__(name: str) -> Any:
    """Bring in what is asked for: whoever only asks what the plugin adds starts without SQLAlchemy."""
    if name == "SQLStorage":
        from crmcore_sqlalchemy.storage import SQLStorage  # noqa: PLC0415 (that is what this function is for)

        return SQLStorage
    if name == "Schema":
        from crmcore_sqlalchemy.schema import Schema  # noqa: PLC0415 (as above)

        return Schema
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)

"""Duplicates among millions of customers, found by Splink on DuckDB."""

from typing import TYPE_CHECKING, Any

from crmcore.language import bring_catalogue

if TYPE_CHECKING:
    from crmcore_splink.finding import find_duplicates

__all__ = ["find_duplicates"]

bring_catalogue(__name__)


def __getattr__(name: str) -> Any:
    """Bring in what is asked for: whoever only asks what the plugin adds starts without Splink."""
    if name == "find_duplicates":
        from crmcore_splink.finding import find_duplicates  # noqa: PLC0415 (that is what this function is for)

        return find_duplicates
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)

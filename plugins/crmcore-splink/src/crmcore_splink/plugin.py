"""The plugin: a scorer. Splink is imported when duplicates are looked for."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from crmcore.language import say
from crmcore.plugins import Scorer, hookimpl

if TYPE_CHECKING:
    from crmcore.customers.duplicates import Duplicates, Profile

__all__ = ["CRMCORE_CONTRACT", "crmcore_scorers"]

CRMCORE_CONTRACT = 1
"""The version of the hooks that the plugin is written for."""


@hookimpl
def crmcore_scorers() -> Iterable[Scorer]:
    """Yield the scorer."""
    yield Scorer("splink", _find, say("with Splink on DuckDB, for millions of customers"))


def _find(profiles: "Iterable[Profile]") -> "Duplicates":
    from crmcore_splink.finding import find_duplicates  # noqa: PLC0415 (only for whoever looks for duplicates)

    return find_duplicates(profiles)

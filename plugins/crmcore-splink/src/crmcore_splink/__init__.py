"""Duplicates among millions of customers, found by Splink on DuckDB. Splink is imported when they are looked for."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from crmcore.language import bring_catalogue, say
from crmcore.plugins import Scorer, hookimpl

if TYPE_CHECKING:
    from crmcore.customers.duplicates import Duplicates, Profile

__all__ = ["CRMCORE_CONTRACT", "crmcore_scorers", "find_duplicates"]

CRMCORE_CONTRACT = 1
"""The version of the hooks that the plugin is written for."""

bring_catalogue(__name__)


@hookimpl
def crmcore_scorers() -> Iterable[Scorer]:
    """Yield the scorer."""
    yield Scorer("splink", find_duplicates, say("with Splink on DuckDB, for millions of customers"))


def find_duplicates(profiles: "Iterable[Profile]") -> "Duplicates":
    """Find the customers that were entered more than once; `crmcore_splink.finding` takes settings too.

    Args:
        profiles: of all customers.

    Raises:
        RepeatedProfile: two profiles have one id.
    """
    from crmcore_splink import finding  # noqa: PLC0415 (only for whoever looks for duplicates)

    return finding.find_duplicates(profiles)

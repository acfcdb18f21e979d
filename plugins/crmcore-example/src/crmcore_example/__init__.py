"""An example of a plugin: what it adds to crmcore. Each hook imports what it adds when it is asked."""

from typing import TYPE_CHECKING

from crmcore.language import bring_catalogue
from crmcore.plugins import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crmcore.checks import Check

__all__ = ["CRMCORE_CONTRACT", "crmcore_checks"]

CRMCORE_CONTRACT = 1
"""The version of the hooks that the plugin is written for."""

bring_catalogue(__name__)


@hookimpl
def crmcore_checks() -> "Iterable[Check]":
    """Yield the checks of the plugin."""
    from crmcore_example.labels import UNLABELLED  # noqa: PLC0415 (only for whoever asks for checks)

    yield UNLABELLED

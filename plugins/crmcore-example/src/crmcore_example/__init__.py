"""An example of a plugin: what it adds to crmcore."""

from collections.abc import Iterable

from crmcore.checks import Check
from crmcore.plugins import hookimpl
from crmcore_example.labels import UNLABELLED

__all__ = ["CRMCORE_CONTRACT", "crmcore_checks"]

CRMCORE_CONTRACT = 1
"""The version of the hooks that the plugin is written for."""


@hookimpl
def crmcore_checks() -> Iterable[Check]:
    """Yield the checks of the plugin."""
    yield UNLABELLED

"""What crmcore brings itself, as a plugin like any other: its checks."""

from collections.abc import Iterable

from crmcore.checks.findings import Check
from crmcore.checks.registry import CHECKS
from crmcore.plugins import hookimpl

__all__ = ["crmcore_checks"]


@hookimpl
def crmcore_checks() -> Iterable[Check]:
    """Yield the checks that come with crmcore."""
    yield from CHECKS

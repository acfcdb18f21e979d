"""What is installed beside crmcore: the checks of its own and those of plugins, loaded when a command asks."""

from typing import TYPE_CHECKING

from crmcore.plugins import Registry

if TYPE_CHECKING:
    from crmcore.checks import Check

__all__ = ["installed_checks"]


def installed_checks() -> "tuple[Check, ...]":
    """Return all checks, by code."""
    return Registry.installed().checks

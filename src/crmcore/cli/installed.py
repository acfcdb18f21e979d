"""What is installed beside crmcore: what it adds itself and what plugins add, loaded when a command asks."""

from typing import TYPE_CHECKING

from crmcore.plugins import Registry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crmcore.checks import Check
    from crmcore.plugins import Command

__all__ = ["installed_checks", "installed_commands"]


def installed_checks() -> "tuple[Check, ...]":
    """Return all checks, by code."""
    return Registry.installed().checks


def installed_commands() -> "Mapping[str, Command]":
    """Return all commands, by name."""
    return Registry.installed().commands

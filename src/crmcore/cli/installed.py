"""What is installed beside crmcore: what it adds itself and what plugins add, loaded when a command asks."""

from typing import TYPE_CHECKING

import click

from crmcore.cli.harmless import visible
from crmcore.language import say, told
from crmcore.plugins import Registry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crmcore.checks import Check
    from crmcore.plugins import Command

__all__ = ["installed_checks", "installed_commands"]


def installed_checks() -> "tuple[Check, ...]":
    """Return all checks, by code; say whose are missing, because their plugin failed."""
    registry = Registry.installed()
    checks = registry.checks
    for failure in registry.failed("crmcore_checks"):
        missing = say("The checks of {plugin} are missing: {reason}", plugin=str(failure), reason=failure.reason)
        click.echo(visible(told(missing)), err=True)
    return checks


def installed_commands() -> "Mapping[str, Command]":
    """Return all commands, by name."""
    return Registry.installed().commands

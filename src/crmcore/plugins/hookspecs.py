"""The hooks: what a plugin can add. Each yields frozen records with a name, by which they are sorted."""

from typing import TYPE_CHECKING, Final

import pluggy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crmcore.checks import Check

__all__ = ["CONTRACT", "HOOKS", "crmcore_checks", "hookimpl", "hookspec"]

CONTRACT: Final = 1
"""The version of the hooks. It rises when one of them changes so that a plugin written for an older one would break."""

hookspec = pluggy.HookspecMarker("crmcore")

hookimpl = pluggy.HookimplMarker("crmcore")
"""Marks a function of a plugin as the implementation of the hook of its name."""


@hookspec
def crmcore_checks() -> "Iterable[Check]":
    """Yield checks: each proves something of an organization, with a code, a name and a page.

    A code is letters and digits. Its letters are the plugin's own; those of crmcore's families are taken.
    """
    return ()


HOOKS: Final = ("crmcore_checks",)
"""The names of the hooks."""

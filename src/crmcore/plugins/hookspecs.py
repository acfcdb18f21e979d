"""The hooks: what a plugin can add. Each yields frozen records with a name, by which they are sorted."""

from typing import TYPE_CHECKING, Final

import pluggy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crmcore.checks import Check
    from crmcore.customers import Assigner, Guard
    from crmcore.importing import Importer
    from crmcore.plugins.records import Channel, Command, Notifier, Observer, Scorer, Storage
    from crmcore.storage import Kind

__all__ = [
    "CONTRACT",
    "crmcore_assigners",
    "crmcore_channels",
    "crmcore_checks",
    "crmcore_commands",
    "crmcore_guards",
    "crmcore_importers",
    "crmcore_kinds",
    "crmcore_notifiers",
    "crmcore_observers",
    "crmcore_scorers",
    "crmcore_storages",
    "hookimpl",
    "hookspec",
]

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


@hookspec
def crmcore_storages() -> "Iterable[Storage]":
    """Yield storages: each opens the URLs of one scheme, such as `sqlite:///crm.db`."""
    return ()


@hookspec
def crmcore_kinds() -> "Iterable[Kind]":
    """Yield kinds of records, which are stored beside those of crmcore in every storage."""
    return ()


@hookspec
def crmcore_commands() -> "Iterable[Command]":
    """Yield commands, which `crmcore` lists after its own and runs."""
    return ()


@hookspec
def crmcore_channels() -> "Iterable[Channel]":
    """Yield channels: each takes messages to customers, and brings theirs."""
    return ()


@hookspec
def crmcore_notifiers() -> "Iterable[Notifier]":
    """Yield notifiers: each tells people of the organization what concerns them."""
    return ()


@hookspec
def crmcore_observers() -> "Iterable[Observer]":
    """Yield observers: each is told of events, one at a time, once they are committed."""
    return ()


@hookspec
def crmcore_assigners() -> "Iterable[Assigner]":
    """Yield rules by which one of a pool is chosen for a customer, as `assign` of a staffing entry names them."""
    return ()


@hookspec
def crmcore_guards() -> "Iterable[Guard]":
    """Yield guards: each can object to a customer coming into another stage, and says what is missing."""
    return ()


@hookspec
def crmcore_importers() -> "Iterable[Importer]":
    """Yield importers: each opens files of one format as tables, out of which records are imported."""
    return ()


@hookspec
def crmcore_scorers() -> "Iterable[Scorer]":
    """Yield scorers: each finds the customers that were entered more than once."""
    return ()

"""What crmcore brings itself, as a plugin like any other. Each hook imports what it adds when it is asked."""

from collections.abc import Iterable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, cast

from crmcore.language import say
from crmcore.plugins import Command, Scorer, Storage, hookimpl

if TYPE_CHECKING:
    import click

    from crmcore import storage
    from crmcore.checks import Check
    from crmcore.customers import Assigner, Guard
    from crmcore.customers.duplicates import Duplicates, Profile
    from crmcore.importing import Importer
    from crmcore.storage import Kind

__all__ = [
    "crmcore_assigners",
    "crmcore_checks",
    "crmcore_commands",
    "crmcore_guards",
    "crmcore_importers",
    "crmcore_kinds",
    "crmcore_scorers",
    "crmcore_storages",
]


@hookimpl
def crmcore_checks() -> "Iterable[Check]":
    """Yield the checks that come with crmcore."""
    from crmcore.checks import CHECKS  # noqa: PLC0415 (only for whoever asks for checks)

    yield from CHECKS


@hookimpl
def crmcore_storages() -> Iterable[Storage]:
    """Yield the storage that comes with crmcore."""
    yield Storage("memory", _in_memory, say("in the memory of the process, for tests and examples"))


@hookimpl
def crmcore_kinds() -> "Iterable[Kind]":
    """Yield the kinds of records that come with crmcore."""
    from crmcore.adoption import ORGANIZATION_VERSION  # noqa: PLC0415 (only for whoever opens a CRM)
    from crmcore.customers import CUSTOMER_KINDS  # noqa: PLC0415 (only for whoever opens a CRM)
    from crmcore.importing import IMPORT_KINDS  # noqa: PLC0415 (only for whoever opens a CRM)
    from crmcore.messaging import MESSAGE_KINDS  # noqa: PLC0415 (only for whoever opens a CRM)

    yield from CUSTOMER_KINDS
    yield from IMPORT_KINDS
    yield ORGANIZATION_VERSION
    yield from MESSAGE_KINDS


@hookimpl
def crmcore_assigners() -> "Iterable[Assigner]":
    """Yield the rules that come with crmcore."""
    from crmcore.customers import ASSIGNERS  # noqa: PLC0415 (only for whoever opens a CRM)

    yield from ASSIGNERS


@hookimpl
def crmcore_guards() -> "Iterable[Guard]":
    """Yield the guards that come with crmcore."""
    from crmcore.customers import GUARDS  # noqa: PLC0415 (only for whoever opens a CRM)

    yield from GUARDS


@hookimpl
def crmcore_importers() -> "Iterable[Importer]":
    """Yield the importers that come with crmcore."""
    from crmcore.importing import BUILT_IN  # noqa: PLC0415 (only for whoever imports a file)

    yield from BUILT_IN


@hookimpl
def crmcore_commands() -> Iterable[Command]:
    """Yield the commands that come with crmcore."""
    from crmcore.cli.commands import COMMANDS  # noqa: PLC0415 (only for whoever asks for commands)

    for name, summary in COMMANDS.items():
        yield Command(name, summary, partial(_command, name))


@hookimpl
def crmcore_scorers() -> Iterable[Scorer]:
    """Yield the scorer that comes with crmcore."""
    yield Scorer("builtin", _duplicates, say("in the memory of the process, for some ten thousand customers"))


def _duplicates(profiles: "Iterable[Profile]") -> "Duplicates":
    from crmcore.customers.duplicates import find_duplicates  # noqa: PLC0415 (only for whoever looks for duplicates)

    return find_duplicates(profiles)


def _in_memory(_url: str, kinds: "storage.Kinds") -> "storage.Storage":
    from crmcore.storage import MemoryStorage  # noqa: PLC0415 (only for whoever opens it)

    return MemoryStorage(kinds)


def _command(name: str) -> "click.Command":
    from crmcore.cli.commands import MODULES  # noqa: PLC0415 (only for whoever calls one)

    return cast("click.Command", import_module(f"crmcore.cli.{MODULES.get(name, name)}").command)

"""The plugin: which databases it adds. SQLAlchemy is imported when one of them is opened."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from crmcore.language import say
from crmcore.plugins import Command, Storage, hookimpl

if TYPE_CHECKING:
    import click

    from crmcore import storage

__all__ = ["CRMCORE_CONTRACT", "crmcore_commands", "crmcore_storages"]

CRMCORE_CONTRACT = 1
"""The version of the hooks that the plugin is written for."""


@hookimpl
def crmcore_storages() -> Iterable[Storage]:
    """Yield the databases, by the schemes of their URLs."""
    yield Storage("sqlite", _open, say("a file, with one writer at a time"))
    yield Storage("postgresql", _open, say("a PostgreSQL server"))
    yield Storage("mariadb", _open, say("a MariaDB server"))


@hookimpl
def crmcore_commands() -> Iterable[Command]:
    """Yield the command that looks after a database."""
    yield Command("db", say("Bring a database up to date, look at it, move it, keep it safe."), _command)


def _command() -> "click.Command":
    from crmcore_sqlalchemy.commands import command  # noqa: PLC0415 (only for whoever runs it)

    return command


def _open(url: str, kinds: "storage.Kinds") -> "storage.Storage":
    from crmcore_sqlalchemy.storage import SQLStorage  # noqa: PLC0415 (only for whoever opens one)

    return SQLStorage.open(url, kinds)

"""The storage that a command is about: opened by its URL, with the kinds that are installed."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from crmcore.cli.failures import Failure
from crmcore.cli.organizations import organization_at
from crmcore.language import say, told
from crmcore.organization import Organization
from crmcore.organization.reading.sources import MAIN_FILES

if TYPE_CHECKING:
    from crmcore.customers import Population
    from crmcore.storage import Storage

__all__ = ["customers_on_file", "opened", "organization_given", "storage_option", "tenant_option"]

_FILE: Final = re.compile(r"sqlite(?:\+\w+)?:///([^?]+)")
"""The URL of a file, which opening it would make."""


def tenant_option() -> Callable[[Any], Any]:
    """Return the option that names a tenant."""
    return click.option(
        "--tenant", default="main", show_default=True, help="Whose records, where a storage has those of several."
    )


def storage_option(help: str, *, required: bool = False) -> Callable[[Any], Any]:  # noqa: A002 (click calls it so)
    """Return the option that names a storage.

    Args:
        help: what the command does with it.
        required: whether it has to be given.
    """
    # A command that needs no storage opens none because of a variable that was set for another one.
    variable = "CRMCORE_STORAGE" if required else None
    return click.option("--storage", metavar="URL", envvar=variable, required=required, help=help)


@contextmanager
def opened(url: str, organization: Organization | None = None) -> "Iterator[Storage]":
    """Open a storage.

    Args:
        url: such as `sqlite:///crm.db`.
        organization: whose customers it has; None where only the versions of organizations are read, for which no file
            is made that is not there.

    Raises:
        Failure: there is no such file.
        UnknownName, NotInstalled: there is no storage for the URL.
        StorageUnavailable: the storage cannot be reached, or its schema has to be upgraded.
    """
    from crmcore.adoption import ORGANIZATION_VERSION  # noqa: PLC0415 (most commands open no storage)
    from crmcore.crm import CRM  # noqa: PLC0415 (as above)
    from crmcore.plugins import Registry  # noqa: PLC0415 (as above)
    from crmcore.storage import Kinds  # noqa: PLC0415 (as above)

    file = _FILE.match(url)
    if organization is None and file is not None and not Path(file[1]).exists():
        message = say("Error: there is no file {file}.", file=click.format_filename(file[1]))
        raise Failure(told(message))
    registry = Registry.installed()
    kinds = Kinds([ORGANIZATION_VERSION]) if organization is None else CRM.kinds(organization, plugins=registry)
    with registry.storage_of(url).open(url, kinds) as storage:
        yield storage


def organization_given(path: Path | None, url: str | None, tenant: str, day: date | None) -> Organization:
    """Return the organization that a command is about: a file's, that of this folder, or what is in force in a storage.

    Args:
        path: the path that is given.
        url: the storage that is given.
        tenant: whose it is.
        day: the day on which it is in force; None for today.
    """
    if path is not None or url is None or any(Path(name).exists() for name in MAIN_FILES):
        return organization_at(path)
    from crmcore.adoption import organization_on, today  # noqa: PLC0415 (most commands open no storage)

    with opened(url) as storage, storage.begin(tenant, read_only=True) as work:
        return organization_on(work, day or today(work))


def customers_on_file(url: str, tenant: str, organization: Organization, on: date) -> "Population":
    """Count the customers on file by the dimensions of an organization, which need not be the one in force."""
    from crmcore.adoption import NoVersion, organization_on  # noqa: PLC0415 (most commands open no storage)
    from crmcore.customers import population  # noqa: PLC0415 (as above)

    with opened(url) as storage, storage.begin(tenant, read_only=True) as work:
        try:
            in_force = organization_on(work, on)
        except NoVersion:
            in_force = organization
    with opened(url, in_force) as storage, storage.begin(tenant, read_only=True) as work:
        return population(work, storage.kinds, organization)

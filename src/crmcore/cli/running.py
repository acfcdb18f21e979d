"""The CRM that a command is about: an organization and its storage, opened together."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crmcore.cli.on_file import organization_given

if TYPE_CHECKING:
    from crmcore.crm import CRM

__all__ = ["organization_option", "running"]


def organization_option() -> Callable[[Any], Any]:
    """Return the option that names the file of the organization."""
    return click.option(
        "--organization",
        "path",
        type=click.Path(path_type=Path),
        help="The organization's file; crmcore.yaml of this folder, or else the one adopted in the storage, if absent.",
    )


@contextmanager
def running(storage: str, path: Path | None, tenant: str, *, actor: str = "crmcore") -> "Iterator[CRM]":
    """Open the CRM of a storage.

    Args:
        storage: its URL.
        path: the organization's file; None for the one that is given otherwise.
        tenant: whose records they are.
        actor: who acts.
    """
    from crmcore.crm import CRM  # noqa: PLC0415 (the help of a command opens none)

    organization = organization_given(path, storage, tenant, None)
    with CRM.open(storage, organization=organization, tenant=tenant, actor=actor) as crm:
        yield crm

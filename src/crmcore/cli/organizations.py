"""Finding and reading the organization that a command is about."""

from pathlib import Path
from typing import Final

from crmcore.cli.failures import Failure
from crmcore.language import say, told
from crmcore.organization import Organization
from crmcore.organization.reading.sources import MAIN_FILES

__all__ = ["organization_at"]

_HERE: Final = Path()


def organization_at(path: Path | None) -> Organization:
    """Read the organization at a path, or that of this folder.

    Raises:
        Failure: no path is given, and no organization is here.
        InvalidOrganization: it cannot be read; every fault is in it.
    """
    if path is None and not any(Path(name).exists() for name in MAIN_FILES):
        message = say(
            "Error: there is no crmcore.yaml in this folder: give the path of your organization file, "
            "or see what one does with `crmcore demo`."
        )
        raise Failure(told(message))
    return Organization.read(path or _HERE)

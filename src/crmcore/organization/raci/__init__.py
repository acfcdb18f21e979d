"""RACI matrices as companies keep them: into an organization, and out of one again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from crmcore.organization.model import Organization
from crmcore.organization.raci.exporting import raci_rows
from crmcore.organization.raci.importing import Imported, import_raci
from crmcore.organization.raci.layouts import looks_like_raci
from crmcore.organization.spreadsheets import read_grid, write_grid

__all__ = ["Imported", "import_raci", "raci_rows", "read_raci", "write_raci"]


def read_raci(
    path: Path,
    *,
    sheet: str | None = None,
    into: Organization | None = None,
    name: str = "",
    progress: Callable[[str, float], Any] | None = None,
) -> Imported:
    """Read the RACI matrix of a file.

    Args:
        path: a CSV or .xlsx file.
        sheet: the sheet of the workbook; None for the only one that looks like a RACI matrix.
        into: the organization that gets its touchpoints, roles and duties; None for a new one.
        name: the name of a new organization; that of the file if empty.
        progress: called with what is being done and how much is done, from 0 to 1.

    Raises:
        UnreadableSheet: the file cannot be read, or holds no RACI matrix.
        SheetWanted: there is no such sheet, or several could be meant.
        MissingLibrary: the library that reads .xlsx is not installed.
        InvalidOrganization: there is no such file.
    """
    grid = read_grid(path, sheet=sheet, fits=looks_like_raci, progress=progress)
    return import_raci(grid, into=into, name=name or path.stem)


def write_raci(organization: Organization, path: Path, *, by_scope: bool = False) -> list[str]:
    """Write the duties of an organization as a RACI matrix, and return what it cannot say: a phrase each.

    Args:
        organization: the organization.
        path: a file that ends in .csv or .xlsx.
        by_scope: whether each scope has a row of its own, rather than standing in the cells.

    Raises:
        UnreadableSheet: the name ends in something else.
        MissingLibrary: the library that writes .xlsx is not installed.
        OSError: the file cannot be written.
    """
    rows, heading, left_out = raci_rows(organization, by_scope=by_scope)
    write_grid(path, rows, sheet="RACI", heading=heading)
    return left_out

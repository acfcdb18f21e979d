"""Reading a sheet, whatever kind of file it is: what it holds decides, not how it is called."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from crmcore.language import say
from crmcore.organization.faults import Faults
from crmcore.organization.reading.files import bytes_of
from crmcore.organization.spreadsheets.csv_grids import read_csv
from crmcore.organization.spreadsheets.grids import Grid
from crmcore.organization.spreadsheets.refusing import UnreadableSheet
from crmcore.organization.spreadsheets.xlsx_grids import read_xlsx

__all__ = ["read_grid", "refuse_others"]

_ZIP: Final = b"PK"
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_OF_EXCEL: Final = (".xlsx", ".xlsm", ".xls", ".xlsb", ".et", ".ods", ".numbers")


def read_grid(
    path: Path,
    *,
    sheet: str | None = None,
    fits: Callable[[Grid], bool] = lambda _: True,
    progress: Callable[[str, float], Any] | None = None,
) -> Grid:
    """Return the sheet of a file as a grid.

    Args:
        path: a CSV or .xlsx file.
        sheet: the name of a sheet of the workbook; None for the only one that fits.
        fits: says whether a sheet looks like what is wanted, where there are several.
        progress: called with what is being done and how much is done, from 0 to 1.

    Raises:
        UnreadableSheet: the file cannot be read as a sheet, or holds nothing.
        SheetWanted: there is no such sheet, or several could be meant.
        MissingLibrary: the library that reads .xlsx is not installed.
        InvalidOrganization: there is no such file, or it is too large.
    """
    faults = Faults()
    data = bytes_of(path, faults)
    if data is None:
        raise faults.error()
    file = str(path)
    refuse_others(path, data)
    if data.startswith(_ZIP):
        grid = read_xlsx(file, data, sheet, fits, progress)
    elif sheet is not None:
        raise UnreadableSheet(file, say("a CSV file has no sheets"), say("leave --sheet out"))
    else:
        grid = read_csv(file, data, progress)
    if grid.empty and not grid.odd:
        raise UnreadableSheet(file, say("the sheet is empty"), say("choose another sheet, or another file"))
    return grid


def refuse_others(path: Path, data: bytes) -> None:
    """Refuse what looks like a sheet and is none that can be read, and say how to save it.

    Raises:
        UnreadableSheet: it is an old, protected or mislabelled workbook.
    """
    file = str(path)
    if data.startswith(_OLE) and _ENCRYPTED in data:
        mend = say("open it, take the password off under File > Info > Protect Workbook, and save it again")
        raise UnreadableSheet(file, say("the workbook is protected with a password"), mend)
    if data.startswith(_OLE):
        reason = say("the file has the old format of Excel, .xls")
        raise UnreadableSheet(file, reason, say("open it, and save it as .xlsx or as CSV"))
    if path.suffix.lower() in _OF_EXCEL and not data.startswith(_ZIP):
        name = {"ending": path.suffix.lower()}
        reason = say("the file is no workbook, though its name ends in {ending}", **name)
        raise UnreadableSheet(file, reason, say("save it as .xlsx, or as CSV"))

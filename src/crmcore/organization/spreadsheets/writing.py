"""Writing a grid as CSV or .xlsx so that no spreadsheet takes a text for a formula."""

import csv
import io
import re
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from crmcore.language import say
from crmcore.organization.spreadsheets.grids import column_name
from crmcore.organization.spreadsheets.refusing import MissingLibrary, UnreadableSheet

__all__ = ["write_grid"]

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "'")
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
_WIDEST: Final = 40
_ESCAPE: Final = re.compile("_x([0-9A-Fa-f]{4})_")  # what a workbook takes for one character


def write_grid(path: Path, rows: Sequence[Sequence[str]], *, sheet: str = "", heading: int = 1) -> None:
    """Write texts as a sheet.

    Args:
        path: a file that ends in .csv or .xlsx.
        rows: the texts of the cells.
        sheet: what a workbook calls the sheet.
        heading: how many rows at the top are headings; they stay in view.

    Raises:
        UnreadableSheet: the name ends in something else, or no sheet can be that large.
        MissingLibrary: the library that writes .xlsx is not installed.
        OSError: the file cannot be written.
    """
    ending = path.suffix.lower()
    if ending == ".csv":
        path.write_bytes(_csv(rows))
    elif ending == ".xlsx":
        path.write_bytes(_xlsx(path, rows, sheet or "RACI", heading))
    else:
        raise UnreadableSheet(str(path), say("a sheet ends in .csv or .xlsx"), say("name such a file"))


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    """Return CSV with a byte order mark, by which spreadsheet programs know UTF-8."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerows([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def _xlsx(path: Path, rows: Sequence[Sequence[str]], sheet: str, heading: int) -> bytes:
    if len(rows) > _MOST_ROWS or max(map(len, rows), default=0) > _MOST_COLUMNS:
        reason = say("no workbook has {rows} rows and {columns} columns", rows=len(rows), columns=len(rows[0]))
        raise UnreadableSheet(str(path), reason, say("write CSV"))
    try:
        openpyxl: Any = import_module("openpyxl")  # an extra, and only for .xlsx
    except ImportError:
        raise MissingLibrary(str(path), "openpyxl") from None
    workbook = openpyxl.Workbook()
    page = workbook.active
    page.title = sheet
    for row, cells in enumerate(rows, 1):
        for column, text in enumerate(cells, 1):
            if text:
                cell = page.cell(row, column)
                cell.value = _ESCAPE.sub(r"_x005F_x\1_", text)
                cell.data_type = "s"  # never a formula
    _lay_out(page, rows, heading)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _lay_out(page: Any, rows: Sequence[Sequence[str]], heading: int) -> None:
    """Make the sheet easy to read: headings stay in view, and columns are as wide as their texts."""
    page.freeze_panes = page.cell(heading + 1, 2)
    for column in range(max(map(len, rows), default=0)):
        texts = [row[column] for row in rows[:500] if column < len(row)]
        width = max((sum(2 if ord(letter) > 0x2E7F else 1 for letter in text[:_WIDEST]) for text in texts), default=8)
        page.column_dimensions[column_name(column)].width = min(max(width + 2, 6), _WIDEST)

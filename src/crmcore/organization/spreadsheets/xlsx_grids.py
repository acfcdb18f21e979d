"""Grids out of .xlsx files."""

import io
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from importlib import import_module
from typing import Any, Final

from crmcore.language import say
from crmcore.organization.spreadsheets.cleaning import cleaned
from crmcore.organization.spreadsheets.grids import Grid
from crmcore.organization.spreadsheets.packages import Package
from crmcore.organization.spreadsheets.refusing import MissingLibrary, SheetWanted, UnreadableSheet
from crmcore.organization.spreadsheets.workbooks import Layout, SheetPart, layout_of, sheets_of

__all__ = ["opened", "read_xlsx", "values_of"]

Progress = Callable[[str, float], Any] | None
Fits = Callable[[Grid], bool]
_STEP: Final = 1_000


def read_xlsx(file: str, data: bytes, sheet: str | None, fits: Fits, progress: Progress = None) -> Grid:
    """Return a sheet of a workbook.

    Args:
        file: the name of the workbook.
        data: its bytes.
        sheet: the name of the sheet; None for the only one that fits.
        fits: says whether a sheet looks like what is wanted.
        progress: called with what is being done and how much is done, from 0 to 1.

    Raises:
        UnreadableSheet: the workbook cannot be read.
        SheetWanted: there is no such sheet, or several could be meant.
        MissingLibrary: the library that reads workbooks is not installed.
    """
    package = Package.of(file, data)
    parts = sheets_of(package)
    workbook = opened(package)
    if sheet is not None:
        named = next((part for part in parts if part.name == sheet), None)
        if named is None:
            raise SheetWanted(file, sheet, [part.name for part in parts])
        return _grid(package, workbook, named, progress)
    grids = (_grid(package, workbook, part, progress) for part in parts if part.visible)
    return _chosen(file, (grid for grid in grids if not grid.empty or grid.odd), fits)


def _chosen(file: str, grids: Iterator[Grid], fits: Fits) -> Grid:
    """Return the only grid, or the only one that fits."""
    names: list[str] = []
    fitting: list[Grid] = []
    last: Grid | None = None
    for grid in grids:
        names.append(grid.sheet)
        last = grid
        if fits(grid):
            fitting = [*fitting, grid][-2:]
    if last is None:
        reason = say("no sheet of the workbook holds anything that people see")
        raise UnreadableSheet(file, reason, say("name a hidden sheet with --sheet, or choose another file"))
    if len(names) > 1 and len(fitting) != 1:
        raise SheetWanted(file, None, names)
    return fitting[0] if fitting else last


def opened(package: Package) -> Any:
    """Return a workbook as calamine knows it.

    Raises:
        UnreadableSheet: the workbook cannot be read.
        MissingLibrary: the library that reads workbooks is not installed.
    """
    try:
        calamine: Any = import_module("python_calamine")  # an extra, and only for .xlsx
    except ImportError:
        raise MissingLibrary(package.file, "python-calamine") from None
    return _guarded(package.file, lambda: calamine.CalamineWorkbook.from_filelike(io.BytesIO(package.data)))


def _guarded(file: str, work: Callable[[], Any]) -> Any:
    """Do what calamine does; what it cannot do is the fault of the file."""
    try:
        return work()
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException as error:  # a panic inside calamine derives from BaseException
        reason = say("the file is damaged or cut off: {problem}", problem=str(error)[:200])
        mend = say("open it in your spreadsheet program and save it again")
        raise UnreadableSheet(file, reason, mend) from None


def _grid(package: Package, workbook: Any, part: SheetPart, progress: Progress) -> Grid:
    layout = layout_of(package, part, progress)
    rows: list[Sequence[str]] = []
    texts: dict[str, str] = {}
    for index, values in enumerate(values_of(package.file, workbook, part, layout)):
        cells = [
            "" if value == "" else texts.setdefault(text := cleaned(package.file, _text(value), index, column), text)
            for column, value in enumerate(values)
        ]
        while cells and not cells[-1]:
            cells.pop()
        rows.append(cells)
        if progress is not None and index % _STEP == 0:
            progress(say("reading {file}", file=package.file), 0.5 + index / max(layout.rows, 1) / 2)
    for row, column in layout.odd:
        if row < len(rows) and column < len(rows[row]):
            rows[row] = [*rows[row][:column], "", *rows[row][column + 1 :]]
    return Grid(
        package.file,
        rows,
        part.name,
        tuple(layout.merges),
        tuple(row for row in layout.hidden_rows if row < len(rows)),
        tuple(column for column in layout.hidden_columns if column < layout.columns),
        layout.odd,
    )


def values_of(file: str, workbook: Any, part: SheetPart, layout: Layout) -> Iterator[Sequence[Any]]:
    """Yield the rows of values from the first row and the first column of the sheet.

    Raises:
        UnreadableSheet: the workbook cannot be read.
    """
    if not layout.rows:
        return
    sheet = _guarded(file, lambda: workbook.get_sheet_by_name(part.name))
    start = _guarded(file, lambda: sheet.start)
    if start is None:
        return
    before = [""] * start[1]
    rows = iter(sheet.iter_rows())
    while (row := _guarded(file, lambda: next(rows, None))) is not None:
        yield [*before, *row]


def _text(value: Any) -> str:
    """Return a value as people would type it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return value.isoformat() if isinstance(value, date | time) else str(value)

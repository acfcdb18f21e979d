"""Excel workbooks (.xlsx) as tables: one sheet, with what the workbook tells of its cells."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, Final

from attrs import evolve

from crmcore.importing.headings import Header, header_of, is_comment
from crmcore.importing.layouts import Clue, Layout
from crmcore.importing.oddities import Oddity
from crmcore.importing.tables import Cell, Line, Table, column_names
from crmcore.language import Phrase, listed, say
from crmcore.organization.spreadsheets import SheetWanted, UnreadableSheet
from crmcore.organization.spreadsheets.grids import Merge, address, column_name
from crmcore.organization.spreadsheets.packages import Package
from crmcore.organization.spreadsheets.workbooks import Layout as SheetLayout
from crmcore.organization.spreadsheets.workbooks import SheetPart, layout_of, sheets_of
from crmcore.organization.spreadsheets.xlsx_grids import opened, values_of

__all__ = ["open_workbook"]

_SAMPLE_ROWS: Final = 200
_SHOWN: Final = 5


def open_workbook(path: Path, wished: Layout) -> Table:
    """Open one sheet of a workbook as a table.

    Args:
        path: the file.
        wished: what somebody says of its layout, such as the sheet; the rest is guessed.

    Raises:
        UnreadableSheet: it is no workbook, or the sheet holds nothing.
        SheetWanted: there is no such sheet, or several hold something.
        MissingLibrary: the library that reads workbooks is not installed.
        OSError: it cannot be read.
    """
    package = Package.of(str(path), path.read_bytes())
    workbook = opened(package)
    part, sheet, because = _chosen(package, wished.sheet)

    def rows() -> Iterator[list[Cell]]:
        for values in values_of(package.file, workbook, part, sheet):
            yield [_cell(value) for value in values]

    first = list(islice(rows(), _SAMPLE_ROWS))
    if not any(any(cell != "" for cell in row) for row in first):
        raise UnreadableSheet(str(path), say("the sheet is empty"), say("choose another sheet, or another file"))
    header = header_of(first) if wished.header is None else Header(wished.header - 1, say("as you say"))
    width = max(map(len, first))
    names: Sequence[Cell] = first[header.row] if 0 <= header.row < len(first) else [""] * width
    columns, odd = column_names(_without_end(names) if header.row >= 0 else names)
    layout = evolve(wished, format="xlsx", sheet=part.name, header=header.row + 1)
    found: Phrase = say("row {row}", row=header.row + 1) if header.row >= 0 else say("none")
    return Table(
        str(path),
        layout,
        columns,
        lambda: _lines(rows(), header.row + 1, len(columns)),
        (Clue("sheet", part.name, because), Clue("header", found, header.because)),
        (*(odd if header.row >= 0 else ()), *_oddities(sheet)),
        path.stat().st_size,
    )


def _chosen(package: Package, wanted: str) -> tuple[SheetPart, SheetLayout, Phrase]:
    """Return the sheet that is wanted, or the only one that people see and that holds something."""
    parts = sheets_of(package)
    if wanted:
        named = next((part for part in parts if part.name == wanted), None)
        if named is None:
            raise SheetWanted(package.file, wanted, [part.name for part in parts])
        return named, layout_of(package, named), say("as you say")
    visible = [(part, layout) for part in parts if part.visible and (layout := layout_of(package, part)).rows]
    if not visible:
        reason = say("no sheet of the workbook holds anything that people see")
        raise UnreadableSheet(package.file, reason, say("name a hidden sheet with --sheet, or choose another file"))
    if len(visible) > 1:
        raise SheetWanted(package.file, None, [part.name for part, _ in visible])
    return *visible[0], say("it is the only one that holds something")


def _cell(value: Any) -> Cell:
    """Return a value of calamine as a cell: midnight is a day, and numbers are exact."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else Decimal(repr(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date()
    return value if isinstance(value, str | int | date) else str(value)


def _without_end(cells: Sequence[Cell]) -> Sequence[Cell]:
    end = len(cells)
    while end and cells[end - 1] == "":
        end -= 1
    return cells[:end]


def _lines(rows: Iterator[list[Cell]], header: int, width: int) -> Iterator[Line]:
    for index, cells in enumerate(rows):
        if index < header or not any(cell != "" for cell in cells) or is_comment(cells, width):
            continue
        end = len(cells)
        while end > width and cells[end - 1] == "":
            end -= 1
        yield Line(index + 1, cells[:end])


def _oddities(sheet: SheetLayout) -> Iterator[Oddity]:
    if sheet.odd:
        for text in dict.fromkeys(sheet.odd.values()):
            lines = sorted({row + 1 for (row, _), one in sheet.odd.items() if one == text})
            yield Oddity("no-value", "", text, tuple(lines[:_SHOWN]), len(lines))
    if sheet.merges:
        cells = listed([_span(merge) for merge in sheet.merges[:_SHOWN]])
        yield Oddity(
            "merged-cells", "", say("merged cells hold their value in the first one only: {cells}", cells=cells)
        )
    if sheet.hidden_rows:
        rows = [row + 1 for row in sheet.hidden_rows]
        text = say("hidden rows are read like the others")
        yield Oddity("hidden-rows", "", text, tuple(rows[:_SHOWN]), len(rows))
    if sheet.hidden_columns:
        columns = listed(map(column_name, sheet.hidden_columns[:_SHOWN]))
        yield Oddity("hidden-columns", "", say("hidden columns are read like the others: {columns}", columns=columns))


def _span(merge: Merge) -> str:
    return f"{address(merge.top, merge.left)}:{address(merge.bottom, merge.right)}"

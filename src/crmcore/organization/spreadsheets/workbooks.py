"""What an .xlsx file says beside the values of its cells: sheets, what is hidden, what is merged, formulas."""

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final
from xml.parsers import expat

from attrs import define, field, frozen

from crmcore.language import say
from crmcore.organization.spreadsheets.grids import Merge, address
from crmcore.organization.spreadsheets.packages import Package
from crmcore.organization.spreadsheets.refusing import UnreadableSheet

__all__ = ["LARGEST_AREA", "Layout", "SheetPart", "layout_of", "sheets_of"]

LARGEST_AREA: Final = 8_000_000
"""How many cells the rectangle around all that a sheet holds may have."""

_REFERENCE: Final = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_MOST_MERGED: Final = 100_000
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
_WORKBOOK: Final = "xl/workbook.xml"
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"
Attributes = Mapping[str, str]
Progress = Callable[[str, float], Any] | None


@frozen
class SheetPart:
    """A sheet of a workbook: its name, the member that holds it, and whether people see it."""

    name: str
    member: str
    visible: bool


@define
class Layout:
    """What a sheet says beside its values. Rows and columns count from 0.

    Attributes:
        rows: how many there are, up to the last cell that holds something.
        columns: how many there are.
        left: the first column that holds something.
        hidden_rows: the rows that are hidden.
        hidden_columns: the columns that are hidden.
        merges: the cells that are merged.
        odd: the cells whose value is unknown, and why.
    """

    rows: int = 0
    columns: int = 0
    left: int = _MOST_COLUMNS
    hidden_rows: list[int] = field(factory=list)
    hidden_columns: list[int] = field(factory=list)
    merges: list[Merge] = field(factory=list)
    odd: dict[tuple[int, int], str] = field(factory=dict)


def sheets_of(package: Package) -> list[SheetPart]:
    """Return the sheets of a workbook in their order.

    Raises:
        UnreadableSheet: the workbook is no XML.
    """
    targets: dict[str, str] = {}
    sheets: list[tuple[str, str, bool]] = []

    def relation(name: str, attributes: Attributes) -> None:
        if name == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def sheet(name: str, attributes: Attributes) -> None:
        if name == "sheet":
            link = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            sheets.append((attributes.get("name", ""), link, attributes.get("state", "visible") == "visible"))

    _parse(package, _RELATIONS, relation)
    _parse(package, _WORKBOOK, sheet)
    return [SheetPart(name, _member(targets.get(link, "")), visible) for name, link, visible in sheets]


def _member(target: str) -> str:
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def layout_of(package: Package, part: SheetPart, progress: Progress = None) -> Layout:
    """Return what a sheet says beside its values.

    Args:
        package: the workbook.
        part: the sheet.
        progress: called with what is being done and how much is done, from 0 to 1.

    Raises:
        UnreadableSheet: it is no XML, or reaches too far.
    """
    scan = _Scan(package.file)
    _parse(package, part.member, scan.begin, scan.end, progress)
    layout = scan.layout
    if layout.rows * (layout.columns - min(layout.left, layout.columns)) > LARGEST_AREA:
        reach = {"file": package.file, "cell": address(layout.rows - 1, layout.columns - 1)}
        reason = say("the sheet reaches to a cell that is too far away for a table of people or duties")
        raise UnreadableSheet(reach["file"], reason, say("remove what lies outside the table"), reach["cell"])
    return layout


class _Scan:
    """Looks at the elements of a sheet as they pass."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.layout = Layout()
        self.row = -1
        self.column = -1
        self.cell: tuple[int, int] = (0, 0)
        self.formula = self.value = self.wrong = self.text = False
        self.merged = 0

    def begin(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            self.begin_cell(attributes)
        elif name in ("v", "is"):
            self.value = True
        elif name == "f":
            self.formula = True
        elif name == "row":
            self.begin_row(attributes)
        elif name == "mergeCell":
            self.merge(attributes.get("ref", ""))
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = (self.number(attributes.get(end, ""), _MOST_COLUMNS) for end in ("min", "max"))
            self.layout.hidden_columns.extend(range(first, last + 1))

    def number(self, text: str, most: int) -> int:
        """Return a number counted from 0 of one counted from 1."""
        number = int(text) - 1 if text.isascii() and text.isdigit() and len(text) < 9 else most
        if not 0 <= number < most:
            raise self.outside(text)
        return number

    def outside(self, reference: str) -> UnreadableSheet:
        reason = say("the sheet speaks of a place that no sheet has: {reference}", reference=repr(reference[:20]))
        return UnreadableSheet(self.file, reason, say("open it in your spreadsheet program and save it again"))

    def begin_row(self, attributes: Attributes) -> None:
        self.row = self.number(attributes["r"], _MOST_ROWS) if "r" in attributes else self.row + 1
        self.column = -1
        if attributes.get("hidden") in ("1", "true"):
            self.layout.hidden_rows.append(self.row)

    def begin_cell(self, attributes: Attributes) -> None:
        reference = attributes.get("r")
        self.cell = (self.row, self.column + 1) if reference is None else self.place(reference)
        self.column = self.cell[1]
        self.formula = self.value = False
        self.wrong = attributes.get("t") == "e"
        self.text = attributes.get("t") == "str"  # of which an empty one is a value too

    def place(self, reference: str) -> tuple[int, int]:
        """Return the row and column of a cell, from 0."""
        match = _REFERENCE.fullmatch(reference)
        if match is None:
            raise self.outside(reference)
        column = 0
        for letter in match[1]:
            column = column * 26 + ord(letter) - ord("A") + 1
        if column > _MOST_COLUMNS:
            raise self.outside(reference)
        return self.number(match[2], _MOST_ROWS), column - 1

    def merge(self, reference: str) -> None:
        (top, left), (bottom, right) = (self.place(end) for end in (reference.split(":") * 2)[:2])
        self.merged += 1
        if self.merged > _MOST_MERGED:
            raise self.outside(reference)
        self.layout.merges.append(Merge(top, left, bottom, right))

    def end(self, name: str, text: str) -> None:
        if name == "v" and not text and not self.text:
            self.value = False
        if name != "c" or not (self.formula or self.value):
            return
        row, column = self.cell
        layout = self.layout
        if row >= layout.rows:
            layout.rows = row + 1
        if column >= layout.columns:
            layout.columns = column + 1
        layout.left = min(layout.left, column)
        if self.formula and not self.value:
            save = say("the formula has no value yet: open the sheet in your spreadsheet program and save it")
            layout.odd[self.cell] = save
        elif self.wrong:
            layout.odd[self.cell] = say("the cell shows an error instead of a value")


def _parse(
    package: Package,
    member: str,
    begin: Callable[[str, Attributes], None],
    end: Callable[[str, str], None] | None = None,
    progress: Progress = None,
) -> None:
    """Pass over the elements of a member, without ever following a reference to another file."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    text: list[str] = []

    def started(name: str, attributes: dict[str, str]) -> None:
        text.clear()
        begin(name.rpartition(":")[2], attributes)

    def ended(name: str) -> None:
        if end is not None:
            end(name.rpartition(":")[2], "x" if text else "")
            text.clear()

    def said(data: str) -> None:
        if not text and not data.isspace():
            text.append("")

    parser.StartElementHandler = started
    parser.EndElementHandler = ended
    if end is not None:
        parser.CharacterDataHandler = said
    for chunk, last in _with_last(package.chunks(member)):
        try:
            parser.Parse(chunk, last)
        except expat.ExpatError as error:
            reason = say("its part {name} is no XML: {problem}", name=member, problem=str(error))
            mend = say("open it in your spreadsheet program and save it again")
            raise UnreadableSheet(package.file, reason, mend) from None
        if progress is not None:
            done = min(parser.CurrentByteIndex / max(package.size(member), 1), 1.0)
            progress(say("reading {file}", file=package.file), done / 2)


def _with_last(chunks: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    for chunk in chunks:
        yield chunk, False
    yield b"", True

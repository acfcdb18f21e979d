"""Grids out of CSV files, whatever the encoding and the delimiter."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

from crmcore.language import say
from crmcore.organization.faults import Faults
from crmcore.organization.reading.decoding import decoded
from crmcore.organization.spreadsheets.cleaning import cleaned
from crmcore.organization.spreadsheets.grids import Grid, address
from crmcore.organization.spreadsheets.refusing import UnreadableSheet
from crmcore.organization.spreadsheets.workbooks import LARGEST_AREA

__all__ = ["read_csv"]

_DELIMITERS: Final = (",", ";", "\t")
_SAMPLE: Final = 200
_STEP: Final = 1_000
_GUARDED: Final = ("=", "+", "-", "@", "\t", "\r", "'")
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_csv(file: str, data: bytes, progress: Callable[[str, float], Any] | None = None) -> Grid:
    """Return the grid of a CSV file: UTF-8, UTF-16 with a byte order mark, or GB18030; commas, semicolons or tabs.

    Args:
        file: its name.
        data: its bytes.
        progress: called with what is being done and how much is done, from 0 to 1.

    Raises:
        UnreadableSheet: it is no CSV.
    """
    text = _text(file, data)
    delimiter = _delimiter(text)
    rows: list[Sequence[str]] = []
    texts: dict[str, str] = {}
    filled = reached = 0
    for index, row in enumerate(_rows(file, text, delimiter)):
        cells = [
            texts.setdefault(cell := cleaned(file, _plain(raw), index, column), cell) for column, raw in enumerate(row)
        ]
        while cells and not cells[-1]:
            cells.pop()
        filled += len(cells)
        reached += sum(map(len, row)) + len(row)
        if filled > LARGEST_AREA:
            reason = say("the table has more cells than this program reads: {most}", most=LARGEST_AREA)
            raise UnreadableSheet(file, reason, say("split it"), address(index, 0))
        rows.append(cells)
        if progress is not None and index % _STEP == 0:
            progress(say("reading {file}", file=file), min(reached / max(len(text), 1), 1.0))
    return Grid(file, rows)


def _text(file: str, data: bytes) -> str:
    if data.startswith(_UTF_16) and not data.startswith(codecs.BOM_UTF32_LE):
        try:
            data = data.decode("utf-16").encode()
        except UnicodeError:
            reason = say("the file is no plain text")
            raise UnreadableSheet(file, reason, say("save the file as UTF-8")) from None
    faults = Faults()
    text = decoded(data, file, faults, table=True)
    if text is None:
        fault = faults.error().faults[0]
        where = f"{fault.place.line}:{fault.place.column}"
        raise UnreadableSheet(f"{file}:{where}", fault.found, fault.suggestion)
    return text


def _delimiter(text: str) -> str:
    """Return what separates the cells: what cuts the largest share of rows into as many of them."""

    def alike(delimiter: str) -> float:
        try:
            rows = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), _SAMPLE))
        except csv.Error:
            return 0
        widths = Counter(len(row) for row in rows if len(row) > 1)
        return widths.most_common(1)[0][1] / sum(map(bool, rows)) if widths else 0

    return max(_DELIMITERS, key=alike)


def _rows(file: str, text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    row = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reason = say("the row that begins here is no CSV: {problem}", problem=str(error))
            quotes = say("close every quote, and double the quotes inside")
            mend = quotes if "limit" not in str(error) else say("shorten the cell")
            raise UnreadableSheet(file, reason, mend, address(row, 0)) from None
        yield cells
        row += 1


def _plain(cell: str) -> str:
    """Take off the apostrophe that keeps a spreadsheet from taking a text for a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_GUARDED) else cell

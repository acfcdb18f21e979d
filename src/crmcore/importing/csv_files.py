"""CSV and TSV files as tables, read line by line."""

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final, TextIO

from attrs import evolve

from crmcore.importing.dialects import Dialect, dialect_of
from crmcore.importing.encodings import checked_encoding, encoding_of
from crmcore.importing.headings import Header, header_of, is_comment
from crmcore.importing.layouts import Clue, Layout
from crmcore.importing.oddities import Oddity
from crmcore.importing.tables import Line, Table, column_names
from crmcore.language import say
from crmcore.organization.spreadsheets import UnreadableSheet

__all__ = ["open_csv", "raw_lines"]

_SAMPLE: Final = 1 << 18
_SAMPLE_ROWS: Final = 200
_GUARDED: Final = ("=", "+", "-", "@", "\t", "\r", "'")
_SHOWN: Final = 5


def open_csv(path: Path, wished: Layout) -> Table:
    """Open a CSV or TSV file as a table.

    Args:
        path: the file.
        wished: what somebody says of its layout; the rest is guessed.

    Raises:
        UnreadableSheet: it is no text, holds nothing, or its quotes do not fit.
        OSError: it cannot be read.
    """
    encoding = checked_encoding(path, wished.encoding) if wished.encoding else encoding_of(path)
    dialect, clues = dialect_of(_sample(path, encoding.name), wished)
    layout = evolve(
        wished,
        format="csv",
        encoding=encoding.name,
        delimiter=dialect.delimiter,
        quote=dialect.quote,
        escape=dialect.escape,
        spaces=dialect.spaces,
    )
    first = [line.cells for line in islice(raw_lines(path, layout), _SAMPLE_ROWS)]
    if not any(map(any, first)):
        raise UnreadableSheet(str(path), say("the file is empty"), say("choose another file"))
    header = header_of(first) if wished.header is None else Header(wished.header - 1, say("as you say"))
    layout = evolve(layout, header=header.row + 1)
    width = max(map(len, first))
    names = first[header.row] if 0 <= header.row < len(first) else [""] * width
    columns, oddities = column_names(names)
    comments = tuple(
        line.number for line in islice(raw_lines(path, layout), _SAMPLE_ROWS) if is_comment(line.cells, len(columns))
    )
    if comments:
        text = say("the line begins with # and is left out as a remark")
        oddities += (Oddity("comment", "", text, comments[:_SHOWN], len(comments)),)
    if header.row < 0:
        oddities = ()
    clues = (Clue("encoding", encoding.name, encoding.because), *clues, _header_clue(header))
    return Table(
        str(path),
        layout,
        columns,
        lambda: _lines_below(path, layout, len(columns)),
        clues,
        oddities,
        path.stat().st_size,
    )


def _header_clue(header: Header) -> Clue:
    if header.row < 0:
        return Clue("header", say("none"), header.because)
    return Clue("header", say("row {row}", row=header.row + 1), header.because)


def _sample(path: Path, encoding: str) -> str:
    """Return the beginning of a text, up to the end of a line."""
    with _opened(path, encoding) as stream:
        try:
            text = stream.read(_SAMPLE)
        except UnicodeError as error:
            raise _undecodable(path, encoding, error) from None
    if len(text) < _SAMPLE:
        return text
    return text[: max(text.rfind("\n"), text.rfind("\r")) + 1] or text


def _opened(path: Path, encoding: str) -> TextIO:
    return path.open(encoding=encoding, newline="")


def _undecodable(path: Path, encoding: str, error: UnicodeError) -> UnreadableSheet:
    reason = say("the file is not {encoding}: {problem}", encoding=encoding, problem=str(error))
    return UnreadableSheet(str(path), reason, say("name the encoding that it is in"))


def raw_lines(path: Path, layout: Layout) -> Iterator[Line]:
    """Yield every row of a CSV file, the header and blank ones among them.

    Raises:
        UnreadableSheet: its quotes do not fit, or it is not in its encoding.
    """
    dialect = Dialect(layout.delimiter, layout.quote, layout.escape, bool(layout.spaces))
    with _opened(path, layout.encoding) as stream:
        reader = csv.reader(
            stream,
            delimiter=dialect.delimiter,
            quotechar=dialect.quote,
            escapechar=dialect.escape or None,
            skipinitialspace=dialect.spaces,
            strict=True,
        )
        while True:
            number = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise _broken(path, number, error) from None
            except UnicodeError as error:
                raise _undecodable(path, layout.encoding, error) from None
            yield Line(number, cells)


def _broken(path: Path, number: int, error: csv.Error) -> UnreadableSheet:
    reason = say("the row that begins in line {line} is no CSV: {problem}", line=number, problem=str(error))
    quotes = say("close every quote, and double the quotes inside")
    return UnreadableSheet(str(path), reason, quotes if "limit" not in str(error) else say("shorten the cell"))


def _lines_below(path: Path, layout: Layout, width: int) -> Iterator[Line]:
    for line in islice(raw_lines(path, layout), layout.header, None):
        cells = line.cells
        if not any(cells) or is_comment(cells, width):
            continue
        if "'" in "".join(cells):  # type: ignore[arg-type]  # all cells of CSV are text
            yield Line(line.number, [_plain(str(cell)) for cell in cells])
        else:
            yield line


def _plain(cell: str) -> str:
    """Take off the apostrophe that keeps a spreadsheet from taking a text for a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_GUARDED) else cell

"""Looking at a file before it is imported: how it is laid out, what its columns hold, and what is odd about it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from attrs import evolve, frozen

from crmcore.errors import UnknownName, nearest
from crmcore.importing.columns import Column, Tally
from crmcore.importing.formats import Format
from crmcore.importing.importers import BUILT_IN, Importer, open_table
from crmcore.importing.layouts import GUESS, Layout
from crmcore.importing.oddities import Oddity
from crmcore.importing.tables import Table
from crmcore.language import Phrase, say, say_many

__all__ = ["Examination", "examine"]

_SHOWN: Final = 5
_STEP: Final = 1_000
_NO_FORMATS: Final[Mapping[str, Format]] = {}


@frozen(eq=False)
class Examination:
    """What there is to know of a file before it is imported.

    Attributes:
        table: the file, opened.
        columns: what its columns hold, in their order.
        rows: how many lines hold something.
        oddities: what is odd about it.
    """

    table: Table
    columns: tuple[Column, ...]
    rows: int
    oddities: tuple[Oddity, ...]

    @property
    def layout(self) -> Layout:
        """How the file is laid out."""
        return self.table.layout

    @property
    def undecided(self) -> tuple[Column, ...]:
        """The columns whose format somebody has to choose."""
        return tuple(column for column in self.columns if column.undecided)

    def column(self, name: str) -> Column:
        """Return what a column holds.

        Raises:
            UnknownName: there is no such column.
        """
        found = next((column for column in self.columns if column.name == name), None)
        if found is None:
            raise UnknownName("column", name, nearest(name, [column.name for column in self.columns]))
        return found

    def lines(self) -> Iterator[Phrase]:
        """Yield it as people read it, a phrase a line."""
        rows = say_many("{count} row", "{count} rows", self.rows)
        columns = say_many("{count} column", "{count} columns", len(self.columns))
        yield say("{file}: {rows}, {columns}", file=self.table.file, rows=rows, columns=columns)
        for clue in self.table.clues:
            yield from clue.lines()
        for column in self.columns:
            yield from column.lines()
        for oddity in self.oddities:
            yield say("odd: {oddity}", oddity=oddity.phrase())


def examine(
    path: Path | str,
    layout: Layout = GUESS,
    *,
    formats: Mapping[str, Format] = _NO_FORMATS,
    importers: Iterable[Importer] = BUILT_IN,
    progress: Callable[[str, float], Any] | None = None,
) -> Examination:
    """Look at a file, all of it, without keeping more of it in memory than a few lines.

    Args:
        path: the file.
        layout: what somebody says of how it is laid out; the rest is guessed.
        formats: what somebody says of columns; the others are guessed.
        importers: those that may open it.
        progress: called with what is being done and how much is done, from 0 to 1; what is not known beforehand is 0.

    Raises:
        UnknownName: a format is given for a column that is not there.
        UnreadableSheet, SheetWanted, MissingLibrary, OSError: as `open_table`.
    """
    table = open_table(path, layout, importers=importers)
    unknown = next((name for name in formats if name not in table.columns), None)
    if unknown is not None:
        raise UnknownName("column", unknown, nearest(unknown, table.columns))
    tallies = [Tally(name) for name in table.columns]
    rows, ragged = _count(table, tallies, progress)
    columns = tuple(_chosen(tally.column(), formats) for tally in tallies)
    odd = (*table.oddities, *ragged, *(oddity for tally in tallies for oddity in tally.oddities()))
    return Examination(table, columns, rows, odd)


def _count(
    table: Table, tallies: list[Tally], progress: Callable[[str, float], Any] | None
) -> tuple[int, Iterator[Oddity]]:
    """Count the values of all lines; return how many there are, and which are too short or too long."""
    width = len(tallies)
    rows = 0
    unlike: dict[str, tuple[int, list[int]]] = {}
    for line in table:
        rows += 1
        for tally, cell in zip(tallies, line.cells, strict=False):
            tally.add(line.number, cell)
        if len(line.cells) != width:
            code = "short-rows" if len(line.cells) < width else "long-rows"
            count, lines = unlike.setdefault(code, (0, []))
            unlike[code] = (count + 1, lines if len(lines) >= _SHOWN else [*lines, line.number])
            for tally in tallies[len(line.cells) :]:
                tally.empty += 1
        if progress is not None and rows % _STEP == 0:
            progress(say("reading {file}", file=table.file), 0)
    return rows, _ragged(unlike, width)


def _ragged(unlike: Mapping[str, tuple[int, list[int]]], width: int) -> Iterator[Oddity]:
    sayings = {
        "short-rows": say("rows have fewer than {width} cells; the missing ones are read as empty", width=width),
        "long-rows": say("rows have more than {width} cells, and are rejected", width=width),
    }
    for code, (count, lines) in unlike.items():
        yield Oddity(code, "", sayings[code], tuple(lines), count)


def _chosen(column: Column, formats: Mapping[str, Format]) -> Column:
    if column.name not in formats:
        return column
    return evolve(column, format=formats[column.name], because=say("as you say"), undecided=(), misfits=())

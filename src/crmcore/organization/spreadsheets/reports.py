"""What was understood of a sheet, and what was not: every cell that holds something is accounted for."""

from collections.abc import Iterable, Iterator
from typing import Literal

from attrs import define, field, frozen

from crmcore.language import Phrase, listed, say, say_many
from crmcore.organization.spreadsheets.grids import Grid, column_name, spans

__all__ = ["Remark", "Report"]

Kind = Literal["not understood", "left aside", "note"]
Cell = tuple[int, int]


@frozen
class Remark:
    """Something to know about some cells.

    Attributes:
        kind: `not understood` wants mending, `left aside` is no part of what is wanted, a `note` says how it was read.
        text: what there is to know: a phrase.
        cells: which cells, as (row, column) from 0; nothing for the whole sheet.
    """

    kind: Kind
    text: str
    cells: tuple[Cell, ...] = ()


@define(eq=False)
class Report:
    """What became of a sheet.

    Attributes:
        grid: the sheet.
        counts: what was made of it, a phrase each.
    """

    grid: Grid
    counts: list[str] = field(factory=list)
    _told: dict[tuple[Kind, str], list[Cell]] = field(factory=dict)
    _known: set[Cell] = field(factory=set)
    _columns: dict[int, int] = field(factory=dict)

    def understood(self, *cells: Cell) -> None:
        """Say that cells are understood."""
        self._known.update(cells)

    def understand_columns(self, columns: Iterable[int], row: int) -> None:
        """Say that all cells of some columns are accounted for, from one row on: they are many."""
        self._columns.update(dict.fromkeys(columns, row))

    def tell(self, kind: Kind, text: str, cells: Iterable[Cell] = ()) -> None:
        """Add a remark; the same one about several cells stands once.

        Args:
            kind: what kind.
            text: the phrase.
            cells: which cells.
        """
        several = self._told.setdefault((kind, text), [])
        for cell in cells:
            several.append(cell)
            self._known.add(cell)

    def knows(self, cell: Cell) -> bool:
        """Whether something has become of a cell, or been told of it."""
        return cell in self._known or cell[0] >= self._columns.get(cell[1], cell[0] + 1)

    def complete(self) -> None:
        """Tell of every cell of which nothing was said, of what is odd, and of what is hidden."""
        for cell, text in self.grid.odd.items():
            self.tell("not understood", text, [cell])
        rest = say("nothing in the sheet says what this is")
        self.tell("not understood", rest, [(r, c) for r, c, _ in self.grid.filled() if not self.knows((r, c))])
        if self.grid.hidden_rows:
            rows = listed(_runs(row + 1 for row in self.grid.hidden_rows))
            self.tell("note", say("hidden rows were read like the others: {rows}", rows=rows))
        if self.grid.hidden_columns:
            columns = listed(map(column_name, self.grid.hidden_columns))
            self.tell("note", say("hidden columns were read like the others: {columns}", columns=columns))

    @property
    def remarks(self) -> Iterator[Remark]:
        """All remarks that there are, in the order of the sheet, what is not understood first."""
        order: tuple[Kind, ...] = ("not understood", "left aside", "note")
        whole = say("nothing in the sheet says what this is")
        found = [
            Remark(kind, text, tuple(sorted(set(cells))))
            for (kind, text), cells in self._told.items()
            if cells or text != whole
        ]
        yield from sorted(found, key=lambda remark: (order.index(remark.kind), remark.cells))

    @property
    def unread(self) -> int:
        """How many cells were not understood."""
        return len({cell for remark in self.remarks if remark.kind == "not understood" for cell in remark.cells})

    @property
    def clean(self) -> bool:
        """Whether everything was understood or is no part of it."""
        return not any(remark.kind == "not understood" for remark in self.remarks)

    def lines(self) -> Iterator[Phrase]:
        """Yield the report as people read it, a phrase a line."""
        name = self.grid.file
        where = say("{file}, sheet {sheet}", file=name, sheet=self.grid.sheet) if self.grid.sheet else name
        yield say("{sheet}: {counts}", sheet=where, counts=listed(self.counts))
        for remark in self.remarks:
            yield _line(remark)
        if self.unread:
            yield say_many("{count} cell was not understood.", "{count} cells were not understood.", self.unread)


def _line(remark: Remark) -> Phrase:
    cells = " ".join(spans(remark.cells))
    kinds = {
        "not understood": say("not understood"),
        "left aside": say("left aside"),
        "note": say("note"),
    }
    kind = kinds[remark.kind]
    if not cells:
        return say("  {kind}: {text}", kind=kind, text=remark.text)
    return say("  {kind}: {cells}: {text}", kind=kind, cells=cells, text=remark.text)


def _runs(numbers: Iterable[int]) -> list[str]:
    """Return numbers with those in a row joined: `4-7`."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][-1] == number - 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return ["-".join(map(str, run)) for run in runs]

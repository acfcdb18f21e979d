"""A sheet as a grid of texts, with what its cells are called and which of them are merged or hidden."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from attrs import field, frozen

__all__ = ["Grid", "Merge", "address", "column_name", "spans"]


def column_name(column: int) -> str:
    """Return what a spreadsheet calls a column, counted from 0: `A`, `Z`, `AA`."""
    name, column = "", column + 1
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def address(row: int, column: int) -> str:
    """Return what a spreadsheet calls a cell, counted from 0: `B7` for (6, 1)."""
    return f"{column_name(column)}{row + 1}"


def spans(cells: Iterable[tuple[int, int]]) -> list[str]:
    """Return cells as people list them: those below each other in one span, such as `D3:D9`."""
    ordered = sorted(set(cells), key=lambda cell: (cell[1], cell[0]))
    found = []
    for (column, _), run in groupby(enumerate(ordered), key=lambda pair: (pair[1][1], pair[1][0] - pair[0])):
        rows = [cell[0] for _, cell in run]
        first, last = address(rows[0], column), address(rows[-1], column)
        found.append((rows[0], column, first if first == last else f"{first}:{last}"))
    return [text for _, _, text in sorted(found)]


@frozen
class Merge:
    """Cells that a sheet shows as one. Rows and columns count from 0; all ends are included."""

    top: int
    left: int
    bottom: int
    right: int


@frozen(eq=False)
class Grid:
    """A sheet.

    Attributes:
        file: the name of its file.
        sheet: its name; empty for CSV.
        rows: the texts of the cells, without space around them; a row ends with its last cell that holds something.
        merges: the cells that are merged; their text stands in the one at the top left.
        hidden_rows: the rows that the sheet hides, from 0.
        hidden_columns: the columns that the sheet hides, from 0.
        odd: what is odd about single cells, by (row, column): a phrase each. The cell is empty.
    """

    file: str
    rows: Sequence[Sequence[str]]
    sheet: str = ""
    merges: Sequence[Merge] = ()
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[int] = ()
    odd: dict[tuple[int, int], str] = field(factory=dict)

    def at(self, row: int, column: int) -> str:
        """Return the text of a cell; empty beyond the ends."""
        cells = self.rows[row] if 0 <= row < len(self.rows) else ()
        return cells[column] if 0 <= column < len(cells) else ""

    def filled(self) -> Iterator[tuple[int, int, str]]:
        """Yield every cell that holds something: row, column, text."""
        for row, cells in enumerate(self.rows):
            for column, text in enumerate(cells):
                if text:
                    yield row, column, text

    @property
    def empty(self) -> bool:
        """Whether no cell holds anything."""
        return not any(any(cells) for cells in self.rows)

    @property
    def width(self) -> int:
        """How many columns there are."""
        return max(map(len, self.rows), default=0)

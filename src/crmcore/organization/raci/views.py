"""A grid as people see it: a merged cell says its text everywhere it reaches."""

from collections.abc import Iterator
from typing import Final

from attrs import frozen

from crmcore.language import say
from crmcore.organization.spreadsheets import Grid, UnreadableSheet, address

__all__ = ["View"]

_MOST_COVERED: Final = 2_000_000
Cell = tuple[int, int]


@frozen(eq=False)
class View:
    """A grid, and where each of its merged cells has its text.

    Attributes:
        grid: the grid.
        covers: for each cell inside a merged one, the cell that holds the text.
    """

    grid: Grid
    covers: dict[Cell, Cell]

    @classmethod
    def of(cls, grid: Grid) -> "View":
        """Look at a grid.

        Raises:
            UnreadableSheet: its merged cells reach too far.
        """
        covers: dict[Cell, Cell] = {}
        height, width, covered = len(grid.rows), grid.width, 0
        for merge in grid.merges:
            if not grid.at(merge.top, merge.left):
                continue
            rows = range(merge.top, min(merge.bottom + 1, height))
            columns = range(merge.left, min(merge.right + 1, width))
            covered += len(rows) * len(columns)
            if covered > _MOST_COVERED:
                reason = say("the merged cells of the sheet cover too much")
                raise UnreadableSheet(grid.file, reason, say("take them apart"), address(merge.top, merge.left))
            covers.update(dict.fromkeys(((row, column) for row in rows for column in columns), (merge.top, merge.left)))
        return cls(grid, covers)

    @property
    def height(self) -> int:
        """How many rows there are."""
        return len(self.grid.rows)

    def source(self, row: int, column: int) -> Cell:
        """Return the cell that holds what people read in a cell."""
        return self.covers.get((row, column), (row, column))

    def at(self, row: int, column: int) -> str:
        """Return what people read in a cell."""
        return self.grid.at(*self.source(row, column))

    def row(self, row: int) -> Iterator[tuple[int, str]]:
        """Yield the columns of a row in which people read something, with what they read."""
        for column in range(self.grid.width if self.covers else len(self.grid.rows[row])):
            text = self.at(row, column)
            if text:
                yield column, text

"""The text of a table: its delimiter, and where in it the cells stand."""

import io
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Final

from attrs import frozen

__all__ = ["RowParts", "Sheet", "delimiter_of"]

_DELIMITERS: Final = (",", ";", "\t")


def delimiter_of(header: str, known: Callable[[str], bool]) -> str:
    """Return what separates the cells of a table: whichever makes most of the names in the first line known."""

    def score(delimiter: str) -> int:
        return sum(1 for name in header.split(delimiter) if known(name.strip().strip('"').strip()))

    return max(_DELIMITERS, key=score)


@frozen(slots=False, eq=False)
class Sheet:
    """A table as text.

    Attributes:
        file: its name.
        text: the text.
        delimiter: what separates cells.
        columns: the position of each column by its name.
    """

    file: str
    text: str
    delimiter: str
    columns: Mapping[str, int]

    @cached_property
    def _lines(self) -> list[int]:
        """The offset at which each line begins."""
        offsets = [0]
        for line in io.StringIO(self.text, newline=""):
            offsets.append(offsets[-1] + len(line))
        return offsets

    def cell(self, line: int, index: int) -> tuple[int, int]:
        """Return the line and column of a cell.

        Args:
            line: the line at which its row begins, from 1.
            index: the position of its column, from 0.
        """
        start = offset = self._lines[line - 1]
        quoted = False
        while index > 0 and offset < len(self.text):
            character = self.text[offset]
            offset += 1
            if character == '"':
                quoted = not quoted
            elif character == "\n" or (character == "\r" and not self.text.startswith("\n", offset)):
                line, start = line + 1, offset  # inside quotes
            elif character == self.delimiter and not quoted:
                index -= 1
        return line, offset - start + 1


@frozen(eq=False)
class RowParts(Mapping[str, tuple[int, int]]):
    """Where the cells of a row stand, found when somebody asks.

    Attributes:
        sheet: the table.
        line: the line at which the row begins.
    """

    sheet: Sheet
    line: int

    def __getitem__(self, name: str) -> tuple[int, int]:
        return self.sheet.cell(self.line, self.sheet.columns[name])

    def __contains__(self, name: object) -> bool:
        return name in self.sheet.columns

    def __iter__(self) -> Iterator[str]:
        return iter(self.sheet.columns)

    def __len__(self) -> int:
        return len(self.sheet.columns)

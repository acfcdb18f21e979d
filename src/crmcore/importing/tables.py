"""A file opened as a table: named columns, and lines that are read one after another, as often as they are wanted."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from attrs import field, frozen

from crmcore.importing.layouts import Clue, Layout
from crmcore.importing.oddities import Oddity
from crmcore.language import say
from crmcore.organization.spreadsheets.cleaning import one_line
from crmcore.organization.spreadsheets.grids import column_name

__all__ = ["Cell", "Line", "Table", "column_names"]

Cell = str | int | Decimal | date
"""What a cell holds: text, or what the file itself tells from text. `bool` and `datetime` are among these types."""

_LONGEST_NAME: Final = 200


@frozen
class Line:
    """One line of a table.

    Attributes:
        number: where it begins: the line of a text file, the row of a sheet, or the number of a record, from 1.
        cells: what it holds, by the columns of the table; it may be shorter or longer than the header.
    """

    number: int
    cells: Sequence[Cell]


@frozen(eq=False)
class Table:
    """A file, opened as a table. Lines are read when they are asked for, so that a large file needs little memory.

    Attributes:
        file: its name.
        layout: how it is laid out, with nothing left open.
        columns: the names of the columns, no two alike.
        read: begins to read the lines below the header; what is blank or a comment is left out.
        clues: why the layout is what it is.
        oddities: what is odd about the file as a whole, such as two columns of one name.
        size: how many bytes the file has, for progress.
    """

    file: str
    layout: Layout
    columns: tuple[str, ...]
    read: Callable[[], Iterator[Line]]
    clues: tuple[Clue, ...] = ()
    oddities: tuple[Oddity, ...] = field(default=())
    size: int = 0

    def __iter__(self) -> Iterator[Line]:
        return self.read()


def column_names(headings: Sequence[Cell]) -> tuple[tuple[str, ...], tuple[Oddity, ...]]:
    """Return names for columns, no two alike and none empty, and what was odd about their headings.

    Args:
        headings: what the header holds.
    """
    names: list[str] = []
    taken: set[str] = set()
    odd: list[Oddity] = []
    for position, heading in enumerate(headings):
        text = one_line(str(heading))[:_LONGEST_NAME]
        letter = column_name(position)
        name = text or f"column {letter}"
        if not text:
            odd.append(Oddity("blank-heading", name, say("column {letter} has no heading", letter=letter)))
        elif name in taken:
            number = 2
            while f"{text} ({number})" in taken:
                number += 1
            name = f"{text} ({number})"
            twice = say("several columns are called {heading}; this one is read as {name}", heading=text, name=name)
            odd.append(Oddity("duplicate-heading", name, twice))
        taken.add(name)
        names.append(name)
    return tuple(names), tuple(odd)

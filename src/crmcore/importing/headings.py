"""Which row of a table names its columns, and which lines are comments, decided by the rows below, with the reason."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from attrs import frozen

from crmcore.language import Phrase, say, say_many

__all__ = ["Header", "header_of", "is_comment"]

_FARTHEST: Final = 40
_LOOKED_AT: Final = 60
_NUMBER: Final = re.compile(r"[-+]?[\d\s.,'%￥¥$€£]*\d[\d\s.,'%￥¥$€£]*")
_DAY: Final = re.compile(r"\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}.*")
_MAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_FLAGS: Final = frozenset({"true", "false", "yes", "no", "是", "否"})


@frozen
class Header:
    """Which row names the columns.

    Attributes:
        row: which one, from 0; -1 for none.
        because: the reason: a phrase.
    """

    row: int
    because: Phrase


def is_comment(cells: Sequence[Any], width: int) -> bool:
    """Whether a row is a remark to people: a single cell that begins with a hash, in a table of several columns."""
    return (
        width > 1
        and bool(cells)
        and isinstance(cells[0], str)
        and cells[0].startswith("#")
        and not any(cell != "" for cell in cells[1:])
    )


def header_of(rows: Sequence[Sequence[Any]]) -> Header:
    """Return which row names the columns.

    Args:
        rows: the first rows, blank ones among them.
    """
    widths = Counter(len(_trimmed(row)) for row in rows if any(cell != "" for cell in row))
    if not widths:
        return Header(-1, say("the table is empty"))
    most = max(widths.values())
    width = max(width for width, count in widths.items() if count * 2 > most)
    for index, row in enumerate(rows[:_FARTHEST]):
        filled = sum(1 for cell in row if cell != "")
        if filled * 2 > width and not is_comment(row, width):
            return _judged(index, row, rows[index + 1 : index + 1 + _LOOKED_AT], width)
    return Header(-1, say("no row is as wide as the table"))


def _judged(index: int, row: Sequence[Any], below: Sequence[Sequence[Any]], width: int) -> Header:
    """Say whether a row names the columns: what it holds is of another sort than what is below."""
    rows = [cells for cells in below if any(cell != "" for cell in cells) and not is_comment(cells, width)]
    unlike = alike = 0
    for column, heading in enumerate(row):
        sorts = Counter(_sort(cells[column]) for cells in rows if column < len(cells) and cells[column] != "")
        if not sorts:
            continue
        sort, count = sorts.most_common(1)[0]
        if sort != "text" and count * 10 >= sum(sorts.values()) * 8:
            own = _sort(heading) if heading != "" else "text"
            alike += own == sort
            unlike += own != sort
    if alike > unlike:
        return Header(-1, say("the first row holds what the rows below hold"))
    if unlike:
        reason = say_many(
            "it holds words above {count} column of other values",
            "it holds words above {count} columns of other values",
            unlike,
        )
        return Header(index, reason)
    return Header(index, say("it is the first full row"))


def _trimmed(row: Sequence[Any]) -> Sequence[Any]:
    end = len(row)
    while end and row[end - 1] == "":
        end -= 1
    return row[:end]


def _sort(cell: Any) -> str:
    """Return the sort of a cell, roughly: all that a header needs."""
    if isinstance(cell, bool):
        return "flag"
    if isinstance(cell, int | Decimal):
        return "number"
    if isinstance(cell, date):
        return "day"
    text = str(cell).strip()
    if text.casefold() in _FLAGS:
        return "flag"
    if _DAY.fullmatch(text):
        return "day"
    if _NUMBER.fullmatch(text):
        return "number"
    return "mail" if _MAIL.fullmatch(text) else "text"

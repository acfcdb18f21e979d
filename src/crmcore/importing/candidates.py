"""The formats that a column can be guessed to have, and what a value must be like to speak for each of them."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from attrs import frozen

from crmcore.importing.formats import Format, ValueType, Wrong
from crmcore.importing.tables import Cell
from crmcore.importing.values import MOST_DIGITS, has_time, is_phone, reader

__all__ = ["CANDIDATES", "Candidate", "is_long", "is_zero_led"]

_FLAGS: Final = frozenset(("yes", "no", "y", "n", "true", "false", "是", "否", "√", "×", "✓", "✗"))
_PHONE: Final = re.compile(r"1[3-9]\d{9}|[+＋(（0].*|.*\d[ -]\d+[ -]\d.*|\d{3,4}-\d{4,8}|\d{2}(?:\.\d{2}){3,4}")
_ZERO_LED: Final = re.compile(r"0\d[\d ]*")
_DIGITS: Final = re.compile(r"\D")


@frozen
class Candidate:
    """A format that a column can be guessed to have.

    Attributes:
        format: it.
        fits: whether a cell speaks for it.
    """

    format: Format
    fits: Callable[[Cell], bool]


def is_zero_led(cell: Cell) -> bool:
    """Whether a text is digits of which the first is a zero: as a number, it would lose that."""
    return isinstance(cell, str) and cell[:1] == "0" and _ZERO_LED.fullmatch(cell) is not None


def is_long(cell: Cell) -> bool:
    """Whether a value has more digits than a spreadsheet keeps."""
    if isinstance(cell, str):
        return cell.isascii() and cell.isdigit() and len(cell) > MOST_DIGITS
    return isinstance(cell, int) and abs(cell) >= 10**MOST_DIGITS


def _readable(format: Format) -> Callable[[Cell], bool]:  # noqa: A002 (a column has a format)
    read = reader(format)
    return lambda cell: not isinstance(read(cell), Wrong)


def _number(format: Format) -> Candidate:  # noqa: A002 (as above)
    fits = _readable(format)
    return Candidate(
        format,
        lambda cell: not isinstance(cell, bool | date) and not is_zero_led(cell) and not is_long(cell) and fits(cell),
    )


def _day(format: Format) -> Candidate:  # noqa: A002 (as above)
    fits = _readable(format)

    def fit(cell: Cell) -> bool:
        if isinstance(cell, datetime | bool | int | Decimal):
            return False
        return not (isinstance(cell, str) and (has_time(cell) or cell.isdigit())) and fits(cell)

    return Candidate(format, fit)


def _instant(format: Format) -> Candidate:  # noqa: A002 (as above)
    fits = _readable(format)
    return Candidate(format, lambda cell: not isinstance(cell, bool | int | Decimal) and fits(cell))


def _flag(cell: Cell) -> bool:
    return isinstance(cell, bool) or (isinstance(cell, str) and cell.strip().casefold() in _FLAGS)


def _phone(cell: Cell) -> bool:
    if not isinstance(cell, str) or not is_phone(cell):
        return False
    return len(_DIGITS.sub("", cell)) >= 7 and _PHONE.fullmatch(cell) is not None


CANDIDATES: Final = (
    Candidate(Format(ValueType.USCC), _readable(Format(ValueType.USCC))),
    Candidate(Format(ValueType.EMAIL), _readable(Format(ValueType.EMAIL))),
    _day(Format(ValueType.DAY, dates="day-first")),
    _day(Format(ValueType.DAY, dates="month-first")),
    _instant(Format(ValueType.INSTANT, dates="day-first")),
    _instant(Format(ValueType.INSTANT, dates="month-first")),
    Candidate(Format(ValueType.YES_NO), _flag),
    Candidate(Format(ValueType.PHONE), _phone),
    *(
        _number(Format(kind, mark))
        for kind in (ValueType.WHOLE, ValueType.DECIMAL, ValueType.MONEY)
        for mark in (".", ",")
    ),
)
"""What is tried on every column, what says most first."""

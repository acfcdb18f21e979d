"""Dates as other systems write them; whether the day or the month comes first is decided over a whole column."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Final, Literal

__all__ = ["DateOrder", "ambiguous", "day_of", "orders_of"]

DateOrder = Literal["day-first", "month-first"]

_TIME: Final = re.compile(r"[T ]\s*[0-9]{1,2}:[0-9]{2}.*", re.DOTALL)
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?")
_TOGETHER: Final = re.compile(r"((?:19|20)[0-9]{2})([0-9]{2})([0-9]{2})")
_YEAR_LAST: Final = re.compile(r"([0-9]{1,2})\s*[-/. ]\s*([0-9]{1,2})\s*[-/. ]\s*([0-9]{4}|[0-9]{2})")
_DAY_MONTH: Final = re.compile(r"([0-9]{1,2})[- ]([a-z]{3,9})\.?[-, ]+([0-9]{4})", re.IGNORECASE)
_MONTH_DAY: Final = re.compile(r"([a-z]{3,9})\.? ([0-9]{1,2}),? ([0-9]{4})", re.IGNORECASE)
_SERIAL: Final = re.compile(r"([0-9]{5})(?:\.[0-9]+)?")
_EPOCH: Final = date(1899, 12, 30)
_MONTHS: Final[Mapping[str, int]] = {
    name: number
    for number, names in enumerate(
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
         "december"], 1
    )
    for name in (names, names[:3])
} | {"sept": 9}  # fmt: skip
_PIVOT: Final = 70
_LONGEST: Final = 60


def _bare(text: str) -> str:
    return _TIME.sub("", text).strip() if len(text) <= _LONGEST else ""


def orders_of(texts: Iterable[str]) -> set[DateOrder]:
    """Return the orders in which every text of a column is a date: one, both when nobody can tell, none when mixed."""
    orders: set[DateOrder] = {"day-first", "month-first"}
    for text in texts:
        match = _YEAR_LAST.fullmatch(_bare(text))
        if match is None or match[1] == match[2]:
            continue
        first, second = int(match[1]), int(match[2])
        if first > 12 >= second:
            orders.discard("month-first")
        elif second > 12 >= first:
            orders.discard("day-first")
    return orders


def ambiguous(text: str) -> bool:
    """Whether a text is one date with the day first, and another one with the month first."""
    match = _YEAR_LAST.fullmatch(_bare(text))
    return match is not None and int(match[1]) != int(match[2]) and max(int(match[1]), int(match[2])) <= 12


def day_of(text: str, order: DateOrder) -> date | None:
    """Return the day that a text says; None when it says none.

    Args:
        text: such as `2026-11-23`, `2026年11月23日`, `20261123`, `23/11/2026`, `23 Nov 2026`, or a sheet's number.
        order: what comes first where the year comes last.
    """
    bare = _bare(text)
    try:
        if match := _YEAR_FIRST.fullmatch(bare) or _TOGETHER.fullmatch(bare):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _YEAR_LAST.fullmatch(bare):
            first, second = int(match[1]), int(match[2])
            day, month = (first, second) if order == "day-first" else (second, first)
            return date(_year(match[3]), month, day)
        if match := _DAY_MONTH.fullmatch(bare):
            return date(int(match[3]), _MONTHS[match[2].casefold()], int(match[1]))
        if match := _MONTH_DAY.fullmatch(bare):
            return date(int(match[3]), _MONTHS[match[1].casefold()], int(match[2]))
    except (ValueError, KeyError):
        return None
    serial = _SERIAL.fullmatch(bare)
    return _EPOCH + timedelta(days=int(serial[1])) if serial else None


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < _PIVOT else 1900)

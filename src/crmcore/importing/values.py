"""From the text of a cell to a value, by the format of its column; what cannot be read is told, with how to mend it."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from crmcore.importing.formats import Format, ValueType, Wrong
from crmcore.importing.marks import flag_of
from crmcore.importing.numbers import currency_in, number_of
from crmcore.importing.tables import Cell
from crmcore.language import say
from crmcore.organization.spreadsheets.dates import DateOrder, ambiguous, day_of

__all__ = ["MOST_DIGITS", "has_time", "instant_of", "is_phone", "is_uscc", "reader"]

MOST_DIGITS: Final = 15
"""How many digits of a number a spreadsheet keeps."""

_MAIL: Final = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+")
_PHONE: Final = re.compile(
    r"[+＋]?\s?[(（]?[\d０-９][\d０-９\s()（）./\-－—]{4,24}(?:\s*(?:ext\.?|x|#|转|分机)\s*\d{1,6})?", re.IGNORECASE
)
_DIGIT: Final = re.compile(r"\d")
_USCC_LETTERS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC: Final = re.compile(f"[{_USCC_LETTERS}]{{2}}[0-9]{{6}}[{_USCC_LETTERS}]{{10}}")
_TIME: Final = re.compile(
    r"(.*?)[T ]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6})\d*)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?", re.DOTALL
)
_ONE_LINE_DAY: Final = re.compile(r"\d{5}(?:\.\d+)?")

Read = Callable[[Cell], Any]
"""Returns the value of a cell, or what is `Wrong` with it."""


def reader(format: Format) -> Read:  # noqa: A002 (a column has a format)
    """Return what reads the cells of a column.

    Args:
        format: what the values are, and how they are written.
    """
    return {
        ValueType.TEXT: _text,
        ValueType.WHOLE: _whole(format),
        ValueType.DECIMAL: _decimal(format),
        ValueType.MONEY: _money(format),
        ValueType.DAY: _day(format),
        ValueType.INSTANT: _instant(format),
        ValueType.YES_NO: _yes_no,
        ValueType.PHONE: _phone,
        ValueType.EMAIL: _email,
        ValueType.USCC: _uscc,
    }[format.type]


def _text(cell: Cell) -> str:
    return cell.strip() if isinstance(cell, str) else _shown(cell)


def _shown(cell: Cell) -> str:
    """Return a value that a file tells from text as people would type it."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _decimal(format: Format) -> Read:  # noqa: A002 (as above)
    def read(cell: Cell) -> Decimal | Wrong:
        if isinstance(cell, int | Decimal) and not isinstance(cell, bool):
            return Decimal(cell)
        value = number_of(_text(cell), format.decimal)
        return Wrong(say("a number is wanted"), say("write it with digits")) if value is None else value

    return read


def _whole(format: Format) -> Read:  # noqa: A002 (as above)
    number = _decimal(format)

    def read(cell: Cell) -> int | Wrong:
        if isinstance(cell, str) and cell.isascii() and cell.isdigit() and len(cell) <= MOST_DIGITS:
            return int(cell)
        value = number(cell)
        if isinstance(value, Decimal) and value == value.to_integral_value():
            return int(value)
        return Wrong(say("a whole number is wanted"), say("write it without decimals"))

    return read


def _money(format: Format) -> Read:  # noqa: A002 (as above)
    def read(cell: Cell) -> tuple[Decimal, str] | Wrong:
        if isinstance(cell, int | Decimal) and not isinstance(cell, bool):
            return Decimal(cell), format.currency
        currency, number = currency_in(_text(cell))
        value = number_of(number, format.decimal)
        if value is None:
            return Wrong(say("an amount of money is wanted"), say("write it with digits, such as 1200.50 CNY"))
        return value, currency or format.currency

    return read


def _day(format: Format) -> Read:  # noqa: A002 (as above)
    def read(cell: Cell) -> date | Wrong:
        if isinstance(cell, date):
            return cell.date() if isinstance(cell, datetime) else cell
        text = _text(cell)
        if format.dates is None and ambiguous(text):
            return _either()
        serial = isinstance(cell, str) and _ONE_LINE_DAY.fullmatch(text) is not None
        days = () if serial else (day_of(text, order) for order in _orders(format))
        day = next(filter(None, days), None)
        return Wrong(say("a day is wanted"), say("write it as 2026-11-23")) if day is None else day

    return read


def _orders(format: Format) -> tuple[DateOrder, ...]:  # noqa: A002 (as above)
    return ("day-first", "month-first") if format.dates is None else (format.dates,)


def _either() -> Wrong:
    return Wrong(say("the day or the month may come first"), say("say which, or write it as 2026-11-23"))


def _instant(format: Format) -> Read:  # noqa: A002 (as above)
    zone = UTC if format.timezone == "UTC" else ZoneInfo(format.timezone)

    def read(cell: Cell) -> datetime | Wrong:
        if isinstance(cell, datetime):
            return _aware(cell, zone)
        if isinstance(cell, date):
            return _aware(datetime(cell.year, cell.month, cell.day), zone)
        text = _text(cell)
        if format.dates is None and ambiguous(text):
            return _either()
        found = next(filter(None, (instant_of(text, order, zone) for order in _orders(format))), None)
        return Wrong(say("an instant is wanted"), say("write it as 2026-11-23 08:30")) if found is None else found

    return read


def _aware(moment: datetime, zone: tzinfo) -> datetime:
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)).astimezone(UTC)


def instant_of(text: str, order: DateOrder, zone: tzinfo = UTC) -> datetime | None:
    """Return the instant that a text says, in UTC; None when it says none.

    Args:
        text: a day and perhaps a time, such as `2026-11-23 08:30` or `23/11/2026 08:30:15`.
        order: what comes first where the year comes last.
        zone: of a text without an offset.
    """
    match = _TIME.fullmatch(text)
    day = day_of(match[1] if match is not None else text, order)
    if day is None or (match is None and _ONE_LINE_DAY.fullmatch(text)):
        return None
    try:
        if match is None:
            return _aware(datetime(day.year, day.month, day.day), zone)
        hour, minute, second = int(match[2]), int(match[3]), int(match[4] or 0)
        micro = int((match[5] or "0").ljust(6, "0"))
        moment = datetime(day.year, day.month, day.day, hour, minute, second, micro)
        offset = match[6] or ""
        if offset:
            moment = datetime.fromisoformat(moment.isoformat() + ("+00:00" if offset in ("Z", "UTC") else offset))
        return _aware(moment, zone)
    except (ValueError, OverflowError):
        return None


def has_time(text: str) -> bool:
    """Whether a text says a time of day other than midnight."""
    match = _TIME.fullmatch(text)
    return match is not None and any(int(part or 0) for part in match.groups()[1:5])


def _yes_no(cell: Cell) -> bool | Wrong:
    if isinstance(cell, bool):
        return cell
    flag = flag_of(_text(cell))
    return Wrong(say("yes or no is wanted"), say("write yes or no, or 是 or 否")) if flag is None else flag


def is_phone(text: str) -> bool:
    """Whether a text looks like a phone number: 6 to 15 digits, with what people put between them."""
    return _PHONE.fullmatch(text) is not None and 6 <= len(_DIGIT.findall(text)) <= 20


def _phone(cell: Cell) -> str | Wrong:
    text = _text(cell)
    return text if is_phone(text) else Wrong(say("a phone number is wanted"), say("write it as +86 21 6500 1234"))


def _email(cell: Cell) -> str | Wrong:
    text = _text(cell)
    if _MAIL.fullmatch(text):
        return text
    return Wrong(say("an email address is wanted"), say("write one address, such as li.na@example.com"))


def is_uscc(text: str) -> bool:
    """Whether a text is a unified social credit code whose check digit is right (GB 32100-2015)."""
    if not _USCC.fullmatch(text):
        return False
    total = sum(_USCC_LETTERS.index(letter) * pow(3, place, 31) for place, letter in enumerate(text[:17]))
    return _USCC_LETTERS[-total % 31] == text[17]


def _uscc(cell: Cell) -> str | Wrong:
    text = "".join(_text(cell).upper().split())
    if is_uscc(text):
        return text
    found = say("the check digit of the unified social credit code is wrong")
    return Wrong(
        found if _USCC.fullmatch(text) else say("a unified social credit code is wanted"),
        say("copy its 18 characters anew"),
    )

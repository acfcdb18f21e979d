"""FEEL's literals: numbers, text, booleans, days, moments and durations, each with its place on a line of its kind."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from attrs import field, frozen

from crmcore.language import Phrase, say

__all__ = [
    "DISCRETE",
    "LIMITS",
    "TYPES",
    "Kind",
    "Literal",
    "NoLiteral",
    "called",
    "literal_of",
    "number",
    "plain",
    "shown",
]


class Kind(StrEnum):
    """What a value is."""

    NUMBER = "number"
    INTEGER = "integer"
    STRING = "string"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"
    MOMENT = "date and time"
    ZONED = "date and time with a zone"
    DURATION = "days and time duration"
    MONTHS = "years and months duration"


DISCRETE: Final = frozenset({Kind.INTEGER, Kind.DATE, Kind.MONTHS})
"""The kinds that have nothing between one value and the next."""

TYPES: Final[Mapping[str, Kind]] = {
    **{kind.value: kind for kind in Kind},
    **dict.fromkeys(("double", "float", "decimal"), Kind.NUMBER),
    **dict.fromkeys(("int", "long", "short"), Kind.INTEGER),
    "dateTime": Kind.MOMENT,
    "dayTimeDuration": Kind.DURATION,
    "yearMonthDuration": Kind.MONTHS,
}
"""The kinds by the names of types, FEEL's own and those of XML Schema and of modelers."""

_MOMENT_ZERO: Final = datetime(1, 1, 1)
_DAY: Final = Decimal(86_400)
_LAST_DAY: Final = Decimal(date.max.toordinal())
_MOMENTS: Final = (Decimal(0), _LAST_DAY * _DAY - Decimal("0.000001"))
LIMITS: Final[Mapping[Kind, tuple[Decimal, Decimal]]] = {
    Kind.DATE: (Decimal(1), _LAST_DAY),
    Kind.TIME: (Decimal(0), _DAY - Decimal("0.000001")),
    Kind.MOMENT: _MOMENTS,
    Kind.ZONED: _MOMENTS,
}
"""The positions of the least and the greatest value of the kinds that have them."""

_NUMBER: Final = re.compile(r"-?(\d{1,40}(\.\d{1,40})?|\.\d{1,40})([eE][+-]?\d{1,2})?")
_DAYS: Final = re.compile(r"(-?)P(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,6})?)S)?)?")
_MONTHS: Final = re.compile(r"(-?)P(?:(\d{1,6})Y)?(?:(\d{1,6})M)?")
_ISO_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_ISO_TIME: Final = re.compile(r"\d\d:\d\d:\d\d(\.\d{1,6})?")


class NoLiteral(Exception):
    """A text is not what it should be.

    Attributes:
        reason: what is wrong, in a sentence.
    """

    def __init__(self, reason: Phrase) -> None:
        self.reason = reason
        super().__init__(reason)


@frozen
class Literal:
    """A value that a table names.

    Attributes:
        kind: what it is.
        value: for a program: text, a truth value, a Decimal, a date, a datetime, a time or a timedelta; years and
            months are a number of months.
        position: where it lies on the line of its kind; None for text and truth values, which have no order.
    """

    kind: Kind
    value: Any
    position: Decimal | None = field(default=None, eq=False)

    def __str__(self) -> str:
        if self.kind is Kind.STRING:
            return shown(self.value)
        if self.kind is Kind.BOOLEAN:
            return "true" if self.value else "false"
        return plain(self.kind, self.position or Decimal(0))


def shown(text: str) -> str:
    """Return a text as FEEL writes it, in quotation marks."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def literal_of(value: Any) -> Literal:
    """Return the literal that a program's value is.

    Args:
        value: text, a truth value, a number, a date, a datetime, a time or a timedelta.

    Raises:
        NoLiteral: it is something else.
    """
    match value:
        case bool():
            return Literal(Kind.BOOLEAN, value)
        case str():
            return Literal(Kind.STRING, value)
        case int() | float() | Decimal():
            number = Decimal(str(value))
            if number.is_finite():
                return Literal(Kind.NUMBER, number, number)
        case datetime():
            return _moment(value)
        case date():
            return Literal(Kind.DATE, value, Decimal(value.toordinal()))
        case time(tzinfo=None):
            since = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
            return Literal(Kind.TIME, value, _seconds(since + timedelta(microseconds=value.microsecond)))
        case timedelta():
            return Literal(Kind.DURATION, value, _seconds(value))
    raise NoLiteral(say("{value} is no value of a decision table", value=repr(value)))


def _moment(value: datetime) -> Literal:
    if value.tzinfo is None:
        return Literal(Kind.MOMENT, value, _seconds(value - _MOMENT_ZERO))
    position = _seconds(value - _MOMENT_ZERO.replace(tzinfo=UTC))
    least, most = LIMITS[Kind.ZONED]
    if least <= position <= most:
        return Literal(Kind.ZONED, value, position)
    raise NoLiteral(say("{value} is no moment that can be reckoned with", value=str(value)))


def _seconds(span: timedelta) -> Decimal:
    return Decimal(span.days * 86_400 + span.seconds) + Decimal(span.microseconds) / 1_000_000


def number(text: str) -> Literal:
    """Read a number.

    Raises:
        NoLiteral: it is none, or has more digits than can be reckoned with.
    """
    if not _NUMBER.fullmatch(text):
        raise NoLiteral(say("{text} is no number of at most 40 digits", text=text[:60]))
    return literal_of(Decimal(text))


def called(function: str, text: str) -> Literal:
    """Read what a function such as `date` makes of a text; the function `@` takes every kind.

    Raises:
        NoLiteral: it makes nothing of it, or the function is unknown.
    """
    for name, read in _FUNCTIONS.items():
        if function in (name, "@"):
            try:
                literal = read(text)
            except (ValueError, OverflowError):
                literal = None
            if literal is not None:
                return literal
    if function in _FUNCTIONS or function == "@":
        raise NoLiteral(say("{text} is nothing that {function} can read", text=shown(text[:60]), function=function))
    raise NoLiteral(say("the function {function} cannot be analysed", function=function))


def _date(text: str) -> Literal | None:
    return literal_of(date.fromisoformat(text)) if _ISO_DATE.fullmatch(text) else None


def _time(text: str) -> Literal | None:
    return literal_of(time.fromisoformat(text)) if _ISO_TIME.fullmatch(text) else None


def _date_and_time(text: str) -> Literal | None:
    if _ISO_DATE.fullmatch(text):
        text += "T00:00:00"
    return literal_of(datetime.fromisoformat(text)) if "T" in text and _ISO_DATE.match(text) else None


def _duration(text: str) -> Literal | None:
    months = _MONTHS.fullmatch(text)
    if months and (months[2] or months[3]):
        count = (int(months[2] or 0) * 12 + int(months[3] or 0)) * (-1 if months[1] else 1)
        return Literal(Kind.MONTHS, count, Decimal(count))
    days = _DAYS.fullmatch(text)
    if not days or not any(days.groups()[1:]):
        return None
    amounts = dict(zip(("days", "hours", "minutes"), (int(part or 0) for part in days.groups()[1:4]), strict=True))
    seconds = Decimal(days[5] or 0)
    span = timedelta(**amounts) + timedelta(microseconds=int(seconds * 1_000_000))
    return literal_of(-span if days[1] else span)


_FUNCTIONS: Final = {"date": _date, "date and time": _date_and_time, "time": _time, "duration": _duration}


def plain(kind: Kind, position: Decimal) -> str:
    """Return the value at a position of the line of its kind, as people write it."""
    match kind:
        case Kind.DATE:
            return date.fromordinal(int(position)).isoformat()
        case Kind.TIME:
            return (_MOMENT_ZERO + _span(position)).time().isoformat()
        case Kind.MOMENT:
            return (_MOMENT_ZERO + _span(position)).isoformat()
        case Kind.ZONED:
            return (_MOMENT_ZERO + _span(position)).isoformat() + "Z"
        case Kind.DURATION:
            return _duration_text(position)
        case Kind.MONTHS:
            return f"{'-' if position < 0 else ''}P{abs(int(position))}M"
        case _:
            return _number_text(position)


def _number_text(position: Decimal) -> str:
    text = f"{position:f}" if position else "0"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _span(position: Decimal) -> timedelta:
    return timedelta(seconds=int(position), microseconds=int(position % 1 * 1_000_000))


def _duration_text(position: Decimal) -> str:
    days, seconds = divmod(abs(position), 86_400)
    parts = f"{days}D" if days else ""
    if seconds or not days:
        parts += f"T{plain(Kind.NUMBER, seconds)}S"
    return f"{'-' if position < 0 else ''}P{parts}"

"""Reading single values: text, numbers, booleans, dates, durations. Each says what is wrong and how to mend it."""

import re
from datetime import date, datetime
from typing import Any, Final

from crmcore.language import say
from crmcore.organization.faults import Faults, quoted, wanted_but_found
from crmcore.organization.reading.nodes import Node, kind
from crmcore.organization.shapes import Day, Length, Real, Text, Whole, YesNo
from crmcore.values import Duration

__all__ = ["BAD", "day", "duration", "in_quotes", "number", "text", "truth", "whole"]


class _Bad:
    """Stands for a value that could not be read."""

    def __repr__(self) -> str:
        return "BAD"


BAD: Final[Any] = _Bad()
"""What a reader returns when the value is wrong; the fault is told."""

_DATE_LIKE: Final = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:[T ].*)?")
_PLAIN_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST_WRITTEN: Final = 60
_TRUE: Final = ("yes", "on", "y", "是")
_FALSE: Final = ("no", "off", "n", "否")


def text(node: Node, file: str, faults: Faults, wanted: str = Text.wanted) -> Any:
    """Return text; a number, a date, true or false wants quotes."""
    value = node.value
    if isinstance(value, str):
        if not (node.written and len(value) == 10 and _PLAIN_DATE.fullmatch(value)):
            return value
        found = wanted_but_found(wanted, say("the date {found}", found=value))
        node.tell(file, faults, found, say("put it in quotes: {text}", text=in_quotes(node)))
        return BAD
    suggestion = ""
    if isinstance(value, int | float | date):
        suggestion = say("put it in quotes: {text}", text=in_quotes(node))
    node.tell(file, faults, _found(node, wanted), suggestion)
    return BAD


def in_quotes(node: Node) -> str:
    """Return a value in quotes, as it was written: `012` is the number twelve, and as text it is "012"."""
    written = node.written
    return f'"{written if written and len(written) <= _LONGEST_WRITTEN else quoted(node.value)}"'


def whole(node: Node, file: str, faults: Faults) -> Any:
    """Return a whole number."""
    value = node.value
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    node.tell(file, faults, _found(node, Whole.wanted), _unquoted(value))
    return BAD


def number(node: Node, file: str, faults: Faults) -> Any:
    """Return a number."""
    value = node.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    node.tell(file, faults, _found(node, Real.wanted), _unquoted(value))
    return BAD


def truth(node: Node, file: str, faults: Faults) -> Any:
    """Return true or false."""
    value = node.value
    if isinstance(value, bool):
        return value
    suggestion = ""
    if isinstance(value, str):
        word = value.casefold()
        meant = "true" if word in (*_TRUE, "true") else "false" if word in (*_FALSE, "false") else ""
        suggestion = say("write {text}", text=meant) if meant else ""
    node.tell(file, faults, _found(node, YesNo.wanted), suggestion)
    return BAD


def day(node: Node, file: str, faults: Faults) -> Any:
    """Return a date."""
    value = node.value
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str):
        parsed = parsed_day(value)
        if isinstance(parsed, date):
            return parsed
        node.tell(file, faults, parsed, day_suggestion(value))
        return BAD
    node.tell(file, faults, _found(node, Day.wanted))
    return BAD


def parsed_day(value: str) -> date | str:
    """Return a date, or say what is wrong with it."""
    if _PLAIN_DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return say("the date {date} does not exist", date=value)
    return wanted_but_found(Day.wanted, quoted(value))


def day_suggestion(value: str) -> str:
    """Return the date that was probably meant, as it should be written."""
    match = _DATE_LIKE.fullmatch(value)
    if match is None:
        return ""
    try:
        return say("write {text}", text=date(int(match[1]), int(match[2]), int(match[3])))
    except ValueError:
        return ""


def duration(node: Node, file: str, faults: Faults) -> Any:
    """Return a duration."""
    value = node.value
    if isinstance(value, str):
        try:
            return Duration.parse(value)
        except ValueError:
            mend = say("write a whole number followed by m, h, d or w, such as 4h")
            node.tell(file, faults, wanted_but_found(say("a duration"), quoted(value)), mend)
            return BAD
    number_given = isinstance(value, int) and not isinstance(value, bool)
    hint = say("name the unit: {amount}h or {amount}d", amount=quoted(value)) if number_given else ""
    node.tell(file, faults, _found(node, Length.wanted), hint)
    return BAD


def _found(node: Node, wanted: str) -> str:
    return wanted_but_found(wanted, kind(node.value))


def _unquoted(value: object) -> str:
    if isinstance(value, str) and re.fullmatch(r"[-+]?[0-9]+(\.[0-9]+)?", value) and len(value) < 20:
        return say("write it without quotes")
    return ""

"""Reading single values: text, numbers, booleans, dates, durations. Each says what is wrong and how to mend it."""

import re
from datetime import date, datetime
from typing import Any, Final

from crmcore.organization.faults import Faults, quoted
from crmcore.organization.reading.nodes import Node, kind
from crmcore.values import Duration

__all__ = ["BAD", "day", "duration", "number", "text", "truth", "whole"]


class _Bad:
    """Stands for a value that could not be read."""

    def __repr__(self) -> str:
        return "BAD"


BAD: Final[Any] = _Bad()
"""What a reader returns when the value is wrong; the fault is told."""

_DATE_LIKE: Final = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:[T ].*)?")
_PLAIN_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TRUE: Final = ("yes", "on", "y", "是")
_FALSE: Final = ("no", "off", "n", "否")


def text(node: Node, file: str, faults: Faults, wanted: str = "text") -> Any:
    """Return text; a number, a date, true or false wants quotes."""
    value = node.value
    if isinstance(value, str):
        if not (node.plain and len(value) == 10 and _PLAIN_DATE.fullmatch(value)):
            return value
        node.tell(file, faults, f"{wanted} is wanted, found the date {value}", f'put it in quotes: "{value}"')
        return BAD
    suggestion = ""
    if isinstance(value, int | float | date):
        suggestion = f'put it in quotes: "{quoted(value)}"'
    node.tell(file, faults, _found(node, wanted), suggestion)
    return BAD


def whole(node: Node, file: str, faults: Faults) -> Any:
    """Return a whole number."""
    value = node.value
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    node.tell(file, faults, _found(node, "a whole number"), _unquoted(value))
    return BAD


def number(node: Node, file: str, faults: Faults) -> Any:
    """Return a number."""
    value = node.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    node.tell(file, faults, _found(node, "a number"), _unquoted(value))
    return BAD


def truth(node: Node, file: str, faults: Faults) -> Any:
    """Return true or false."""
    value = node.value
    if isinstance(value, bool):
        return value
    suggestion = ""
    if isinstance(value, str):
        word = value.casefold()
        suggestion = "write true" if word in (*_TRUE, "true") else "write false" if word in (*_FALSE, "false") else ""
    node.tell(file, faults, _found(node, "true or false"), suggestion)
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
    node.tell(file, faults, _found(node, "a date such as 2026-11-23"))
    return BAD


def parsed_day(value: str) -> date | str:
    """Return a date, or say what is wrong with it."""
    if _PLAIN_DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return f"the date {value} does not exist"
    return f"a date such as 2026-11-23 is wanted, found {quoted(value)}"


def day_suggestion(value: str) -> str:
    """Return the date that was probably meant, as it should be written."""
    match = _DATE_LIKE.fullmatch(value)
    if match is None:
        return ""
    try:
        return f"write {date(int(match[1]), int(match[2]), int(match[3]))}"
    except ValueError:
        return ""


def duration(node: Node, file: str, faults: Faults) -> Any:
    """Return a duration."""
    value = node.value
    if isinstance(value, str):
        try:
            return Duration.parse(value)
        except ValueError as error:
            node.tell(file, faults, f"a duration is wanted, found {quoted(value)}", f"write {error}")
            return BAD
    number_given = isinstance(value, int) and not isinstance(value, bool)
    hint = f"name the unit: {quoted(value)}h or {quoted(value)}d" if number_given else ""
    node.tell(file, faults, _found(node, "a duration such as 4h"), hint)
    return BAD


def _found(node: Node, wanted: str) -> str:
    return f"{wanted} is wanted, found {kind(node.value)}"


def _unquoted(value: object) -> str:
    if isinstance(value, str) and re.fullmatch(r"[-+]?[0-9]+(\.[0-9]+)?", value) and len(value) < 20:
        return "write it without quotes"
    return ""

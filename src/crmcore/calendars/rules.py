"""Rules of recurrence as RFC 5545 (3.3.10) writes them: what is allowed, part by part."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from math import prod
from typing import Final

from crmcore.calendars.expanding import WEEKDAYS
from crmcore.calendars.failures import InvalidRecurrence
from crmcore.errors import nearest
from crmcore.language import Phrase, listed, say

__all__ = ["End", "end", "parts"]

End = date | datetime
"""The last day, the last time on the clock of the wall (naive), or the last instant (in UTC)."""

_FREQUENCIES: Final = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_NUMBERS: Final[Mapping[str, tuple[int, int]]] = {  # the smallest and the largest of each
    "BYMONTH": (1, 12),
    "BYHOUR": (0, 23),
    "BYMINUTE": (0, 59),
    "BYSECOND": (0, 59),
}
_FROM_BOTH_ENDS: Final[Mapping[str, int]] = {"BYMONTHDAY": 31, "BYYEARDAY": 366, "BYWEEKNO": 53, "BYSETPOS": 366}
_ONCE: Final[Mapping[str, int]] = {"INTERVAL": 1_000, "COUNT": 10_000}  # and the largest
_ONLY_WITH: Final[Mapping[str, tuple[str, ...]]] = {
    "BYWEEKNO": ("YEARLY",),
    "BYYEARDAY": ("YEARLY",),
    "BYMONTHDAY": ("DAILY", "MONTHLY", "YEARLY"),
}
_KNOWN: Final = ("FREQ", "UNTIL", *_ONCE, "BYDAY", *_NUMBERS, *_FROM_BOTH_ENDS, "WKST")
_DAY: Final = re.compile(rf"([+-]?[0-9]{{1,2}})?({'|'.join(WEEKDAYS)})")
_NUMBER: Final = re.compile(r"[0-9]{1,6}")
_END: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})([0-9]{2})(Z?))?")
_LONGEST: Final = 1_000
_MOST_TIMES: Final = 96  # every quarter of an hour


def parts(text: str) -> Mapping[str, str]:
    """Return the parts of a rule by name, in capitals: `{"FREQ": "MONTHLY", "BYDAY": "1MO"}`.

    Args:
        text: a rule such as `FREQ=MONTHLY;BYDAY=1MO`, in capitals or not, with `RRULE:` ahead of it or not.

    Raises:
        InvalidRecurrence: when RFC 5545 does not allow it, or when it recurs more than daily.
    """
    if len(text) > _LONGEST:
        raise InvalidRecurrence(f"{text[:60]}…", say("it has more than {most:,} characters", most=_LONGEST))
    found: dict[str, str] = {}
    for part in text.strip().upper().removeprefix("RRULE:").split(";"):
        name, _, value = part.partition("=")
        if name not in _KNOWN:
            raise InvalidRecurrence(text, _unknown(name))
        if not value or name in found:
            raise InvalidRecurrence(text, say("{name} has one value, such as {name}=…", name=name))
        found[name] = value
    for reason in _wrong(found):
        raise InvalidRecurrence(text, reason)
    return found


def end(value: str) -> End | None:
    """Return what `UNTIL` says; None when it is neither a day nor a time."""
    match = _END.fullmatch(value)
    if match is None:
        return None
    try:
        if match[4] is None:
            return date(int(match[1]), int(match[2]), int(match[3]))
        wall = datetime.strptime("".join(match.groups("")[:6]), "%Y%m%d%H%M%S")
    except ValueError:
        return None
    return wall.replace(tzinfo=UTC) if match[7] else wall


def _unknown(name: str) -> Phrase:
    near = nearest(name, _KNOWN)
    if near is None:
        return say("{name!r} is no part of it; the parts are {known}", name=name, known=listed(_KNOWN))
    return say("{name!r} is no part of it; did you mean {suggestion!r}?", name=name, suggestion=near)


def _wrong(found: Mapping[str, str]) -> Iterator[Phrase]:
    """Yield what is wrong with parts that are all known."""
    frequency = found.get("FREQ", "")
    if frequency not in _FREQUENCIES:
        yield say("FREQ is one of {known}", known=listed(_FREQUENCIES))
    if "COUNT" in found and "UNTIL" in found:
        yield say("COUNT and UNTIL both end it: keep one")
    if "UNTIL" in found and end(found["UNTIL"]) is None:
        yield say("UNTIL is a day such as 20261231, or an instant such as 20261231T090000Z")
    for name, frequencies in _ONLY_WITH.items():
        if name in found and frequency not in frequencies:
            yield say("{name} goes with FREQ={frequencies}", name=name, frequencies=listed(frequencies))
    if found.get("WKST", "MO") not in WEEKDAYS:
        yield say("WKST is one of {known}", known=listed(WEEKDAYS))
    if "BYSETPOS" in found and not any(name.startswith("BY") for name in found if name != "BYSETPOS"):
        yield say("BYSETPOS chooses among what another BY… part lists")
    yield from _wrong_numbers(found)
    yield from _wrong_days(found)
    times = prod(found[name].count(",") + 1 for name in ("BYHOUR", "BYMINUTE", "BYSECOND") if name in found)
    if times > _MOST_TIMES:
        yield say("it recurs {count} times a day; at most {most} are allowed", count=times, most=_MOST_TIMES)


def _wrong_numbers(found: Mapping[str, str]) -> Iterator[Phrase]:
    for name, most in _ONCE.items():
        if name in found and not _within(found[name], 1, most):
            yield say("{name} is a whole number from {least} to {most:,}", name=name, least=1, most=most)
    for name, (least, most) in _NUMBERS.items():
        if name in found and not all(_within(item, least, most) for item in found[name].split(",")):
            yield say("{name} lists whole numbers from {least} to {most}", name=name, least=least, most=most)
    for name, most in _FROM_BOTH_ENDS.items():
        if name in found and not all(_counted(item, most) for item in found[name].split(",")):
            yield say("{name} lists whole numbers from 1 to {most}, or from -1 to -{most}", name=name, most=most)


def _wrong_days(found: Mapping[str, str]) -> Iterator[Phrase]:
    for item in found["BYDAY"].split(",") if "BYDAY" in found else ():
        match = _DAY.fullmatch(item)
        if match is None or (match[1] and not _counted(match[1], 53)):
            yield say("BYDAY lists weekdays such as MO, or such as 1MO and -1FR in a month: not {item!r}", item=item)
        elif match[1] and (found.get("FREQ") not in ("MONTHLY", "YEARLY") or "BYWEEKNO" in found):
            yield say("{item} counts the weekdays of a month or a year, with FREQ=MONTHLY or YEARLY", item=item)


def _within(text: str, least: int, most: int) -> bool:
    return _NUMBER.fullmatch(text) is not None and least <= int(text) <= most


def _counted(text: str, most: int) -> bool:
    """Whether a text is a number from 1, or counted from the end, from -1."""
    return _within(text[1:] if text[:1] in ("+", "-") else text, 1, most)

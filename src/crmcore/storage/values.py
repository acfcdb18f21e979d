"""What a field can hold, and which values of it every storage keeps without loss."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, Final

from crmcore.language import say

__all__ = [
    "DECIMALS",
    "DEEPEST_TREE",
    "DIGITS",
    "EARLIEST_YEAR",
    "LONGEST_ID",
    "LONGEST_TEXT",
    "Holds",
    "all_right",
    "flaw",
    "is_id",
    "named",
    "text_flaw",
]

DIGITS: Final = 18
"""How many digits an exact number has at most; so many fit into the whole numbers of every database."""

DECIMALS: Final = 4
"""How many of them stand behind the point."""

EARLIEST_YEAR: Final = 1000
"""The first year that every database keeps."""

LONGEST_ID: Final = 200
"""How many characters an id has at most."""

LONGEST_TEXT: Final = 1_000_000
"""How many characters a text has at most, and all texts and parts of a tree together; so much fits into one message to
every database."""

DEEPEST_TREE: Final = 100
"""How many mappings and lists lie inside one another at most."""

_WHOLE_LIMIT: Final = 2**63
_NO_OFFSET: Final = timedelta(0)


class Holds(StrEnum):
    """What a field holds."""

    TEXT = "text"
    WHOLE = "whole"
    EXACT = "exact"
    NUMBER = "number"
    YES_NO = "yes-no"
    DAY = "day"
    INSTANT = "instant"
    TREE = "tree"

    @property
    def type(self) -> type | None:
        """The type of its values; None for trees, which are made of several."""
        return _TYPES.get(self)

    @property
    def words(self) -> str:
        """What it holds, as people say it."""
        return _WORDS[self]

    @property
    def ordered(self) -> bool:
        """Whether its values can be compared and put into an order."""
        return self not in (Holds.YES_NO, Holds.TREE)

    def admits(self, value: object) -> bool:
        """Whether a value is one of these; nothing is converted."""
        return self.flaw(value) is None

    def flaw(self, value: object) -> str | None:
        """Return what is wrong with a value, in a few words; None when nothing is."""
        wanted = self.type
        if wanted is not None and type(value) is not wanted:
            return named(value)
        return flaw(self)(value)


def named(value: object) -> str:
    """Return what kind of value one is, in a few words."""
    return say("nothing") if value is None else say("a {type}", type=type(value).__name__)


def flaw(holds: Holds) -> Callable[[Any], str | None]:
    """Return what looks at values that have the right type: it says what is wrong with one, in a few words."""
    return _FLAWS[holds]


def all_right(holds: Holds, values: Sequence[Any], most: int) -> bool:
    """Whether nothing is wrong with any of some values: found for all of them at once, where that is sooner.

    Args:
        holds: what they are; they have its type.
        values: at least one.
        most: how many characters a text has at most.
    """
    match holds:
        case Holds.TEXT:
            return max(map(len, values)) <= most and _characters("".join(values)) is None
        case Holds.WHOLE:
            return _whole(min(values)) is None and _whole(max(values)) is None
        case Holds.INSTANT:
            return all(value.tzinfo is UTC for value in values) and _day(min(values)) is None
        case Holds.DAY:
            return _day(min(values)) is None
        case Holds.YES_NO:
            return True
    look = flaw(holds)
    return all(look(value) is None for value in values)


def is_id(value: object) -> bool:
    """Whether a value can be the id of a record."""
    return type(value) is str and value != "" and text_flaw(LONGEST_ID)(value) is None


@cache
def text_flaw(most: int) -> Callable[[Any], str | None]:
    """Return what looks at texts that have at most so many characters."""

    def look(value: str) -> str | None:
        if len(value) > most:
            return say("a text of more than {most:,} characters", most=most)
        return _characters(value)

    return look


def _characters(value: str) -> str | None:
    if "\0" in value:
        return say("a text with a NUL character")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            return say("a text with half a character (a lone surrogate)")
    return None


def _whole(value: int) -> str | None:
    return None if -_WHOLE_LIMIT <= value < _WHOLE_LIMIT else say("a number of more than 64 bits")


def _exact(value: Decimal) -> str | None:
    if not value.is_finite():
        return say("no number")
    _, digits, exponent = value.as_tuple()  # arithmetic would round as the caller's context says
    behind = digits[exponent + DECIMALS :] if exponent < -DECIMALS else ()  # type: ignore[operator]
    if value.adjusted() >= DIGITS - DECIMALS or any(behind):
        return say(
            "a number of more than {before} digits before the point or {behind} behind it",
            before=DIGITS - DECIMALS,
            behind=DECIMALS,
        )
    return None


def _number(value: float) -> str | None:
    return None if math.isfinite(value) else say("no number")


def _day(value: date) -> str | None:
    return None if value.year >= EARLIEST_YEAR else say("a day before the year {year}", year=EARLIEST_YEAR)


def _instant(value: datetime) -> str | None:
    if value.tzinfo is not UTC and (value.utcoffset() != _NO_OFFSET or value.tzname() != "UTC"):  # not London in winter
        return say("an instant that is not in UTC: give it with .astimezone(UTC)")
    return _day(value)


def _tree(value: object) -> str | None:
    if type(value) is dict and _is_short(value):  # as nearly all are
        return None
    left, level = LONGEST_TEXT, [value]
    for _ in range(DEEPEST_TREE + 1):
        below: list[object] = []
        for one in level:
            found, parts, size = _part(one)
            left -= size
            if found is None and left < 0:
                found = say("a tree of more than {most:,} characters", most=LONGEST_TEXT)
            if found is not None:
                return found
            below.extend(parts)
        if not below:
            return None
        level = below
    return say("a tree of more than {most} levels", most=DEEPEST_TREE)


def _is_short(tree: dict[Any, Any]) -> bool:
    """Whether a tree is a mapping of some short texts, and nothing is wrong with them."""
    texts = [*tree, *(value for value in tree.values() if value is not None)]
    if set(map(type, texts)) != {str}:
        return False
    whole = "".join(texts)
    return len(whole) + len(tree) <= LONGEST_TEXT and _characters(whole) is None


def _part(value: object) -> tuple[str | None, Iterable[object], int]:
    """Return what is wrong with a part of a tree, the parts inside it, and its size."""
    if value is None or isinstance(value, bool):
        return None, (), 1
    if isinstance(value, str):
        return _characters(value), (), len(value)
    if isinstance(value, int):
        return _whole(value), (), 1
    if isinstance(value, float):
        return _number(value), (), 1
    if isinstance(value, Mapping):
        if not all(isinstance(name, str) for name in value):
            return say("a mapping with a key that is no text"), (), 1
        return None, (*value, *value.values()), 1
    if isinstance(value, list | tuple):
        return None, value, 1
    return named(value), (), 1


def _nothing_to_say(_: object) -> None:
    return None


_TYPES: Final[Mapping[Holds, type]] = {
    Holds.TEXT: str,
    Holds.WHOLE: int,
    Holds.EXACT: Decimal,
    Holds.NUMBER: float,
    Holds.YES_NO: bool,
    Holds.DAY: date,
    Holds.INSTANT: datetime,
}

_WORDS: Final[Mapping[Holds, str]] = {
    Holds.TEXT: say("text"),
    Holds.WHOLE: say("whole numbers"),
    Holds.EXACT: say("exact numbers (Decimal)"),
    Holds.NUMBER: say("numbers (float)"),
    Holds.YES_NO: say("yes or no"),
    Holds.DAY: say("days"),
    Holds.INSTANT: say("instants"),
    Holds.TREE: say("mappings and lists"),
}

_FLAWS: Final[Mapping[Holds, Callable[[Any], str | None]]] = {
    Holds.TEXT: text_flaw(LONGEST_TEXT),
    Holds.WHOLE: _whole,
    Holds.EXACT: _exact,
    Holds.NUMBER: _number,
    Holds.YES_NO: _nothing_to_say,
    Holds.DAY: _day,
    Holds.INSTANT: _instant,
    Holds.TREE: _tree,
}

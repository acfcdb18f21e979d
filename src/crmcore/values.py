"""Small frozen values that every room uses: places in files, durations, numeric intervals, instants and ids."""

import os
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from attrs import field, frozen

__all__ = ["NOWHERE", "Clock", "Duration", "Ids", "Interval", "Place", "new_id", "now"]

Clock = Callable[[], datetime]
"""What says which instant it is, in UTC: given to whatever needs the time, so that tests and replays are exact."""

Ids = Callable[[], str]
"""What makes ids that were never used."""


def now() -> datetime:
    """Return the present instant, in UTC: the clock of everyday life."""
    return datetime.now(UTC)


def new_id() -> str:
    """Return an id that was never used: a UUID of version 7 (RFC 9562), so that later ones sort behind earlier ones."""
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    fraction = rest * 4096 // 1_000_000  # of the millisecond, in 12 bits (RFC 9562, 6.2, method 3)
    chance = int.from_bytes(os.urandom(8)) >> 2
    digits = f"{milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | chance:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


_NO_PARTS: Final[Mapping[str, tuple[int, int]]] = {}  # shared and never written to; a mapping proxy would not pickle


@frozen
class Place:
    """Where in a file something is written, so that a message can point at it.

    Attributes:
        file: the file's path as it was given, or `<python>` for what a program built.
        line: the line, from 1.
        column: the column, from 1, in characters.
        parts: the (line, column) of each key and list item inside, by its dotted path: `role`, `holders[1]`,
            `where.region[0]`.
    """

    file: str
    line: int = 1
    column: int = 1
    parts: Mapping[str, tuple[int, int]] = field(default=_NO_PARTS, eq=False, repr=False)

    def at(self, part: str) -> "Place":
        """Return the place of one key or item inside this one, or the nearest enclosing place that is known."""
        while part:
            if part in self.parts:
                return Place(self.file, *self.parts[part])
            part = part[: max(part.rfind("."), part.rfind("["), 0)]
        return self

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


NOWHERE: Final = Place("<python>")

_DURATION = re.compile(r"([1-9][0-9]{0,5})\s*([mhdw])")
_MINUTES: Final[Mapping[str, int]] = {"m": 1, "h": 60}


@frozen(order=False)
class Duration:
    """A length of time as people write it: `30m`, `4h`, `2d`, `1w`.

    How long a day is depends on the calendar: a working day of 7.5 hours, or 24 hours by the clock.

    Attributes:
        amount: how many, from 1 to 999999.
        unit: `m` minutes, `h` hours, `d` days, `w` weeks.
    """

    amount: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> "Duration":
        """Read a duration such as `4h`.

        Raises:
            ValueError: when the text is no duration.
        """
        match = _DURATION.fullmatch(text.strip())
        if match is None:
            message = "a whole number followed by m, h, d or w, such as 4h"
            raise ValueError(message)
        return cls(int(match[1]), match[2])

    def minutes(self, *, day: float = 24 * 60, week: float = 7) -> float:
        """Return the length in minutes.

        Args:
            day: minutes in one day; a working day's length when working time counts.
            week: days in one week; the number of workdays when working time counts.
        """
        if self.unit in _MINUTES:
            return self.amount * _MINUTES[self.unit]
        return self.amount * day * (week if self.unit == "w" else 1)

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"


@frozen
class Interval:
    """Numbers from one bound up to, and not including, another: `[start, stop)`.

    Attributes:
        start: the first number inside; None for no lower bound.
        stop: the first number beyond; None for no upper bound.
    """

    start: float | None = None
    stop: float | None = None

    def __contains__(self, number: float) -> bool:
        return (self.start is None or self.start <= number) and (self.stop is None or number < self.stop)

    @property
    def empty(self) -> bool:
        """Whether no number is inside."""
        return self.start is not None and self.stop is not None and self.start >= self.stop

"""The days and times that fit a rule of recurrence, period after period (RFC 5545, 3.3.10).

Own code, because python-dateutil, which everybody takes, searches a rule that nothing fits until the year 9999, for
many seconds; takes `MO,1FR` for days that are both; chooses (`BYSETPOS`) from what is left of the first week; and gives
every day of a week of the year that names no weekday. The tests compare with it everywhere else.
"""

from calendar import isleap, monthrange
from collections.abc import Iterator, Mapping
from datetime import MAXYEAR, date, datetime, time, timedelta
from itertools import count, product
from typing import Final

from attrs import field, frozen

__all__ = ["WEEKDAYS", "Expansion"]

WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAYS: Final = ("BYDAY", "BYMONTHDAY", "BYYEARDAY")
Numbers = frozenset[int]


def _length_of_year(year: int) -> int:
    return 366 if isleap(year) else 365


def _day_of_year(day: date) -> int:
    return day.toordinal() - date(day.year, 1, 1).toordinal() + 1


@frozen
class Expansion:
    """A rule that begins at a time on the clock of the wall.

    Attributes:
        known: the parts of the rule, by name, as `rules.parts` returns them.
        start: when it begins.
    """

    known: Mapping[str, str]
    start: datetime
    _numbers: Mapping[str, Numbers] = field(init=False, eq=False, repr=False)
    _weekdays: frozenset[tuple[int, int]] | None = field(init=False, eq=False, repr=False)

    @_numbers.default
    def _of_the_rule(self) -> Mapping[str, Numbers]:
        """What the rule lists; a month and a day that it does not name are those of its start."""
        listed = {
            name: frozenset(map(int, value.split(",")))
            for name, value in self.known.items()
            if name.startswith("BY") and name != "BYDAY"
        }
        if self._days_are_open and self._frequency in ("MONTHLY", "YEARLY") and "BYWEEKNO" not in listed:
            listed["BYMONTHDAY"] = frozenset({self.start.day})
            if self._frequency == "YEARLY":
                listed.setdefault("BYMONTH", frozenset({self.start.month}))
        return listed

    @_weekdays.default
    def _of_the_week(self) -> frozenset[tuple[int, int]] | None:
        """The weekdays as (which one, weekday), 0 for every one; None for all of them."""
        if "BYDAY" in self.known:
            return frozenset((int(day[:-2] or 0), WEEKDAYS.index(day[-2:])) for day in self.known["BYDAY"].split(","))
        of_a_week = self._frequency == "WEEKLY" or "BYWEEKNO" in self.known
        return frozenset({(0, self.start.weekday())}) if of_a_week and self._days_are_open else None

    @property
    def _frequency(self) -> str:
        return self.known["FREQ"]

    @property
    def _days_are_open(self) -> bool:
        return self.known.keys().isdisjoint(_DAYS)

    @property
    def _first_weekday(self) -> int:
        return WEEKDAYS.index(self.known.get("WKST", "MO"))

    def walls(self, since: date, until: date) -> Iterator[datetime]:
        """Yield the times in order, from the start on.

        Args:
            since: a day before which times may be left out.
            until: the last day that is looked at, or somewhat less than a period more.
        """
        times = [
            time(hour, minute, second)
            for hour, minute, second in product(
                *(sorted(self._numbers.get(name, {default})) for name, default in self._clock().items())
            )
        ]
        start = self.start.replace(microsecond=0)
        for first, stop in self._periods(since, until):
            days = [day for day in map(date.fromordinal, range(first, stop)) if self._fits(day)]
            for index in self._chosen(len(days) * len(times)):
                wall = datetime.combine(days[index // len(times)], times[index % len(times)])
                if wall >= start:
                    yield wall

    def _clock(self) -> Mapping[str, int]:
        return {"BYHOUR": self.start.hour, "BYMINUTE": self.start.minute, "BYSECOND": self.start.second}

    def _chosen(self, length: int) -> Iterator[int]:
        """Yield the indexes of those that count among all in a period."""
        positions = self._numbers.get("BYSETPOS")
        if positions is None:
            yield from range(length)
        else:
            yield from sorted({(at - 1 if at > 0 else length + at) for at in positions if abs(at) <= length})

    def _periods(self, since: date, until: date) -> Iterator[tuple[int, int]]:
        """Yield the periods that count as the first and the next day, as numbers of days."""
        interval = int(self.known.get("INTERVAL", "1"))
        first = self._period(self.start.date())
        skipped = max(0, self._period(since) - first) // interval * interval
        for number in count(first + skipped, interval):
            begins, ends = self._bounds(number)
            if begins > min(until.toordinal(), date.max.toordinal()):
                return
            yield begins, min(ends, date.max.toordinal() + 1)

    def _period(self, day: date) -> int:
        """Return the number of the period that a day lies in."""
        if self._frequency == "WEEKLY":
            return (day.toordinal() - 1 - self._first_weekday) // 7  # the first day of the year 1 was a Monday
        numbers = {"DAILY": day.toordinal(), "MONTHLY": day.year * 12 + day.month - 1, "YEARLY": day.year}
        return numbers[self._frequency]

    def _bounds(self, number: int) -> tuple[int, int]:
        if self._frequency == "DAILY":
            return number, number + 1
        if self._frequency == "WEEKLY":
            begins = number * 7 + 1 + self._first_weekday
            return begins, begins + 7
        year, month = (number, 0) if self._frequency == "YEARLY" else divmod(number, 12)
        if year > MAXYEAR:
            return date.max.toordinal() + 1, date.max.toordinal() + 1
        begins = date(year, month + 1, 1).toordinal()
        length = _length_of_year(year) if self._frequency == "YEARLY" else monthrange(year, month + 1)[1]
        return begins, begins + length

    def _fits(self, day: date) -> bool:
        """Whether a day is one that every part of the rule admits."""
        numbers = self._numbers
        return (
            ("BYMONTH" not in numbers or day.month in numbers["BYMONTH"])
            and (
                "BYMONTHDAY" not in numbers
                or _among(numbers["BYMONTHDAY"], day.day, monthrange(day.year, day.month)[1])
            )
            and (
                "BYYEARDAY" not in numbers or _among(numbers["BYYEARDAY"], _day_of_year(day), _length_of_year(day.year))
            )
            and ("BYWEEKNO" not in numbers or _among(numbers["BYWEEKNO"], *self._week(day)))
            and (self._weekdays is None or self._is_weekday(day, self._weekdays))
        )

    def _is_weekday(self, day: date, wanted: frozenset[tuple[int, int]]) -> bool:
        weekday = day.weekday()
        if (0, weekday) in wanted:
            return True
        if self._frequency == "YEARLY" and "BYMONTH" not in self._numbers:
            number, length = _day_of_year(day), _length_of_year(day.year)
        else:
            number, length = day.day, monthrange(day.year, day.month)[1]
        return ((number - 1) // 7 + 1, weekday) in wanted or (-((length - number) // 7) - 1, weekday) in wanted

    def _week(self, day: date) -> tuple[int, int]:
        """Return the number of the week that a day lies in, and how many weeks the year of that week has."""
        middle = day + timedelta(days=3 - (day.weekday() - self._first_weekday) % 7)  # a week is of its middle's year
        last = date(middle.year, 12, 31)
        last -= timedelta(days=(last.weekday() - middle.weekday()) % 7)
        return (_day_of_year(middle) - 1) // 7 + 1, (_day_of_year(last) - 1) // 7 + 1


def _among(wanted: Numbers, number: int, length: int) -> bool:
    """Whether a number is wanted, counted from the front or from the back."""
    return number in wanted or number - length - 1 in wanted

"""When a calendar is open: its hours on the clock of the wall, as spans in UTC, a day at a time."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from attrs import Factory, field, frozen

from crmcore.calendars.free_days import FreeDays
from crmcore.calendars.spans import DAY, SECOND, Span, as_instant, merged
from crmcore.organization import Calendar

__all__ = ["Openings"]

_FIRST_DAY: Final = date(1970, 1, 1).toordinal()
_EARLIEST: Final = date(1, 1, 3).toordinal() - _FIRST_DAY
_LATEST: Final = date(9999, 12, 29).toordinal() - _FIRST_DAY  # its neighbours exist in every zone
_DAY_SECONDS: Final = 86_400
_WEEK: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _of_day(span: str) -> Span:
    """Return the seconds of a day at which hours such as `09:00-17:00` begin and end."""
    start, stop = (int(clock[:2]) * 3600 + int(clock[3:]) * 60 for clock in span.split("-"))
    return start, stop


def _hours(hours: Iterable[str]) -> tuple[Span, ...]:
    return merged(map(_of_day, hours))


def _weekdays(names: Iterable[str]) -> frozenset[int]:
    return frozenset(map(_WEEK.index, names))


@frozen
class Openings:
    """The open hours of a calendar in a time zone.

    An instant is open when the clock on the wall then shows a time within the hours of a day that is worked. So an hour
    that daylight saving skips is not worked, and one that it repeats is worked twice.

    Attributes:
        workdays: the weekdays that are worked, 0 for Monday.
        hours: the hours of a workday, in seconds since midnight, in order.
        zone: the zone of the clock on the wall.
        free_days: the days that do not follow the week.
    """

    workdays: frozenset[int] = field(converter=_weekdays)
    hours: tuple[Span, ...] = field(converter=_hours)
    zone: ZoneInfo
    free_days: FreeDays
    _known: dict[int, tuple[Span, ...]] = field(init=False, eq=False, repr=False, default=Factory(dict))

    @classmethod
    def of(cls, calendar: Calendar, zone: ZoneInfo, free_days: FreeDays) -> "Openings":
        """Return the open hours of an organization's calendar."""
        return cls(calendar.workdays, calendar.hours, zone, free_days)

    def worked(self, day: date) -> bool:
        """Whether a day is a workday, of the week or made up, and no holiday."""
        said = self.free_days.worked(day)
        return day.weekday() in self.workdays if said is None else said and bool(self.workdays)

    def since(self, start: int, days: int) -> Iterator[Span]:
        """Yield the open spans from an instant on, in order.

        Args:
            start: the instant, in microseconds since 1970; a span that holds it begins with it.
            days: how many days are looked at.
        """
        first = start // DAY
        for number in range(first, first + days if self.hours and self.workdays else first):
            for opens, closes in self.day(number):
                if start < closes:
                    yield max(start, opens), closes

    def time(self, begin: int, end: int) -> int:
        """Return how many microseconds are open between two microseconds since 1970."""
        first, last = begin // DAY, end // DAY
        if first == last:
            return self._within(first, begin, end)
        whole = sum(closes - opens for number in range(first + 1, last) for opens, closes in self.day(number))
        return self._within(first, begin, end) + whole + self._within(last, begin, end)

    def _within(self, number: int, begin: int, end: int) -> int:
        return sum(max(0, min(closes, end) - max(opens, begin)) for opens, closes in self.day(number))

    def local_day(self, microseconds: int) -> date:
        """Return which day it is in the zone; beyond the days that every zone has, the nearest that they have."""
        earliest, latest = _EARLIEST * DAY, _LATEST * DAY
        return as_instant(min(max(microseconds, earliest), latest)).astimezone(self.zone).date()

    def day(self, number: int) -> tuple[Span, ...]:
        """Return the open spans of one day of UTC, in microseconds since 1970; its number counts from 1970-01-01."""
        if not (self.hours and self.workdays and _EARLIEST <= number <= _LATEST):
            return ()
        found = self._known.get(number)
        if found is None:
            begin = number * _DAY_SECONDS
            found = tuple((a * SECOND, b * SECOND) for a, b in self._open(begin, begin + _DAY_SECONDS))
            self._known[number] = found
        return found

    def _open(self, begin: int, end: int) -> Iterator[Span]:
        for start, stop, offset in self._offsets(begin, end):
            for local_day in range((start + offset) // _DAY_SECONDS, (stop + offset - 1) // _DAY_SECONDS + 1):
                if not self.worked(date.fromordinal(_FIRST_DAY + local_day)):
                    continue
                midnight = local_day * _DAY_SECONDS - offset
                for opens, closes in self.hours:
                    span = max(start, midnight + opens), min(stop, midnight + closes)
                    if span[0] < span[1]:
                        yield span

    def _offsets(self, begin: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Cut a span of seconds where the zone changes its offset; yield the parts with their offset to UTC."""
        while begin < end:
            offset = self._offset(begin)
            if self._offset(end - 1) == offset:
                yield begin, end, offset
                return
            before, after = begin, end - 1
            while after - before > 1:
                middle = (before + after) // 2
                if self._offset(middle) == offset:
                    before = middle
                else:
                    after = middle
            yield begin, after, offset
            begin = after

    def _offset(self, second: int) -> int:
        """Return the offset to UTC at a second since 1970, in seconds."""
        offset = as_instant(second * SECOND).astimezone(self.zone).utcoffset()
        return 0 if offset is None else offset // timedelta(seconds=1)

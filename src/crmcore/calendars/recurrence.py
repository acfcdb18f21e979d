"""What recurs: the next time of a rule such as "the first Monday of each month", on the clock of the company."""

from collections.abc import Iterator
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from attrs import field, frozen

from crmcore.calendars.expanding import Expansion
from crmcore.calendars.failures import InvalidRecurrence
from crmcore.calendars.moments import Moment
from crmcore.calendars.rules import End, end, parts
from crmcore.calendars.spans import as_instant, as_microseconds
from crmcore.calendars.working_time import HORIZON, WorkingTime
from crmcore.language import say

__all__ = ["Recurrence"]

_PROBE: Final = datetime(2000, 1, 1)
_PROBED: Final = date(2041, 1, 1)  # a leap day comes back to its weekday within 40 years
_DAY: Final = timedelta(days=1)

_Time = tuple[datetime, tuple[int, ...]]  # what a `Moment` holds, in the order of time


def _canonical(text: str) -> str:
    return ";".join(f"{name}={value}" for name, value in parts(text).items())


@frozen
class Recurrence:
    """A rule of recurrence by RFC 5545, such as `FREQ=MONTHLY;BYDAY=1MO`: daily, weekly, monthly or yearly.

    It recurs on the clock of the wall: nine o'clock stays nine o'clock when daylight saving begins. A time that the
    clock skips is read with the offset before the change, and so comes later by as much (RFC 5545, 3.3.5): the RFC
    would leave it out of a rule, but what was planned must not be lost. One that the clock repeats is the first.

    Attributes:
        rule: the rule, in capitals.
    """

    rule: str = field(converter=_canonical)

    @classmethod
    def parse(cls, text: str) -> "Recurrence":
        """Read a rule.

        Args:
            text: a rule of RFC 5545, with `RRULE:` ahead of it or not.

        Raises:
            InvalidRecurrence: when it is none, or no day fits it.
        """
        recurrence = cls(text)
        known = {name: value for name, value in parts(text).items() if name != "INTERVAL"}
        if next(Expansion(known, _PROBE).walls(_PROBE.date(), _PROBED), None) is None:
            raise InvalidRecurrence(text, say("no day fits it"))
        return recurrence

    def next(self, after: datetime, *, start: datetime, hours: WorkingTime, on_workdays: bool = False) -> Moment | None:
        """Return the first time behind an instant; None when there is none any more.

        Args:
            after: the instant.
            start: when it began: it gives the time of day, what every second week counts from, and all else that the
                rule leaves open. It is one of the times itself only if it fits the rule.
            hours: the working time of the company, whose zone the clock is in.
            on_workdays: whether a time on a free day moves to the same time of the next workday.

        Raises:
            NeverOpen: when it moves to a workday, and there is none.
        """
        last = max(start, after)
        return next((moment for moment in self._moments(start, last, hours, on_workdays) if moment.at > after), None)

    def occurrences(self, start: datetime, hours: WorkingTime, *, on_workdays: bool = False) -> Iterator[Moment]:
        """Yield the times in order, each once, for `HORIZON` years; what is asked is as for `next`."""
        return self._moments(start, start, hours, on_workdays)

    def _moments(self, start: datetime, last: datetime, hours: WorkingTime, on_workdays: bool) -> Iterator[Moment]:
        """Yield the times in order; a time waits until no later one of the rule can come before it."""
        zone = hours.zone
        begins, since = _wall(start, zone), _wall(last, zone).date()
        while on_workdays and since > begins.date() and not hours.is_workday(since - _DAY):
            since -= _DAY  # a time on a free day before may move to this day or behind it
        waiting: list[_Time] = []
        for wall in self._walls(begins, since, zone):
            yield from _leaving(waiting, _instant(datetime.combine(wall.date(), time()), zone))
            day = hours.next_workday(wall.date()) if on_workdays else wall.date()
            at = _instant(datetime.combine(day, wall.time()), zone)
            heappush(waiting, (at, hours.unpublished(wall.date(), day) if on_workdays else ()))
        yield from _leaving(waiting, None)

    def _walls(self, start: datetime, since: date, zone: ZoneInfo) -> Iterator[datetime]:
        """Yield what the clock on the wall shows each time; those before a day are skipped, unless they are counted."""
        known = parts(self.rule)
        until = end(known["UNTIL"]) if "UNTIL" in known else None
        horizon = date(min(since.year + HORIZON, MAXYEAR), 12, 31)
        since = (
            start.date() if "COUNT" in known or since <= start.date() else since - _DAY
        )  # for a clock that is changed
        walls = Expansion(known, start).walls(since, horizon)
        for wall in islice(walls, int(known["COUNT"]) if "COUNT" in known else None):
            if until is not None and _beyond(wall, until, zone):
                return
            yield wall


def _leaving(waiting: list[_Time], before: datetime | None) -> Iterator[Moment]:
    """Take from a heap what comes before an instant, in order, and of what comes at one instant the first."""
    last = None
    while waiting and (before is None or waiting[0][0] < before):
        at, unpublished = heappop(waiting)
        if at != last:
            yield Moment(at, unpublished)
        last = at


def _wall(instant: datetime, zone: ZoneInfo) -> datetime:
    return as_instant(as_microseconds(instant)).astimezone(zone).replace(tzinfo=None, fold=0)


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=zone).astimezone(UTC)


def _beyond(wall: datetime, until: End, zone: ZoneInfo) -> bool:
    if not isinstance(until, datetime):
        return wall.date() > until
    return (wall if until.tzinfo is None else _instant(wall, zone)) > until

"""Working time: deadlines and elapsed time by a calendar's hours, with its holidays, its time zone, and pauses."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from attrs import field, frozen

from crmcore.calendars.failures import NeverOpen, OutOfReach
from crmcore.calendars.free_days import FreeDays, ListedDays, NoFreeDays, OwnDays
from crmcore.calendars.moments import Elapsed, Moment, Pause
from crmcore.calendars.openings import Openings
from crmcore.calendars.public_holidays import PublicHolidays
from crmcore.calendars.spans import DAY, SECOND, Span, as_instant, as_microseconds, merged, without
from crmcore.organization import Calendar, Organization
from crmcore.values import Duration

__all__ = ["HORIZON", "WorkingTime"]

HORIZON: Final = 100
"""Years that a computation looks ahead."""

_DAYS: Final = HORIZON * 365
_MINUTE: Final = 60 * SECOND


def _free_days(calendar: Calendar) -> FreeDays:
    known: FreeDays = NoFreeDays()
    if isinstance(calendar.holidays, str):
        known = PublicHolidays(calendar.holidays)
    elif calendar.holidays:
        known = ListedDays(calendar.holidays)
    return OwnDays(calendar.closed, calendar.make_up, known) if calendar.closed or calendar.make_up else known


@frozen
class WorkingTime:
    """A calendar that computes: when it is open, when a promise is due, how much working time has passed.

    Instants are aware datetimes of any zone; answers are in UTC. Everything is exact to the microsecond.

    Attributes:
        calendar: workdays, hours and holidays.
        timezone: the IANA name of the zone of its hours.
    """

    calendar: Calendar
    timezone: str = "UTC"
    _openings: Openings = field(init=False, eq=False, repr=False)

    @_openings.default
    def _open_hours(self) -> Openings:
        return Openings.of(self.calendar, self.zone, _free_days(self.calendar))

    @classmethod
    def of(cls, organization: Organization) -> "WorkingTime":
        """Return the working time of a company.

        Raises:
            UnknownName: when the holidays are those of a country that the library does not know.
            LibraryWanted: when they are those of a country, and the extra `calendars` is not installed.
        """
        return cls(organization.calendar, organization.timezone)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the hours."""
        return ZoneInfo(self.timezone)

    def is_open(self, instant: datetime) -> bool:
        """Whether an instant lies in open hours; the closing time itself does not.

        Of a year that is not published it tells what is known; `unpublished` says which years those are.
        """
        microseconds = as_microseconds(instant)
        return any(opens <= microseconds < closes for opens, closes in self._openings.day(microseconds // DAY))

    def is_workday(self, day: date) -> bool:
        """Whether a day is worked: a workday of the week that is no holiday, or a make-up workday.

        Of a year that is not published it tells what is known; `unpublished` says which years those are.
        """
        return self._openings.worked(day)

    def next_opening(self, instant: datetime) -> Moment:
        """Return when it opens next; the instant itself while it is open.

        Raises:
            NeverOpen: when it does not open within `HORIZON` years.
        """
        start = as_microseconds(instant)
        opening = next(self._openings.since(start, _DAYS), None)
        if opening is None:
            raise NeverOpen(instant)
        return Moment(as_instant(opening[0]), self._unpublished(start, opening[0]))

    def next_workday(self, day: date) -> date:
        """Return the day itself when it is worked, and otherwise the next one that is.

        Raises:
            NeverOpen: when there is none within `HORIZON` years.
        """
        for number in range(_DAYS if self.calendar.workdays else 0):
            if day.toordinal() + number <= date.max.toordinal():
                later = day + timedelta(days=number)
                if self.is_workday(later):
                    return later
        raise NeverOpen(datetime(day.year, day.month, day.day, tzinfo=self.zone))

    def add(
        self,
        start: datetime,
        amount: Duration | timedelta | int,
        *,
        pauses: Iterable[Pause] = (),
        elapsed: bool = False,
    ) -> Moment:
        """Return the deadline: the first instant by which that much working time has passed.

        What begins outside open hours runs from the next opening. What ends with the day is due at its closing time.

        Args:
            start: when it begins to run.
            amount: how much working time: a duration, whose days and weeks are working days and weeks of this
                calendar; a `timedelta`; or whole minutes.
            pauses: when it stands still.
            elapsed: whether the clock counts instead of working time; then a day has 24 hours, and a week seven days.

        Raises:
            NeverOpen: when there are no open hours.
            OutOfReach: when the deadline lies more than `HORIZON` years ahead.
            ValueError: when the amount is negative.
        """
        begin = as_microseconds(start)
        left = self._microseconds(amount, elapsed=elapsed)
        if left == 0:
            return Moment(as_instant(begin))
        for opens, closes in without(self._spans(begin, elapsed=elapsed), _holes(pauses)):
            if left <= closes - opens:
                return self._moment(start, begin, opens + left, elapsed=elapsed)
            left -= closes - opens
        if next(self._spans(begin, elapsed=elapsed), None) is None:
            raise NeverOpen(start)
        raise OutOfReach(start, HORIZON)

    def between(
        self, start: datetime, stop: datetime, *, pauses: Iterable[Pause] = (), elapsed: bool = False
    ) -> Elapsed:
        """Return how much working time lies between two instants.

        Args:
            start: the first instant.
            stop: the second; when it comes before the first, the answer is negative.
            pauses: when it stood still.
            elapsed: whether the clock counts instead of working time.

        Raises:
            OutOfReach: when the instants lie more than `HORIZON` years apart.
        """
        begin, end = sorted((as_microseconds(start), as_microseconds(stop)))
        if end - begin > _DAYS * DAY:
            raise OutOfReach(start, HORIZON)
        inside = [(max(begin, first), min(end, last)) for first, last in _holes(pauses) if first < end and begin < last]
        total = self._time(begin, end, elapsed=elapsed) - sum(self._time(*hole, elapsed=elapsed) for hole in inside)
        time = timedelta(microseconds=total if start <= stop else -total)
        return Elapsed(time, () if elapsed else self._unpublished(begin, end))

    def unpublished(self, first: date, last: date) -> tuple[int, ...]:
        """Return the years whose holidays could still change what lies between two days, in order."""
        return self._openings.free_days.unpublished(first, last)

    def _time(self, begin: int, end: int, *, elapsed: bool) -> int:
        return end - begin if elapsed else self._openings.time(begin, end)

    def _spans(self, begin: int, *, elapsed: bool) -> Iterator[Span]:
        return iter([(begin, begin + _DAYS * DAY)]) if elapsed else self._openings.since(begin, _DAYS + 1)

    def _moment(self, start: datetime, begin: int, end: int, *, elapsed: bool) -> Moment:
        try:
            at = as_instant(end)
        except OverflowError:
            raise OutOfReach(start, HORIZON) from None
        return Moment(at, () if elapsed else self._unpublished(begin, end))

    def _unpublished(self, begin: int, end: int) -> tuple[int, ...]:
        return self.unpublished(self._openings.local_day(begin), self._openings.local_day(end))

    def _microseconds(self, amount: Duration | timedelta | int, *, elapsed: bool) -> int:
        if isinstance(amount, Duration):
            day = sum(stop - start for start, stop in self._openings.hours) // 60
            week = len(self._openings.workdays)
            return int(amount.minutes() if elapsed else amount.minutes(day=day, week=week)) * _MINUTE
        length = amount // timedelta(microseconds=1) if isinstance(amount, timedelta) else amount * _MINUTE
        if length < 0:
            message = f"working time is added, not taken away: {amount}"
            raise ValueError(message)
        return length


def _holes(pauses: Iterable[Pause]) -> tuple[Span, ...]:
    return merged((as_microseconds(pause.start), as_microseconds(pause.stop)) for pause in pauses)

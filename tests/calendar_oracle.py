"""Working time so simple that it cannot be wrong: it looks at the clock on the wall, minute after minute."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from crmcore.calendars import Pause
from crmcore.organization import Calendar

__all__ = ["MINUTE", "added", "calendars", "elapsed", "is_open", "pauses_around"]

MINUTE = timedelta(minutes=1)
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def is_open(calendar: Calendar, zone: ZoneInfo, instant: datetime) -> bool:
    wall = instant.astimezone(zone)
    shown = f"{wall:%H:%M}"
    free = wall.date() in (*(calendar.holidays or ()), *calendar.closed)
    worked = _WEEK[wall.weekday()] in calendar.workdays and not free
    return (worked or wall.date() in calendar.make_up) and (
        any(hours[:5] <= shown < hours[6:] for hours in calendar.hours)
    )


def _counts(calendar: Calendar, zone: ZoneInfo, instant: datetime, pauses: Iterable[Pause]) -> bool:
    return is_open(calendar, zone, instant) and not any(pause.start <= instant < pause.stop for pause in pauses)


def added(calendar: Calendar, zone: ZoneInfo, start: datetime, minutes: int, pauses: Iterable[Pause]) -> datetime:
    instant = start
    while minutes:
        minutes -= _counts(calendar, zone, instant, pauses)
        instant += MINUTE
    return instant


def elapsed(calendar: Calendar, zone: ZoneInfo, start: datetime, stop: datetime, pauses: Iterable[Pause]) -> int:
    return sum(_counts(calendar, zone, instant, pauses) for instant in _minutes(start, stop))


def _minutes(start: datetime, stop: datetime) -> Iterator[datetime]:
    while start < stop:
        yield start
        start += MINUTE


@st.composite
def calendars(draw: st.DrawFn, around: datetime) -> Calendar:
    """Calendars of all kinds: part of a week, several spans a day, at night too, with holidays near an instant."""
    quarters = st.integers(0, 96).map(lambda number: number * 15)
    bounds = sorted(draw(st.sets(quarters, min_size=2, max_size=6)))
    spans = [
        f"{start // 60:02}:{start % 60:02}-{stop // 60:02}:{stop % 60:02}"
        for start, stop in zip(bounds[::2], bounds[1::2], strict=False)
    ]
    days = st.integers(-4, 6).map(lambda number: around.date() + timedelta(days=number))
    workdays: list[Weekday] = [day for day in _WEEK if draw(st.booleans())] or ["sun"]
    return Calendar(
        workdays=workdays,
        hours=spans,
        holidays=draw(st.sets(days, max_size=3)),
        closed=draw(st.sets(days, max_size=2)),
        make_up=draw(st.sets(days, max_size=2)),
    )


def pauses_around(instant: datetime) -> st.SearchStrategy[list[Pause]]:
    """Up to three pauses, which may overlap, that begin within a day and a half of an instant."""

    def pause(start: int, length: int) -> Pause:
        begins = instant + start * MINUTE
        return Pause(begins, begins + length * MINUTE)

    return st.lists(st.builds(pause, st.integers(-2000, 2000), st.integers(0, 2000)), max_size=3)

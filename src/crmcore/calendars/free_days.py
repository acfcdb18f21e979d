"""Which days are free whatever their weekday, which are worked although they are a weekend, and what is not known."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Protocol

from attrs import field, frozen

__all__ = ["FreeDays", "ListedDays", "NoFreeDays", "OwnDays", "year_of_notice", "years"]


class FreeDays(Protocol):
    """What knows the days that do not follow the week."""

    def worked(self, day: date) -> bool | None:
        """Whether a day is worked: False on a holiday, True on a make-up workday, None where the week decides."""

    def unpublished(self, first: date, last: date) -> tuple[int, ...]:
        """Return the years, in order, whose free days are not known yet and could change what lies between two days.

        Args:
            first: the first day.
            last: the last day.
        """


def _days(days: Iterable[date]) -> frozenset[date]:
    return frozenset(days)


@frozen
class NoFreeDays:
    """The week decides about every day."""

    def worked(self, day: date) -> bool | None:  # noqa: ARG002 (the week decides)
        """Nothing is known of any day."""
        return None

    def unpublished(self, first: date, last: date) -> tuple[int, ...]:  # noqa: ARG002 (there is nothing to publish)
        """Everything is known."""
        return ()


@frozen
class ListedDays:
    """Free days that the company lists.

    The list speaks of the years from which it names a day. A year of which it names none has not been written down.

    Attributes:
        days: the free days.
    """

    days: frozenset[date] = field(converter=_days)

    def worked(self, day: date) -> bool | None:
        """False for a day of the list."""
        return False if day in self.days else None

    def unpublished(self, first: date, last: date) -> tuple[int, ...]:
        """Return the years of which the list names no day."""
        written = {day.year for day in self.days}
        return tuple(year for year in years(first, last) if year not in written)


@frozen
class OwnDays:
    """Days on which a company closes, or works, whatever else is known of them.

    Attributes:
        closed: the days on which it does not work.
        make_up: the days on which it works.
        otherwise: what knows of all other days.
    """

    closed: frozenset[date] = field(converter=_days)
    make_up: frozenset[date] = field(converter=_days)
    otherwise: FreeDays

    def worked(self, day: date) -> bool | None:
        """False for a day on which the company closes, True for one on which it works."""
        if day in self.make_up:
            return True
        return False if day in self.closed else self.otherwise.worked(day)

    def unpublished(self, first: date, last: date) -> tuple[int, ...]:
        """Return the years whose other days are not known yet: those of its own a company knows."""
        return self.otherwise.unpublished(first, last)


def years(first: date, last: date) -> Iterable[int]:
    """Return the years of the days between two days, both included."""
    return range(first.year, last.year + 1)


def year_of_notice(day: date) -> int:
    """Return the year whose notice decides about a day: at the end of December that is the next year's.

    Governments that move workdays also move those of the last week of December towards New Year: China's notice of
    2019 made 29 December 2018, a Saturday, a workday.
    """
    return (day + timedelta(days=7)).year if day < date(date.max.year, 12, 25) else day.year

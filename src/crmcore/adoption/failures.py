"""What can go wrong with versions of the organization: a class for each thing that a caller can do about it."""

from datetime import date
from typing import ClassVar

from crmcore.errors import CrmError
from crmcore.language import say, told

__all__ = ["AlreadyBegun", "DayTaken", "NoVersion", "NothingNew"]


class DayTaken(CrmError):
    """A version would begin on the first day of another one, or before. Choose a later day, or replace the other.

    Attributes:
        day: the day that was asked for.
        number: of the other version.
        first_day: of the other version.
    """

    code: ClassVar[str] = "day-taken"

    def __init__(self, day: date, number: int, first_day: date) -> None:
        self.day, self.number, self.first_day = day, number, first_day
        super().__init__(day, number, first_day)

    def __str__(self) -> str:
        return told(
            say(
                "version {number} begins on {first_day}, so that another one cannot begin on {day}: choose a later "
                "day, or replace version {number} if it has not begun",
                number=self.number,
                first_day=self.first_day,
                day=self.day,
            )
        )


class AlreadyBegun(CrmError):
    """A version should be replaced that has begun, or is not the last one. Let the new one begin on a later day.

    Attributes:
        number: of the version that should be replaced.
        last: the number of the one version that can be replaced; None when the last one has begun too.
    """

    code: ClassVar[str] = "already-begun"

    def __init__(self, number: int, last: int | None) -> None:
        self.number, self.last = number, last
        super().__init__(number, last)

    def __str__(self) -> str:
        if self.last is None:
            return told(say("version {number} cannot be replaced: no version is still to begin", number=self.number))
        return told(
            say(
                "version {number} cannot be replaced: the one that has not begun is version {last}",
                number=self.number,
                last=self.last,
            )
        )


class NothingNew(CrmError):
    """The organization is adopted already. There is nothing to do.

    Attributes:
        number: of the version that is equal.
        first_day: of that version.
    """

    code: ClassVar[str] = "nothing-new"

    def __init__(self, number: int, first_day: date) -> None:
        self.number, self.first_day = number, first_day
        super().__init__(number, first_day)

    def __str__(self) -> str:
        return told(
            say(
                "this organization is adopted already: it is version {number}, which begins on {first_day}",
                number=self.number,
                first_day=self.first_day,
            )
        )


class NoVersion(CrmError):
    """No organization is in force on a day. Adopt one from that day or earlier.

    Attributes:
        day: the day.
        first_day: the first day of the first version; None when there is no version.
    """

    code: ClassVar[str] = "no-version"

    def __init__(self, day: date, first_day: date | None) -> None:
        self.day, self.first_day = day, first_day
        super().__init__(day, first_day)

    def __str__(self) -> str:
        if self.first_day is None:
            return told(say("no organization is adopted: adopt one with `crmcore adopt`"))
        return told(
            say(
                "no organization was in force on {day}: the first one begins on {first_day}",
                day=self.day,
                first_day=self.first_day,
            )
        )

"""What can go wrong with working time and with what recurs: a class for each thing that a caller can do about it."""

from datetime import datetime
from typing import ClassVar

from crmcore.errors import CrmError
from crmcore.language import say, told

__all__ = ["CalendarError", "InvalidRecurrence", "LibraryWanted", "NeverOpen", "OutOfReach"]


class CalendarError(CrmError):
    """Anything that a calendar cannot answer."""

    code: ClassVar[str] = "calendar-error"


class NeverOpen(CalendarError):
    """A calendar has no open hours. Give it workdays and hours, or fewer holidays.

    Attributes:
        after: the instant after which there are none.
    """

    code: ClassVar[str] = "never-open"

    def __init__(self, after: datetime) -> None:
        self.after = after
        super().__init__(after)

    def __str__(self) -> str:
        return told(
            say(
                "the calendar has no open hours after {after}: name workdays and hours, or fewer holidays",
                after=f"{self.after:%Y-%m-%d %H:%M}",
            )
        )


class OutOfReach(CalendarError):
    """An instant lies too far away to be computed. Ask for less time.

    Attributes:
        start: where the computation began.
        years: how far it looks, in years.
    """

    code: ClassVar[str] = "out-of-reach"

    def __init__(self, start: datetime, years: int) -> None:
        self.start, self.years = start, years
        super().__init__(start, years)

    def __str__(self) -> str:
        return told(
            say(
                "what is asked for lies more than {years} years from {start}, or beyond the last year: ask for less",
                years=self.years,
                start=f"{self.start:%Y-%m-%d %H:%M}",
            )
        )


class LibraryWanted(CalendarError):
    """A library that knows public holidays is not installed. Install it.

    Attributes:
        library: the name of the library.
    """

    code: ClassVar[str] = "library-wanted"

    def __init__(self, library: str) -> None:
        self.library = library
        super().__init__(library)

    def __str__(self) -> str:
        command = "pip install 'crmcore[calendars]'"
        return told(
            say(
                "the calendar needs {library}, which is not installed: run {command}",
                library=self.library,
                command=command,
            )
        )


class InvalidRecurrence(CalendarError):
    """A rule of recurrence is none. Mend the rule.

    Attributes:
        rule: what was given.
        reason: what is wrong, and what is allowed: a phrase, which reads as English.
    """

    code: ClassVar[str] = "invalid-recurrence"

    def __init__(self, rule: str, reason: str) -> None:
        self.rule, self.reason = rule, reason
        super().__init__(rule, reason)

    def __str__(self) -> str:
        return told(say("{rule!r} is no rule of recurrence: {reason}", rule=self.rule, reason=self.reason))

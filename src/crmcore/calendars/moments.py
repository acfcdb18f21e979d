"""What a calendar answers: an instant or a length of time, with the years that are not known yet; and pauses."""

from datetime import datetime, timedelta

from attrs import frozen

__all__ = ["Elapsed", "Moment", "Pause"]


@frozen
class Pause:
    """Time during which a promise stands still, such as while the customer is asked. Only its open hours count.

    Attributes:
        start: when it began.
        stop: when it ended; while it lasts, now.
    """

    start: datetime
    stop: datetime

    def __attrs_post_init__(self) -> None:
        if self.stop < self.start:
            message = f"a pause ends at {self.stop.isoformat()}, before it begins at {self.start.isoformat()}"
            raise ValueError(message)


@frozen
class Moment:
    """An instant that a calendar gave.

    Attributes:
        at: the instant, in UTC.
        unpublished: the years whose holidays could still change it, because they are not published or not listed.
    """

    at: datetime
    unpublished: tuple[int, ...] = ()

    @property
    def certain(self) -> bool:
        """Whether the holidays of every year that matters are known."""
        return not self.unpublished


@frozen
class Elapsed:
    """The working time between two instants.

    Attributes:
        time: how long, to the microsecond; negative when the second instant comes before the first.
        unpublished: the years whose holidays could still change it, because they are not published or not listed.
    """

    time: timedelta
    unpublished: tuple[int, ...] = ()

    @property
    def minutes(self) -> int:
        """The whole minutes that have passed."""
        whole = abs(self.time) // timedelta(minutes=1)
        return -whole if self.time < timedelta(0) else whole

    @property
    def certain(self) -> bool:
        """Whether the holidays of every year that matters are known."""
        return not self.unpublished

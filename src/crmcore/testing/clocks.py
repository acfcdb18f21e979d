"""A clock and a source of ids for tests, so that what they write is the same in each run."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

from attrs import define

__all__ = ["FakeClock", "numbered_ids"]


@define
class FakeClock:
    """A clock that stands still until it is told to go on.

    Attributes:
        now: the instant that it tells, in UTC.
    """

    now: datetime = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the instant."""
        return self.now

    def advance(self, **duration: float) -> datetime:
        """Go on, and return the instant.

        Args:
            duration: for how long, as `timedelta` takes it: `days=1`, `hours=2`.
        """
        self.now += timedelta(**duration)
        return self.now


def numbered_ids(prefix: str = "id") -> Callable[[], str]:
    """Return what makes ids that are told easily: id-000001, id-000002, and so on.

    Args:
        prefix: what stands before the number.
    """
    numbers = count(1)
    return lambda: f"{prefix}-{next(numbers):06}"

"""Spans of time as whole microseconds since 1970, in UTC: exact, whatever a clock on a wall does."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

__all__ = ["DAY", "SECOND", "Span", "as_instant", "as_microseconds", "merged", "without"]

Span = tuple[int, int]
"""From one microsecond up to, and not including, another."""

SECOND: Final = 1_000_000
DAY: Final = 86_400 * SECOND
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def as_microseconds(instant: datetime) -> int:
    """Return an instant as microseconds since 1970.

    Raises:
        ValueError: when it has no time zone, so that nobody knows which instant it is.
    """
    if instant.tzinfo is None:
        message = f"{instant.isoformat()} has no time zone: give an instant such as datetime.now(UTC)"
        raise ValueError(message)
    return (instant - _EPOCH) // _MICROSECOND


def as_instant(microseconds: int) -> datetime:
    """Return the instant in UTC.

    Raises:
        OverflowError: when it lies outside the years 1 to 9999.
    """
    return _EPOCH + timedelta(microseconds=microseconds)


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the same time in order, without overlap and without empty spans."""
    joined: list[Span] = []
    for start, stop in sorted(span for span in spans if span[0] < span[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((start, stop))
    return tuple(joined)


def without(spans: Iterable[Span], holes: Iterable[Span]) -> Iterator[Span]:
    """Yield what is left of spans, which may be endless, when holes are cut out; both are in order, without overlap."""
    left = iter(holes)
    hole = next(left, None)
    for first, stop in spans:
        start = first
        while hole is not None and hole[0] < stop:
            if start < hole[0]:
                yield start, hole[0]
            start = max(start, hole[1])
            if stop < hole[1]:
                break
            hole = next(left, None)
        if start < stop:
            yield start, stop

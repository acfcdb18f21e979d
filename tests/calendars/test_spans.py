"""Spans of time, against the points that lie in them."""

from datetime import UTC, datetime
from itertools import count, islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.calendars.spans import Span, as_instant, as_microseconds, merged, without

SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=8)


def points(spans: list[Span] | tuple[Span, ...]) -> set[int]:
    return {point for start, stop in spans for point in range(start, stop)}


@given(SPANS)
def test_merged_spans_hold_the_same_points_in_order_and_apart(spans: list[Span]) -> None:
    found = merged(spans)
    assert points(found) == points(spans)
    assert all(start < stop for start, stop in found)
    assert all(one[1] < other[0] for one, other in pairwise(found))


@given(SPANS, SPANS)
def test_without_holes_the_points_of_the_holes_are_gone_and_no_others(spans: list[Span], holes: list[Span]) -> None:
    found = list(without(merged(spans), merged(holes)))
    assert points(found) == points(spans) - points(holes)
    assert all(one[1] <= other[0] for one, other in pairwise(found))


def test_endless_spans_are_taken_as_they_come() -> None:
    endless = ((number * 10, number * 10 + 5) for number in count())
    assert list(islice(without(endless, [(2, 12)]), 3)) == [(0, 2), (12, 15), (20, 25)]


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_is_the_same_after_it_was_a_number(instant: datetime) -> None:
    assert as_instant(as_microseconds(instant)) == instant


def test_an_instant_without_a_zone_is_none() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        as_microseconds(datetime(2026, 11, 30))

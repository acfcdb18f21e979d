"""How long to wait after a failure."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.storage import Backoff

WAITS = st.timedeltas(timedelta(microseconds=1), timedelta(days=1000))


@given(WAITS, WAITS, st.floats(1, 1e6), st.integers(1, 10_000))
def test_waits_grow_up_to_the_longest_and_then_it_is_given_up(
    first: timedelta, longest: timedelta, factor: float, attempts: int
) -> None:
    first, longest = sorted([first, longest])
    backoff = Backoff(first=first, longest=longest, factor=factor, attempts=attempts)
    asked = sorted({1, 2, 3, attempts // 2, attempts - 1} & {*range(1, attempts)})
    waits = [backoff.after(number) for number in asked]
    assert all(wait is not None and first <= wait <= longest for wait in waits)
    assert waits == sorted(waits)  # type: ignore[type-var]  # none of them is None
    assert backoff.after(attempts) is None
    assert backoff.after(attempts + 1) is None


def test_each_wait_is_the_factor_times_the_one_before() -> None:
    backoff = Backoff(first=timedelta(seconds=30), factor=2, longest=timedelta(minutes=3))
    waits = [backoff.after(number) for number in range(1, 6)]
    assert [wait.total_seconds() if wait else None for wait in waits] == [30, 60, 120, 180, 180]


@pytest.mark.parametrize(
    "given",
    [
        {"first": timedelta(0)},
        {"first": timedelta(seconds=-1)},
        {"first": timedelta(hours=2), "longest": timedelta(hours=1)},
        {"factor": 0.5},
        {"factor": float("nan")},
        {"attempts": 0},
    ],
)
def test_waits_that_would_be_none_or_become_shorter_are_refused(given: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="longer than nothing"):
        Backoff(**given)  # type: ignore[arg-type]

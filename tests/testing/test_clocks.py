"""The clock and the ids of tests are the same in each run."""

from datetime import UTC, datetime, timedelta

from crmcore.testing import FakeClock, numbered_ids


def test_a_clock_stands_still_until_it_is_told_to_go_on() -> None:
    clock = FakeClock(datetime(2026, 11, 23, tzinfo=UTC))
    assert clock() == clock()
    assert clock.advance(days=1, hours=2) == clock() == datetime(2026, 11, 24, 2, tzinfo=UTC)
    assert FakeClock()() - FakeClock()() == timedelta(0)


def test_ids_are_numbered_each_source_on_its_own() -> None:
    one, other = numbered_ids(), numbered_ids("task")
    assert [one(), one(), other(), one()] == ["id-000001", "id-000002", "task-000001", "id-000003"]

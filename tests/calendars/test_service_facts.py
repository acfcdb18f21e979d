"""The facts that another service desk has in its tests: 28 deadlines and 9 elapsed times."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from crmcore.calendars import Pause, WorkingTime
from crmcore.organization import Calendar


@pytest.fixture(scope="module")
def facts(shared_data: Path) -> Any:
    return json.loads((shared_data / "service-sla-zammad" / "sla_facts.json").read_text(encoding="utf-8"))


def working_time(facts: Any, name: str) -> WorkingTime:
    found = facts["calendars"][name]
    (hours,) = {tuple(map(tuple, spans)) for spans in found["hours"].values()}
    free = [date.fromisoformat(day) for day, state in found.get("holidays", {}).items() if state == "active"]
    calendar = Calendar(
        workdays=list(found["hours"]), hours=[f"{start}-{stop}" for start, stop in hours], holidays=free
    )
    return WorkingTime(calendar, found["tz"])


def pauses(fact: Any) -> list[Pause]:
    return [Pause(datetime.fromisoformat(start), datetime.fromisoformat(stop)) for start, stop in fact["paused"]]


def test_all_deadlines_hold(facts: Any) -> None:
    assert len(facts["deadlines"]) == 28
    for fact in facts["deadlines"]:
        hours = working_time(facts, fact["calendar"])
        found = hours.add(datetime.fromisoformat(fact["start"]), fact["target_minutes"], pauses=pauses(fact))
        assert found.at == datetime.fromisoformat(fact["deadline"]), fact


def test_all_elapsed_times_hold(facts: Any) -> None:
    assert len(facts["elapsed"]) == 9
    for fact in facts["elapsed"]:
        hours = working_time(facts, fact["calendar"])
        start, stop = datetime.fromisoformat(fact["from"]), datetime.fromisoformat(fact["to"])
        found = hours.between(start, stop, pauses=pauses(fact))
        assert found.minutes == fact["business_minutes"], fact
        assert fact["target_minutes"] - found.minutes == fact["diff_in_min(target-elapsed)"], fact


def test_around_the_clock_only_what_is_open_or_new_counts(facts: Any) -> None:
    """New for an hour, open for half an hour, pending for half an hour, then closed: 90 minutes."""
    hours = working_time(facts, "247")
    start = datetime.fromisoformat("2020-01-01T00:00:00Z")
    pending = Pause(datetime.fromisoformat("2020-01-01T01:30:00Z"), datetime.fromisoformat("2020-01-01T02:00:00Z"))
    assert hours.between(start, pending.stop, pauses=[pending]).minutes == 90

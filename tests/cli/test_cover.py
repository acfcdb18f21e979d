"""`crmcore cover`: on which days which customers have nobody, and what ends that day."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]
WINDOW = ("--on", "2026-11-23", "--until", "2026-12-31")
COMPANY = """\
crmcore: 1
name: 云帆软件
dimensions: {region: [East, West]}
people:
  - {id: li.na, to: 2026-12-20}
  - {id: wang.wei, absences: [{from: 2026-12-07, to: 2026-12-11}]}
roles: [{id: manager}]
staffing:
  - {role: manager, holders: [li.na], where: {region: East}}
  - {role: manager, holders: [wang.wei], where: {region: West}}
touchpoints: [{id: call}, {id: visit}]
duties:
  - {touchpoints: [call], role: manager, duty: accountable}
  - {touchpoints: [visit], role: manager, duty: accountable, where: {region: East}, to: 2026-12-15}
  - {touchpoints: [visit], role: manager, duty: accountable, where: {region: West}}
"""


@pytest.fixture
def lapsing(tmp_path: Path) -> Path:
    path = tmp_path / "lapsing.yaml"
    path.write_text(COMPANY, encoding="utf-8")
    return path


def test_every_lapse_is_told_with_its_days_its_customers_and_its_reason(run: Run, lapsing: Path) -> None:
    result = run("cover", lapsing, *WINDOW)
    assert result.exit_code == 1
    told = "\n".join(" ".join(line.split()) for line in result.stdout.splitlines())
    assert (
        "2026-12-07 to 2026-12-11, 5 days\ncall: too few people hold manager\nwhere region: West (1 point)\n"
        f"because wang.wei is away from 2026-12-07 to 2026-12-11 ({lapsing}:6:31)\n"
    ) in told
    assert (
        "2026-12-16 to 2026-12-31, 16 days\nvisit: no role is accountable\nwhere region: East (1 point)\n"
        f"because the duty of manager ends on 2026-12-15 ({lapsing}:14:5)\n"
    ) in told
    assert f"because li.na leaves after 2026-12-20 ({lapsing}:5:5)" in told
    assert told.endswith("云帆软件 from 2026-11-23 to 2026-12-31: 4 lapses.")


def test_the_calendar_shows_a_line_a_touchpoint_and_a_column_a_day(run: Run, lapsing: Path) -> None:
    lines = run("cover", lapsing, *WINDOW).stdout.splitlines()
    assert lines[0].split() == ["2026-11-23", "2026-12-31"]
    name, days = lines[1].split()
    assert (name, len(days)) == ("call", 39)
    assert [number for number, sign in enumerate(days) if sign == "█"] == [*range(14, 19), *range(28, 39)]


def test_a_long_window_shows_several_days_in_a_column(run: Run, lapsing: Path) -> None:
    lines = run("cover", lapsing, "--on", "2026-01-01", "--until", "2027-12-31").stdout.splitlines()
    assert len(lines[1].split()[1]) == 60


def test_json_holds_everything_and_the_days(run: Run, lapsing: Path) -> None:
    report = json.loads(run("cover", lapsing, *WINDOW, "--format", "json").stdout)
    assert (report["version"], report["organization"], len(report["lapses"])) == (1, "云帆软件", 4)
    assert report["lapses"][0] == {
        "touchpoint": "call",
        "role": "manager",
        "first": "2026-12-07",
        "last": "2026-12-11",
        "boxes": [{"region": ["West"]}],
        "points": 1,
        "witness": {"region": "West"},
        "reasons": [
            {"message": "wang.wei is away from 2026-12-07 to 2026-12-11", "place": f"{lapsing}:6:31"},
        ],
    }


def test_who_always_has_somebody_is_told_so_with_status_0(run: Run, lapsing: Path) -> None:
    result = run("cover", lapsing, "--on", "2026-11-23", "--until", "2026-12-06")
    assert result.exit_code == 0
    assert result.stdout == "云帆软件 from 2026-11-23 to 2026-12-06: everybody has somebody on every day.\n"


def test_a_person_can_be_thought_away(run: Run, lapsing: Path) -> None:
    result = run("cover", lapsing, "--on", "2026-11-23", "--until", "2026-11-23", "--without", "li.na")
    assert result.exit_code == 1
    assert "call: too few people hold manager" in result.stdout


def test_a_window_that_ends_before_it_begins_is_refused(run: Run, lapsing: Path) -> None:
    result = run("cover", lapsing, "--on", "2026-11-23", "--until", "2026-11-22")
    assert result.exit_code == 2
    assert "comes before the first day" in result.stderr

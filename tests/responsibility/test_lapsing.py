"""On which days which customers have nobody, against every customer on every day."""

from datetime import date, timedelta
from itertools import pairwise

from attrs import evolve
from oracle import Oracle, Point, expand, random_organization

from crmcore.organization import Absence, Duty, Organization, Person, Role, Staffing, Touchpoint
from crmcore.responsibility import Responsibilities, lapses

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 31)
Open = set[tuple[str, str | None, Point, date]]


def _brute(organization: Organization, oracle: Oracle) -> Open:
    found: Open = set()
    for touchpoint in organization.touchpoints:
        for point in oracle.points():
            if not oracle.happens(touchpoint, point):
                continue
            for day in oracle.days:
                winners = {duty.role for duty in oracle.winners(touchpoint, "accountable", point, day)}
                if not winners:
                    found.add((touchpoint.id, None, point, day))
                for role in winners:
                    if len(oracle.pool(role, point, day)) < oracle.roles[role].holders.min:
                        found.add((touchpoint.id, role, point, day))
    return found


def test_lapses_hold_every_day_of_every_customer_without_anyone_and_no_other(cases: int) -> None:
    for seed in range(cases // 4):
        organization, on, until = random_organization(seed)
        responsibilities = Responsibilities(organization, on, until)
        oracle = Oracle(organization, on, until)
        found: Open = set()
        spans: dict[tuple[str, str | None, Point], list[tuple[date, date]]] = {}
        for lapse in lapses(responsibilities):
            for box in lapse.boxes:
                here = set(expand(oracle, responsibilities.space.describe(box)))
                assert {day for _, day in here} == set(_days(lapse.first, lapse.last)), f"seed {seed}"
                found |= {(lapse.touchpoint, lapse.role, point, day) for point, day in here}
                for point in {point for point, _ in here}:  # boxes share no point: a span would stand there twice
                    spans.setdefault((lapse.touchpoint, lapse.role, point), []).append((lapse.first, lapse.last))
        for each in spans.values():
            gaps = [later[0] - earlier[1] for earlier, later in pairwise(sorted(each))]
            assert all(gap > timedelta(days=1) for gap in gaps), f"seed {seed}: one lapse is told as two"
        assert found == _brute(organization, oracle), f"seed {seed}"


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


COMPANY = Organization(
    "company",
    people=[Person("li.na"), Person("wang.wei")],
    roles=[Role("manager")],
    staffing=[Staffing("manager", holders=["li.na"])],
    touchpoints=[Touchpoint("call")],
    duties=[Duty(["call"], "manager", "accountable")],
)


def _told(organization: Organization) -> list[tuple[str | None, date, date, list[str]]]:
    return [
        (lapse.role, lapse.first, lapse.last, [str(reason.told) for reason in lapse.reasons])
        for lapse in lapses(Responsibilities(organization, FIRST, LAST))
    ]


def test_who_is_always_there_leaves_no_lapse() -> None:
    assert _told(COMPANY) == []


def test_an_absence_is_a_lapse_of_its_days_and_the_reason() -> None:
    away = Absence(from_=date(2026, 12, 7), to=date(2026, 12, 11))
    company = COMPANY.with_(Person("li.na", absences=[away]))
    reason = "li.na is away from 2026-12-07 to 2026-12-11"
    assert _told(company) == [("manager", date(2026, 12, 7), date(2026, 12, 11), [reason])]


def test_an_absence_with_cover_is_none() -> None:
    away = Absence(from_=date(2026, 12, 7), to=date(2026, 12, 11), cover="wang.wei")
    assert _told(COMPANY.with_(Person("li.na", absences=[away]))) == []


def test_whoever_leaves_is_the_reason_to_the_end_of_the_window() -> None:
    company = COMPANY.with_(Person("li.na", to=date(2026, 12, 20)))
    assert _told(company) == [("manager", date(2026, 12, 21), LAST, ["li.na leaves after 2026-12-20"])]


def test_a_duty_and_a_staffing_that_end_are_reasons() -> None:
    ending = evolve(COMPANY, duties=[evolve(COMPANY.duties[0], to=date(2026, 12, 20))])
    assert _told(ending) == [(None, date(2026, 12, 21), LAST, ["the duty of manager ends on 2026-12-20"])]
    ending = evolve(COMPANY, staffing=[evolve(COMPANY.staffing[0], to=date(2026, 12, 20))])
    assert _told(ending) == [("manager", date(2026, 12, 21), LAST, ["the staffing of manager ends on 2026-12-20"])]


def test_whoever_stands_in_for_somebody_and_leaves_is_the_reason() -> None:
    away = Absence(from_=FIRST, to=LAST, cover="wang.wei")
    company = COMPANY.with_(Person("li.na", absences=[away]), Person("wang.wei", to=date(2026, 12, 10)))
    assert _told(company) == [("manager", date(2026, 12, 11), LAST, ["wang.wei leaves after 2026-12-10"])]


def test_a_duty_and_a_staffing_that_begin_and_leave_nobody_are_reasons() -> None:
    day = date(2026, 12, 10)
    pilot = COMPANY.with_(Role("pilot"), Duty(["call"], "pilot", "accountable", priority=1, from_=day))
    assert _told(pilot) == [("pilot", day, LAST, ["the duty of pilot begins on 2026-12-10"])]
    emptied = COMPANY.with_(Staffing("manager", priority=1, from_=day))
    assert _told(emptied) == [("manager", day, LAST, ["the staffing of manager begins on 2026-12-10"])]


def test_what_goes_on_while_other_things_change_is_one_lapse() -> None:
    away = Absence(from_=date(2026, 12, 7), to=date(2026, 12, 11))
    again = Absence(from_=date(2026, 12, 12), to=date(2026, 12, 20))
    changing = Duty(["call"], "manager", "accountable", priority=1, from_=date(2026, 12, 9))
    company = COMPANY.with_(Person("li.na", absences=[away, again]), changing)
    assert [told[:3] for told in _told(company)] == [("manager", date(2026, 12, 7), date(2026, 12, 20))]


def test_what_is_open_from_the_start_has_no_reason() -> None:
    assert _told(evolve(COMPANY, duties=[])) == [(None, FIRST, LAST, [])]

"""The customer side goes on when one person does not."""

import itertools
from datetime import date

import pytest
from attrs import evolve
from checking import found
from oracle import Oracle, expand, random_organization

from crmcore.organization import (
    Absence,
    Choice,
    Count,
    Dimension,
    Duty,
    Organization,
    Person,
    Role,
    Staffing,
    Touchpoint,
)

REGION = Dimension("region", Choice(["east", "west", "north"]))
AGENT = Role("agent")


def company(*staffing: Staffing, **more: object) -> Organization:
    """A company with one touchpoint, for which `agent` is accountable."""
    fields: dict[str, object] = {
        "dimensions": [REGION],
        "people": [Person(name) for name in "abcd"],
        "roles": [AGENT],
        "touchpoints": [Touchpoint("demo")],
        "duties": [Duty(["demo"], "agent", "accountable")],
        "staffing": staffing,
    }
    return Organization("x", **(fields | more))  # type: ignore[arg-type]


def away(first: str, last: str, cover: str | None = None) -> Absence:
    return Absence(from_=date.fromisoformat(first), to=date.fromisoformat(last), cover=cover)


# ORG204


def test_the_only_holder_for_some_customers_is_a_single_point_of_failure() -> None:
    organization = company(
        Staffing("agent", holders=["a"], where={"region": ["east", "north"]}),
        Staffing("agent", holders=["b", "c"], where={"region": "west"}),
    )
    (finding,) = found("ORG204", organization)
    assert finding.subject == "a"
    assert finding.box == {"region": ["east", "north"]}
    assert finding.points == 2
    assert finding.message == "without a, agent is short of people at demo, for example for region=east (1 box in all)"


def test_a_pool_that_has_more_than_its_minimum_and_a_backup_are_no_such_point() -> None:
    assert found("ORG204", company(Staffing("agent", holders=["a", "b"]))) == []
    assert found("ORG204", company(Staffing("agent", holders=["a"], backup=["b"]))) == []


def test_a_minimum_of_two_makes_each_of_two_such_a_point() -> None:
    organization = company(Staffing("agent", holders=["a", "b"]), roles=[Role("agent", holders=Count(min=2))])
    assert [finding.subject for finding in found("ORG204", organization)] == ["a", "b"]


def test_who_alone_covers_for_an_absent_holder_is_such_a_point() -> None:
    people = [Person("a", absences=[away("2026-11-01", "2026-11-30", cover="b")]), Person("b")]
    organization = company(Staffing("agent", holders=["a"]), people=people)
    assert [finding.subject for finding in found("ORG204", organization)] == ["b"]


def test_with_the_backup_thought_away_the_holder_becomes_such_a_point() -> None:
    organization = company(Staffing("agent", holders=["a"], backup=["b"]))
    assert [finding.subject for finding in found("ORG204", organization, without=["b"])] == ["a"]


def test_the_holder_of_a_role_that_answers_nowhere_is_missed_by_nobody() -> None:
    organization = company(Staffing("agent", holders=["a"]), duties=[Duty(["demo"], "agent", "informed")])
    assert found("ORG204", organization) == []


def test_the_boxes_of_all_touchpoints_are_counted() -> None:
    organization = company(
        Staffing("agent", holders=["a"], where={"region": "east"}),
        Staffing("agent", holders=["b", "c"], where={"region": ["west", "north"]}),
        touchpoints=[Touchpoint("demo"), Touchpoint("call")],
        duties=[Duty(["demo", "call"], "agent", "accountable")],
    )
    (finding,) = found("ORG204", organization)
    assert finding.message.endswith("(2 boxes in all)")
    assert [related.message for related in finding.related] == ["agent is lost at demo", "agent is lost at call"]


def test_single_points_of_failure_are_those_of_brute_force(cases: int) -> None:
    for seed in range(cases // 2):
        organization, on, until = random_organization(seed)
        oracle = Oracle(organization, on, until)
        expected = {person.id for person in organization.people if _lost(oracle, person.id)}
        findings = found("ORG204", organization, on=on, until=until)
        assert {finding.subject for finding in findings} == expected, f"seed {seed}"
        for finding in findings:
            inside = set(expand(oracle, finding.box or {}))
            touchpoints = {one.id: _lost(oracle, finding.subject, one.id) for one in organization.touchpoints}
            assert inside, f"seed {seed}"
            assert inside <= touchpoints[str(finding.arguments["touchpoint"])], f"seed {seed}"


def _lost(oracle: Oracle, gone: str, at: str | None = None) -> set[tuple[object, date]]:
    """The customers and days for whom a role that answers falls below its minimum when somebody leaves."""
    others = Oracle(oracle.organization, oracle.days[0], oracle.days[-1])
    others.people = {name: person for name, person in oracle.people.items() if name != gone}
    # Whoever leaves still is in the entry, so that the backup steps in, as for a vacant seat.
    others.people[gone] = evolve(oracle.people[gone], status="vacant")
    found: set[tuple[object, date]] = set()
    for touchpoint, point, day in itertools.product(oracle.organization.touchpoints, oracle.points(), oracle.days):
        if (at is None or at == touchpoint.id) and oracle.happens(touchpoint, point):
            for kind in ("accountable", "responsible"):
                for duty in oracle.winners(touchpoint, kind, point, day):
                    least = oracle.roles[duty.role].holders.min
                    if len(others.pool(duty.role, point, day)) < least <= len(oracle.pool(duty.role, point, day)):
                        found.add((point, day))
    return found


# ORG208


def test_who_can_look_after_nobody_and_answers_is_overloaded() -> None:
    people = [Person("a", capacity=0), Person("b", capacity=0), Person("c", capacity=1)]
    organization = company(Staffing("agent", holders=["a", "c"]), people=people)
    (finding,) = found("ORG208", organization)
    assert finding.message == "a answers as agent; the capacity is 0"


def test_who_looks_after_more_customers_than_stated_is_overloaded() -> None:
    organization = company(people=[Person("a", capacity=40), Person("b", capacity=40), Person("c")])
    (finding,) = found("ORG208", organization, load={"a": 41, "b": 40, "c": 9_000})
    assert finding.message == "a looks after 41 customers; the capacity is 40"
    assert found("ORG208", organization) == []


# ORG209


def test_an_accountable_holder_alone_has_no_backup() -> None:
    (finding,) = found("ORG209", company(Staffing("agent", holders=["a"])))
    assert finding.message == "nobody stands in for a as agent"


@pytest.mark.parametrize(
    "staffing",
    [
        [Staffing("agent", holders=["a", "b"])],
        [Staffing("agent", holders=["a"], backup=["b"])],
        [
            Staffing("agent", holders=["a"], where={"region": "east"}),
            Staffing("agent", holders=["b"], backup=["c"]),
        ],
        [Staffing("agent", holders=["a"], to=date(2026, 1, 1)), Staffing("agent", holders=["b", "c"])],
    ],
    ids=["second holder", "backup", "holder of a wider entry", "entry that has ended"],
)
def test_whoever_has_somebody_beside_them_is_not_alone(staffing: list[Staffing]) -> None:
    assert found("ORG209", company(*staffing)) == []


def test_a_holder_in_another_region_or_of_another_priority_is_not_beside() -> None:
    apart = company(
        Staffing("agent", holders=["a"], where={"region": "east"}),
        Staffing("agent", holders=["b"], where={"region": "west"}),
        Staffing("agent", holders=["c"], priority=-1),
    )
    assert [finding.subject for finding in found("ORG209", apart)] == ["a", "b", "c"]


def test_a_holder_alone_in_many_places_is_named_once() -> None:
    entries = [Staffing("agent", holders=["a"], where={"region": region}) for region in ("east", "west", "north")]
    (finding,) = found("ORG209", company(*entries))
    assert len(finding.related) == 2


def test_a_backup_who_has_left_or_is_thought_away_is_none() -> None:
    people = [Person("a"), Person("b", to=date(2026, 1, 1)), Person("c")]
    organization = company(Staffing("agent", holders=["a"], backup=["b", "c"]), people=people)
    assert found("ORG209", organization) == []
    assert len(found("ORG209", organization, without=["c"])) == 1


def test_a_backup_who_is_away_on_the_same_days_leaves_the_first_such_day_alone() -> None:
    people = [
        Person("a", absences=[away("2026-12-01", "2026-12-10")]),
        Person("b", absences=[away("2026-12-08", "2026-12-20")]),
    ]
    organization = company(Staffing("agent", holders=["a"], backup=["b"]), people=people)
    (finding,) = found("ORG209", organization)
    assert finding.message == "nobody stands in for a as agent on 2026-12-08, when they are away"


def test_backups_who_take_turns_and_covers_leave_nobody_alone() -> None:
    people = [
        Person("a", absences=[away("2026-12-01", "2026-12-10"), away("2027-02-01", "2027-02-05", cover="d")]),
        Person("b", absences=[away("2026-12-06", "2026-12-20"), away("2027-02-01", "2027-02-05")]),
        Person("c", absences=[away("2026-11-20", "2026-12-05"), away("2027-02-01", "2027-02-05")]),
        Person("d"),
    ]
    organization = company(Staffing("agent", holders=["a"], backup=["b", "c"]), people=people)
    assert found("ORG209", organization) == []


def test_an_absence_that_is_over_is_forgotten() -> None:
    people = [
        Person("a", absences=[away("2026-10-01", "2026-10-10")]),
        Person("b", absences=[away("2026-10-01", "2026-10-10")]),
    ]
    assert found("ORG209", company(Staffing("agent", holders=["a"], backup=["b"]), people=people)) == []


def test_the_holder_of_a_role_that_is_not_accountable_there_needs_no_backup() -> None:
    duties = [Duty(["demo"], "agent", "accountable", where={"region": "west"}), Duty(["demo"], "agent", "informed")]
    organization = company(Staffing("agent", holders=["a"], where={"region": "east"}), duties=duties)
    assert found("ORG209", organization) == []

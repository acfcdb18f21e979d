"""What is done for customers is talked about, and guarded by a second pair of eyes."""

import itertools
import random
from collections.abc import Callable
from datetime import date

import pytest
from attrs import evolve
from checking import found
from oracle import Oracle, Point, expand, random_organization

from crmcore.organization import (
    ALL,
    Absence,
    Choice,
    Department,
    Dimension,
    Duty,
    Forum,
    Handoff,
    Metric,
    Organization,
    Person,
    Role,
    Staffing,
    Touchpoint,
)

TIER = Dimension("tier", Choice(["key", "standard"]))
SALES, DELIVERY = Department("sales"), Department("delivery")
SELLER, DELIVERER = Role("seller", department="sales"), Role("deliverer", department="delivery")
SIGNING = Touchpoint("signing", promises=True)
SELLS = Duty(["signing"], "seller", "accountable")
VETOES = Duty(["signing"], "deliverer", "veto")
CSAT = Metric("csat", outcome=True, owner="seller", target=90)
CALLS = Metric("calls", owner="seller", target=100)


def company(**more: object) -> Organization:
    """Sales sign, delivery delivers; everything can be replaced."""
    fields: dict[str, object] = {
        "dimensions": [TIER],
        "departments": [SALES, DELIVERY],
        "roles": [SELLER, DELIVERER],
        "touchpoints": [SIGNING],
        "duties": [SELLS, VETOES],
        "metrics": [CSAT, CALLS],
    }
    return Organization("x", **(fields | more))  # type: ignore[arg-type]


def messages(code: str, organization: Organization) -> list[str]:
    return [finding.message for finding in found(code, organization)]


# GOV504


def test_a_promise_that_only_some_customers_are_guarded_against_is_found_for_the_others() -> None:
    veto = evolve(VETOES, where={"tier": "key"})
    (finding,) = found("GOV504", company(duties=[SELLS, veto]))
    assert finding.box == {"tier": ["standard"]}
    assert finding.witness == {"tier": "standard"}
    assert finding.message == (
        "sales promises at signing, and no other department can veto it, for example for tier=standard"
    )


def test_a_veto_of_another_department_guards_and_one_of_the_same_does_not() -> None:
    assert found("GOV504", company()) == []
    colleague = Role("colleague", department="sales")
    organization = company(roles=[SELLER, colleague], duties=[SELLS, Duty(["signing"], "colleague", "veto")])
    assert len(found("GOV504", organization)) == 1


def test_a_veto_that_is_hidden_by_one_of_higher_priority_does_not_guard() -> None:
    mine = Duty(["signing"], "seller", "veto", priority=1)
    assert len(found("GOV504", company(duties=[SELLS, VETOES, mine]))) == 1


def test_two_roles_of_a_department_that_promise_are_one_finding() -> None:
    roles = [SELLER, DELIVERER, Role("reseller", department="sales")]
    duties = [
        Duty(["signing"], "seller", "accountable", where={"tier": "key"}),
        Duty(["signing"], "reseller", "accountable", where={"tier": "standard"}),
    ]
    (finding,) = found("GOV504", company(roles=roles, duties=duties))
    assert finding.box == {}
    assert [related.message for related in finding.related] == ["seller is accountable", "reseller is accountable"]


def test_where_nothing_is_promised_or_nobody_promises_there_is_nothing_to_guard() -> None:
    assert found("GOV504", company(touchpoints=[Touchpoint("signing")], duties=[SELLS])) == []
    assert found("GOV504", company(duties=[VETOES])) == []


def test_without_departments_another_role_is_enough() -> None:
    bare = {"departments": [], "roles": [Role("seller"), Role("deliverer")]}
    assert found("GOV504", company(**bare)) == []
    assert len(found("GOV504", company(**bare, duties=[SELLS, Duty(["signing"], "seller", "veto")]))) == 1


def test_with_departments_a_role_whose_department_is_not_known_does_not_guard() -> None:
    assert len(found("GOV504", company(roles=[SELLER, Role("deliverer")]))) == 1


def test_the_department_of_the_holders_is_that_of_the_role() -> None:
    organization = company(
        roles=[SELLER, Role("deliverer")],
        people=[Person("a", department="delivery")],
        staffing=[Staffing("deliverer", holders=["a"])],
    )
    assert found("GOV504", organization) == []


Where = set[tuple[Point, date]]


def _promising(seed: int) -> tuple[Organization, Oracle]:
    """Make a small organization with departments, promises and vetoes."""
    draw = random.Random(seed)
    organization, on, until = random_organization(seed)
    departments = [Department(name) for name in ("d0", "d1")][: draw.choice([0, 2, 2, 2])]
    names = [department.id for department in departments]
    organization = evolve(
        organization,
        departments=departments,
        roles=[evolve(role, department=draw.choice([*names, None])) for role in organization.roles],
        people=[evolve(person, department=draw.choice([*names, None])) for person in organization.people],
        touchpoints=[evolve(one, promises=draw.random() < 0.8) for one in organization.touchpoints],
        duties=[evolve(duty, duty=draw.choice([duty.duty, "veto"])) for duty in organization.duties],
    )
    return organization, Oracle(organization, on, until)


def _agrees(code: str, seed: int, fails: Callable[[Oracle, set[str], set[str], Point, date], bool]) -> None:
    organization, oracle = _promising(seed)
    expected: dict[str, Where] = {}
    for touchpoint, point, day in itertools.product(organization.touchpoints, oracle.points(), oracle.days):
        if touchpoint.promises and oracle.happens(touchpoint, point):
            promisers, guards = (
                {duty.role for duty in oracle.winners(touchpoint, kind, point, day)} for kind in ("accountable", "veto")
            )
            if fails(oracle, promisers, guards, point, day):
                expected.setdefault(touchpoint.id, set()).add((point, day))
    reported: dict[str, Where] = {}
    for finding in found(code, organization, on=oracle.days[0], until=oracle.days[-1]):
        where = set(expand(oracle, finding.box or {}))
        assert where, f"seed {seed}"
        assert finding.points == len({point for point, _ in where}), f"seed {seed}"
        reported.setdefault(finding.subject, set()).update(where)
    assert reported == expected, f"seed {seed}"


def _department(oracle: Oracle, role: str) -> str | None:
    own = oracle.roles[role].department
    if own is not None:
        return own
    holders = {holder for entry in oracle.organization.staffing if entry.role == role for holder in entry.holders}
    departments = {oracle.people[holder].department for holder in holders if holder in oracle.people}
    return next(iter(departments)) if len(departments) == 1 else None


def _unguarded(oracle: Oracle, promisers: set[str], guards: set[str], _point: Point, _day: date) -> bool:
    def guarded(promiser: str) -> bool:
        if not oracle.organization.departments:
            return bool(guards - {promiser})
        known = {_department(oracle, guard) for guard in guards} - {None}
        mine = _department(oracle, promiser)
        return mine is not None and bool(known - {mine})

    return not all(guarded(promiser) for promiser in promisers)


def _both_sides(oracle: Oracle, promisers: set[str], guards: set[str], point: Point, day: date) -> bool:
    promising, guarding = (
        set().union(*(oracle.pool(role, point, day) for role in roles)) for roles in (promisers, guards)
    )
    return bool(promising & guarding)


def test_unguarded_promises_are_those_of_brute_force(cases: int) -> None:
    for seed in range(cases // 2):
        _agrees("GOV504", seed, _unguarded)


# GOV507


def test_one_who_promises_and_vetoes_for_the_same_customer_is_found_there() -> None:
    organization = company(
        people=[Person("a"), Person("b")],
        staffing=[
            Staffing("seller", holders=["a"]),
            Staffing("deliverer", holders=["a", "b"], where={"tier": "key"}),
            Staffing("deliverer", holders=["b"], where={"tier": "standard"}),
        ],
    )
    (finding,) = found("GOV507", organization)
    assert finding.message == ("a promises as seller at signing and vetoes as deliverer, for example for tier=key")
    assert finding.box == {"tier": ["key"]}


def test_who_holds_both_roles_for_different_customers_is_not_found() -> None:
    organization = company(
        people=[Person("a"), Person("b")],
        staffing=[
            Staffing("seller", holders=["a"], where={"tier": "key"}),
            Staffing("seller", holders=["b"], where={"tier": "standard"}),
            Staffing("deliverer", holders=["b"], where={"tier": "key"}),
            Staffing("deliverer", holders=["a"], where={"tier": "standard"}),
        ],
    )
    assert found("GOV507", organization) == []


def test_who_stands_in_for_the_guard_is_on_both_sides_while_the_guard_is_away() -> None:
    absence = Absence(from_=date(2026, 12, 1), to=date(2026, 12, 5), cover="a")
    organization = company(
        people=[Person("a"), Person("b", absences=[absence])],
        staffing=[Staffing("seller", holders=["a"]), Staffing("deliverer", holders=["b"])],
    )
    assert found("GOV507", organization) == []
    (finding,) = found("GOV507", organization, until=date(2026, 12, 31))
    assert finding.box == {"day": [["2026-12-01", "2026-12-05"]]}


def test_hands_on_both_sides_are_those_of_brute_force(cases: int) -> None:
    for seed in range(cases // 2):
        _agrees("GOV507", seed, _both_sides)


# GOV505


def test_a_handoff_between_departments_that_never_meet_is_found_once() -> None:
    organization = company(
        handoffs=[Handoff("sales", "delivery"), Handoff("delivery", "sales"), Handoff("sales", "sales")],
        forums=[Forum("a", members=["sales"]), Forum("b", members=["delivery"])],
    )
    (finding,) = found("GOV505", organization)
    assert finding.message == "sales hands customers to delivery, and they sit in no forum together"
    assert len(finding.related) == 1


def test_a_company_without_any_forum_is_told_so_once_with_its_handoffs() -> None:
    departments = [SALES, DELIVERY, Department("care")]
    handoffs = [Handoff("sales", "delivery"), Handoff("delivery", "care"), Handoff("care", "sales")]
    (finding,) = found("GOV505", company(departments=departments, handoffs=handoffs))
    assert finding.message == "there is no forum at all, and sales, delivery and care hand customers to one another"
    assert len(finding.related) == 3


def test_the_chair_brings_their_department_to_the_forum() -> None:
    handoffs = [Handoff("sales", "delivery"), Handoff("sales", "unknown")]
    forum = Forum("a", members=["sales"], chair="deliverer")
    assert found("GOV505", company(handoffs=handoffs, forums=[forum])) == []


# GOV506


@pytest.mark.parametrize(
    ("forum", "listens"),
    [
        (Forum("f", members=["sales"], every="month", reviews=["csat"]), True),
        (Forum("f", members=["sales"], every="day", reviews=["csat"]), True),
        (Forum("f", chair="seller", every="month", reviews=["csat"]), True),
        (Forum("f", members=["sales"], every="quarter", reviews=["csat"]), False),
        (Forum("f", members=["sales"], every="week", reviews=["calls"]), False),
        (Forum("f", members=["delivery"], every="week", reviews=["csat"]), False),
    ],
)
def test_a_forum_listens_when_it_reviews_an_outcome_often_with_everybody(forum: Forum, *, listens: bool) -> None:
    assert (found("GOV506", company(forums=[forum])) == []) is listens


def test_the_departments_that_are_missing_are_named() -> None:
    duties = [SELLS, Duty(ALL, "deliverer", "responsible")]
    forum = Forum("f", members=["sales"], reviews=["csat"])
    assert messages("GOV506", company(duties=duties, forums=[forum])) == [
        "f reviews customer outcomes without delivery"
    ]


def test_where_customers_are_never_met_nobody_has_to_listen() -> None:
    assert found("GOV506", company(touchpoints=[], duties=[])) == []

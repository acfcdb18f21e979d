"""What the checks ask of a compiled organization: winners, pools and departments, against brute force."""

from datetime import date

import pytest
from attrs import evolve
from oracle import Oracle, Point, expand, random_organization

from crmcore.errors import UnknownName
from crmcore.organization import Organization, Person, Role, Staffing
from crmcore.responsibility import Box, Responsibilities

Where = set[tuple[Point, date]]


def spread(responsibilities: Responsibilities, oracle: Oracle, boxes: tuple[Box, ...]) -> Where:
    return {where for box in boxes for where in expand(oracle, responsibilities.space.describe(box))}


def test_answers_are_where_each_duty_wins(cases: int) -> None:
    for seed in range(cases // 4):
        organization, on, until = random_organization(seed)
        oracle = Oracle(organization, on, until)
        responsibilities = Responsibilities(organization, on, until)
        for touchpoint in organization.touchpoints:
            found: dict[int, Where] = {}
            for answer in responsibilities.answers(touchpoint.id):
                where = spread(responsibilities, oracle, answer.boxes)
                assert sum(len(spread(responsibilities, oracle, (box,))) for box in answer.boxes) == len(where)
                found[id(answer.rule.record)] = where
            expected: dict[int, Where] = {}
            for point in oracle.points():
                for day in oracle.days if oracle.happens(touchpoint, point) else ():
                    for duty in oracle.winners(touchpoint, "accountable", point, day):
                        expected.setdefault(id(duty), set()).add((point, day))
            assert found == expected, f"seed {seed}"


def test_pools_are_who_is_there(cases: int) -> None:
    for seed in range(cases // 4):
        organization, on, until = random_organization(seed)
        oracle = Oracle(organization, on, until)
        whole = Responsibilities(organization, on, until)
        for responsibilities, without in ((whole, set()), (whole.excluding("p0"), {"p0"})):
            oracle.people = {one.id: one for one in organization.people}
            for gone in without:
                oracle.people[gone] = evolve(oracle.people[gone], status="vacant")
            for role in organization.roles:
                seen: Where = set()
                for box, people in responsibilities.pools(role.id, responsibilities.space.whole):
                    for point, day in spread(responsibilities, oracle, (box,)):
                        assert people == oracle.pool(role.id, point, day), f"seed {seed}"
                        assert (point, day) not in seen
                        seen.add((point, day))
                assert len(seen) == len(oracle.points()) * len(oracle.days)


def test_a_role_answers_for_its_own_department_or_for_the_one_its_holders_share() -> None:
    organization = Organization(
        "x",
        people=[Person("a", department="sales"), Person("b", department="sales"), Person("c", department="service")],
        roles=[Role("own", department="board"), Role("shared"), Role("mixed"), Role("empty")],
        staffing=[
            Staffing("own", holders=["a"]),
            Staffing("shared", holders=["a", "b"]),
            Staffing("mixed", holders=["a", "c"]),
        ],
    )
    responsibilities = Responsibilities(organization)
    departments = [responsibilities.department_of(role) for role in ("own", "shared", "mixed", "empty", "unknown")]
    assert departments == ["board", "sales", None, None, None]


def test_thinking_away_somebody_who_does_not_exist_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match=r"no person 'li\.nan'; did you mean 'li\.na'"):
        Responsibilities(Organization("x", people=[Person("li.na")]), without=["li.nan"])

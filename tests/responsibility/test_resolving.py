"""Who answers for one customer: the same as brute force says, and refusals that tell what to mend."""

from datetime import date
from typing import Any

import pytest
from oracle import Oracle, Point, random_organization

from crmcore.errors import CrmError, OutsideSpace, UncoveredTouchpoint, UnknownName, VacantRole
from crmcore.organization import (
    ALL,
    Absence,
    Choice,
    Dimension,
    Duty,
    Escalation,
    EscalationStep,
    Impossible,
    Number,
    Organization,
    Person,
    Role,
    Staffing,
    Stage,
    Touchpoint,
    Tree,
)
from crmcore.responsibility import Question, Resolution, Responsibilities
from crmcore.values import Duration, Interval

DAY = date(2026, 11, 23)


def company(**sections: object) -> Organization:
    """A company with two regions, two tiers, a stage, and one touchpoint that is partly covered."""
    parts: dict[str, object] = {
        "dimensions": [
            Dimension(
                "region", Tree.of({"China": {"East": ["Shanghai", "Zhejiang"], "West": ["Sichuan"]}, "Overseas": None})
            ),
            Dimension("tier", Choice(["key", "standard"])),
            Dimension("employees", Number(min=1, max=1000, integer=True)),
            Dimension("channel", Choice(["phone", "web"]), of="contact"),
        ],
        "stages": [Stage("lead"), Stage("active")],
        "people": [
            Person("li.na", name="李娜"),
            Person("wang.wei", name="王伟"),
            Person("zhao.lei", name="赵磊", to=date(2026, 6, 30)),
        ],
        "roles": [Role("account-manager"), Role("lead")],
        "staffing": [
            Staffing("account-manager", holders=["li.na"], where={"region": "East"}, backup=["wang.wei"]),
            Staffing("lead", holders=["wang.wei"]),
        ],
        "touchpoints": [Touchpoint("renewal", stages=["active"]), Touchpoint("visit")],
        "duties": [
            Duty(["renewal"], "account-manager", "accountable", where={"region": "East"}),
            Duty(ALL, "lead", "accountable", where={"region": "China", "tier": "key"}, priority=-1),
        ],
        "escalations": [Escalation(["renewal"], [EscalationStep(Duration(4, "h"), "lead")])],
    }
    return Organization("云帆", **(parts | sections))  # type: ignore[arg-type]


def ask(organization: Organization, touchpoint: str = "renewal", *, day: date = DAY, **customer: Any) -> Resolution:
    return organization.who(Question(touchpoint, customer=customer, day=day))


def test_every_answer_is_that_of_brute_force(cases: int) -> None:
    for seed in range(cases // 4):
        organization, on, until = random_organization(seed)
        oracle = Oracle(organization, on, until)
        responsibilities = Responsibilities(organization)
        for touchpoint in organization.touchpoints:
            for point in oracle.points():
                for day in oracle.days:
                    assert _answer(responsibilities, touchpoint.id, point, day) == _expected(
                        oracle, touchpoint, point, day
                    ), f"seed {seed}: {touchpoint.id} {point} {day}"


def _answer(responsibilities: Responsibilities, touchpoint: str, point: Point, day: date) -> object:
    customer = dict(point)
    stage = customer.pop("stage", None)
    try:
        found = responsibilities.who(Question(touchpoint, customer=customer, stage=stage, day=day))
    except CrmError as error:
        return type(error)
    return found.role.id, {person.id for person in found.pool}


def _expected(oracle: Oracle, touchpoint: Touchpoint, point: Point, day: date) -> object:
    if not oracle.happens(touchpoint, point):
        return OutsideSpace
    winners = oracle.winners(touchpoint, "accountable", point, day)
    if not winners:
        return UncoveredTouchpoint
    for duty in winners:
        pool = oracle.pool(duty.role, point, day)
        if pool:
            return duty.role, pool
    return VacantRole


def test_the_answer_names_the_role_the_person_and_the_places_of_the_reasons() -> None:
    answer = ask(company(), region="Shanghai", tier="key")
    assert (answer.role.id, answer.person and answer.person.name) == ("account-manager", "李娜")
    assert [(loser.rule.role, loser.reason) for loser in answer.losers] == [("lead", "its priority -1 is lower than 0")]
    assert [(str(step.after), step.to) for step in answer.escalation] == [("4h", "lead")]
    assert answer.because == "li.na as account-manager: the duty at <python>:1:1, the staffing at <python>:1:1"


def test_what_does_not_decide_the_answer_may_be_left_out() -> None:
    assert ask(company(), region="Shanghai").role.id == "account-manager"


def test_an_attribute_that_decides_and_is_missing_is_named_with_its_values() -> None:
    with pytest.raises(OutsideSpace, match=r"the answer depends on 'region'") as caught:
        ask(company())
    assert caught.value.attribute == "region"
    with pytest.raises(OutsideSpace, match=r"depends on 'tier'.*one of key, standard"):
        ask(company(), region="Sichuan")


@pytest.mark.parametrize(
    ("customer", "attribute", "suggestion"),
    [
        ({"region": "Shanghia"}, "region", "Shanghai"),
        ({"regoin": "Shanghai"}, "regoin", "region"),
        ({"region": "East"}, "region", None),
        ({"region": 7}, "region", None),
        ({"region": "Shanghai", "employees": 0}, "employees", None),
        ({"region": "Shanghai", "employees": 1000}, "employees", None),
        ({"region": "Shanghai", "employees": 1.5}, "employees", None),
        ({"region": "Shanghai", "employees": float("nan")}, "employees", None),
        ({"region": "Shanghai", "employees": "7"}, "employees", None),
        ({"region": "Shanghai", "stage": "active"}, "stage", None),
    ],
)
def test_what_no_customer_can_be_is_refused_with_the_nearest(
    customer: dict[str, Any], attribute: str, suggestion: str | None
) -> None:
    with pytest.raises(OutsideSpace) as caught:
        ask(company(), **customer)
    assert caught.value.attribute == attribute
    assert caught.value.suggestion in {suggestion, "stage"}


def test_a_stage_in_which_the_touchpoint_does_not_happen_is_refused() -> None:
    with pytest.raises(OutsideSpace, match="does not happen for stage 'lead': it is one of active"):
        company().who(Question("renewal", customer={"region": "Shanghai"}, stage="lead", day=DAY))


def test_an_impossible_combination_is_refused_with_the_reason_of_the_file() -> None:
    never = Impossible({"region": "Overseas", "channel": "phone"}, because="no phone overseas")
    with pytest.raises(OutsideSpace, match=r"region, channel cannot occur.*no phone overseas"):
        company(impossible=[never]).who(
            Question("visit", customer={"region": "Overseas", "tier": "key"}, contact={"channel": "phone"}, day=DAY)
        )


def test_an_unknown_touchpoint_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match="did you mean 'renewal'"):
        ask(company(), "renwal", region="Shanghai")


def test_an_uncovered_customer_comes_with_all_who_share_the_fate() -> None:
    with pytest.raises(UncoveredTouchpoint) as caught:
        ask(company(), region="Sichuan", tier="standard")
    assert caught.value.box == {"region": ["West", "Overseas"], "tier": ["standard"], "stage": ["active"]}
    assert caught.value.witness["region"] == "Sichuan"


def test_a_vacant_role_comes_with_where_it_is_vacant() -> None:
    organization = company(staffing=[Staffing("account-manager", holders=["zhao.lei"], where={"region": "East"})])
    with pytest.raises(VacantRole) as caught:
        ask(organization, region="Shanghai", tier="standard")
    assert caught.value.subject == "account-manager"
    assert caught.value.witness["region"] == "Shanghai"


def test_the_absent_are_replaced_by_cover_and_then_by_backup() -> None:
    away = Absence(from_=DAY, to=DAY, cover="zhao.lei")
    people = [Person("li.na", absences=[away]), Person("wang.wei"), Person("zhao.lei", to=date(2026, 6, 30))]
    answer = ask(company(people=people), region="Shanghai")
    assert [person.id for person in answer.pool] == ["wang.wei"]
    assert [(one.holder.id, one.by and one.by.id, one.reason) for one in answer.replaced] == [
        ("li.na", "wang.wei", "is away until 2026-11-23")
    ]
    assert "li.na is away until 2026-11-23, wang.wei stands in" in answer.because
    covered = [Person("li.na", absences=[away]), Person("wang.wei"), Person("zhao.lei")]
    assert [person.id for person in ask(company(people=covered), region="Shanghai").pool] == ["zhao.lei"]


def test_a_pool_has_no_single_person_unless_the_first_is_wanted() -> None:
    both = ["li.na", "wang.wei"]
    pool = ask(company(staffing=[Staffing("account-manager", holders=both)]), region="Shanghai")
    assert (pool.person, len(pool.pool), pool.assign) == (None, 2, "round-robin")
    first = ask(company(staffing=[Staffing("account-manager", holders=both, assign="first")]), region="Shanghai")
    assert first.person is not None
    assert first.person.id == "li.na"


def test_two_roles_of_one_priority_are_a_conflict_that_the_answer_carries() -> None:
    duties = [Duty(["renewal"], role, "accountable") for role in ("account-manager", "lead")]
    answer = ask(company(duties=duties), region="Shanghai")
    assert answer.role.id == "account-manager"
    assert [duty.role for duty in answer.conflicts] == ["lead"]


def test_responsible_falls_to_the_accountable_role_where_none_is_named() -> None:
    question = Question("renewal", duty="responsible", customer={"region": "Shanghai"}, day=DAY)
    assert company().who(question).role.id == "account-manager"


def test_numbers_are_matched_with_the_lower_end_inside_and_the_upper_outside() -> None:
    duties = [
        Duty(["visit"], "lead", "accountable", where={"employees": Interval(1, 500)}),
        Duty(["visit"], "account-manager", "accountable", where={"employees": Interval(500, None), "region": "East"}),
    ]
    organization = company(duties=duties)
    assert ask(organization, "visit", employees=499).role.id == "lead"
    assert ask(organization, "visit", employees=500, region="Shanghai").role.id == "account-manager"

"""Every id that is named exists."""

from datetime import date

import pytest
from checking import found

from crmcore.organization import (
    ALL,
    Absence,
    Choice,
    Department,
    Dimension,
    Duty,
    Escalation,
    EscalationStep,
    Forum,
    Handoff,
    Impossible,
    Metric,
    Number,
    Organization,
    Person,
    Role,
    Scorecard,
    Staffing,
    Stage,
    Touchpoint,
    Tree,
)
from crmcore.values import Duration, Interval, Place

REGION = Dimension("region", Tree.of({"China": ["Shanghai", "Sichuan"]}))
TIER = Dimension("tier", Choice(["key", "standard"]))
SIZE = Dimension("size", Number(min=0, max=100))


def messages(organization: Organization) -> list[str]:
    return [finding.message for finding in found("REF001", organization)]


def test_a_misspelt_role_is_named_with_the_nearest_that_exists() -> None:
    organization = Organization(
        "x",
        roles=[Role("account-manager")],
        touchpoints=[Touchpoint("demo")],
        duties=[Duty(["demo"], "acount-manager", "accountable")],
    )
    (finding,) = found("REF001", organization)
    assert finding.message == (
        'duty names role "acount-manager", which does not exist; did you mean "account-manager"?'
    )
    assert finding.subject == "acount-manager"


def test_nothing_is_suggested_where_nothing_is_alike() -> None:
    organization = Organization("x", people=[Person("wang.wei", reports_to="qqqqqqqqqqqqqq")])
    assert messages(organization) == ['person "wang.wei" names person "qqqqqqqqqqqqqq", which does not exist']


LAME = {
    "stages": Organization("x", stages=[Stage("lead", next=["nowhere"])]),
    "department parent": Organization("x", departments=[Department("sales", parent="nowhere")]),
    "department lead": Organization("x", departments=[Department("sales", lead="nowhere")]),
    "person department": Organization("x", people=[Person("li.na", department="nowhere")]),
    "cover": Organization(
        "x",
        people=[Person("li.na", absences=[Absence(from_=date(2026, 1, 1), to=date(2026, 1, 2), cover="nowhere")])],
    ),
    "role department": Organization("x", roles=[Role("agent", department="nowhere")]),
    "staffing role": Organization("x", staffing=[Staffing("nowhere")]),
    "holder": Organization("x", roles=[Role("agent")], staffing=[Staffing("agent", holders=["nowhere"])]),
    "backup": Organization("x", roles=[Role("agent")], staffing=[Staffing("agent", backup=["nowhere"])]),
    "touchpoint stage": Organization("x", touchpoints=[Touchpoint("demo", stages=["nowhere"])]),
    "follows": Organization("x", touchpoints=[Touchpoint("demo", follows=["nowhere"])]),
    "touchpoint metric": Organization("x", touchpoints=[Touchpoint("demo", metrics=["nowhere"])]),
    "channel": Organization(
        "x", dimensions=[Dimension("channel", Choice(["web"]))], touchpoints=[Touchpoint("demo", channels=["nowhere"])]
    ),
    "no channels": Organization("x", touchpoints=[Touchpoint("demo", channels=["nowhere"])]),
    "duty touchpoint": Organization("x", roles=[Role("agent")], duties=[Duty(["nowhere"], "agent", "informed")]),
    "giver": Organization("x", departments=[Department("sales")], handoffs=[Handoff("nowhere", "sales")]),
    "taker": Organization("x", departments=[Department("sales")], handoffs=[Handoff("sales", "nowhere")]),
    "handoff stage": Organization(
        "x", departments=[Department("sales")], handoffs=[Handoff("sales", "sales", at=["nowhere"])]
    ),
    "escalation step": Organization(
        "x", escalations=[Escalation(ALL, [EscalationStep(Duration.parse("4h"), "nowhere")])]
    ),
    "metric owner": Organization("x", metrics=[Metric("csat", owner="nowhere")]),
    "scorecard": Organization("x", scorecards=[Scorecard("nowhere", {})]),
    "weight": Organization("x", departments=[Department("sales")], scorecards=[Scorecard("sales", {"nowhere": 1})]),
    "chair": Organization("x", forums=[Forum("board", chair="nowhere")]),
    "member": Organization("x", forums=[Forum("board", members=["nowhere"])]),
    "reviewed": Organization("x", forums=[Forum("board", reviews=["nowhere"])]),
    "dimension": Organization("x", touchpoints=[Touchpoint("demo", where={"nowhere": "key"})]),
    "value": Organization("x", dimensions=[TIER], touchpoints=[Touchpoint("demo", where={"tier": "nowhere"})]),
    "tree value": Organization("x", dimensions=[REGION], impossible=[Impossible({"region": "nowhere"})]),
    "stage in a scope": Organization("x", stages=[Stage("lead")], impossible=[Impossible({"stage": "nowhere"})]),
    "stage without stages": Organization("x", impossible=[Impossible({"stage": "nowhere"})]),
}


@pytest.mark.parametrize("kind", LAME)
def test_every_place_that_can_name_something_is_looked_at(kind: str) -> None:
    (finding,) = found("REF001", LAME[kind])
    assert finding.subject in {"nowhere", "stage"}
    assert finding.subject in finding.message


def test_the_place_is_that_of_the_name_itself() -> None:
    parts = {"holders[1]": (7, 30), "where.region[0]": (8, 12), "absences[0].cover": (3, 40)}
    organization = Organization(
        "x",
        dimensions=[REGION],
        people=[
            Person(
                "li.na",
                absences=[Absence(from_=date(2026, 1, 1), to=date(2026, 1, 2), cover="gone")],
                place=Place("crmcore.yaml", 3, 3, parts),
            )
        ],
        roles=[Role("agent")],
        staffing=[
            Staffing(
                "agent",
                holders=["li.na", "li.nna"],
                where={"region": "Shangai"},
                place=Place("crmcore.yaml", 7, 3, parts),
            )
        ],
    )
    assert [
        (finding.subject, finding.place.line, finding.place.column) for finding in found("REF001", organization)
    ] == [
        ("gone", 3, 40),
        ("li.nna", 7, 30),
        ("Shangai", 8, 12),
    ]


def test_what_exists_is_not_reported() -> None:
    channel = Dimension("channel", Tree.of({"digital": ["web", "app"]}))
    organization = Organization(
        "x",
        dimensions=[REGION, TIER, SIZE, channel],
        stages=[Stage("lead", next=["won"]), Stage("won", terminal=True)],
        departments=[Department("company"), Department("sales", parent="company", lead="li.na")],
        people=[Person("li.na", department="sales")],
        roles=[Role("agent", department="sales")],
        staffing=[Staffing("agent", holders=["li.na"], where={"region": "China", "size": Interval(1, None)})],
        touchpoints=[
            Touchpoint("demo", stages=["lead"], channels=["digital"], where={"stage": "lead", "tier": ["key"]})
        ],
        duties=[Duty(ALL, "agent", "accountable", where={"region": ["Shanghai", "China"]})],
        impossible=[Impossible({"size": Interval(5000, 6000)})],
    )
    assert messages(organization) == []


def test_a_value_without_a_dimension_says_that_there_is_none() -> None:
    organization = Organization("x", touchpoints=[Touchpoint("demo", channels=["phone"])])
    assert messages(organization) == ['touchpoint "demo" names channel "phone", but there is no dimension "channel"']


def test_all_is_every_touchpoint_and_nothing_else() -> None:
    organization = Organization("x", duties=[Duty(ALL, ALL, "accountable")])
    assert messages(organization) == ['duty names role "all", which does not exist']


def test_where_a_whole_list_is_missing_the_search_for_the_nearest_ends_soon_but_all_are_found() -> None:
    roles = [Role(f"role-{number}") for number in range(100)]
    duties = [Duty(["demo"], f"rolle-{number % 50}", "informed") for number in range(1_000)]
    findings = found("REF001", Organization("x", roles=roles, touchpoints=[Touchpoint("demo")], duties=duties))
    assert len(findings) == 1_000
    assert len({finding.subject for finding in findings if "did you mean" in finding.message}) == 20

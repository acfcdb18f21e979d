"""An escalation rises: in rank, to the top, and in time."""

import pytest
from checking import found

from crmcore.language import speaking
from crmcore.organization import (
    ALL,
    Calendar,
    Choice,
    Department,
    Dimension,
    Duty,
    Escalation,
    EscalationStep,
    Organization,
    Person,
    Promise,
    Role,
    Staffing,
    Touchpoint,
)
from crmcore.values import Duration

ROLES = [Role("agent"), Role("boss"), Role("lead", leads_customers=True)]
TIER = Dimension("tier", Choice(["key", "standard"]))
AGENT = Duty(["complaint"], "agent", "accountable")


def company(*steps: tuple[str, str], sla: Promise | None = None, **more: object) -> Organization:
    fields: dict[str, object] = {
        "roles": ROLES,
        "touchpoints": [Touchpoint("complaint", sla=sla)],
        "escalations": [
            Escalation(["complaint"], [EscalationStep(Duration.parse(after), role) for after, role in steps])
        ],
        "duties": [AGENT],
    }
    return Organization("x", **(fields | more))  # type: ignore[arg-type]


def messages(code: str, organization: Organization) -> list[str]:
    return [finding.message for finding in found(code, organization)]


# ESC401


def test_a_role_in_two_steps_is_a_cycle() -> None:
    organization = company(("1h", "boss"), ("2h", "lead"), ("3h", "boss"))
    assert messages("ESC401", organization) == ["the escalation of complaint comes back to boss"]


def test_an_escalation_for_everything_and_one_for_several_name_what_they_are_for() -> None:
    steps = [EscalationStep(Duration.parse(after), role) for after, role in (("1h", "boss"), ("2h", "lead"))]
    steps.append(EscalationStep(Duration.parse("3h"), "boss"))
    touchpoints = [Touchpoint("complaint"), Touchpoint("outage")]
    escalations = [Escalation(ALL, steps), Escalation(["complaint", "outage"], steps)]
    organization = company(touchpoints=touchpoints, escalations=escalations)
    assert messages("ESC401", organization) == [
        "the escalation of all touchpoints comes back to boss",
        "the escalation of complaint, outage comes back to boss",
    ]
    with speaking("zh"):
        assert messages("ESC401", organization) == [
            "升级路径（所有触点）又回到 boss",
            "升级路径（complaint、outage）又回到 boss",
        ]


def test_an_escalation_to_the_role_that_is_accountable_comes_back() -> None:
    assert messages("ESC401", company(("1h", "boss"), ("2h", "agent"))) == [
        "the escalation of complaint comes back to agent, which is accountable for it"
    ]


def test_the_fallback_may_be_escalated_to() -> None:
    duties = [
        Duty(["complaint"], "agent", "accountable", where={"tier": "key"}),
        Duty(ALL, "lead", "accountable", priority=-10),
    ]
    organization = company(("1h", "boss"), ("2h", "lead"), dimensions=[TIER], duties=duties)
    assert found("ESC401", organization) == []


def test_an_escalation_for_those_whom_the_fallback_answers_comes_back() -> None:
    duties = [
        Duty(["complaint"], "agent", "accountable", where={"tier": "key"}),
        Duty(ALL, "lead", "accountable", priority=-10),
    ]
    escalation = Escalation(ALL, [EscalationStep(Duration.parse("1h"), "lead")], where={"tier": "standard"})
    organization = company(dimensions=[TIER], duties=duties, escalations=[escalation])
    assert [finding.subject for finding in found("ESC401", organization)] == ["all"]


def test_an_escalation_that_only_rises_is_no_cycle() -> None:
    assert found("ESC401", company(("1h", "boss"), ("2h", "lead"))) == []


# ESC402


def test_an_escalation_that_ends_below_the_top_stops_low() -> None:
    assert messages("ESC402", company(("1h", "boss"))) == [
        "the escalation of complaint ends with boss, below the customer lead and the top"
    ]


def test_an_escalation_without_steps_goes_nowhere() -> None:
    assert messages("ESC402", company()) == ["the escalation of complaint has no step"]


def test_an_escalation_to_the_customer_lead_is_high_enough() -> None:
    assert found("ESC402", company(("1h", "boss"), ("2h", "lead"))) == []


@pytest.mark.parametrize("holder", ["ceo", "head"])
def test_an_escalation_to_the_top_person_or_the_lead_of_the_top_department_is_high_enough(holder: str) -> None:
    organization = company(
        ("1h", "boss"),
        departments=[Department("company", lead="head"), Department("support", parent="company")],
        people=[Person("ceo"), Person("head", reports_to="ceo"), Person("low", reports_to="head")],
        staffing=[Staffing("boss", holders=[holder])],
    )
    assert found("ESC402", organization) == []


def test_the_last_step_whose_role_exists_counts() -> None:
    assert found("ESC402", company(("1h", "lead"), ("2h", "nobody"))) == []
    assert found("ESC402", company(("2h", "nobody"))) == []
    assert len(found("ESC402", company(("1h", "boss"), ("2h", "nobody")))) == 1


# ESC403


@pytest.mark.parametrize(("first", "second"), [("2h", "1h"), ("1h", "60m"), ("8h", "1d"), ("5d", "1w")])
def test_steps_that_do_not_rise_in_working_time_are_late(first: str, second: str) -> None:
    assert messages("ESC403", company((first, "boss"), (second, "lead"))) == [
        f"the escalation of complaint goes to lead after {second}, and a step earlier after {first}"
    ]


def test_a_day_by_the_clock_is_longer_than_eight_hours() -> None:
    promise = Promise(resolve=Duration.parse("2d"), elapsed=True)
    assert found("ESC403", company(("8h", "boss"), ("1d", "lead"), sla=promise)) == []


def test_a_day_is_as_long_as_the_calendar_says() -> None:
    calendar = Calendar(hours=["09:00-12:00", "13:30-18:00"])
    organization = company(("7h", "boss"), ("1d", "lead"), calendar=calendar)
    assert found("ESC403", organization) == []
    assert len(found("ESC403", company(("8h", "boss"), ("1d", "lead"), calendar=calendar))) == 1


@pytest.mark.parametrize(
    ("sla", "late"),
    [
        (Promise(respond=Duration.parse("4h"), resolve=Duration.parse("2d")), False),
        (Promise(respond=Duration.parse("4h")), True),
        (Promise(resolve=Duration.parse("1d")), True),
        (Promise(resolve=Duration.parse("12h")), False),
        (Promise(resolve=Duration.parse("12h"), elapsed=True), True),
        (Promise(), False),
        (None, False),
    ],
)
def test_the_last_step_comes_before_the_promise_is_broken(sla: Promise | None, *, late: bool) -> None:
    assert bool(found("ESC403", company(("4h", "boss"), ("1d", "lead"), sla=sla))) is late


def test_a_touchpoint_where_the_escalation_does_not_hold_is_not_guarded_by_it() -> None:
    quick = Promise(resolve=Duration.parse("1h"))
    organization = company(
        dimensions=[TIER],
        touchpoints=[Touchpoint("complaint", where={"tier": "key"}, sla=quick)],
        escalations=[Escalation(ALL, [EscalationStep(Duration.parse("1d"), "lead")], where={"tier": "standard"})],
    )
    assert found("ESC403", organization) == []

"""Customers are passed on with what they told: handoffs are there, nothing is lost, nothing is asked for twice."""

from datetime import date, timedelta

import pytest
from checking import DAY, found
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from journey_oracle import Failures, TooManyWays, Walker
from oracle import Oracle, expand

from crmcore.checks import Finding
from crmcore.organization import (
    Choice,
    Department,
    Dimension,
    Duty,
    Handoff,
    Impossible,
    Organization,
    Person,
    Role,
    Staffing,
    Stage,
    Touchpoint,
    Tree,
)
from crmcore.values import Place

DEPARTMENTS = [Department("sales"), Department("service"), Department("success")]
ROLES = [Role(f"{each.id}-role", department=each.id) for each in DEPARTMENTS]
TIER = Dimension("tier", Choice(["key", "standard"]))
CHANNEL = Dimension("channel", Choice(["phone", "web"]), of="contact")
STAGES = [Stage("lead"), Stage("active"), Stage("renewal", next=["active", "lost"]), Stage("lost", terminal=True)]


def company(touchpoints: list[Touchpoint], answers: dict[str, str], **more: object) -> Organization:
    """A company in which one department answers at each touchpoint."""
    duties = [Duty([touchpoint], f"{department}-role", "accountable") for touchpoint, department in answers.items()]
    fields: dict[str, object] = {
        "departments": DEPARTMENTS,
        "roles": ROLES,
        "touchpoints": touchpoints,
        "duties": [*duties, *more.pop("also", ())],  # type: ignore[misc]
    }
    return Organization("x", **(fields | more))  # type: ignore[arg-type]


def messages(code: str, organization: Organization) -> list[str]:
    return [finding.message for finding in found(code, organization)]


def way(finding: Finding) -> list[str]:
    return [related.message for related in finding.related]


SIGNING = Touchpoint("signing", asks=["terms"], place=Place("crmcore.yaml", 10))
GO_LIVE = Touchpoint("go-live", follows=["signing"], needs=["terms"], place=Place("crmcore.yaml", 11))
SALES_THEN_SERVICE = {"signing": "sales", "go-live": "service"}


# JRN303


def test_departments_that_follow_one_another_need_a_handoff() -> None:
    (finding,) = found("JRN303", company([SIGNING, GO_LIVE], SALES_THEN_SERVICE))
    assert finding.message == "sales answers at signing and service then at go-live, but no handoff joins them"
    assert (finding.subject, finding.place.line) == ("go-live", 11)
    assert way(finding) == ["1. signing: sales answers", "2. go-live: service answers"]
    assert [related.place.line for related in finding.related] == [10, 11]


def test_a_handoff_joins_them() -> None:
    assert not messages(
        "JRN303", company([SIGNING, GO_LIVE], SALES_THEN_SERVICE, handoffs=[Handoff("sales", "service")])
    )


def test_a_handoff_in_the_other_direction_does_not() -> None:
    handoffs = [Handoff("service", "sales")]
    assert messages("JRN303", company([SIGNING, GO_LIVE], SALES_THEN_SERVICE, handoffs=handoffs))


def test_a_handoff_holds_in_the_stages_that_it_names_and_between_them() -> None:
    touchpoints = [
        Touchpoint("signing", stages=["lead"]),
        Touchpoint("go-live", stages=["active"], follows=["signing"]),
    ]

    def missing(*at: str) -> bool:
        handoffs = [Handoff("sales", "service", at=at)]
        return bool(messages("JRN303", company(touchpoints, SALES_THEN_SERVICE, stages=STAGES, handoffs=handoffs)))

    assert not missing("lead", "active")
    assert not missing()
    assert missing("lead")
    assert missing("active", "renewal")
    assert missing("a stage that does not exist")


def test_the_finding_says_for_which_customers_the_departments_change() -> None:
    narrow = Duty(["go-live"], "service-role", "accountable", where={"tier": "key"}, priority=1)
    organization = company(
        [SIGNING, GO_LIVE], {"signing": "sales", "go-live": "sales"}, dimensions=[TIER], also=[narrow]
    )
    (finding,) = found("JRN303", organization)
    assert finding.box == {"tier": ["key"]}
    assert finding.witness == {"tier": "key"}
    assert finding.points == 1


def test_regional_departments_do_not_meet_where_each_keeps_its_own_customers() -> None:
    regions = Dimension("region", Tree.of({"East": ["Shanghai", "Zhejiang"], "West": ["Sichuan"]}))
    roles = [Role("sales-east", department="sales"), Role("sales-west", department="service")]
    duties = [
        Duty(["signing", "go-live"], role, "accountable", where={"region": region})
        for role, region in (("sales-east", "East"), ("sales-west", "West"))
    ]
    organization = Organization(
        "x",
        dimensions=[regions],
        departments=DEPARTMENTS,
        roles=roles,
        touchpoints=[SIGNING, GO_LIVE],
        duties=duties,
    )
    assert not messages("JRN303", organization)
    assert not messages("JRN304", organization)


def test_departments_of_different_channels_do_meet_since_a_customer_changes_the_channel() -> None:
    duties = [
        Duty(["signing", "go-live"], f"{department}-role", "accountable", where={"channel": channel})
        for department, channel in (("sales", "phone"), ("service", "web"))
    ]
    organization = company([SIGNING, GO_LIVE], {}, dimensions=[CHANNEL], also=duties)
    findings = found("JRN303", organization)
    assert {(finding.arguments["giver"], finding.arguments["taker"]) for finding in findings} == {
        ("sales", "service"),
        ("service", "sales"),
    }
    assert [finding.box for finding in findings if finding.arguments["taker"] == "service"] == [{"channel": ["web"]}]


def test_the_department_of_a_role_may_be_that_of_its_holders() -> None:
    organization = company(
        [SIGNING, GO_LIVE],
        {"signing": "sales"},
        roles=[*ROLES, Role("agent")],
        people=[Person("li.na", department="service")],
        staffing=[Staffing("agent", holders=["li.na"])],
        also=[Duty(["go-live"], "agent", "accountable")],
    )
    assert "service then at go-live" in messages("JRN303", organization)[0]


def test_roles_without_a_department_give_and_take_nothing() -> None:
    organization = company(
        [SIGNING, GO_LIVE],
        {"signing": "sales"},
        roles=[*ROLES, Role("founder")],
        also=[Duty(["go-live"], "founder", "accountable")],
    )
    assert not messages("JRN303", organization)
    assert messages("JRN304", organization) == [
        "go-live needs terms, but no handoff carries it on the way from sales to roles without a department"
    ]


def test_a_company_without_departments_loses_nothing_between_its_roles() -> None:
    roles = [Role("one"), Role("other")]
    duties = [Duty(["signing"], "one", "accountable"), Duty(["go-live"], "other", "accountable")]
    organization = Organization("x", roles=roles, touchpoints=[SIGNING, GO_LIVE], duties=duties)
    assert not messages("JRN303", organization)
    assert not messages("JRN304", organization)


def test_a_touchpoint_that_does_not_happen_for_a_customer_is_passed_over() -> None:
    touchpoints = [
        SIGNING,
        Touchpoint("training", where={"tier": "key"}, follows=["signing"]),
        Touchpoint("go-live", follows=["training"]),
    ]
    answers = {"signing": "sales", "training": "success", "go-live": "success"}
    organization = company(touchpoints, answers, dimensions=[TIER])
    assert sorted(
        (finding.subject, finding.box["tier"]) for finding in found("JRN303", organization) if finding.box
    ) == [
        ("go-live", ["standard"]),
        ("training", ["key"]),
    ]


def test_a_touchpoint_at_which_nobody_is_accountable_is_passed_over() -> None:
    touchpoints = [
        SIGNING,
        Touchpoint("training", follows=["signing"], needs=["terms"]),
        Touchpoint("go-live", follows=["training"]),
    ]
    organization = company(touchpoints, SALES_THEN_SERVICE)
    assert [finding.arguments["earlier"] for finding in found("JRN303", organization)] == ["signing"]
    assert not messages("JRN304", organization)


def test_two_touchpoints_before_make_one_finding() -> None:
    touchpoints = [SIGNING, Touchpoint("demo"), Touchpoint("go-live", follows=["signing", "demo"])]
    assert len(messages("JRN303", company(touchpoints, SALES_THEN_SERVICE | {"demo": "sales"}))) == 1


# JRN304


def test_a_fact_that_no_handoff_carries_is_lost() -> None:
    organization = company([SIGNING, GO_LIVE], SALES_THEN_SERVICE, handoffs=[Handoff("sales", "service")])
    (finding,) = found("JRN304", organization)
    assert finding.message == "go-live needs terms, but no handoff carries it on the way from sales to service"
    assert way(finding) == ["1. signing: sales asks for terms", "2. go-live: service answers"]
    carrying = [Handoff("sales", "service", carries=["terms"])]
    assert not messages("JRN304", company([SIGNING, GO_LIVE], SALES_THEN_SERVICE, handoffs=carrying))


def test_a_fact_that_nobody_asked_for_is_lost() -> None:
    organization = company([Touchpoint("signing"), GO_LIVE], SALES_THEN_SERVICE)
    assert messages("JRN304", organization) == ["go-live needs terms, but on a way there nobody has asked for it"]


def test_asking_for_it_where_it_is_needed_is_too_late() -> None:
    organization = company([Touchpoint("signing", asks=["terms"], needs=["terms"])], {"signing": "sales"})
    assert len(messages("JRN304", organization)) == 1


def test_the_same_department_needs_no_handoff() -> None:
    assert not messages("JRN304", company([SIGNING, GO_LIVE], {"signing": "sales", "go-live": "sales"}))


def test_what_a_department_knew_it_still_knows_when_the_customer_comes_back() -> None:
    touchpoints = [
        SIGNING,
        Touchpoint("help", follows=["signing"]),
        Touchpoint("renewal", follows=["help"], needs=["terms"]),
    ]
    organization = company(touchpoints, {"signing": "sales", "help": "service", "renewal": "sales"})
    assert not messages("JRN304", organization)


def test_one_way_on_which_it_was_not_asked_is_enough() -> None:
    touchpoints = [
        SIGNING,
        Touchpoint("web-order"),
        Touchpoint("go-live", follows=["signing", "web-order"], needs=["terms"]),
    ]
    organization = company(touchpoints, {"signing": "sales", "web-order": "sales", "go-live": "sales"})
    (finding,) = found("JRN304", organization)
    assert way(finding) == ["1. web-order: sales answers", "2. go-live: sales answers"]


def test_it_is_there_if_one_department_asked_on_one_way_and_another_on_the_other() -> None:
    """On no two ways does the same department know it at `help`, and yet sales has it afterwards on both."""
    touchpoints = [
        Touchpoint("by-sales", asks=["terms"]),
        Touchpoint("by-service", asks=["terms"]),
        Touchpoint("help", follows=["by-sales", "by-service"]),
        Touchpoint("renewal", follows=["help"], needs=["terms"]),
    ]
    answers = {"by-sales": "sales", "by-service": "service", "help": "service", "renewal": "sales"}
    assert len(messages("JRN304", company(touchpoints, answers, handoffs=[Handoff("sales", "service")]))) == 1
    handoffs = [Handoff("sales", "service"), Handoff("service", "sales", carries=["terms"])]
    assert not messages("JRN304", company(touchpoints, answers, handoffs=handoffs))


def test_a_fact_is_followed_around_the_loops_of_the_lifecycle() -> None:
    """Renewal asks for the budget, and support after it needs it: not there on the first way round."""
    touchpoints = [
        Touchpoint("signing", stages=["lead"]),
        Touchpoint("support", stages=["active"], needs=["budget"]),
        Touchpoint("renewal-call", stages=["renewal"], follows=["support"], asks=["budget"]),
    ]
    answers = {"signing": "sales", "support": "sales", "renewal-call": "sales"}
    (finding,) = found("JRN304", company(touchpoints, answers, stages=STAGES))
    assert way(finding) == ["1. signing in lead: sales answers", "2. support in active: sales answers"]
    asked = [Touchpoint("signing", stages=["lead"], asks=["budget"]), *touchpoints[1:]]
    assert not messages("JRN304", company(asked, answers, stages=STAGES))


def test_a_touchpoint_that_follows_nothing_comes_after_the_last_of_the_stages_before() -> None:
    touchpoints = [
        Touchpoint("visit", stages=["lead"], asks=["interest"]),
        Touchpoint("signing", stages=["lead"], follows=["visit"], asks=["terms"]),
        Touchpoint("renewal-call", stages=["renewal"], needs=["terms", "interest"]),
    ]
    answers = {"visit": "sales", "signing": "sales", "renewal-call": "sales"}
    assert not messages("JRN304", company(touchpoints, answers, stages=STAGES))  # nothing happens in active


def test_a_way_that_does_not_exist_loses_nothing() -> None:
    stages = [Stage("lead", next=["lost"]), Stage("island", next=["lost"]), Stage("lost", terminal=True)]
    touchpoints = [Touchpoint("signing", stages=["lead"]), Touchpoint("help", stages=["island"], needs=["terms"])]
    assert not messages("JRN304", company(touchpoints, {"signing": "sales", "help": "sales"}, stages=stages))


# JRN305


def test_asking_for_what_is_there_is_asking_twice() -> None:
    touchpoints = [SIGNING, Touchpoint("go-live", follows=["signing"], asks=["terms"])]
    (finding,) = found("JRN305", company(touchpoints, {"signing": "sales", "go-live": "sales"}))
    assert (finding.subject, finding.message) == ("go-live", "go-live asks for terms, which sales has already")
    assert way(finding) == ["1. signing: sales asks for terms", "2. go-live: sales answers"]


def test_asking_for_what_only_another_department_has_is_not() -> None:
    touchpoints = [SIGNING, Touchpoint("go-live", follows=["signing"], asks=["terms"])]
    assert not messages("JRN305", company(touchpoints, SALES_THEN_SERVICE, handoffs=[Handoff("sales", "service")]))
    carrying = [Handoff("sales", "service", carries=["terms"])]
    assert messages("JRN305", company(touchpoints, SALES_THEN_SERVICE, handoffs=carrying))


def test_asking_is_right_where_it_is_missing_on_one_way() -> None:
    touchpoints = [
        SIGNING,
        Touchpoint("web-order"),
        Touchpoint("go-live", follows=["signing", "web-order"], asks=["terms"]),
    ]
    assert not messages("JRN305", company(touchpoints, dict.fromkeys(["signing", "web-order", "go-live"], "sales")))


def test_a_touchpoint_to_which_a_customer_comes_back_does_not_accuse_itself() -> None:
    touchpoints = [
        Touchpoint("signing", stages=["lead"]),
        Touchpoint("support", stages=["active"], follows=["signing", "renewal-call"], asks=["mood"]),
        Touchpoint("renewal-call", stages=["renewal"], follows=["support"]),
    ]
    answers = dict.fromkeys(["signing", "support", "renewal-call"], "sales")
    assert not messages("JRN305", company(touchpoints, answers, stages=STAGES))


def test_a_touchpoint_in_two_stages_does_not_accuse_itself() -> None:
    touchpoints = [Touchpoint("support", stages=["lead", "active"], asks=["mood"])]
    assert not messages("JRN305", company(touchpoints, {"support": "sales"}, stages=STAGES))


# What is not decided


def test_a_proof_that_spends_its_budget_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crmcore.checks.breaks._LONGEST", 3)
    organization = company([SIGNING, GO_LIVE], SALES_THEN_SERVICE)
    for code in ("JRN303", "JRN304", "JRN305"):
        *_, last = found(code, organization)
        assert not last.proven
        assert last.message.startswith("it could not be decided for every customer whether ")


def test_parts_of_the_journey_between_which_no_way_leads_are_divided_apart() -> None:
    """Fourteen pairs of touchpoints, each divided by its own attribute: together they would be 2 ** 14 audiences."""
    dimensions, touchpoints, duties = [], [], []
    for number in range(14):
        dimensions.append(Dimension(f"d{number}", Choice(["yes", "no"])))
        touchpoints += [Touchpoint(f"a{number}"), Touchpoint(f"b{number}", follows=[f"a{number}"])]
        duties.append(Duty([f"a{number}", f"b{number}"], "sales-role", "accountable"))
        where = {f"d{number}": "yes"}
        duties.append(Duty([f"b{number}"], "service-role", "accountable", where=where, priority=1))
    findings = found("JRN303", company(touchpoints, {}, dimensions=dimensions, also=duties))
    assert [finding.box for finding in findings] == [{f"d{number}": ["yes"]} for number in range(14)]
    assert all(finding.proven for finding in findings)


# Every customer and every way


FACTS = ["terms", "size"]


def subsets(values: list[str], most: int = 9) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=most) if values else st.just([])


@st.composite
def scopes(draw: st.DrawFn) -> dict[str, list[str]]:
    chosen = {"tier": draw(subsets(["key", "standard"])), "channel": draw(subsets(["phone", "web"]))}
    return {name: values for name, values in chosen.items() if values}


@st.composite
def stage_lists(draw: st.DrawFn) -> list[Stage]:
    names = [f"s{number}" for number in range(draw(st.integers(0, 3)))]
    return [Stage(name, next=draw(st.none() | subsets(names)), terminal=draw(st.booleans())) for name in names]


@st.composite
def organizations(draw: st.DrawFn) -> Organization:
    stages = draw(stage_lists())
    stage_names = [stage.id for stage in stages]
    names = [f"t{number}" for number in range(draw(st.integers(1, 4)))]
    touchpoints = [
        Touchpoint(
            name,
            stages=draw(subsets(stage_names, 2)),
            where=draw(scopes()) if draw(st.integers(0, 3)) == 0 else {},
            follows=draw(subsets(names if draw(st.integers(0, 3)) == 0 else names[:number], 2)),
            asks=draw(subsets(FACTS)),
            needs=draw(subsets(FACTS)),
        )
        for number, name in enumerate(names)
    ]
    roles = [Role("r0", department="sales"), Role("r1", department="service"), Role("r2", department=None)]
    duties = [
        Duty(
            draw(st.sampled_from([names, names[::2], names[1::2], names[:1]])),
            draw(st.sampled_from([role.id for role in roles])),
            "accountable",
            where=draw(scopes()) if draw(st.booleans()) else {},
            priority=draw(st.integers(-1, 1)),
            from_=DAY + timedelta(days=1) if draw(st.integers(0, 5)) == 0 else None,
        )
        for _ in range(draw(st.integers(1, 5)))
    ]
    ends = st.sampled_from(["sales", "service"])
    handoffs = [
        Handoff(draw(ends), draw(ends), at=draw(subsets(stage_names)), carries=draw(subsets(FACTS)))
        for _ in range(draw(st.integers(0, 3)))
    ]
    impossible = [Impossible(where) for where in draw(st.lists(scopes().filter(bool), max_size=1))]
    return Organization(
        "x",
        dimensions=[TIER, CHANNEL],
        impossible=impossible,
        stages=stages,
        departments=DEPARTMENTS,
        roles=roles,
        touchpoints=touchpoints,
        duties=duties,
        handoffs=handoffs,
    )


def reported(oracle: Oracle, organization: Organization, until: date) -> Failures:
    """What the checks find, as customers in contact and days; each finding held against its own figures."""
    failures = Failures()
    for code in ("JRN303", "JRN304", "JRN305"):
        for finding in found(code, organization, until=until):
            assert finding.proven
            assert finding.box is not None
            assert finding.witness is not None
            where = set(expand(oracle, finding.box))
            points = {point for point, _ in where}
            assert finding.points == len(points)
            assert tuple((name, value) for name, value in finding.witness.items() if name != "day") in points
            names = finding.arguments
            if code == "JRN303":
                crossing = (finding.subject, str(names["giver"]), str(names["taker"]))
                failures.missing.setdefault(crossing, set()).update(where)
                continue
            key = (finding.subject, str(names["fact"]))
            (failures.lost if code == "JRN304" else failures.repeated).setdefault(key, set()).update(where)
            if "nobody has asked" in finding.message:
                failures.never_asked.setdefault(key, set()).update(where)
    return failures


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(organizations())
def test_what_is_found_is_what_walking_every_way_of_every_customer_finds(organization: Organization) -> None:
    until = DAY + timedelta(days=1)
    oracle = Oracle(organization, DAY, until)
    try:
        expected = Walker(oracle).failures
    except TooManyWays:
        reject()
    assert reported(oracle, organization, until) == expected

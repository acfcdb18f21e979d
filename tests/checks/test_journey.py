"""The journey hangs together: its stages, what happens in them, in which order, and who passes customers on."""

from itertools import pairwise
from typing import Any

import networkx
import pytest
from checking import found
from hypothesis import given
from hypothesis import strategies as st

from crmcore.language import speaking
from crmcore.organization import (
    Choice,
    Department,
    Dimension,
    Duty,
    Handoff,
    Impossible,
    Organization,
    Role,
    Stage,
    Touchpoint,
)
from crmcore.values import Duration, Place

LOST = Stage("lost", terminal=True)
DAY = Duration.parse("1d")


def subjects(code: str, organization: Organization) -> list[str]:
    return [finding.subject for finding in found(code, organization)]


def messages(code: str, organization: Organization) -> list[str]:
    return [finding.message for finding in found(code, organization)]


def part(organization: Organization, kind: str) -> "networkx.DiGraph[Any]":
    """The edges of one kind of an organization's graph."""
    return networkx.DiGraph([edge[:2] for edge in organization.graph().edges(keys=True) if edge[2] == kind])


# JRN301


def test_stages_in_a_row_are_reached_and_end() -> None:
    assert not found("JRN301", Organization("x", stages=[Stage("lead"), Stage("active"), LOST]))


def test_a_company_without_stages_has_no_stage_that_is_not_reached() -> None:
    assert not found("JRN301", Organization("x"))


def test_a_stage_to_which_no_way_leads_is_found() -> None:
    stages = [Stage("lead", next=["lost"]), Stage("island", next=["lost"], place=Place("crmcore.yaml", 7)), LOST]
    (finding,) = found("JRN301", Organization("x", stages=stages))
    assert finding.message == "no way leads from lead, the first stage, to island"
    assert finding.place.line == 7


def test_a_stage_that_never_ends_is_found() -> None:
    stages = [Stage("lead", next=["trial", "lost"]), Stage("trial", next=["trial"]), LOST]
    assert messages("JRN301", Organization("x", stages=stages)) == ["no way leads from trial to a terminal stage"]


def test_a_lifecycle_without_an_end_is_one_finding() -> None:
    stages = [Stage("lead"), Stage("active"), Stage("renewal", next=["active"])]
    assert messages("JRN301", Organization("x", stages=stages)) == [
        "no stage is terminal, so that the lifecycle never ends"
    ]


NAMES = ["s0", "s1", "s2", "s3", "s4"]


@given(
    st.lists(
        st.builds(
            lambda following, terminal: (following, terminal),
            st.none() | st.lists(st.sampled_from(NAMES), unique=True, max_size=3),
            st.booleans(),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_stages_are_reached_as_networkx_reaches_them_in_the_graph(drawn: list[tuple[list[str] | None, bool]]) -> None:
    stages = [
        Stage(name, next=following, terminal=terminal)
        for name, (following, terminal) in zip(NAMES, drawn, strict=False)
    ]
    organization = Organization("x", stages=stages)
    lifecycle = part(organization, "leads-to")
    lifecycle.add_nodes_from(("stage", stage.id) for stage in stages)
    first = ("stage", stages[0].id)
    unreached = set(lifecycle) - networkx.descendants(lifecycle, first) - {first}
    ends = [("stage", stage.id) for stage in stages if stage.terminal]
    ending = set(ends).union(*(networkx.ancestors(lifecycle, end) for end in ends))
    stuck = set(lifecycle) - ending if ends else {("stage", stages[-1].id)}
    expected = sorted([name for _, name in unreached] + [name for _, name in stuck])
    assert sorted(subjects("JRN301", organization)) == expected


# JRN302


def test_a_stage_without_a_touchpoint_is_silent_unless_it_is_terminal() -> None:
    organization = Organization(
        "x", stages=[Stage("lead"), Stage("active"), LOST], touchpoints=[Touchpoint("call", stages=["lead"])]
    )
    assert messages("JRN302", organization) == ["in active the company never meets the customer"]


@pytest.mark.parametrize("touchpoint", [Touchpoint("call"), Touchpoint("call", where={"stage": ["lead", "active"]})])
def test_a_touchpoint_without_stages_happens_in_all_that_its_where_admits(touchpoint: Touchpoint) -> None:
    organization = Organization("x", stages=[Stage("lead"), Stage("active"), LOST], touchpoints=[touchpoint])
    assert not found("JRN302", organization)


def test_a_stage_in_which_nobody_can_be_is_not_silent() -> None:
    organization = Organization("x", stages=[Stage("lead"), LOST], impossible=[Impossible({"stage": "lead"})])
    assert not found("JRN302", organization)


# JRN306


def two_departments(*handoffs: Handoff, answering: tuple[str, ...] = ("sales", "success")) -> Organization:
    return Organization(
        "x",
        departments=[Department("sales"), Department("success")],
        roles=[Role("seller", department="sales"), Role("helper", department="success")],
        touchpoints=[Touchpoint("sales"), Touchpoint("success")],
        duties=[
            Duty([department], role, "accountable")
            for department, role in (("sales", "seller"), ("success", "helper"))
            if department in answering
        ],
        handoffs=handoffs,
    )


def test_a_handoff_with_a_deadline_between_two_who_answer_is_closed() -> None:
    assert not found("JRN306", two_departments(Handoff("sales", "success", within=DAY)))


def test_a_handoff_without_a_deadline_is_open() -> None:
    assert messages("JRN306", two_departments(Handoff("sales", "success"))) == [
        "the handoff from sales to success has no deadline"
    ]


def test_a_handoff_to_a_department_that_answers_nowhere_is_open() -> None:
    organization = two_departments(Handoff("sales", "success", within=DAY), answering=("sales",))
    assert messages("JRN306", organization) == [
        "the handoff from sales to success has nobody on one side: success is accountable for nothing"
    ]


def test_a_department_that_answers_nowhere_is_found_once_for_all_its_handoffs() -> None:
    handoffs = (Handoff("sales", "success", within=DAY), Handoff("success", "sales", within=DAY))
    (finding,) = found("JRN306", two_departments(*handoffs, answering=("sales",)))
    assert [related.message for related in finding.related] == ["so has the handoff from success to sales"]


def test_being_consulted_is_not_answering() -> None:
    organization = two_departments(Handoff("sales", "success", within=DAY), answering=("sales",))
    consulted = Organization(
        "x",
        departments=organization.departments,
        roles=organization.roles,
        touchpoints=organization.touchpoints,
        duties=[*organization.duties, Duty(["success"], "helper", "consulted")],
        handoffs=organization.handoffs,
    )
    assert len(found("JRN306", consulted)) == 1


def test_a_department_that_does_not_exist_is_another_checks_finding() -> None:
    assert not found("JRN306", two_departments(Handoff("sales", "sucess", within=DAY)))


# JRN307


def journey(*touchpoints: Touchpoint, stages: tuple[Stage, ...] = ()) -> Organization:
    return Organization("x", touchpoints=touchpoints, stages=stages)


def test_a_path_without_a_cycle_is_whole() -> None:
    assert not found("JRN307", journey(Touchpoint("demo"), Touchpoint("signing", follows=["demo"])))


def test_a_cycle_inside_one_stage_is_told_once_with_its_way() -> None:
    (finding,) = found(
        "JRN307",
        journey(
            Touchpoint("demo", follows=["offer"]),
            Touchpoint("talk", follows=["demo"]),
            Touchpoint("offer", follows=["talk"]),
            Touchpoint("signing", follows=["offer"]),
            stages=(Stage("lead"), Stage("active"), LOST),
        ),
    )
    assert finding.message == "demo comes before itself: demo → talk → offer → demo"
    assert [related.message for related in finding.related] == [
        "talk follows demo",
        "offer follows talk",
        "demo follows offer",
        "no way leads to signing",
    ]


def test_a_touchpoint_that_follows_itself_is_a_cycle() -> None:
    assert subjects("JRN307", journey(Touchpoint("demo", follows=["demo"]))) == ["demo"]


def test_a_way_round_through_other_stages_is_no_cycle() -> None:
    organization = journey(
        Touchpoint("support", stages=["active"], follows=["renewal-call"]),
        Touchpoint("renewal-call", stages=["renewal"], follows=["support"]),
        stages=(Stage("active"), Stage("renewal", next=["active", "lost"]), LOST),
    )
    assert not found("JRN307", organization)


def test_to_follow_only_what_comes_later_is_broken() -> None:
    organization = journey(
        Touchpoint("demo", stages=["lead"], follows=["support"]),
        Touchpoint("support", stages=["active"]),
        stages=(Stage("lead"), Stage("active"), LOST),
    )
    assert messages("JRN307", organization) == ["no way leads from support to demo, which follows"]


@pytest.mark.parametrize(("count", "earlier"), [(2, "t0 or t1"), (3, "t0, t1 or t2")])
def test_all_that_a_touchpoint_follows_in_vain_is_named(count: int, earlier: str) -> None:
    assert messages("JRN307", _following_in_vain(count)) == [f"no way leads from {earlier} to demo, which follows"]


def test_a_touchpoint_may_follow_very_many_in_vain() -> None:
    (finding,) = found("JRN307", _following_in_vain(1_000))
    with speaking("zh"):
        assert finding.message.endswith("t998 或 t999 之后，却没有路从那里通到它")


def _following_in_vain(count: int) -> Organization:
    names = [f"t{number}" for number in range(count)]
    return journey(
        Touchpoint("demo", stages=["lead"], follows=names),
        *(Touchpoint(name, stages=["active"]) for name in names),
        stages=(Stage("lead", next=["active"]), Stage("active", terminal=True)),
    )


def test_to_follow_what_came_long_before_is_not() -> None:
    organization = journey(
        Touchpoint("demo", stages=["lead"]),
        Touchpoint("support", stages=["active"]),
        Touchpoint("renewal-call", stages=["renewal"], follows=["demo"]),
        stages=(Stage("lead"), Stage("active"), Stage("renewal"), LOST),
    )
    assert not found("JRN307", organization)


def test_to_follow_what_does_not_exist_is_another_checks_finding() -> None:
    assert not found("JRN307", journey(Touchpoint("demo", follows=["talk"])))


@given(st.lists(st.lists(st.integers(0, 4), unique=True, max_size=2), min_size=5, max_size=5))
def test_cycles_are_found_where_networkx_finds_them(follows: list[list[int]]) -> None:
    organization = journey(
        *(Touchpoint(f"t{number}", follows=[f"t{one}" for one in earlier]) for number, earlier in enumerate(follows))
    )
    order = part(organization, "follows")
    circles = [
        {name for _, name in component}
        for component in networkx.strongly_connected_components(order)
        if len(component) > 1 or any(order.has_edge(node, node) for node in component)
    ]
    told = []
    for finding in found("JRN307", organization):
        way = str(finding.arguments["way"]).split(" → ")
        assert all(order.has_edge(("touchpoint", b), ("touchpoint", a)) for a, b in pairwise(way))
        told.append(next(circle for circle in circles if set(way) <= circle))
    assert sorted(map(sorted, told)) == sorted(map(sorted, circles))


def test_what_is_open_for_one_customer_is_no_matter_of_the_order() -> None:
    organization = Organization(
        "x",
        dimensions=[Dimension("tier", Choice(["key", "standard"]))],
        touchpoints=[Touchpoint("demo", where={"tier": "key"}), Touchpoint("signing", follows=["demo"])],
    )
    assert not found("JRN307", organization)

"""The organization as a graph: every reference that exists is an edge, and nothing else is."""

import re
from datetime import date
from pathlib import Path

import networkx
import pytest

from crmcore.organization import (
    ALL,
    Absence,
    Department,
    Duty,
    Escalation,
    EscalationStep,
    Forum,
    Handoff,
    Metric,
    Organization,
    Person,
    Role,
    Scorecard,
    Staffing,
    Stage,
    Touchpoint,
)
from crmcore.responsibility import graph
from crmcore.responsibility.graphing import EDGES, NODES
from crmcore.values import Duration

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "graph.md"

ORGANIZATION = Organization(
    "云帆软件",
    stages=[Stage("lead", label="线索"), Stage("active", terminal=True)],
    departments=[Department("company"), Department("sales", label="销售部", parent="company", lead="wang")],
    people=[
        Person("wang", name="王伟", department="sales"),
        Person(
            "li",
            department="sales",
            reports_to="wang",
            skills=["talking"],
            absences=[Absence(from_=date(2026, 1, 1), to=date(2026, 1, 2), cover="wang")],
        ),
    ],
    roles=[Role("seller", department="sales", skills=["talking"]), Role("lead")],
    staffing=[Staffing("seller", holders=["li"], backup=["wang"]), Staffing("seller", holders=["li"])],
    touchpoints=[
        Touchpoint("demo", stages=["lead"], asks=["size"], metrics=["csat"]),
        Touchpoint("signing", follows=["demo"], needs=["size"]),
        Touchpoint("help", where={"stage": "active"}),
    ],
    duties=[
        Duty(["demo"], "seller", "accountable"),
        Duty(ALL, "lead", "informed"),
        Duty(["demo"], "lead", "responsible"),
        Duty(["demo"], "lead", "consulted"),
        Duty(["signing"], "lead", "veto"),
    ],
    handoffs=[Handoff("sales", "company", carries=["size"])],
    escalations=[Escalation(["demo"], [EscalationStep(Duration.parse("1h"), "lead")])],
    metrics=[Metric("csat", owner="lead")],
    scorecards=[Scorecard("sales", {"csat": 1.0})],
    forums=[Forum("weekly", chair="lead", members=["sales"], reviews=["csat"])],
)

EXPECTED = {
    ("sales", "part-of", "company"),
    ("wang", "leads", "sales"),
    ("wang", "works-in", "sales"),
    ("li", "works-in", "sales"),
    ("li", "reports-to", "wang"),
    ("wang", "covers", "li"),
    ("li", "has-skill", "talking"),
    ("seller", "belongs-to", "sales"),
    ("seller", "requires-skill", "talking"),
    ("li", "holds", "seller"),
    ("wang", "backs-up", "seller"),
    ("seller", "accountable", "demo"),
    ("lead", "responsible", "demo"),
    ("lead", "consulted", "demo"),
    ("lead", "informed", "demo"),
    ("lead", "informed", "signing"),
    ("lead", "informed", "help"),
    ("lead", "veto", "signing"),
    ("lead", "leads-to", "active"),
    ("demo", "happens-in", "lead"),
    ("signing", "happens-in", "lead"),
    ("signing", "happens-in", "active"),
    ("help", "happens-in", "active"),
    ("signing", "follows", "demo"),
    ("demo", "asks", "size"),
    ("signing", "needs", "size"),
    ("demo", "measured-by", "csat"),
    ("demo", "escalates-to", "lead"),
    ("sales", "hands-to", "company"),
    ("sales", "carries", "size"),
    ("lead", "owns", "csat"),
    ("sales", "scored-on", "csat"),
    ("lead", "chairs", "weekly"),
    ("sales", "attends", "weekly"),
    ("weekly", "reviews", "csat"),
}


def test_every_reference_is_an_edge_and_nothing_else_is() -> None:
    edges = {(source[1], kind, target[1]) for source, target, kind in graph(ORGANIZATION).edges(keys=True)}
    assert edges == EXPECTED


def test_this_organization_has_every_kind_of_node_and_edge() -> None:
    built = graph(ORGANIZATION)
    assert {kind for _, _, kind in built.edges(keys=True)} == set(EDGES)
    assert {kind for kind, _ in built} == set(NODES)


def test_an_edge_joins_the_kinds_of_nodes_that_it_says() -> None:
    for source, target, kind in graph(ORGANIZATION).edges(keys=True):
        assert (source[0], target[0]) == EDGES[kind]


def test_a_node_says_what_it_is() -> None:
    built = graph(ORGANIZATION)
    assert built.nodes["person", "wang"] == {
        "kind": "person",
        "id": "wang",
        "label": "王伟",
        "record": ORGANIZATION.people[0],
    }
    assert built.nodes["person", "li"]["label"] == "li"
    assert built.nodes["fact", "size"] == {"kind": "fact", "id": "size", "label": "size", "record": None}
    assert built.nodes["stage", "lead"]["record"] is not built.nodes["role", "lead"]["record"]


def test_an_edge_has_every_record_that_says_so() -> None:
    edge = graph(ORGANIZATION).edges[("person", "li"), ("role", "seller"), "holds"]
    assert edge["kind"] == "holds"
    assert edge["record"] == ORGANIZATION.staffing[0]
    assert edge["records"] == ORGANIZATION.staffing


def test_what_points_at_nothing_becomes_no_edge_and_no_node() -> None:
    organization = Organization(
        "x",
        people=[Person("li", department="nowhere", reports_to="nobody")],
        staffing=[Staffing("nothing", holders=["li", "nobody"])],
        duties=[Duty(["nowhere"], "nothing", "accountable")],
        touchpoints=[Touchpoint("demo", stages=["never"], follows=["nothing"])],
        handoffs=[Handoff("nowhere", "elsewhere", carries=["size"])],
    )
    built = graph(organization)
    assert not built.edges
    assert set(built) == {("person", "li"), ("touchpoint", "demo")}


def test_nodes_stand_in_the_order_of_the_file() -> None:
    assert list(graph(Organization("x", roles=[Role("b"), Role("a")]))) == [("role", "b"), ("role", "a")]


def test_an_organization_gives_its_graph_as_often_as_it_is_asked() -> None:
    first, second = ORGANIZATION.graph(), ORGANIZATION.graph()
    assert isinstance(first, networkx.MultiDiGraph)
    assert first is not second
    assert networkx.utils.graphs_equal(first, second)
    assert first.name == "云帆软件"


@pytest.mark.parametrize(("heading", "kinds"), [("## Nodes", list(NODES)), ("## Edges", list(EDGES))])
def test_the_reference_lists_every_kind(heading: str, kinds: list[str]) -> None:
    _, _, section = REFERENCE.read_text(encoding="utf-8").partition(heading)
    table = section.partition("\n## ")[0].partition("| kind |")[2]
    assert sorted(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE)) == sorted(kinds)


def test_the_reference_says_which_kinds_an_edge_joins() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    for kind, (source, target) in EDGES.items():
        assert f"| `{kind}` | {source} | {target} |" in text

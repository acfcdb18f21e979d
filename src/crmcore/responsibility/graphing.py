"""The organization as a networkx graph, for questions that nobody thought of.

Nodes are pairs of a kind and an id, such as `("role", "account-manager")`. Between two nodes there is at most one edge
of a kind, and its key is that kind. What points at nothing becomes no edge. `docs/reference/graph.md` lists all kinds.

networkx is slow to import, so that this module is imported only when somebody asks for a graph. It is not named
`graph`, because it would then hide the function of that name in its package.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import networkx

from crmcore.organization import ALL, STAGE, Organization, Record, Stage

__all__ = ["EDGES", "NODES", "Node", "graph"]

Node = tuple[str, str]
"""A kind and an id."""

_SECTIONS = {
    "department": "departments",
    "person": "people",
    "role": "roles",
    "stage": "stages",
    "touchpoint": "touchpoints",
    "metric": "metrics",
    "forum": "forums",
}

NODES: tuple[str, ...] = (*_SECTIONS, "fact", "skill")
"""The kinds of nodes. Facts and skills have no record: they are there because something names them."""


EDGES: dict[str, tuple[str, str]] = {
    "part-of": ("department", "department"),
    "leads": ("person", "department"),
    "works-in": ("person", "department"),
    "reports-to": ("person", "person"),
    "covers": ("person", "person"),
    "has-skill": ("person", "skill"),
    "belongs-to": ("role", "department"),
    "requires-skill": ("role", "skill"),
    "holds": ("person", "role"),
    "backs-up": ("person", "role"),
    "accountable": ("role", "touchpoint"),
    "responsible": ("role", "touchpoint"),
    "consulted": ("role", "touchpoint"),
    "informed": ("role", "touchpoint"),
    "veto": ("role", "touchpoint"),
    "leads-to": ("stage", "stage"),
    "happens-in": ("touchpoint", "stage"),
    "follows": ("touchpoint", "touchpoint"),
    "asks": ("touchpoint", "fact"),
    "needs": ("touchpoint", "fact"),
    "measured-by": ("touchpoint", "metric"),
    "escalates-to": ("touchpoint", "role"),
    "hands-to": ("department", "department"),
    "carries": ("department", "fact"),
    "owns": ("role", "metric"),
    "scored-on": ("department", "metric"),
    "chairs": ("role", "forum"),
    "attends": ("department", "forum"),
    "reviews": ("forum", "metric"),
}
"""The kinds of edges, each with the kind of the nodes that it leaves and of those that it enters."""

_Edge = tuple[str, str | None, str | None, Record]
"""A kind of edge, the ids of its two ends, and the record that says so."""


def graph(organization: Organization) -> "networkx.MultiDiGraph[Any]":
    """Return an organization as a graph.

    Every node has the attributes `kind`, `id`, `label` (what people read) and `record` (None for facts and skills).
    Every edge has `kind`, `record` (the entry of the file that says so) and `records` (all that do, in the order of the
    file).
    """
    built: networkx.MultiDiGraph[Any] = networkx.MultiDiGraph(name=organization.name)
    for kind, section in _SECTIONS.items():
        for record in organization.section(section):
            label = record.name if kind == "person" else record.label
            built.add_node((kind, record.id), kind=kind, id=record.id, label=label or record.id, record=record)
    for kind, source, target, record in _edges(organization):
        leaves, enters = EDGES[kind]
        if source is not None and target is not None:
            _connect(built, kind, (leaves, source), (enters, target), record)
    return built


def _connect(built: "networkx.MultiDiGraph[Any]", kind: str, source: Node, target: Node, record: Record) -> None:
    if source not in built:
        return
    if target not in built:
        named, name = target
        if named in _SECTIONS:
            return
        built.add_node(target, kind=named, id=name, label=name, record=None)
    if built.has_edge(source, target, key=kind):
        built.edges[source, target, kind]["records"] += (record,)
    else:
        built.add_edge(source, target, key=kind, kind=kind, record=record, records=(record,))


def _edges(organization: Organization) -> Iterator[_Edge]:
    yield from _structure(organization)
    yield from _roles(organization)
    yield from _journey(organization)
    yield from _steering(organization)


def _many(kind: str, sources: Iterable[str | None], targets: Iterable[str | None], record: Record) -> Iterator[_Edge]:
    targets = tuple(targets)
    for source in sources:
        for target in targets:
            yield kind, source, target, record


def _structure(organization: Organization) -> Iterator[_Edge]:
    for department in organization.departments:
        yield "part-of", department.id, department.parent, department
        yield "leads", department.lead, department.id, department
    for person in organization.people:
        yield "works-in", person.id, person.department, person
        yield "reports-to", person.id, person.reports_to, person
        yield from _many("has-skill", [person.id], person.skills, person)
        for absence in person.absences:
            yield "covers", absence.cover, person.id, absence


def _roles(organization: Organization) -> Iterator[_Edge]:
    touchpoints = tuple(touchpoint.id for touchpoint in organization.touchpoints)
    for role in organization.roles:
        yield "belongs-to", role.id, role.department, role
        yield from _many("requires-skill", [role.id], role.skills, role)
    for entry in organization.staffing:
        yield from _many("holds", entry.holders, [entry.role], entry)
        yield from _many("backs-up", entry.backup, [entry.role], entry)
    for duty in organization.duties:
        yield from _many(duty.duty, [duty.role], touchpoints if duty.touchpoints == ALL else duty.touchpoints, duty)
    for escalation in organization.escalations:
        named = touchpoints if escalation.touchpoints == ALL else escalation.touchpoints
        yield from _many("escalates-to", named, (step.to for step in escalation.steps), escalation)


def _journey(organization: Organization) -> Iterator[_Edge]:
    stages: dict[str, Stage] = {stage.id: stage for stage in organization.stages}
    for stage, following in organization.stage_transitions():
        yield "leads-to", stage, following, stages[stage]
    for touchpoint in organization.touchpoints:
        admitted = touchpoint.where.get(STAGE)
        happens = [one for one in touchpoint.stages or stages if admitted is None or one in admitted]
        yield from _many("happens-in", [touchpoint.id], happens, touchpoint)
        yield from _many("follows", [touchpoint.id], touchpoint.follows, touchpoint)
        yield from _many("asks", [touchpoint.id], touchpoint.asks, touchpoint)
        yield from _many("needs", [touchpoint.id], touchpoint.needs, touchpoint)
        yield from _many("measured-by", [touchpoint.id], touchpoint.metrics, touchpoint)
    for handoff in organization.handoffs:
        yield "hands-to", handoff.from_, handoff.to, handoff
        yield from _many("carries", [handoff.from_], handoff.carries, handoff)


def _steering(organization: Organization) -> Iterator[_Edge]:
    for metric in organization.metrics:
        yield "owns", metric.owner, metric.id, metric
    for scorecard in organization.scorecards:
        yield from _many("scored-on", [scorecard.department], scorecard.weights, scorecard)
    for forum in organization.forums:
        yield "chairs", forum.chair, forum.id, forum
        yield from _many("attends", forum.members, [forum.id], forum)
        yield from _many("reviews", [forum.id], forum.reviews, forum)

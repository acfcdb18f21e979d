"""Who answers, and the proof of it: the organization compiled once, and asked often."""

from typing import TYPE_CHECKING, Any

from crmcore.responsibility.aligning import Incomparable
from crmcore.responsibility.axes import Axis, Box, Space, intersection
from crmcore.responsibility.changing import Change, changed
from crmcore.responsibility.comparing import Comparison, Load, Move, compare
from crmcore.responsibility.compiling import Answer, Responsibilities
from crmcore.responsibility.differing import Hands
from crmcore.responsibility.lapsing import Lapse, Reason, lapses
from crmcore.responsibility.partition import (
    BUDGET,
    Budget,
    Part,
    Partition,
    Uncovered,
    is_covered,
    merged,
    partition,
    readable,
    uncovered,
    widened,
)
from crmcore.responsibility.resolving import Loser, Question, Resolution
from crmcore.responsibility.staffing import Pool, Replacement
from crmcore.responsibility.tables import Rule, Table

if TYPE_CHECKING:
    import networkx

    from crmcore.organization import Organization

__all__ = [
    "BUDGET",
    "Answer",
    "Axis",
    "Box",
    "Budget",
    "Change",
    "Comparison",
    "Hands",
    "Incomparable",
    "Lapse",
    "Load",
    "Loser",
    "Move",
    "Part",
    "Partition",
    "Pool",
    "Question",
    "Reason",
    "Replacement",
    "Resolution",
    "Responsibilities",
    "Rule",
    "Space",
    "Table",
    "Uncovered",
    "changed",
    "compare",
    "graph",
    "intersection",
    "is_covered",
    "lapses",
    "merged",
    "partition",
    "readable",
    "uncovered",
    "widened",
]


def graph(organization: "Organization") -> "networkx.MultiDiGraph[Any]":
    """Return an organization as a networkx graph; `docs/reference/graph.md` lists its node and edge kinds."""
    from crmcore.responsibility.graphing import graph as build  # noqa: PLC0415 (networkx is slow to import)

    return build(organization)

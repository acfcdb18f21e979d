"""Where the continuity of a journey breaks: a handoff that is missing, a fact that is lost, or asked for twice.

`journeys` says in which order customers meet the touchpoints, `serving` which departments may answer, `tracing` who
knows what on the way. Here every audience is followed on all its ways, and what breaks is gathered by what it is.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

from attrs import define, field, frozen

from crmcore.checks.context import Context
from crmcore.checks.journeys import Journey, Steps, journey
from crmcore.checks.serving import Audience, Serving, serving
from crmcore.checks.tracing import Handoffs, Stop, Walk, Where, missing_handoffs
from crmcore.language import say
from crmcore.responsibility import BUDGET, Box, Responsibilities

__all__ = ["Break", "Breaks", "Trace", "breaks"]

_LONGEST: Final = BUDGET // 4
"""How many places may be looked at on all ways together, a few seconds' work; beyond that the proof is undecided."""


class Break(NamedTuple):
    """What breaks. The same may break for many customers and on many ways.

    Attributes:
        touchpoint: the id of the touchpoint at which it shows.
        department: the department that answers there; None for roles without one.
        fact: what is lost, or asked for twice; empty where a handoff is missing.
        giver: the department that has the fact, or the customer, last; None where nobody asked for the fact.
        taker: the department to which it does not come.
        asked: whether somebody has asked for the fact.
    """

    touchpoint: str
    department: str | None
    fact: str = ""
    giver: str | None = None
    taker: str | None = None
    asked: bool = True


@frozen
class Trace:
    """One way on which it breaks.

    Attributes:
        boxes: the customers who can go it.
        way: the visits, each with the department that answers there; at the last it breaks.
    """

    boxes: tuple[Box, ...]
    way: tuple[Stop, ...]


Traces = dict[Break, list[Trace]]


@define
class Breaks:
    """All that breaks.

    Attributes:
        journey: the visits.
        serving: who answers them.
        missing: where no handoff joins two departments.
        lost: where a fact is needed and not there.
        repeated: where a fact is asked for and there already.
        complete: whether these are known to be all.
    """

    journey: Journey
    serving: Serving
    missing: Traces = field(factory=dict)
    lost: Traces = field(factory=dict)
    repeated: Traces = field(factory=dict)
    complete: bool = True


_found: "WeakKeyDictionary[Responsibilities, Breaks]" = WeakKeyDictionary()


def breaks(context: Context) -> Breaks:
    """Find what breaks. Three checks ask for it; it is found once, and forgotten with the responsibilities."""
    responsibilities = context.responsibilities
    if responsibilities not in _found:
        _found[responsibilities] = _Search(context).found
    return _found[responsibilities]


_UNASKED: Final = Serving((), {}, (), complete=True)


def _may_break(responsibilities: Responsibilities) -> bool:
    """Whether anything could break: there are two departments, or facts that are needed or asked for in two places."""
    touchpoints = responsibilities.touchpoints.values()
    asked = Counter(fact for touchpoint in touchpoints for fact in set(touchpoint.asks))
    if any(touchpoint.needs for touchpoint in touchpoints) or max(asked.values(), default=0) > 1:
        return True
    roles = {duty.role for duty in responsibilities.organization.duties if duty.duty == "accountable"}
    return len({responsibilities.department_of(role) for role in roles} - {None}) > 1


class _Search:
    """The search for breaks, audience after audience."""

    def __init__(self, context: Context) -> None:
        responsibilities = context.responsibilities
        order = journey(responsibilities)
        answering = serving(responsibilities, order, _LONGEST) if _may_break(responsibilities) else _UNASKED
        self.found = Breaks(order, answering, complete=answering.complete)
        self.left = _LONGEST
        self.handoffs = Handoffs(responsibilities.organization.handoffs, order.visits, self.found.serving.departments)
        self.asking = self._visits_by_fact(responsibilities, "asks")
        self.needing = self._visits_by_fact(responsibilities, "needs")
        audiences = self.found.serving.audiences
        for number, audience in enumerate(audiences):
            context.progress(say("following customers"), number / len(audiences))
            self.left -= len(audience.departments)
            if self.left < 0:
                self.found.complete = False
                break
            self._follow(audience, order.steps(frozenset(audience.departments), audience.passable))

    def _visits_by_fact(self, responsibilities: Responsibilities, part: str) -> Mapping[str, frozenset[int]]:
        found: dict[str, list[int]] = {}
        for position, visit in enumerate(self.found.journey.visits):
            for fact in getattr(responsibilities.touchpoints[visit.touchpoint], part):
                found.setdefault(fact, []).append(position)
        return {fact: frozenset(visits) for fact, visits in found.items()}

    def _touchpoint(self, visit: int) -> str:
        return self.found.journey.visits[visit].touchpoint

    def _department(self, position: int) -> str | None:
        return self.found.serving.departments[position]

    def _follow(self, audience: Audience, steps: Steps) -> None:
        self._cross(audience, steps)
        for fact in self.needing:
            self._need(audience, steps, fact)
        for fact in self.asking:
            self._ask(audience, steps, fact)

    def _cross(self, audience: Audience, steps: Steps) -> None:
        """Look for departments that meet and are joined by no handoff."""
        for giver, taker in missing_handoffs(steps, audience.departments, self.handoffs):
            way: list[Stop] = [taker, giver]
            while (earlier := steps.reached[way[-1][0]]) is not None:
                way.append((earlier, audience.departments[earlier][0]))
            name = self._department(taker[1])
            what = Break(self._touchpoint(taker[0]), name, giver=self._department(giver[1]), taker=name)
            self._add(self.found.missing, what, audience, way[::-1])

    def _walk(self, audience: Audience, steps: Steps, fact: str, ending: frozenset[int] = frozenset()) -> Walk:
        asking = self.asking.get(fact, frozenset())
        walk = Walk.of(fact, steps, audience.departments, self.handoffs, asking=asking, ending=ending, limit=self.left)
        self.left -= len(walk.came_from)
        self.found.complete = self.found.complete and walk.complete
        return walk

    def _need(self, audience: Audience, steps: Steps, fact: str) -> None:
        """Look for ways on which a fact is not there when it is needed."""
        walk = self._walk(audience, steps, fact)
        for place in walk.came_from:
            visit, department, known = place
            if visit in self.needing[fact] and not known >> department & 1:
                way = walk.way(place)
                what = Break(self._touchpoint(visit), self._department(department), fact, asked=bool(known))
                if known:
                    giver, taker = self._last_who_knew(way, fact)
                    what = what._replace(giver=self._department(giver), taker=self._department(taker))
                self._add(self.found.lost, what, audience, self._from_the_asking(way, fact))

    def _last_who_knew(self, way: Sequence[Where], fact: str) -> tuple[int, int]:
        """Return the two departments of a way between which a fact was lost last."""
        return next(
            (department, after)
            for (visit, department, known), (_, after, _) in zip(way[-2::-1], way[:0:-1], strict=True)
            if known >> department & 1 or visit in self.asking[fact]
        )

    def _from_the_asking(self, way: Sequence[Where], fact: str) -> list[Stop]:
        """Return the part of a way that begins where a fact is asked for; all of it where nobody asks."""
        asking = self.asking.get(fact, frozenset())
        start = next((number for number, (visit, _, _) in enumerate(way[:-1]) if visit in asking), 0)
        return [(visit, department) for visit, department, _ in way[start:]]

    def _ask(self, audience: Audience, steps: Steps, fact: str) -> None:
        """Look for touchpoints that ask for what is always there when a customer comes to them for the first time."""
        asking: dict[str, set[int]] = {}
        for visit in sorted(self.asking[fact]):
            asking.setdefault(self._touchpoint(visit), set()).add(visit)
        if len(asking) == 1:
            return
        for touchpoint, visits in asking.items():
            walk = self._walk(audience, steps, fact, frozenset(visits))
            ends: dict[Stop, list[Where]] = {}
            for place in walk.came_from if walk.complete else ():
                if place[0] in visits:
                    ends.setdefault(place[:2], []).append(place)
            for (_, department), places in ends.items():
                if all(known >> department & 1 for _, _, known in places):
                    what = Break(touchpoint, self._department(department), fact)
                    way = self._from_the_asking(walk.way(places[0]), fact)
                    self._add(self.found.repeated, what, audience, way)

    def _add(self, traces: Traces, what: Break, audience: Audience, way: Sequence[Stop]) -> None:
        traces.setdefault(what, []).append(Trace(audience.boxes, tuple(way)))

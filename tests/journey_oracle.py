"""What customers tell, and to whom, by brute force: every customer, every way, one step after another.

Nothing here is taken from the code under test but the records. A way that fails can be cut short wherever it comes
back to the same touchpoint, stage and department, because whoever has been around once more knows no less; so it is
enough to walk the ways that come to no such stop twice, even where the journey goes round in circles.
"""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from attrs import define, field, frozen
from oracle import Oracle, Point

from crmcore.organization import Organization

Node = tuple[str, str | None]
"""A touchpoint in a stage."""

Department = str | None
Stop = tuple[Node, Department]
Where = set[tuple[Point, date]]


_MOST_WAYS = 20_000


class TooManyWays(Exception):
    """The journey is too tangled to be walked by hand."""


@frozen
class Order:
    """Which touchpoints come before which, as `checks/journeys.py` promises it."""

    organization: Organization

    def stages(self) -> list[str | None]:
        return [stage.id for stage in self.organization.stages] or [None]

    def nodes(self) -> list[Node]:
        return [
            (touchpoint.id, stage)
            for touchpoint in self.organization.touchpoints
            for stage in self.stages()
            if stage is None or not touchpoint.stages or stage in touchpoint.stages
        ]

    def busy(self, stage: str | None) -> bool:
        return any(stage == other for _, other in self.nodes())

    def comes_next(self, earlier: str | None, later: str | None) -> bool:
        """Whether the lifecycle leads from one stage to another, through stages without touchpoints if need be."""
        transitions = set(self.organization.stage_transitions())
        ahead = {stage for stage in self.stages() if (earlier, stage) in transitions}
        while True:
            more = {
                stage
                for silent in ahead
                if not self.busy(silent)
                for stage in self.stages()
                if (silent, stage) in transitions
            }
            if more <= ahead:
                return later in ahead
            ahead |= more

    def follows(self, later: str, earlier: str) -> bool:
        return any(earlier in each.follows for each in self.organization.touchpoints if each.id == later)

    def is_last(self, node: Node) -> bool:
        """Whether nothing follows in the stage, but for what comes back here."""
        touchpoint, stage = node
        here = [other for other, where in self.nodes() if where == stage]

        def after(start: str) -> set[str]:
            found: set[str] = set()
            while more := {b for a in (found | {start}) for b in here if self.follows(b, a)} - found:
                found |= more
            return found

        return all(touchpoint in after(other) for other in after(touchpoint))

    def before(self, node: Node) -> set[Node]:
        touchpoint, stage = node
        found = {
            (earlier, other)
            for earlier, other in self.nodes()
            if self.follows(touchpoint, earlier) and (other == stage or self.comes_next(other, stage))
        }
        if found or stage == self.stages()[0]:
            return found
        return {
            other
            for other in self.nodes()
            if other[1] != stage and self.comes_next(other[1], stage) and self.is_last(other)
        }

    def is_entry(self, node: Node) -> bool:
        touchpoint, stage = node
        first = self.stages()[0]
        if any(
            self.follows(touchpoint, earlier) and (other == stage or self.comes_next(other, stage))
            for earlier, other in self.nodes()
        ):
            return False
        return stage == first or (not self.busy(first) and self.comes_next(first, stage))


@define
class Failures:
    """Where what fails, as customers in contact and days; what nobody asked for is lost too."""

    missing: dict[tuple[str, str, str], Where] = field(factory=dict)
    lost: dict[tuple[str, str], Where] = field(factory=dict)
    never_asked: dict[tuple[str, str], Where] = field(factory=dict)
    repeated: dict[tuple[str, str], Where] = field(factory=dict)


class Walker:
    """All customers of an organization, on all their ways."""

    def __init__(self, oracle: Oracle) -> None:
        self.oracle = oracle
        self.organization = oracle.organization
        self.order = Order(self.organization)
        self.nodes = self.order.nodes()
        self.following = {
            node: [later for later in self.nodes if node in self.order.before(later)] for node in self.nodes
        }
        self.entries = [node for node in self.nodes if self.order.is_entry(node)]
        self.touchpoints = {touchpoint.id: touchpoint for touchpoint in self.organization.touchpoints}
        self.failures = Failures()
        self.walked = 0
        of_customer = {each.id for each in self.organization.dimensions if each.of == "customer"}
        customers: dict[Point, list[Point]] = {}
        for point in oracle.points():
            key = tuple((name, value) for name, value in point if name in of_customer)
            customers.setdefault(key, []).append(point)
        for points in customers.values():
            self._serve(points)

    def _serve(self, points: list[Point]) -> None:
        self.where: dict[Stop, Where] = {}
        self.open: set[Node] = set(self.nodes)
        for node in self.nodes:
            touchpoint, stage = self.touchpoints[node[0]], node[1]
            slots = [
                (point, day)
                for point in points
                if dict(point).get("stage") == stage and self.oracle.happens(touchpoint, point)
                for day in self.oracle.days
            ]
            served = 0
            for point, day in slots:
                departments = {
                    self.oracle.roles[duty.role].department
                    for duty in self.oracle.winners(touchpoint, "accountable", point, day)
                }
                served += bool(departments)
                for department in departments:
                    self.where.setdefault((node, department), set()).add((point, day))
            if slots and served == len(slots):
                self.open.discard(node)
        self._crossings()
        for fact in {fact for each in self.organization.touchpoints for fact in each.needs}:
            self._needs(fact)
        for fact in {fact for each in self.organization.touchpoints for fact in each.asks}:
            self._asks(fact)

    def _stops(self, candidates: list[Node], seen: frozenset[Node] = frozenset()) -> Iterator[Stop]:
        """The stops to which one comes, touchpoints passed over at which nobody answers."""
        for node in candidates:
            if node not in seen:
                yield from ((node, department) for at, department in self.where if at == node)
                if node in self.open:
                    yield from self._stops(self.following[node], seen | {node})

    def _ways(self, ending: str | None = None) -> Iterator[list[Stop]]:
        """Every way that comes to no stop twice; none goes on after one touchpoint, if that is wanted."""

        def walk(way: list[Stop]) -> Iterator[list[Stop]]:
            self.walked += 1
            if self.walked > _MOST_WAYS:
                raise TooManyWays
            yield way
            (touchpoint, _), _ = way[-1]
            if touchpoint != ending:
                for stop in dict.fromkeys(self._stops(self.following[way[-1][0]])):
                    if stop not in way:
                        yield from walk([*way, stop])

        for stop in dict.fromkeys(self._stops(self.entries)):
            yield from walk([stop])

    def _handoffs(self, earlier: Stop, later: Stop) -> list[frozenset[str]]:
        stages = {earlier[0][1], later[0][1]}
        return [
            frozenset(handoff.carries)
            for handoff in self.organization.handoffs
            if (handoff.from_, handoff.to) == (earlier[1], later[1]) and (not handoff.at or stages <= set(handoff.at))
        ]

    def _crossings(self) -> None:
        for way in self._ways():
            earlier, (_, giver) = way[-1], way[-1]
            for later in self._stops(self.following[earlier[0]]):
                node, taker = later
                if giver and taker and giver != taker and not self._handoffs(earlier, later):
                    self.failures.missing.setdefault((node[0], giver, taker), set()).update(self.where[later])

    def _knowing(self, way: list[Stop], fact: str) -> set[Department]:
        """Who knows a fact when a way comes to its last stop."""
        knowing: set[Department] = set()
        for earlier, later in pairwise(way):
            if fact in self.touchpoints[earlier[0][0]].asks:
                knowing.add(earlier[1])
            if earlier[1] in knowing and any(fact in carried for carried in self._handoffs(earlier, later)):
                knowing.add(later[1])
        return knowing

    def _needs(self, fact: str) -> None:
        for way in self._ways():
            (touchpoint, _), department = way[-1]
            if fact in self.touchpoints[touchpoint].needs:
                knowing = self._knowing(way, fact)
                if department not in knowing:
                    self.failures.lost.setdefault((touchpoint, fact), set()).update(self.where[way[-1]])
                if not knowing:
                    self.failures.never_asked.setdefault((touchpoint, fact), set()).update(self.where[way[-1]])

    def _asks(self, fact: str) -> None:
        for touchpoint in self.organization.touchpoints:
            if fact in touchpoint.asks:
                there: dict[Stop, bool] = {}
                for way in self._ways(ending=touchpoint.id):
                    if way[-1][0][0] == touchpoint.id:
                        known = way[-1][1] in self._knowing(way, fact)
                        there[way[-1]] = there.get(way[-1], True) and known
                for stop, always in there.items():
                    if always:
                        self.failures.repeated.setdefault((touchpoint.id, fact), set()).update(self.where[stop])

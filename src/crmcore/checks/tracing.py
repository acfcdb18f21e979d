"""What each department knows on every way of a customer: a must-analysis, and an exact one.

A fact is known to the department that asked for it, from that visit on, and to another once a handoff carried it there.
Whether a department knows a fact on *every* way cannot be told from what is known on all ways at the visits before: on
one way sales may have asked, on another service, and whoever comes next has it from either. So a walk keeps, for one
fact, the **set of departments that know it** as a part of where it is. There are few such sets, and a visit fails when
it can be reached with one in which its department is not. Loops need no care: a walk that comes back with the same
knowledge has been there already, and the first time counts as well as the second.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from functools import cached_property

from attrs import field, frozen

from crmcore.checks.journeys import Steps, Visit
from crmcore.organization import Handoff

__all__ = ["Handoffs", "Stop", "Walk", "Where", "missing_handoffs"]

Stop = tuple[int, int]
"""A visit and the department that answers there, by their positions."""

Where = tuple[int, int, int]
"""A visit, the department that answers there, and the departments (a bitmask) that know the fact on arrival."""


@frozen(slots=False)
class Handoffs:
    """What crosses from one department to another.

    Attributes:
        handoffs: all handoffs.
        visits: the visits, by position.
        departments: the departments, by position; None for roles without one.
    """

    handoffs: tuple[Handoff, ...]
    visits: Sequence[Visit]
    departments: Sequence[str | None]
    _known: dict[tuple[int, int, str | None, str | None], frozenset[str] | None] = field(
        factory=dict, eq=False, repr=False
    )

    def carried(self, giver: Stop, taker: Stop) -> frozenset[str] | None:
        """Return the facts that go along from one stop to the next; None where no handoff joins them."""
        (earlier, from_), (later, to) = giver, taker
        stages = self.visits[earlier].stage, self.visits[later].stage
        key = (from_, to, *stages)
        if key not in self._known:
            joining = [
                handoff
                for handoff in self._between.get((self.departments[from_], self.departments[to]), ())
                if not handoff.at or all(stage in handoff.at for stage in stages)
            ]
            facts = frozenset(fact for handoff in joining for fact in handoff.carries)
            self._known[key] = facts if joining else None
        return self._known[key]

    @cached_property
    def _between(self) -> Mapping[tuple[str | None, str | None], Sequence[Handoff]]:
        between: dict[tuple[str | None, str | None], list[Handoff]] = {}
        for handoff in self.handoffs:
            between.setdefault((handoff.from_, handoff.to), []).append(handoff)
        return between

    def demanded(self, giver: Stop, taker: Stop) -> bool:
        """Whether two departments meet here; whoever has none can neither give nor take."""
        return giver[1] != taker[1] and None not in (self.departments[giver[1]], self.departments[taker[1]])


def missing_handoffs(
    steps: Steps, serving: Mapping[int, Sequence[int]], handoffs: Handoffs
) -> Iterator[tuple[Stop, Stop]]:
    """Yield the neighbouring stops of different departments that no handoff joins.

    Args:
        steps: the ways of one audience.
        serving: for every visit the departments that may answer.
        handoffs: what joins departments.
    """
    for earlier in steps.reached:
        for later in steps.following.get(earlier, ()):
            for giver in serving[earlier]:
                for taker in serving[later]:
                    stops = (earlier, giver), (later, taker)
                    if handoffs.demanded(*stops) and handoffs.carried(*stops) is None:
                        yield stops


@frozen
class Walk:
    """All ways of one audience, with who knows one fact on them.

    Attributes:
        came_from: every place that a way comes to, in order of distance, with the place before it on a shortest way.
        complete: whether these are all.
    """

    came_from: Mapping[Where, Where | None]
    complete: bool

    @classmethod
    def of(
        cls,
        fact: str,
        steps: Steps,
        serving: Mapping[int, Sequence[int]],
        handoffs: Handoffs,
        asking: Container[int],
        *,
        ending: Container[int] = (),
        limit: int,
    ) -> "Walk":
        """Follow a fact.

        Args:
            fact: the fact.
            steps: the ways of one audience.
            serving: for every visit the departments that may answer.
            handoffs: what joins departments.
            asking: the visits at which the customer is asked for the fact.
            ending: visits beyond which no way is followed.
            limit: how many places may be looked at.
        """
        came_from: dict[Where, Where | None] = {
            (visit, department, 0): None for visit in steps.entries for department in serving[visit]
        }
        waiting = list(came_from)
        for here in waiting:  # it grows while it is walked
            if len(waiting) > limit:
                return cls(came_from, complete=False)
            visit, department, known = here
            if visit in ending:
                continue
            if visit in asking:
                known |= 1 << department
            for later in steps.following.get(visit, ()):
                for taker in serving[later]:
                    after = known
                    if known >> department & 1 and taker != department:
                        after |= (fact in (handoffs.carried((visit, department), (later, taker)) or ())) << taker
                    there = (later, taker, after)
                    if there not in came_from:
                        came_from[there] = here
                        waiting.append(there)
        return cls(came_from, complete=True)

    def way(self, end: Where) -> list[Where]:
        """Return a shortest way to a place, from where the journey begins."""
        way = [end]
        while (earlier := self.came_from[way[-1]]) is not None:
            way.append(earlier)
        return way[::-1]

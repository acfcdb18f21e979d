"""The journey: in which order customers meet the touchpoints, by `follows` and by the lifecycle.

A **visit** is a touchpoint in one of its stages; without stages there is one stage without a name. A stage **comes
next** after another when the lifecycle leads there directly, or through stages that have no touchpoint at all.

A visit comes after the visits of the touchpoints that it `follows`, as far as these are in the same stage, or in one
after which its own comes next. Where `follows` gives none of these:

- in the first stage, or without stages, the visit is an **entry**: the journey can begin there;
- in a later stage it comes after the last visits of the stages before, which are those that nothing follows inside
  their stage. If the first stage has no touchpoint and this one comes next after it, the visit is an entry too.

Several touchpoints in `follows` are alternatives: a customer comes from one of them. A touchpoint that does not happen
for a customer, or at which nobody is accountable for this customer, is passed over: what comes before it comes before
what follows it. A stage that cannot be reached has no entry, and so nothing is said about the ways through it.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

from attrs import field, frozen

from crmcore.organization import STAGE, Organization
from crmcore.responsibility import Responsibilities

__all__ = ["Journey", "Steps", "Visit", "journey", "reachable", "stages_of", "transitions"]

_Thing = TypeVar("_Thing", bound=Hashable)


@frozen
class Visit:
    """A touchpoint in one stage.

    Attributes:
        touchpoint: its id.
        stage: the id of the stage; None where there are no stages.
    """

    touchpoint: str
    stage: str | None

    def __str__(self) -> str:
        return self.touchpoint if self.stage is None else f"{self.touchpoint} in {self.stage}"


@frozen(slots=False)
class Steps:
    """The ways that one kind of customer can go.

    Attributes:
        entries: the visits with which the journey can begin.
        following: for every visit those that can come next.
    """

    entries: Sequence[int]
    following: Mapping[int, Sequence[int]]

    @cached_property
    def reached(self) -> Mapping[int, int | None]:
        """Every visit that a journey comes to, in order of distance, with the visit before it on a shortest way."""
        return reachable(self.entries, lambda visit: self.following.get(visit, ()))


@frozen(slots=False)
class Journey:
    """All visits, and which come before which. Visits are known by their position.

    Attributes:
        visits: the visits, touchpoint after touchpoint.
        before: for every visit those that can come right before it.
        entries: the visits with which the journey can begin.
        inside: for every stage its visits, each with those that follow it inside the stage.
    """

    visits: tuple[Visit, ...]
    before: tuple[tuple[int, ...], ...]
    entries: frozenset[int]
    inside: Mapping[str | None, Mapping[int, Sequence[int]]]
    _known: dict[tuple[frozenset[int], frozenset[int]], Steps] = field(factory=dict, eq=False, repr=False)

    @cached_property
    def parts(self) -> Sequence[frozenset[int]]:
        """The visits in parts between which no way leads."""
        beside: dict[int, set[int]] = {visit: set(before) for visit, before in enumerate(self.before)}
        for visit, before in enumerate(self.before):
            for earlier in before:
                beside[earlier].add(visit)
        parts: list[frozenset[int]] = []
        told: set[int] = set()
        for visit in beside:
            if visit not in told:
                parts.append(frozenset(reachable([visit], beside.__getitem__)))
                told |= parts[-1]
        return parts

    def steps(self, happening: frozenset[int], passable: frozenset[int]) -> Steps:
        """Return the ways of one kind of customer.

        Args:
            happening: the visits at which someone can be accountable for the customer.
            passable: those that may be passed over; others are passed over only where they are not happening.
        """
        key = (happening, passable)
        if key not in self._known:
            self._known[key] = self._steps(happening, passable)
        return self._known[key]

    def _steps(self, happening: frozenset[int], passable: frozenset[int]) -> Steps:
        entries = []
        following: dict[int, list[int]] = {visit: [] for visit in sorted(happening)}
        for visit in following:
            begins = visit in self.entries
            waiting = list(self.before[visit])
            seen = set(waiting)
            while waiting:
                earlier = waiting.pop()
                if earlier in happening:
                    following[earlier].append(visit)
                if earlier in passable or earlier not in happening:
                    begins = begins or earlier in self.entries
                    more = [one for one in self.before[earlier] if one not in seen]
                    seen.update(more)
                    waiting.extend(more)
            if begins:
                entries.append(visit)
        return Steps(entries, following)


def reachable(starts: Iterable[_Thing], following: Callable[[_Thing], Iterable[_Thing]]) -> dict[_Thing, _Thing | None]:
    """Return all that can be reached, in order of distance, each with what comes before it on a shortest way."""
    found: dict[_Thing, _Thing | None] = dict.fromkeys(starts)
    waiting = list(found)
    for here in waiting:  # it grows while it is walked
        for there in following(here):
            if there not in found:
                found[there] = here
                waiting.append(there)
    return found


def transitions(organization: Organization) -> Mapping[str, Sequence[str]]:
    """Return for every stage those that the lifecycle leads to."""
    following: dict[str, list[str]] = {stage.id: [] for stage in organization.stages}
    for stage, after in organization.stage_transitions():
        following[stage].append(after)
    return following


def stages_of(responsibilities: Responsibilities, touchpoint: str) -> Sequence[str | None]:
    """Return the stages in which a touchpoint happens, in the order of the file; [None] where there are no stages."""
    box = responsibilities.touchpoint_box(touchpoint)
    position = responsibilities.space.index(STAGE)
    if box is None:
        return []
    if position is None:
        return [None]
    axis = responsibilities.space.axes[position]
    return list(axis.describe(box[position]))


def journey(responsibilities: Responsibilities) -> Journey:
    """Put the visits of an organization in order."""
    organization = responsibilities.organization
    visits = tuple(
        Visit(touchpoint, stage)
        for touchpoint in dict.fromkeys(record.id for record in organization.touchpoints)
        for stage in stages_of(responsibilities, touchpoint)
    )
    by_stage: dict[str | None, dict[str, int]] = {}
    for position, visit in enumerate(visits):
        by_stage.setdefault(visit.stage, {})[visit.touchpoint] = position
    inside = {stage: _inside(responsibilities, here) for stage, here in by_stage.items()}
    stages_before, opening = _stages_before(organization, frozenset(by_stage))
    before: list[tuple[int, ...]] = []
    entries: set[int] = set()
    for position, visit in enumerate(visits):
        near = [visit.stage, *stages_before.get(visit.stage, ())]
        follows = dict.fromkeys(responsibilities.touchpoints[visit.touchpoint].follows)
        found = [
            by_stage[stage][earlier]
            for stage in dict.fromkeys(near)
            for earlier in follows
            if earlier in by_stage.get(stage, ())
        ]
        if not found and visit.stage in opening:
            entries.add(position)
        if not found and visit.stage != _first(organization):
            found = [last for stage in near if stage != visit.stage for last in _last(inside[stage])]
        before.append(tuple(found))
    return Journey(visits, tuple(before), frozenset(entries), inside)


def _first(organization: Organization) -> str | None:
    return organization.stages[0].id if organization.stages else None


def _inside(responsibilities: Responsibilities, here: Mapping[str, int]) -> Mapping[int, Sequence[int]]:
    """The visits of one stage, each with those that follow it there."""
    following: dict[int, list[int]] = {position: [] for position in here.values()}
    for touchpoint, position in here.items():
        for earlier in dict.fromkeys(responsibilities.touchpoints[touchpoint].follows):
            if earlier in here:
                following[here[earlier]].append(position)
    return following


def _last(following: Mapping[int, Sequence[int]]) -> Iterator[int]:
    """Yield the visits of a stage that nothing follows there; of a circle that nothing follows, all."""
    after = {visit: reachable(following[visit], following.__getitem__).keys() for visit in following}
    for visit, later in after.items():
        if all(visit in after[other] for other in later):
            yield visit


def _stages_before(
    organization: Organization, busy: frozenset[str | None]
) -> tuple[Mapping[str | None, Sequence[str]], frozenset[str | None]]:
    """Return for every stage the stages with touchpoints after which it comes next, and those that can come first.

    Args:
        organization: whose lifecycle it is.
        busy: the stages that have touchpoints.
    """
    leads_to = transitions(organization)
    first = _first(organization)
    before: dict[str | None, list[str]] = {}
    opening: set[str | None] = {first}
    for stage in leads_to:
        ahead = reachable(leads_to[stage], lambda one: () if one in busy else leads_to[one])
        if stage in busy:
            for later in ahead:
                before.setdefault(later, []).append(stage)
        elif stage == first:
            opening.update(ahead)
    return before, frozenset(opening)

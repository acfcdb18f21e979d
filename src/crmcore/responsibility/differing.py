"""Where two organizations answer differently at a touchpoint: only where a rule differs can an answer differ.

Both sides lie in one common space. Whether the touchpoint happens, which duty wins, who holds the role: each is a
competition of boxes with priorities, so that one walk cuts the space until all of them are decided on both sides.
"""

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from crmcore.responsibility.aligning import Embedding
from crmcore.responsibility.axes import Box, intersection
from crmcore.responsibility.compiling import Responsibilities
from crmcore.responsibility.partition import partition, uncovered
from crmcore.responsibility.tables import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crmcore.values import Place

__all__ = ["Change", "Differences", "Hands", "Side", "differences", "hands_in"]


@frozen
class Hands:
    """Who answers at one point.

    Attributes:
        roles: the ids of the accountable roles, ascending; none for a gap.
        people: the ids of those who hold them there, ascending; none for a vacancy.
        conflict: whether these are more roles than the touchpoint allows.
    """

    roles: tuple[str, ...]
    people: tuple[str, ...]
    conflict: bool = False


@frozen
class Change:
    """A part of the common space in which one answer becomes another.

    Attributes:
        box: the part.
        before: who answered; None where the touchpoint did not happen.
        after: who answers then; None where it does not happen any more.
        before_places: where the duties are written by which it was so.
        after_places: where the duties are written by which it will be so.
    """

    box: Box
    before: Hands | None
    after: Hands | None
    before_places: "tuple[Place, ...]"
    after_places: "tuple[Place, ...]"


@frozen
class Differences:
    """Where two sides answer differently at a touchpoint.

    Attributes:
        changes: the parts; they share no point.
        complete: whether these are known to be all.
    """

    changes: tuple[Change, ...]
    complete: bool


@frozen
class _Contest:
    """Boxes that compete by priority for something: those of the highest priority at a point win there.

    Attributes:
        boxes: where each holds.
        priorities: of each.
        prizes: what each stands for.
    """

    boxes: tuple[Box, ...]
    priorities: tuple[int, ...]
    prizes: tuple[Any, ...]

    @classmethod
    def of(cls, entries: "Iterable[tuple[Box, int, Hashable]]") -> "_Contest":
        """Collect boxes, their priorities and what they stand for."""
        boxes, priorities, prizes = zip(*entries, strict=True) if (entries := [*entries]) else ((), (), ())
        return cls(boxes, priorities, prizes)

    def decided(self, covering: Sequence[int], partly: Sequence[int]) -> bool:
        """Whether it is known who wins where some of the boxes cover all and some a part."""
        best = max((self.priorities[number] for number in covering), default=None)
        return all(best is not None and self.priorities[number] < best for number in partly)

    def winners(self, covering: Sequence[int]) -> list[int]:
        """Return who wins of those that cover all."""
        best = max((self.priorities[number] for number in covering), default=None)
        return [number for number in covering if self.priorities[number] == best]

    def differing(self, other: "_Contest", within: Box) -> "Iterator[Box]":
        """Yield, inside a box, where something competes here that does not there, or not so often."""
        ours, theirs = self._counted(within), other._counted(within)  # noqa: SLF001 (its own class)
        yield from (box for box, _, _ in (ours - theirs) + (theirs - ours))

    def _counted(self, within: Box) -> "Counter[tuple[Box, int, Hashable]]":
        entries = zip(self.boxes, self.priorities, self.prizes, strict=True)
        cut = ((intersection(box, within), priority, prize) for box, priority, prize in entries)
        return Counter((box, priority, prize) for box, priority, prize in cut if box is not None)


_NOTHING: Final = _Contest((), (), ())


@frozen(slots=False)
class Side:
    """One organization in the common space.

    Attributes:
        responsibilities: who answers.
        embedding: where the parts of its space lie in the common one.
    """

    responsibilities: Responsibilities
    embedding: Embedding
    _staffing: dict[str, _Contest] = field(factory=dict, init=False, eq=False, repr=False)

    @cached_property
    def impossible(self) -> tuple[Box, ...]:
        """What cannot occur."""
        return tuple(map(self.embedding.box, self.responsibilities.impossible))

    def space(self, touchpoint: str) -> Box | None:
        """Return where a touchpoint happens, what is impossible included; None when it never does."""
        known = touchpoint in self.responsibilities.touchpoints
        box = self.responsibilities.touchpoint_box(touchpoint) if known else None
        return None if box is None else self.embedding.box(box)

    def happening(self, touchpoint: str) -> _Contest:
        """Return the contest whose winner says whether a touchpoint happens."""
        space = self.space(touchpoint)
        if space is None:
            return _NOTHING
        return _Contest.of([(space, 0, True), *((box, 1, False) for box in self.impossible)])

    def most(self, touchpoint: str) -> int | None:
        """Return how many roles may be accountable at a touchpoint; None for any number."""
        record = self.responsibilities.touchpoints.get(touchpoint)
        return None if record is None else record.accountable.max

    def duties(self, touchpoint: str) -> tuple[_Contest, tuple[Rule, ...]]:
        """Return the contest whose winners are the accountable roles, and its rules."""
        known = touchpoint in self.responsibilities.touchpoints
        rules = self.responsibilities.rules(touchpoint) if known else ()
        return _Contest.of((self.embedding.box(rule.box), rule.priority, rule.role) for rule in rules), rules

    def staffing(self, role: str) -> _Contest:
        """Return the contest whose winners are the sets of people who hold a role."""
        if role not in self._staffing:
            rules = self.responsibilities.staffing(role).rules
            self._staffing[role] = _Contest.of(
                (self.embedding.box(rule.box), rule.priority, rule.people) for rule in rules
            )
        return self._staffing[role]


def differences(touchpoint: str, old: Side, new: Side) -> Differences:
    """Find where two sides answer differently at a touchpoint."""
    duties = [side.duties(touchpoint) for side in (old, new)]
    contests = [old.happening(touchpoint), duties[0][0], new.happening(touchpoint), duties[1][0]]
    changes: list[Change] = []
    complete = True
    for where in _affected(touchpoint, old, new, duties[0][0], duties[1][0]):
        parts = _contested(where, contests)
        complete = complete and parts.complete
        for box, winners in parts.parts:
            states = [
                _roles(contests[number], winners[number], contests[number + 1], winners[number + 1])
                for number in (0, 2)
            ]
            places = [
                tuple(sorted({rules[rank].record.place for rank in won}, key=str))
                for (_, rules), won in zip(duties, (winners[1], winners[3]), strict=True)
            ]
            staffed = _staffed(box, touchpoint, states, (old, new))
            complete = complete and staffed.complete
            for part, both in staffed.parts:
                before, after = both
                if before != after:
                    changes.append(Change(part, before, after, *places))
    return Differences(tuple(changes), complete)


def _affected(touchpoint: str, old: Side, new: Side, before: _Contest, after: _Contest) -> list[Box]:
    """Return, in boxes that share no point, every part in which something differs that decides the answer."""
    here, there = old.space(touchpoint), new.space(touchpoint)
    if here is None or there is None:
        return [box for box in (here, there) if box is not None]
    found = [*uncovered(here, [there]).boxes, *uncovered(there, [here]).boxes]
    both = intersection(here, there)
    if both is not None:
        found += [both] if old.most(touchpoint) != new.most(touchpoint) else []
        found += set(old.impossible) ^ set(new.impossible)
        found += before.differing(after, both)
        for role in dict.fromkeys((*before.prizes, *after.prizes)):
            found += old.staffing(role).differing(new.staffing(role), both)
    apart: list[Box] = []
    for box in dict.fromkeys(found):
        apart.extend(uncovered(box, apart).boxes)
    return apart


@frozen
class _Parts:
    """The parts of a box with what is known of each, and whether the walk went to its end."""

    parts: list[tuple[Box, list[list[int]]]]
    complete: bool


def _contested(where: Box, contests: Sequence[_Contest]) -> _Parts:
    """Cut a box until the winners of several contests are known on every part; the winners are told by contest."""
    boxes: list[Box] = []
    owners: list[tuple[int, int]] = []
    for number, contest in enumerate(contests):
        boxes += contest.boxes
        owners += ((number, rank) for rank in range(len(contest.boxes)))

    def apart(numbers: Sequence[int]) -> list[list[int]]:
        groups: list[list[int]] = [[] for _ in contests]
        for number in numbers:
            owner, rank = owners[number]
            groups[owner].append(rank)
        return groups

    def judge(covering: Sequence[int], partly: Sequence[int]) -> bool | None:
        groups = zip(contests, apart(covering), apart(partly), strict=True)
        return True if all(contest.decided(*ranks) for contest, *ranks in groups) else None

    result = partition(where, boxes, judge)
    parts = [
        (part.box, [contest.winners(ranks) for contest, ranks in zip(contests, apart(part.rules), strict=True)])
        for part in result.parts
    ]
    return _Parts(parts, result.complete)


def _roles(happening: _Contest, happens: list[int], duties: _Contest, won: list[int]) -> tuple[str, ...] | None:
    """Return the roles that answer on a part; None where the touchpoint does not happen."""
    if not happens or not happening.prizes[happens[0]]:
        return None
    return tuple(sorted({duties.prizes[rank] for rank in won}))


def hands_in(where: Box, touchpoint: str, side: Side) -> list[tuple[Box, Hands | None]]:
    """Return the parts of a box with who answers there; None where the touchpoint does not happen."""
    contests = [side.happening(touchpoint), side.duties(touchpoint)[0]]
    found: list[tuple[Box, Hands | None]] = []
    for box, (happens, won) in _contested(where, contests).parts:
        roles = _roles(contests[0], happens, contests[1], won)
        found += ((part, hands) for part, (hands,) in _staffed(box, touchpoint, [roles], [side]).parts)
    return found


@frozen
class _Staffed:
    """The parts of a box with who answers on each side, and whether the walk went to its end."""

    parts: list[tuple[Box, tuple[Hands | None, ...]]]
    complete: bool


def _staffed(where: Box, touchpoint: str, states: Sequence[tuple[str, ...] | None], sides: Sequence[Side]) -> _Staffed:
    """Cut a box until the holders of the roles that answer are known on every side."""
    held = [(side, role) for side, roles in enumerate(states) for role in roles or ()]
    contests = [sides[side].staffing(role) for side, role in held]
    limits = [side.most(touchpoint) for side in sides]
    result = _contested(where, contests)
    parts: list[tuple[Box, tuple[Hands | None, ...]]] = []
    for box, winners in result.parts:
        people: list[set[str]] = [set() for _ in sides]
        for (side, _), contest, won in zip(held, contests, winners, strict=True):
            for rank in won:
                people[side].update(contest.prizes[rank])
        hands = (
            None if roles is None else Hands(roles, tuple(sorted(own)), most is not None and len(roles) > most)
            for roles, own, most in zip(states, people, limits, strict=True)
        )
        parts.append((box, tuple(hands)))
    return _Staffed(parts, result.complete)

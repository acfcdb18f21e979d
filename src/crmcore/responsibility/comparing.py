"""What a change does before it is made: which customers change hands between two organizations, and whose load changes.

Both sides are laid into one common space. Only where a rule differs can an answer differ, so that only those parts are
looked into, and there both sides are cut together until each is decided.
"""

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, get_args

from attrs import field, frozen

from crmcore.organization import Organization
from crmcore.responsibility.aligning import aligned
from crmcore.responsibility.axes import Box, Space
from crmcore.responsibility.burdens import Weights, burdens
from crmcore.responsibility.compiling import Responsibilities
from crmcore.responsibility.differing import Change, Hands, Side, differences
from crmcore.responsibility.partition import merged, uncovered

if TYPE_CHECKING:
    from crmcore.values import Place

__all__ = ["KINDS", "Comparison", "Load", "Move", "MoveKind", "compare"]

MoveKind = Literal["opened", "contested", "closed", "settled", "moved", "appeared", "vanished", "still-open"]

KINDS: Final[tuple[MoveKind, ...]] = get_args(MoveKind)
"""What can happen to customers, in the order of its telling."""


@frozen
class Move:
    """Customers at one touchpoint for whom the answer changes alike.

    Attributes:
        touchpoint: the touchpoint.
        before: who answered; None where the customer could not be at this touchpoint.
        after: who answers then; None where the customer cannot be there any more.
        boxes: the customers, in parts of the comparison's space that share no point.
        before_places: where the duties are written by which it was so, on one of these customers.
        after_places: where the duties are written by which it will be so.
    """

    touchpoint: str
    before: Hands | None
    after: Hands | None
    boxes: tuple[Box, ...]
    before_places: "tuple[Place, ...]" = field(default=(), eq=False)
    after_places: "tuple[Place, ...]" = field(default=(), eq=False)

    @property
    def kind(self) -> MoveKind:
        """What happens to these customers.

        `opened`: nobody answers any more; `contested`: more roles answer than the touchpoint allows, which was not so
        before; `closed`: somebody does at last; `settled`: they are no longer too many; `moved`: somebody else does;
        `appeared` and `vanished`: they could not be at this touchpoint, or cannot any more; `still-open`: nobody
        answers, for another reason.
        """
        if self.after is None:
            return "vanished"
        if not self.after.people:
            return "still-open" if self.before is not None and not self.before.people else "opened"
        contested = self.before is not None and self.before.conflict
        if self.after.conflict and not contested:
            return "contested"
        if self.before is None:
            return "appeared"
        if not self.before.people:
            return "closed"
        return "settled" if contested and not self.after.conflict else "moved"


@frozen
class Load:
    """What one person gains and loses. A pool shares a point equally; a point counts by the share of its days.

    Attributes:
        person: the person's id.
        gained: the points that this person answers only after the change.
        lost: the points that this person answered only before.
        before: all the points that this person answered before.
    """

    person: str
    gained: float
    lost: float
    before: float

    @property
    def after(self) -> float:
        """All the points that this person answers then."""
        return max(0.0, round(self.before - self.lost + self.gained, 9))


@frozen(slots=False)
class Comparison:
    """What changes from one organization to another.

    Attributes:
        space: the common space, of which the boxes are parts.
        moves: what changes hands, touchpoint after touchpoint.
        on: the first day.
        until: the last day.
        complete: whether these are known to be all; otherwise a proof spent its budget.
    """

    space: Space
    moves: tuple[Move, ...]
    on: date
    until: date
    complete: bool
    _old: Side = field(eq=False, repr=False)

    @cached_property
    def _weights(self) -> Weights:
        return Weights(self.space, self.on, self.until)

    @cached_property
    def _before(self) -> dict[str, float]:
        return burdens(self._old, self._weights)

    @cached_property
    def loads(self) -> tuple[Load, ...]:
        """Whose load changes, by their ids."""
        gained: dict[str, float] = {}
        lost: dict[str, float] = {}
        for move in self.moves:
            weight = sum(map(self._weights.of, move.boxes))
            for hands, sums in ((move.before, lost), (move.after, gained)):
                people = () if hands is None else hands.people
                for person in people:
                    sums[person] = sums.get(person, 0.0) + weight / len(people)
        changing = sorted({*gained, *lost})
        before = self._before if changing else {}
        return tuple(
            Load(person, gained.get(person, 0.0), lost.get(person, 0.0), before.get(person, 0.0)) for person in changing
        )

    @cached_property
    def answered(self) -> tuple[float, float]:
        """How many points somebody answers, before and after: what the loads are shares of."""
        before = sum(self._before.values())
        return before, max(0.0, round(before + sum(load.gained - load.lost for load in self.loads), 9))

    def shares(self, load: Load) -> tuple[float, float]:
        """Return which shares of all points that somebody answers one person answers, before and after: 0 to 1."""
        before, after = self.answered
        return load.before / before if before else 0.0, load.after / after if after else 0.0

    def points(self, move: Move) -> int:
        """Return how many elementary points a move holds, days not counted."""
        without_days = merged((*box[:-1], 1) for box in move.boxes)
        apart: list[Box] = []
        for box in without_days:
            apart.extend(uncovered(box, apart).boxes)
        return sum(self.space.points(box) for box in apart)


def compare(
    old: Organization,
    new: Organization,
    *,
    on: date | None = None,
    until: date | None = None,
    without: Iterable[str] = (),
) -> Comparison:
    """Say which customers change hands from one organization to another, over all that are possible in either.

    Args:
        old: how it is.
        new: how it would be; the same again to see what the leaving of people does.
        on: the first day to compare; None for today in the new organization's timezone.
        until: the last day; None for the first day alone.
        without: ids of people to reckon with, in the new organization, as if they had left.

    Raises:
        UnknownName: a person who is thought away does not exist.
        Incomparable: a dimension is a number in one and a choice of names in the other.
    """
    on = on or new.today()
    until = until or on
    before, after = Responsibilities(old, on, until), Responsibilities(new, on, until, without)
    alignment = aligned(before.space, after.space)
    sides = Side(before, alignment.old), Side(after, alignment.new)
    moves: list[Move] = []
    complete = True
    for touchpoint in dict.fromkeys(record.id for record in (*new.touchpoints, *old.touchpoints)):
        found, whole = _moves(touchpoint, *sides)
        moves.extend(found)
        complete = complete and whole
    return Comparison(alignment.space, tuple(moves), on, until, complete, sides[0])


def _moves(touchpoint: str, old: Side, new: Side) -> tuple[list[Move], bool]:
    changes: dict[tuple[Hands | None, Hands | None], list[Change]] = {}
    found = differences(touchpoint, old, new)
    for change in found.changes:
        changes.setdefault((change.before, change.after), []).append(change)
    moves = [
        Move(
            touchpoint,
            before,
            after,
            tuple(sorted(merged(change.box for change in alike))),
            alike[0].before_places,
            alike[0].after_places,
        )
        for (before, after), alike in changes.items()
    ]
    return sorted(moves, key=lambda move: (KINDS.index(move.kind), move.boxes)), found.complete

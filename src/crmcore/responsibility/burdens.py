"""How much each person answers for, counted in points of a common space; a pool shares a point equally."""

from collections.abc import Iterable, Iterator
from datetime import date

from attrs import frozen

from crmcore.responsibility.axes import Box, Space, cells
from crmcore.responsibility.compiling import Answer
from crmcore.responsibility.differing import Side, hands_in
from crmcore.responsibility.tables import Table

__all__ = ["Weights", "burdens"]


@frozen
class Weights:
    """What a part of a space weighs: its points, each by the share of the window's days that it lasts.

    Attributes:
        space: the space.
        on: the first day of the window.
        until: the last day.
    """

    space: Space
    on: date
    until: date

    def of(self, box: Box) -> float:
        """Return what a box weighs."""
        ends = (self.on, *self.space.days.cuts, date.fromordinal(self.until.toordinal() + 1))
        spent = sum((ends[cell + 1] - ends[cell]).days for cell in cells(box[-1]))
        return self.space.points(box) * spent / ((self.until - self.on).days + 1)


def burdens(side: Side, weights: Weights) -> dict[str, float]:
    """Return for each person who answers anywhere, by their ids, how much.

    Args:
        side: the organization, in the common space.
        weights: what the parts of the common space weigh.
    """
    found: dict[str, float] = {}
    for touchpoint in side.responsibilities.touchpoints:
        for box, people in _answered(touchpoint, side):
            for person in people:
                found[person] = found.get(person, 0.0) + weights.of(box) / len(people)
    return found


def _answered(touchpoint: str, side: Side) -> Iterator[tuple[Box, tuple[str, ...] | frozenset[str]]]:
    """Yield the parts of the common space with who answers there; they share no point.

    Mostly one duty wins alone, and its role's people answer; only where several win together are they to be united.
    """
    responsibilities = side.responsibilities
    answers = responsibilities.answers(touchpoint)
    if _win_together(responsibilities.table(touchpoint), answers):
        space = side.space(touchpoint)
        for part, hands in hands_in(space, touchpoint, side) if space else ():
            yield part, () if hands is None else hands.people
        return
    for answer in answers:
        for box in answer.boxes:
            for part, people in responsibilities.pools(answer.rule.role, box):
                yield side.embedding.box(part), people


def _win_together(table: Table, answers: Iterable[Answer]) -> bool:
    ranks = {id(rule): rank for rank, rule in enumerate(table.rules)}
    winning = 0
    for answer in answers:
        winning |= 1 << ranks[id(answer.rule)]
    return any(
        table.meeting(table.rules[rank].box) & table.level(rank) & winning & ~(1 << rank) for rank in cells(winning)
    )

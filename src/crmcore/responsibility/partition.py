"""Proof by dynamic binary space partition: a box is cut where it separates the rules best, until each part is decided.

The same walk answers every question about a box and a set of rules that are boxes too. At each part some rules cover
it wholly, some partly; a question is decided as soon as either is enough to know. What it never does is to list points.
The problem is NP-complete, so a walk has a budget and says when it spent it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from math import log2, prod
from typing import Final

from attrs import define, frozen

from crmcore.responsibility.axes import Box

__all__ = [
    "BUDGET",
    "Budget",
    "Part",
    "Partition",
    "Uncovered",
    "is_covered",
    "merged",
    "partition",
    "readable",
    "uncovered",
    "widened",
]

BUDGET: Final = 15_000_000
"""How many looks at one axis of one rule a proof may take, a few seconds' work; beyond that it is undecided."""


@define
class Budget:
    """How much work several walks may do together.

    Attributes:
        left: how many looks at one axis of one rule are left.
    """

    left: int = BUDGET

    def spend(self, looks: int) -> bool:
        """Take so many looks; say whether they were still there."""
        self.left -= looks
        return self.left >= 0

    @classmethod
    def of(cls, budget: "int | Budget") -> "Budget":
        """Return the budget of one walk, or the one that it shares with others."""
        return budget if isinstance(budget, Budget) else cls(budget)


_SAMPLE = 400
"""In a part with more rules than this, the cut is chosen by looking at a sample of them."""

_WIDENED = 200
"""Of one proof, so many boxes are widened for reading; beyond that nobody reads them."""

_CUTS = 32
"""On each axis, at most so many cuts are weighed against each other."""

_Rule = tuple[int, int, Box, tuple[int, ...], tuple[int, ...]]
"""A rule inside a part: the axes on which it does not span the part (a bitmask), its number, its box, and for every
axis the first cell that it admits and the first beyond the last."""

_COSTS = [count * (log2(count) + 1) if count else 0.0 for count in range(_SAMPLE + 2)]


@frozen
class Uncovered:
    """What is left of a box when other boxes are taken away.

    Attributes:
        boxes: what is left, in boxes that share no point.
        complete: whether the walk went to its end; otherwise there may be more.
        undecided: a part that was not looked into when the budget was spent.
    """

    boxes: tuple[Box, ...]
    complete: bool
    undecided: Box | None = None


@frozen
class Part:
    """A part of a box on which the same rules matter.

    Attributes:
        box: the part.
        rules: the numbers of the rules that cover the whole of it, ascending.
    """

    box: Box
    rules: tuple[int, ...]


@frozen
class Partition:
    """The parts of a box that were asked for.

    Attributes:
        parts: the parts; they share no point.
        complete: whether the walk went to its end; otherwise there may be more.
    """

    parts: tuple[Part, ...]
    complete: bool


def _enter(box: Box, boxes: Sequence[Box], *, until_covered: bool = False) -> tuple[list[_Rule], list[int]]:
    """Sort rules by how they meet a box: those that cover a part of it, and the numbers of those that cover all.

    Args:
        box: the box.
        boxes: the rules.
        until_covered: whether the first rule that covers all is all that matters.
    """
    meeting: list[tuple[int, int, Box]] = []
    wholly: list[int] = []
    flags = [(1 << axis, mask) for axis, mask in enumerate(box)]
    for number, rule in enumerate(boxes):
        needs = 0
        for (flag, here), mask in zip(flags, rule, strict=True):
            shared = mask & here
            if not shared:
                break
            if shared != here:
                needs |= flag
        else:
            if needs:
                meeting.append((needs, number, rule))
            else:
                wholly.append(number)
                if until_covered:
                    return [], wholly
    ends: dict[int, tuple[int, int]] = {}
    partly: list[_Rule] = []
    for needs, number, rule in meeting:
        spans = [ends.get(mask) or ends.setdefault(mask, _ends(mask)) for mask in rule]
        partly.append((needs, number, rule, tuple([start for start, _ in spans]), tuple([stop for _, stop in spans])))
    return partly, wholly


def _ends(mask: int) -> tuple[int, int]:
    return (mask & -mask).bit_length() - 1, mask.bit_length()


def _best_cut(box: Box, rules: Sequence[_Rule]) -> tuple[int, int]:
    """Choose the axis and the mask of its lower half that leave the least work on both sides.

    The work of a side with k rules is reckoned as k·(log2 k + 1). A rule with holes counts as if it had none: that
    makes a cut a little worse, never wrong.
    """
    sample = rules[:: len(rules) // _SAMPLE + 1] if len(rules) > _SAMPLE else rules
    total = len(sample)
    involved = 0
    for rule in sample:
        involved |= rule[0]
    best = (float("inf"), 0, 0)
    for axis, here in enumerate(box):
        flag = 1 << axis
        if not involved & flag:
            continue
        inside = [rule for rule in sample if rule[0] & flag]
        starts = sorted([rule[3][axis] for rule in inside])
        stops = sorted([rule[4][axis] for rule in inside])
        first, last = _ends(here)
        positions = [position for position in {*starts, *stops} if first < position < last]
        if len(positions) > _CUTS:
            positions = sorted(positions)[:: len(positions) // _CUTS + 1]
        spanning = total - len(inside)
        for position in positions:
            left = bisect_left(starts, position) + spanning
            right = total - bisect_right(stops, position)
            cost = _COSTS[left] + _COSTS[right]
            if cost < best[0]:
                best = (cost, axis, position)
    _, axis, position = best
    lower = box[axis] & ((1 << position) - 1)
    if not lower or lower == box[axis]:  # no rule begins or ends inside: they have holes, so set what one admits apart
        axis = (involved & -involved).bit_length() - 1
        lower = box[axis] & next(rule[2][axis] for rule in sample if rule[0] >> axis & 1)
    return axis, lower


def _restrict(rules: Sequence[_Rule], axis: int, half: int, wholly: list[int]) -> list[_Rule]:
    """Follow the rules into one half of a cut; those that now cover it wholly are added to `wholly`."""
    flag = 1 << axis
    partly: list[_Rule] = []
    for entry in rules:
        needs = entry[0]
        if not needs & flag:
            partly.append(entry)
            continue
        shared = entry[2][axis] & half
        if shared == half:
            if needs == flag:
                wholly.append(entry[1])
            else:
                partly.append((needs ^ flag, *entry[1:]))
        elif shared:
            partly.append(entry)
    return partly


def _halves(box: Box, axis: int, lower: int) -> tuple[Box, Box]:
    return (*box[:axis], lower, *box[axis + 1 :]), (*box[:axis], box[axis] ^ lower, *box[axis + 1 :])


def _peel(box: Box, rule: _Rule) -> list[Box]:
    """Take one rule away from a box: what is left, in disjoint boxes, at most one for each axis."""
    needs, masks = rule[0], rule[2]
    left = []
    for axis, mask in enumerate(masks):
        if needs >> axis & 1:
            outside, box = _halves(box, axis, box[axis] & ~mask)
            left.append(outside)
    return left


def uncovered(box: Box, blockers: Sequence[Box], budget: int | Budget = BUDGET, *, first: bool = False) -> Uncovered:
    """Take boxes away from a box.

    Args:
        box: what is to be covered.
        blockers: what covers it.
        budget: how many looks at one axis of one rule the walk may take, or what it shares with other walks.
        first: whether to stop at the first part that is left.
    """
    purse = Budget.of(budget)
    if not purse.spend(len(blockers)):
        return Uncovered((), complete=False, undecided=box)
    rules, wholly = _enter(box, blockers, until_covered=True)
    if wholly:
        return Uncovered((), complete=True)
    left: list[Box] = []
    stack = [(box, rules)]
    while stack:
        part, rules = stack.pop()
        if len(rules) <= 1:
            left.extend(_peel(part, rules[0]) if rules else [part])
            if first:
                break
            continue
        if not purse.spend(len(rules) * len(box)):
            return Uncovered(tuple(left), complete=False, undecided=part)
        axis, lower = _best_cut(part, rules)
        for half in _halves(part, axis, lower):
            wholly = []
            partly = _restrict(rules, axis, half[axis], wholly)
            if not wholly:
                stack.append((half, partly))
    return Uncovered(tuple(left), complete=True)


def is_covered(box: Box, blockers: Sequence[Box], budget: int | Budget = BUDGET) -> bool | None:
    """Say whether boxes cover a box wholly; None when the budget was spent before that was known."""
    result = uncovered(box, blockers, budget, first=True)
    return False if result.boxes else True if result.complete else None


def partition(
    box: Box,
    boxes: Sequence[Box],
    judge: Callable[[Sequence[int], Sequence[int]], bool | None],
    budget: int | Budget = BUDGET,
) -> Partition:
    """Find the parts of a box on which something holds that depends on which rules cover them.

    Args:
        box: where to look.
        boxes: the rules' boxes.
        judge: is given the numbers of the rules that cover the whole of a part and of those that cover some of it. It
            answers True where the thing holds on the whole part, False where it holds nowhere in it, None where that is
            not known yet. Where no rule covers only some, it must know.
        budget: how many looks at one axis of one rule the walk may take, or what it shares with other walks.
    """
    purse = Budget.of(budget)
    rules, wholly = _enter(box, boxes)
    parts: list[Part] = []
    stack = [(box, rules, wholly)]
    while stack:
        here, rules, wholly = stack.pop()
        verdict = judge(wholly, [rule[1] for rule in rules])
        if verdict is not None:
            if verdict:
                parts.append(Part(here, tuple(sorted(wholly))))
            continue
        if not purse.spend((len(rules) + len(wholly)) * len(box)):
            return Partition(tuple(parts), complete=False)
        axis, lower = _best_cut(here, rules)
        for half in _halves(here, axis, lower):
            covering = list(wholly)
            stack.append((half, _restrict(rules, axis, half[axis], covering), covering))
    return Partition(tuple(parts), complete=True)


def widened(box: Box, blockers: Sequence[Box], within: Box) -> Box:
    """Return a box that is as large as can be: each axis after another takes in all that no blocker forbids.

    Args:
        box: where to begin; it meets no blocker.
        blockers: what the result must not meet.
        within: what the result must not leave.
    """
    masks = list(box)
    missing: list[tuple[int, Box]] = []
    for blocker in blockers:
        missed = 0
        for axis, mask in enumerate(blocker):
            if not mask & masks[axis]:
                missed |= 1 << axis
        missing.append((missed, blocker))
    for axis, limit in enumerate(within):
        flag = 1 << axis
        forbidden = 0
        for missed, blocker in missing:
            if missed == flag:
                forbidden |= blocker[axis]
        wide = masks[axis] = limit & ~forbidden
        missing = [
            (missed ^ flag if missed & flag and blocker[axis] & wide else missed, blocker)
            for missed, blocker in missing
        ]
    return tuple(masks)


def merged(boxes: Iterable[Box]) -> list[Box]:
    """Return fewer and larger boxes that hold the same points: two that differ on one axis alone become one."""
    found = dict.fromkeys(boxes)
    shrinking = True
    while shrinking and len(found) > 1:
        shrinking = False
        for axis in range(len(next(iter(found)))):
            columns: dict[Box, int] = {}
            for box in found:
                rest = (*box[:axis], 0, *box[axis + 1 :])
                columns[rest] = columns.get(rest, 0) | box[axis]
            shrinking = shrinking or len(columns) < len(found)
            found = dict.fromkeys((*rest[:axis], mask, *rest[axis + 1 :]) for rest, mask in columns.items())
    return list(found)


def readable(boxes: Sequence[Box], blockers: Sequence[Box], within: Box) -> list[Box]:
    """Return what is left of a box as people read it best: few boxes, each as large as can be; they may overlap.

    Args:
        boxes: what is left, as `uncovered` gives it.
        blockers: what was taken away.
        within: what it was taken from.
    """
    few = merged(boxes)
    wide = list(dict.fromkeys(widened(box, blockers, within) for box in few[:_WIDENED])) + few[_WIDENED:]
    if len(wide) <= _WIDENED:
        for box in sorted(wide, key=_size):
            others = [other for other in wide if other != box]
            if is_covered(box, others, _WIDENED * _SAMPLE):
                wide = others
    return sorted(wide, key=_size, reverse=True)


def _size(box: Box) -> int:
    return prod(mask.bit_count() for mask in box)

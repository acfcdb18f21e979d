"""Rules that compete, ranked and turned into bitsets: one integer a cell, whose bit *i* says that rule *i* admits it.

The lowest bit is the rule of highest priority: a question is one AND a dimension, and the lowest bit that is left wins.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import frozen

from crmcore.organization import Duty, Staffing
from crmcore.responsibility.axes import Box, Space, cells, runs

if TYPE_CHECKING:
    from crmcore.organization.model import DutyKind

__all__ = ["Column", "Rule", "Table"]


@frozen
class Rule:
    """One duty or staffing entry where it competes with others.

    Attributes:
        box: where and when it holds, inside the space of its touchpoint.
        record: the entry.
        priority: of the rules that match, those of the highest priority win.
        people: for a staffing entry that is proven, the ids of the people who are there on the days of the box.
    """

    box: Box
    record: Duty | Staffing
    priority: int
    people: frozenset[str] = frozenset()

    @property
    def role(self) -> str:
        """The role that the entry names."""
        return self.record.role


@frozen
class Column:
    """One axis of a table: its cells in classes that the same rules admit.

    Attributes:
        class_of: the class of every cell.
        bits: for every class the rules that admit it.
        starts: the cells at which the class may be another than before, the first cell included.
    """

    class_of: Sequence[int]
    bits: Sequence[int]
    starts: Sequence[int]

    @classmethod
    def of(cls, masks: Sequence[int], size: int) -> "Column":
        """Build the column of an axis from the masks of the rules, in rank order.

        Args:
            masks: for every rule the cells that it admits.
            size: how many cells the axis has.
        """
        admitting: dict[int, int] = {}
        for rank, mask in enumerate(masks):
            admitting[mask] = admitting.get(mask, 0) | 1 << rank
        changes: dict[int, int] = {0: 0}
        for mask, ranks in admitting.items():
            for start, stop in runs(mask):
                changes[start] = changes.get(start, 0) ^ ranks
                changes[stop] = changes.get(stop, 0) ^ ranks
        changes.pop(size, None)
        starts = sorted(changes)
        classes: dict[int, int] = {}
        class_of = array("L")
        current = 0
        for start, stop in zip(starts, (*starts[1:], size), strict=True):
            current ^= changes[start]
            class_of.extend(array("L", [classes.setdefault(current, len(classes))]) * (stop - start))
        return cls(class_of, tuple(classes), starts)

    def classes(self, mask: int) -> set[int]:
        """Return the classes of the cells of a mask."""
        kinds: set[int] = set()
        for start, stop in runs(mask):
            first, last = bisect_right(self.starts, start) - 1, bisect_left(self.starts, stop)
            kinds.update([self.class_of[cell] for cell in self.starts[first:last]])
        return kinds


@frozen(slots=False)
class Table:
    """Rules that compete for one thing: a duty at a touchpoint, or a role.

    Attributes:
        space: the space that they divide.
        rules: the rules by rank: the highest priority first, then in the order of the file.
    """

    space: Space
    rules: tuple[Rule, ...]

    @classmethod
    def ranked(cls, space: Space, rules: Iterable[Rule]) -> "Table":
        """Build a table from rules in the order of the file."""
        return cls(space, tuple(sorted(rules, key=lambda rule: -rule.priority)))

    @property
    def kind(self) -> "DutyKind | None":
        """Which duty the rules are about; None for staffing and for an empty table."""
        record = self.rules[0].record if self.rules else None
        return record.duty if isinstance(record, Duty) else None

    @cached_property
    def boxes(self) -> tuple[Box, ...]:
        """The rules' boxes by rank."""
        return tuple(rule.box for rule in self.rules)

    @cached_property
    def columns(self) -> tuple[Column | None, ...]:
        """For every axis its column; None where every rule admits every cell."""
        columns = []
        for position, axis in enumerate(self.space.axes):
            masks = [rule.box[position] for rule in self.rules]
            columns.append(None if all(mask == axis.full for mask in masks) else Column.of(masks, axis.size))
        return tuple(columns)

    @cached_property
    def active(self) -> tuple[tuple[int, Sequence[int], Sequence[int]], ...]:
        """The axes on which the rules differ: position, the class of every cell, and the bits of every class."""
        return tuple(
            (position, column.class_of, column.bits)
            for position, column in enumerate(self.columns)
            if column is not None
        )

    @cached_property
    def every(self) -> int:
        """The bits of all rules."""
        return (1 << len(self.rules)) - 1

    @cached_property
    def levels(self) -> tuple[tuple[int, int], ...]:
        """For every rule the half-open range of the ranks that share its priority."""
        levels: list[tuple[int, int]] = []
        start = 0
        for rank in range(1, len(self.rules) + 1):
            if rank == len(self.rules) or self.rules[rank].priority != self.rules[start].priority:
                levels.extend([(start, rank)] * (rank - start))
                start = rank
        return tuple(levels)

    def level(self, rank: int) -> int:
        """Return the bits of the rules that share the priority of one."""
        start, stop = self.levels[rank]
        return (1 << stop) - (1 << start)

    def higher(self, rank: int) -> int:
        """Return the bits of the rules of a higher priority than one."""
        return (1 << self.levels[rank][0]) - 1

    @cached_property
    def _reached(self) -> dict[tuple[int, int], tuple[int, int]]:
        return {}

    def reached(self, position: int, mask: int) -> tuple[int, int]:
        """Return, by one axis alone, the bits of the rules that admit some of a mask, and of those that admit all."""
        key = (position, mask)
        known = self._reached.get(key)
        if known is None:
            column = self.columns[position]
            some, every = (self.every, self.every) if column is None else (0, self.every)
            if column is not None:
                for kind in column.classes(mask):
                    some |= column.bits[kind]
                    every &= column.bits[kind]
            known = self._reached[key] = (some, every)
        return known

    def meeting(self, box: Box) -> int:
        """Return the bits of the rules that share a point with a box."""
        bits = self.every
        for position, mask in enumerate(box):
            bits &= self.reached(position, mask)[0]
        return bits

    def spanning(self, box: Box) -> int:
        """Return the bits of the rules that cover a box wholly."""
        bits = self.every
        for position, mask in enumerate(box):
            bits &= self.reached(position, mask)[1]
        return bits

    def pick(self, bits: int) -> list[Box]:
        """Return the boxes of the rules whose bits are set."""
        return [self.rules[rank].box for rank in cells(bits)]

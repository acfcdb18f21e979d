"""Rules that compete, ranked and turned into bitsets: one integer a cell, whose bit *i* says that rule *i* admits it.

The lowest bit is the rule of highest priority: a question is one AND a dimension, and the lowest bit that is left wins.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable, Sequence
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from attrs import evolve, frozen

from crmcore.organization import Duty, Staffing
from crmcore.responsibility.axes import Box, Space, cells, runs

if TYPE_CHECKING:
    from crmcore.organization.model import DutyKind

__all__ = ["Column", "Rule", "Table"]

_CLASSES_TO_SPARE: Final = 64


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

    @classmethod
    def undivided(cls, bits: int, size: int) -> "Column":
        """Build the column of an axis on which the same rules admit every cell."""
        return cls(array("L", bytes(array("L").itemsize * size)), (bits,), [0])

    def without(self, rank: int) -> "Column":
        """Return the column after one rule is gone; those behind it move up."""
        low = (1 << rank) - 1
        return evolve(self, bits=[bits & low | bits >> rank + 1 << rank for bits in self.bits])

    def including(self, rank: int, mask: int) -> "Column":
        """Return the column with one more rule; those from its rank on move back.

        Args:
            rank: the rank that the rule takes.
            mask: the cells that it admits.
        """
        low, own = (1 << rank) - 1, 1 << rank
        every = [bits & low | bits >> rank << rank + 1 for bits in self.bits]
        if mask.bit_count() == len(self.class_of):
            return evolve(self, bits=[bits | own for bits in every])
        edges = {edge for run in runs(mask) for edge in run if edge < len(self.class_of)}
        starts = sorted(edges.union(self.starts))
        class_of = array("L", self.class_of)
        admitting: dict[int, int] = {}
        for start, stop in runs(mask):
            inside = starts[bisect_left(starts, start) : bisect_left(starts, stop)]
            for first, beyond in pairwise((*inside, stop)):
                kind = class_of[first]
                if kind not in admitting:
                    admitting[kind] = len(every)
                    every.append(every[kind] | own)
                class_of[first:beyond] = array("L", [admitting[kind]]) * (beyond - first)
        return Column(class_of, every, starts)

    @property
    def worn(self) -> bool:
        """Whether so many edits have left classes without a cell behind that it is better made anew."""
        return len(self.bits) > 2 * len(self.starts) + _CLASSES_TO_SPARE

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

    def edited(self, gone: Container[int], added: Iterable[Rule]) -> "Table":
        """Return the table without some rules and with others; columns that are there are patched, not made anew.

        Args:
            gone: the `id` of the records of the rules to leave out.
            added: rules to put in, each behind those of its priority.
        """
        rules = list(self.rules)
        columns = list(self.columns) if "columns" in vars(self) else None
        for rank in reversed([rank for rank, rule in enumerate(rules) if id(rule.record) in gone]):
            del rules[rank]
            if columns is not None:
                columns = [column and column.without(rank) for column in columns]
        for rule in added:
            rank = bisect_right(rules, -rule.priority, key=lambda other: -other.priority)
            if columns is not None:
                columns = [
                    self._included(column, position, rank, rule.box[position], len(rules))
                    for position, column in enumerate(columns)
                ]
            rules.insert(rank, rule)
        edited = Table(self.space, tuple(rules))
        if columns is not None and all(column is None or not column.worn for column in columns):
            vars(edited)["columns"] = tuple(columns)
        return edited

    def _included(self, column: Column | None, position: int, rank: int, mask: int, rules: int) -> Column | None:
        axis = self.space.axes[position]
        if column is None and mask == axis.full:
            return None
        return (column or Column.undivided((1 << rules) - 1, axis.size)).including(rank, mask)

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

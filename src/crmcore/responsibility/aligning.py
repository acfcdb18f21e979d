"""Two spaces laid over each other: one common space, fine enough for both, and where the parts of each lie in it.

What has one name on both sides is the same: a value, a leaf, a stage. A leaf that the other side divides further stands
for what is below it there, down to where a name is known again: that name stands for its own part. A dimension that one
side does not have makes no difference there.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import ClassVar

from attrs import field, frozen

from crmcore.errors import CrmError
from crmcore.language import say, told
from crmcore.organization import Number, Tree
from crmcore.organization.space import TreeNode
from crmcore.responsibility.axes import Axis, Box, DayAxis, NameAxis, NumberAxis, Space, TreeAxis, cells
from crmcore.values import Interval

__all__ = ["Alignment", "Embedding", "Incomparable", "aligned"]


class Incomparable(CrmError):
    """A dimension is a number in one organization and a choice of names in the other. Rename one of them.

    Attributes:
        dimension: the dimension's id.
    """

    code: ClassVar[str] = "incomparable"

    def __init__(self, dimension: str) -> None:
        self.dimension = dimension
        super().__init__(dimension)

    def __str__(self) -> str:
        return told(
            say(
                "{dimension} is a number in one organization and a choice of names in the other: "
                "give one of them another name",
                dimension=self.dimension,
            )
        )


@frozen(slots=False)
class Embedding:
    """Where the parts of one space lie in a larger one.

    Attributes:
        own: the space.
        common: the larger one.
    """

    own: Space
    common: Space
    _known: dict[tuple[int, int], int] = field(factory=dict, init=False, eq=False, repr=False)

    @cached_property
    def _cells(self) -> tuple[tuple[int, ...] | None, ...]:
        """For every common axis the mask of each own cell; None where this side has no such axis."""
        places = []
        for axis in self.common.axes:
            position = self.own.index(axis.id)
            places.append(None if position is None else tuple(_cells_in(self.own.axes[position], axis)))
        return tuple(places)

    @cached_property
    def _positions(self) -> tuple[int | None, ...]:
        return tuple(self.own.index(axis.id) for axis in self.common.axes)

    def box(self, own: Box) -> Box:
        """Return where a part of the own space lies."""
        return tuple(
            axis.full if position is None else self._mask(number, own[position])
            for number, (axis, position) in enumerate(zip(self.common.axes, self._positions, strict=True))
        )

    def _mask(self, number: int, mask: int) -> int:
        key = (number, mask)
        known = self._known.get(key)
        if known is None:
            places = self._cells[number] or ()
            known = 0
            for cell in cells(mask):
                known |= places[cell]
            self._known[key] = known
        return known


@frozen
class Alignment:
    """Two spaces in a common one.

    Attributes:
        space: the common space.
        old: where the parts of the first lie.
        new: where the parts of the second lie.
    """

    space: Space
    old: Embedding
    new: Embedding


def aligned(old: Space, new: Space) -> Alignment:
    """Lay one space over another.

    Raises:
        Incomparable: a dimension is a number in one of them and a choice of names in the other.
    """
    names = dict.fromkeys((*new.names[:-1], *old.names[:-1]))
    axes = [_axis(name, _of_name(old, name), _of_name(new, name)) for name in names]
    space = Space((*axes, _days(old.days, new.days)))
    return Alignment(space, Embedding(old, space), Embedding(new, space))


def _of_name(space: Space, name: str) -> Axis | None:
    position = space.index(name)
    return None if position is None else space.axes[position]


def _axis(name: str, old: Axis | None, new: Axis | None) -> Axis:
    if old is None or new is None:
        axis = new or old
        assert axis is not None  # noqa: S101 (the name comes from one of them)
        return axis
    if isinstance(old, NumberAxis) and isinstance(new, NumberAxis):
        return _numbers(old, new)
    if isinstance(old, NumberAxis) or isinstance(new, NumberAxis):
        raise Incomparable(name)
    if isinstance(old, NameAxis) and isinstance(new, NameAxis):
        return NameAxis(name, new.of_customer, tuple(dict.fromkeys((*new.values, *old.values))))
    return TreeAxis(name, new.of_customer, _trees(_tree(old), _tree(new)))


def _numbers(old: NumberAxis, new: NumberAxis) -> NumberAxis:
    lows, highs = [old.domain.min, new.domain.min], [old.domain.max, new.domain.max]
    domain = Number(
        min=None if None in lows else min(low for low in lows if low is not None),
        max=None if None in highs else max(high for high in highs if high is not None),
        unit=new.domain.unit,
        integer=old.domain.integer and new.domain.integer,
    )
    ends = {end for end in (*old.cuts, *new.cuts, *lows, *highs) if end is not None}
    cuts = sorted(end for end in ends if end not in (domain.min, domain.max))
    return NumberAxis(new.id, new.of_customer, domain, tuple(cuts))


def _days(old: DayAxis, new: DayAxis) -> DayAxis:
    return DayAxis(new.id, new.of_customer, new.first, new.last, tuple(sorted({*old.cuts, *new.cuts})))


def _tree(axis: Axis) -> Tree:
    if isinstance(axis, TreeAxis):
        return axis.tree
    assert isinstance(axis, NameAxis)  # noqa: S101 (numbers and days are dealt with elsewhere)
    return Tree(tuple(TreeNode(value) for value in axis.values))


def _trees(old: Tree, new: Tree) -> Tree:
    """Return the new tree, its leaves divided as the old one divides them, and behind it what only the old one has."""
    before = {node.name: node for node in old.walk()}
    divided = [node for root in new.roots for node in _divided(root, before, new.spans)]
    present = Tree(tuple(divided)).spans
    return Tree((*divided, *(TreeNode(leaf) for leaf in old.leaves if leaf not in present)))


def _divided(node: TreeNode, before: Mapping[str, TreeNode], now: Container[str]) -> Iterator[TreeNode]:
    """Yield a node of the new tree with what the old one has below; without its name where that is one customer's."""
    known = before.get(node.name)
    if not node.children:
        yield TreeNode(node.name, tuple(_unknown(known.children, now)) if known else ())
        return
    children = tuple(part for child in node.children for part in _divided(child, before, now))
    if known is not None and not known.children and not any(_unknown(node.children, before)):
        yield from children
    else:
        yield TreeNode(node.name, children)


def _unknown(nodes: Iterable[TreeNode], names: Container[str]) -> Iterator[TreeNode]:
    """Yield what is not named, of some nodes and down to where something is."""
    for node in nodes:
        children = tuple(_unknown(node.children, names))
        if node.name not in names and (children or not node.children):
            yield TreeNode(node.name, children)


def _cells_in(own: Axis, common: Axis) -> Iterator[int]:
    """Yield for every cell of an axis the cells of the common axis in which it lies."""
    if isinstance(own, NumberAxis):
        ends = (own.domain.min, *own.cuts, own.domain.max)
        for start, stop in pairwise(ends):
            yield common.mask([Interval(start, stop)])
    elif isinstance(own, DayAxis):
        assert isinstance(common, DayAxis)  # noqa: S101 (days are always the last axis)
        for cell in range(own.size):
            last = _last_day(own, cell)
            yield common.span(own.first_day(cell), last)
    else:
        tree = _tree(own)
        inner = {node.name: node for node in _tree(common).walk() if node.children}
        for leaf in tree.leaves:
            below = Tree(tuple(_unknown(inner[leaf].children, tree.spans))).leaves if leaf in inner else (leaf,)
            yield common.mask(below)


def _last_day(axis: DayAxis, cell: int) -> date | None:
    return axis.last if cell + 1 == axis.size else date.fromordinal(axis.cuts[cell].toordinal() - 1)

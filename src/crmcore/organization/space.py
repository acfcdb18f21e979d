"""The space of possible customers in contact: its dimensions, and scopes that cut parts out of it."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final, Literal

from attrs import field, frozen

from crmcore.values import NOWHERE, Interval, Place

__all__ = ["DAY", "EVERYWHERE", "STAGE", "Choice", "Dimension", "Number", "Scope", "Tree", "TreeNode", "scope"]

STAGE: Final = "stage"
"""The name under which the lifecycle stage is a dimension."""

DAY: Final = "day"
"""The name under which the day is a dimension of a box, where a finding holds on some days only."""


def _names(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(values)


def _below(nodes: "Iterable[TreeNode]") -> "tuple[TreeNode, ...]":
    return tuple(nodes)


@frozen
class Choice:
    """A flat list of values, of which a customer has exactly one.

    Attributes:
        values: the values, each once.
    """

    values: tuple[str, ...] = field(converter=_names)


@frozen
class TreeNode:
    """A name in a tree, with what is below it. A node without children is a leaf: a value that a customer can have.

    Attributes:
        name: unique in its tree.
        children: what is below.
    """

    name: str
    children: "tuple[TreeNode, ...]" = field(default=(), converter=_below)


@frozen(slots=False)
class Tree:
    """A tree of names; a customer has exactly one leaf, and an inner name stands for all leaves below it.

    Attributes:
        roots: the nodes at the top.
    """

    roots: tuple[TreeNode, ...] = field(converter=_below)

    @classmethod
    def of(cls, branches: Mapping[str, object] | Iterable[object]) -> "Tree":
        """Build a tree from nested mappings and lists, as a file writes it: `{"China": ["Shanghai", "Zhejiang"]}`.

        Raises:
            TypeError: when something else than text, a mapping, a list or None is found.
        """
        return cls(tuple(_nodes(branches)))

    @cached_property
    def spans(self) -> Mapping[str, tuple[int, int]]:
        """For every name, inner or leaf, the half-open range of the leaves below it, in preorder."""
        spans: dict[str, tuple[int, int]] = {}
        leaves = 0
        stack: list[tuple[TreeNode, int | None]] = [(root, None) for root in reversed(self.roots)]
        while stack:
            node, start = stack.pop()
            if start is not None:
                spans[node.name] = (start, leaves)
            elif node.children:
                stack.append((node, leaves))
                stack.extend((child, None) for child in reversed(node.children))
            else:
                spans[node.name] = (leaves, leaves + 1)
                leaves += 1
        return spans

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """The leaves in preorder."""
        return tuple(node.name for node in self.walk() if not node.children)

    def walk(self) -> Iterator[TreeNode]:
        """Yield every node in preorder."""
        stack = list(reversed(self.roots))
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))


def _nodes(branches: object) -> Iterator[TreeNode]:
    if branches is None:
        return
    if isinstance(branches, str):
        yield TreeNode(branches)
    elif isinstance(branches, Mapping):
        for name, below in branches.items():
            yield TreeNode(name, tuple(_nodes(below)))
    elif isinstance(branches, Iterable):
        for branch in branches:
            yield from _nodes(branch)
    else:
        message = f"a tree is made of text, mappings and lists, not {branches!r}"
        raise TypeError(message)


@frozen
class Number:
    """A range of numbers `[min, max)`, of which a customer has one.

    Attributes:
        min: the smallest; None for no bound.
        max: the first that is too large; None for no bound.
        unit: of what.
        integer: whether only whole numbers exist.
    """

    min: float | None = field(default=None, kw_only=True)
    max: float | None = field(default=None, kw_only=True)
    unit: str | None = field(default=None, kw_only=True)
    integer: bool = field(default=False, kw_only=True)


@frozen
class Dimension:
    """One attribute of a customer, or of one contact with it, that decides who answers.

    Attributes:
        id: its id, other than `stage` and `day`.
        domain: the values it can have.
        of: `customer` for what is true of the customer, `contact` for what is known only at the moment of contact.
        label: what people read.
        place: where it is written.
    """

    id: str
    domain: Choice | Tree | Number
    of: Literal["customer", "contact"] = field(default="customer", kw_only=True)
    label: str = field(default="", kw_only=True)
    place: Place = field(default=NOWHERE, kw_only=True, eq=False, repr=False)


Selection = str | Interval | Iterable[str | Interval]


@frozen
class Scope:
    """A part of the space: for some dimensions the values that it admits. A dimension that is absent is not restricted.

    Attributes:
        choices: pairs of a dimension and the names (of tree nodes or values) or intervals that it admits; in which
            order the dimensions stand makes no difference.
    """

    choices: tuple[tuple[str, tuple[str | Interval, ...]], ...] = field(default=(), eq=frozenset)

    def __iter__(self) -> Iterator[tuple[str, tuple[str | Interval, ...]]]:
        return iter(self.choices)

    def __len__(self) -> int:
        return len(self.choices)

    def get(self, dimension: str) -> tuple[str | Interval, ...] | None:
        """Return what is admitted in one dimension; None where it is not restricted."""
        return next((values for name, values in self.choices if name == dimension), None)


EVERYWHERE: Final = Scope()


def scope(where: Scope | Mapping[str, Selection] | None) -> Scope:
    """Build a scope from a mapping such as `{"region": "East", "employees": Interval(1, 500)}`."""
    if where is None:
        return EVERYWHERE
    if isinstance(where, Scope):
        return where
    return Scope(
        tuple(
            (dimension, (selection,) if isinstance(selection, str | Interval) else tuple(selection))
            for dimension, selection in where.items()
        )
    )

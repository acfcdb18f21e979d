"""Conditions on the fields of records, and what each of them means: every storage has to answer as `matches` does.

Text compares by code points, upper and lower case apart. An empty field meets no condition but `Is(name, None)`
and `Lacks`, which asks of other records and is answered by the storage.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from attrs import field, frozen

from crmcore.language import say
from crmcore.storage.failures import InvalidQuery

__all__ = ["Above", "Among", "Below", "Between", "Contains", "Filter", "Is", "Lacks", "StartsWith", "matches", "under"]


@frozen
class Filter:
    """A condition on one field.

    Attributes:
        name: the field; `custom.NAME` for one of the company's own.
    """

    name: str


@frozen
class Is(Filter):
    """The field holds this value; None: it is empty.

    Attributes:
        value: the value.
    """

    value: Any


@frozen
class Among(Filter):
    """The field holds one of some values.

    Attributes:
        values: the values; all conditions of a query together name at most 10,000.
    """

    values: tuple[Any, ...] = field(converter=tuple[Any, ...])


@frozen
class Below(Filter):
    """The field holds less than a value.

    Attributes:
        value: the value.
    """

    value: Any


@frozen
class Above(Filter):
    """The field holds more than a value.

    Attributes:
        value: the value.
    """

    value: Any


@frozen
class Between(Filter):
    """The field holds a value from one to another, both included.

    Attributes:
        first: the least.
        last: the greatest.
    """

    first: Any
    last: Any


@frozen
class StartsWith(Filter):
    """The text of the field begins with a text.

    Attributes:
        text: the beginning.
    """

    text: str


@frozen
class Contains(Filter):
    """The text of the field has a text in it.

    Attributes:
        text: the text.
    """

    text: str


@frozen
class Lacks(Filter):
    """No record of another kind that meets some conditions refers to this one: a customer without an open task.

    Attributes:
        name: the field whose value the others would hold, such as `id`.
        kind: the kind of the other records.
        by: their field.
        where: the conditions that they would meet; none of these is a `Lacks` itself.
    """

    kind: str
    by: str
    where: tuple[Filter, ...] = field(default=(), converter=tuple[Filter, ...])


class Hierarchy(Protocol):
    """A tree of values, such as the regions of an organization."""

    @property
    def leaves(self) -> Sequence[str]:
        """The leaves, in order."""

    @property
    def spans(self) -> Mapping[str, tuple[int, int]]:
        """For each node the first of its leaves, and the first beyond."""


def under(name: str, node: str, tree: Hierarchy) -> Among:
    """Return the condition that a field holds a leaf below a node of a tree, such as a city of a region.

    Args:
        name: the field.
        node: the node; a leaf stands for itself.
        tree: the tree of the dimension.

    Raises:
        InvalidQuery: the tree has no such node.
    """
    if node not in tree.spans:
        raise InvalidQuery(say("the tree has no {node!r}", node=node))
    first, beyond = tree.spans[node]
    return Among(name, tuple(tree.leaves[first:beyond]))


def matches(condition: Filter, value: Any) -> bool:
    """Whether the value of a field meets a condition."""
    if isinstance(condition, Is):
        return bool(value == condition.value)
    if value is None:
        return False
    match condition:
        case Among(_, values):
            return value in values
        case Below(_, limit):
            return bool(value < limit)
        case Above(_, limit):
            return bool(value > limit)
        case Between(_, first, last):
            return bool(first <= value <= last)
        case StartsWith(_, text):
            return bool(value.startswith(text))
        case Contains(_, text):
            return text in value
    raise TypeError(condition)

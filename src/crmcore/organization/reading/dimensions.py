"""Reading the dimensions: flat choices, trees and ranges of numbers."""

from typing import Any

from crmcore.language import joined, say
from crmcore.organization.faults import wanted_but_found
from crmcore.organization.reading.nodes import Node, NodeParts
from crmcore.organization.reading.records import Structuring
from crmcore.organization.reading.scalars import BAD, text
from crmcore.organization.shapes import Dimensions, Many, OneOf, Real, Shape, Text, YesNo
from crmcore.organization.space import Choice, Dimension, Number, Tree, TreeNode
from crmcore.values import Place

__all__ = ["read_dimensions"]

_DOMAINS = ("tree", "values", "number")
_KEYS = (*_DOMAINS, "of", "label")
_NUMBER_KEYS = ("min", "max", "unit", "integer")


def read_dimensions(node: Node, structuring: Structuring) -> tuple[Dimension, ...]:
    """Return the dimensions that can be read; what is wrong with the others is added to the faults."""
    if not isinstance(node.value, dict):
        structuring.wrong(node, Dimensions.wanted)
        return ()
    reader = _Dimensions(structuring)
    read = (reader.dimension(key, child, node) for key, child in node.value.items())
    return tuple(dimension for dimension in read if dimension is not None)


class _Dimensions:
    def __init__(self, structuring: Structuring) -> None:
        self.structuring = structuring
        self.file = structuring.file
        self.faults = structuring.faults

    def dimension(self, key: str, node: Node, parent: Node) -> Dimension | None:
        """Read one dimension."""
        at = parent.key_place(self.file, key)
        place = Place(at.file, at.line, at.column, NodeParts(node))
        if isinstance(node.value, list):
            return Dimension(key, Choice(self.values(node)), place=place)
        if not isinstance(node.value, dict):
            self.structuring.wrong(node, say("a list of values, or a mapping with tree, values or number,"))
            return None
        self.unknown(node, node.value, say("dimension"), _KEYS)
        domain = self.domain(node, node.value)
        of = self.optional(node.value, "of", OneOf(("customer", "contact")))
        label = self.optional(node.value, "label", Text())
        return None if domain is None else Dimension(key, domain, of=of or "customer", label=label or "", place=place)

    def unknown(self, node: Node, table: dict[str, Node], title: str, allowed: tuple[str, ...]) -> None:
        """Add a fault for each key that is unknown."""
        for name in table:
            if name not in allowed:
                self.structuring.unknown_key(name, node, title, allowed)

    def optional(self, table: dict[str, Node], key: str, shape: Shape) -> Any:
        """Return the value of a key; None when it is absent or wrong."""
        child = table.get(key)
        value = None if child is None or child.value is None else self.structuring.value(shape, child)
        return None if value is BAD else value

    def domain(self, node: Node, table: dict[str, Node]) -> Choice | Tree | Number | None:
        """Read the values that a dimension can have."""
        given = [name for name in _DOMAINS if name in table]
        if len(given) != 1:
            wanted = say("in a dimension, one of tree, values, number")
            found = wanted_but_found(wanted, joined(given) if given else say("none of them"))
            node.tell(self.file, self.faults, found)
            return None
        child = table[given[0]]
        if given[0] == "values":
            return Choice(self.values(child))
        return Tree(self.branches(child)) if given[0] == "tree" else self.number(child)

    def values(self, node: Node) -> tuple[str, ...]:
        """Read a flat list of values."""
        values = self.structuring.value(Many(Text()), node)
        return () if values is BAD else tuple(values)

    def branches(self, node: Node) -> tuple[TreeNode, ...]:
        """Read what is below a name of a tree, or at its top."""
        if not isinstance(node.value, dict | list):
            return self.leaf(node)
        if not node.value:
            mend = say("name its values, or write the name alone in a list")
            node.tell(self.file, self.faults, say("the tree is empty here"), mend)
        if isinstance(node.value, dict):
            return tuple(
                TreeNode(name, () if below.value is None else self.branches(below))
                for name, below in node.value.items()
            )
        groups = (self.branches(item) if isinstance(item.value, dict) else self.leaf(item) for item in node.value)
        return tuple(branch for group in groups for branch in group)

    def leaf(self, node: Node) -> tuple[TreeNode, ...]:
        """Read a name with nothing below it."""
        name = text(node, self.file, self.faults, wanted=say("the name of a value"))
        return () if name is BAD else (TreeNode(name),)

    def number(self, node: Node) -> Number | None:
        """Read a range of numbers."""
        if not isinstance(node.value, dict):
            self.structuring.wrong(node, say("a mapping such as {example}", example="{min: 1, max: 1000}"))
            return None
        self.unknown(node, node.value, say("range of numbers"), _NUMBER_KEYS)
        return Number(
            min=self.optional(node.value, "min", Real()),
            max=self.optional(node.value, "max", Real()),
            unit=self.optional(node.value, "unit", Text()),
            integer=bool(self.optional(node.value, "integer", YesNo())),
        )

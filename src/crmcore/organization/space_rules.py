"""The rules of dimensions and of scopes: what a space of customers must be like to be reasoned about."""

import math
from collections.abc import Iterable
from typing import Any, Final

from crmcore.language import say
from crmcore.organization.faults import Faults, quoted, wanted_but_found
from crmcore.organization.shapes import ID, LARGEST, OneOf, Real
from crmcore.organization.space import DAY, STAGE, Choice, Dimension, Number, Scope, Tree, TreeNode
from crmcore.values import Interval, Place

__all__ = ["DEEPEST_TREE", "SpaceRules", "no_id", "odd_number"]

DEEPEST_TREE: Final = 50
"""How many levels a tree may have."""

_OF: Final = OneOf(("customer", "contact"))


class SpaceRules:
    """The rules of the space that some dimensions make.

    Args:
        dimensions: the dimensions.
        faults: where what is wrong is added.
    """

    def __init__(self, dimensions: tuple[Dimension, ...], faults: Faults) -> None:
        self.dimensions = dimensions
        self.faults = faults
        self._domains: dict[str, Choice | Tree | Number] = {
            dimension.id: dimension.domain for dimension in reversed(dimensions) if isinstance(dimension.id, str)
        }
        self._special = {DAY, *(name for name, domain in self._domains.items() if isinstance(domain, Number))}

    def examine_dimensions(self) -> None:
        """Are the ids of dimensions possible, and is there something in each?"""
        first: dict[str, Dimension] = {}
        for dimension in self.dimensions:
            name = dimension.id
            if not isinstance(name, str) or not ID.fullmatch(name):
                self.of(dimension, "", no_id(name), say("put what people read into `label`"))
            elif name in (STAGE, DAY):
                moment = say("the stage of the moment") if name == STAGE else say("the day of the moment")
                found = say("a dimension cannot be called `{name}`: it means {moment}", name=name, moment=moment)
                self.of(dimension, "", found, say("call it {name}, for example", name=f"customer-{name}"))
            elif first.setdefault(name, dimension) is not dimension:
                self.of(dimension, "", say("the dimension {name} is there twice", name=quoted(name)), say("rename one"))
            if dimension.of not in _OF.words:
                self.of(dimension, "of", wanted_but_found(_OF.wanted, quoted(dimension.of)))
            self.domain(dimension)

    def of(self, dimension: Dimension, part: str, found: str, suggestion: str = "") -> None:
        """Add a fault of one dimension."""
        self.faults.tell(dimension.place, part, f"dimensions.{quoted(dimension.id)[1:-1]}", found, suggestion)

    def domain(self, dimension: Dimension) -> None:
        """Is there something in a dimension, each value once?"""
        domain = dimension.domain
        if isinstance(domain, Choice):
            if not domain.values:
                found = say("the dimension {name} has no values", name=quoted(dimension.id))
                self.of(dimension, "values", found, say("name its values"))
            self.names(dimension, ((value, f"values[{index}]") for index, value in enumerate(domain.values)))
        elif isinstance(domain, Tree):
            self.tree(dimension, domain)
        elif isinstance(domain, Number):
            self.number(dimension, domain)
        else:
            self.of(dimension, "", wanted_but_found(say("a Choice, Tree or Number"), type(domain).__name__))

    def tree(self, dimension: Dimension, tree: Tree) -> None:
        """Has a tree names, each once, and not too many levels?"""
        if not tree.roots:
            empty = say("the tree {name} is empty", name=quoted(dimension.id))
            self.of(dimension, "tree", empty, say("name its values"))
            return
        found: list[tuple[Any, str]] = []
        pending: list[tuple[TreeNode, str, int]] = [
            (root, f"tree.{root.name}", 1) for root in reversed(tree.roots) if isinstance(root, TreeNode)
        ]
        while pending:
            node, path, depth = pending.pop()
            if depth > DEEPEST_TREE:
                name = quoted(dimension.id)
                deep = say("the tree {name} has more than {most} levels", name=name, most=DEEPEST_TREE)
                self.of(dimension, "tree", deep)
                return
            found.append((node.name, path))
            pending.extend((child, f"{path}.{child.name}", depth + 1) for child in reversed(node.children))
        self.names(dimension, found)

    def names(self, dimension: Dimension, names: Iterable[tuple[Any, str]]) -> None:
        """Is each value of a dimension text, not empty, and there once?"""
        first: dict[str, str] = {}
        for name, part in names:
            if not isinstance(name, str):
                self.of(dimension, part, say("text is wanted for a value, found {found}", found=quoted(repr(name))))
            elif not name.strip():
                self.of(dimension, part, say("a value has an empty name"), say("name it, or remove it"))
            elif name in first:
                twice = say("the value {value} is there twice in {name}", value=quoted(name), name=quoted(dimension.id))
                self.of(dimension, part, twice, say("rename one: a name stands for one value, wherever it is used"))
            else:
                first[name] = part

    def number(self, dimension: Dimension, number: Number) -> None:
        """Does a range of numbers hold any?"""
        for name, bound in (("min", number.min), ("max", number.max)):
            wrong = odd_number(bound, integer=number.integer)
            if wrong:
                self.of(dimension, f"number.{name}", wrong)
                return
        if number.min is not None and number.max is not None and number.min >= number.max:
            bounds = {"min": quoted(number.min), "max": quoted(number.max)}
            found = say("the numbers from {min} up to, and not including, {max} are none", **bounds)
            self.of(dimension, "number.min", found, say("make max larger than min: min belongs to it, max does not"))

    def examine_scope(self, scope: Scope, place: Place, key: str, path: str) -> None:
        """Are the values of a scope of the kind that their dimensions have, and does every range hold a number?

        Args:
            scope: the scope.
            place: where the record is written.
            key: the key of the scope in the record.
            path: how a program reaches the record.
        """
        if len({name for name, _ in scope.choices}) < len(scope.choices):
            self.faults.tell(place, key, path, say("a dimension is there twice"), say("join its values in one list"))
        for name, values in scope.choices:
            if name not in self._special and set(map(type, values)) <= {str}:
                continue
            if not isinstance(values, tuple):
                found = wanted_but_found(say("a tuple of values"), quoted(repr(values)))
                self.faults.tell(place, f"{key}.{name}", path, found)
                continue
            for index, value in enumerate(values):
                inner = f".{name}" if len(values) == 1 else f".{name}[{index}]"
                wrong, suggestion = self.selection(name, value)
                if wrong:
                    self.faults.tell(place, f"{key}{inner}", path, wrong, suggestion)

    def selection(self, dimension: str, value: object) -> tuple[str, str]:
        """Say what is wrong with one value of a scope, and how to mend it."""
        domain = self._domains.get(dimension)
        if dimension == DAY:
            return say("`day` is no dimension that a scope can name"), say("use `from` and `to` of the entry")
        if isinstance(value, str):
            if isinstance(domain, Number):
                found = {"name": quoted(dimension), "found": quoted(value)}
                named = say("{name} is a number: a range is wanted, found {found}", **found)
                return named, say("write {range}; in a table {cell}", range="{from: 1, to: 500}", cell="1..500")
            return "", ""
        if not isinstance(value, Interval):
            return wanted_but_found(say("the name of a value or a range of numbers"), quoted(repr(value))), ""
        if dimension == STAGE or isinstance(domain, Choice | Tree):
            name = quoted(dimension)
            return say("{name} is no number: the name of a value is wanted, found a range", name=name), ""
        integer = isinstance(domain, Number) and domain.integer
        wrong: str = odd_number(value.start, integer=integer) or odd_number(value.stop, integer=integer)
        if not wrong and value.empty:
            bounds = {"start": quoted(value.start), "stop": quoted(value.stop)}
            empty = say("the range from {start} up to, and not including, {stop} is empty", **bounds)
            return empty, say("make `to` larger than `from`: `from` belongs to it, `to` does not")
        return wrong, ""


def odd_number(number: object, *, least: int | None = None, most: int | None = None, integer: bool = False) -> str:
    """Say what is wrong with a number; nothing when it is right, or None."""
    if number is None:
        return ""
    if isinstance(number, bool) or not isinstance(number, int | float):
        return wanted_but_found(Real.wanted, quoted(repr(number)))
    if not math.isfinite(number) or abs(number) > LARGEST:
        return wanted_but_found(say("a number up to 10^15"), quoted(number))
    if integer and number != int(number):
        return say("a whole number is wanted in an integer dimension, found {found}", found=quoted(number))
    if least is not None and number < least:
        return wanted_but_found(say("a number from {least} up", least=least), quoted(number))
    if most is not None and number > most:
        return wanted_but_found(say("a number up to {most}", most=most), quoted(number))
    return ""


def no_id(name: object) -> str:
    """Say that something is no id, and what one looks like."""
    return say("{name} is no id: a-z, 0-9, . _ - are allowed, beginning with a letter or digit", name=quoted(name))

"""An organization as the tree of its file: mappings, lists and single values, without what is the default anyway."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from attrs import frozen

from crmcore.organization.model import Organization, Record
from crmcore.organization.shapes import (
    Day,
    Dimensions,
    Either,
    Entry,
    Key,
    Length,
    Many,
    Shape,
    Shares,
    Where,
    Word,
    organization_entry,
)
from crmcore.organization.space import Choice, Dimension, Number, Scope, Tree, TreeNode
from crmcore.values import Interval

__all__ = ["Plain", "to_data"]

_FIRST: Final = ("crmcore", "name")


def to_data(organization: Organization) -> dict[str, Any]:
    """Return the tree of the file of an organization; dates are text, so that JSON can hold it."""
    return Plain(date.isoformat).organization(organization)


@frozen
class Plain:
    """How records become plain data.

    Attributes:
        day: what becomes of a date.
    """

    day: Callable[[date], Any]

    def organization(self, organization: Organization) -> dict[str, Any]:
        """Return an organization as its file says it."""
        data = self.record(organization_entry(), organization)
        return {**{name: data[name] for name in _FIRST}, **data}

    def record(self, shape: Entry, record: Record, default: Record | None = None) -> dict[str, Any]:
        """Return a record as a file says it.

        Args:
            shape: what it looks like.
            record: the record.
            default: what its absent keys are taken from; None for the defaults of its class.
        """
        data = {}
        for key in shape.keys.values():
            value = getattr(record, key.field)
            absent = key.default if default is None else getattr(default, key.field)
            if key.required or value != absent:
                data[key.name] = self.keyed(key, value)
        return data

    def keyed(self, key: Key, value: Any) -> Any:
        """Return the value of one key."""
        if isinstance(key.shape, Entry) and value is not None:
            return self.record(key.shape, value, key.default if isinstance(key.default, key.shape.record) else None)
        return self.value(key.shape, value)

    def value(self, shape: Shape, value: Any) -> Any:
        """Return a value as a file says it."""
        if isinstance(shape, Either):
            return self.either(shape, value)
        if value is None:
            return None
        if isinstance(shape, Day):
            return self.day(value)
        if isinstance(shape, Length):
            return str(value)
        if isinstance(shape, Many):
            return [self.value(shape.item, item) for item in value]
        if isinstance(shape, Entry):
            return self.record(shape, value)
        if isinstance(shape, Where):
            return _scope(value)
        if isinstance(shape, Dimensions):
            return {dimension.id: _dimension(dimension) for dimension in value}
        return dict(value) if isinstance(shape, Shares) else value

    def either(self, shape: Either, value: Any) -> Any:
        """Return a value that has one shape or another."""
        for option in shape.shapes:
            if isinstance(option, Word) and option.value == value:
                return option.word
            if isinstance(option, Many) and isinstance(value, tuple):
                return self.value(option, value)
            if isinstance(option, Entry) and isinstance(value, option.record):
                return self.record(option, value)
        return value


def _scope(scope: Scope) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for dimension, values in scope:
        selected = [_range(value) if isinstance(value, Interval) else value for value in values]
        data[dimension] = selected[0] if len(selected) == 1 else selected
    return data


def _range(interval: Interval) -> dict[str, float]:
    return {name: end for name, end in (("from", interval.start), ("to", interval.stop)) if end is not None}


def _dimension(dimension: Dimension) -> Any:
    domain = dimension.domain
    more: dict[str, Any] = {} if dimension.of == "customer" else {"of": dimension.of}
    if dimension.label:
        more["label"] = dimension.label
    if isinstance(domain, Choice):
        return {"values": list(domain.values), **more} if more else list(domain.values)
    return (
        {"tree": _branches(domain.roots), **more} if isinstance(domain, Tree) else {"number": _number(domain), **more}
    )


def _number(number: Number) -> dict[str, Any]:
    data: dict[str, Any] = {"min": number.min, "max": number.max, "unit": number.unit}
    return {name: value for name, value in data.items() if value is not None} | (
        {"integer": True} if number.integer else {}
    )


def _branches(nodes: tuple[TreeNode, ...]) -> Any:
    """Return branches as a mapping when all have something below them, else as a list."""
    if all(node.children for node in nodes):
        return {node.name: _branches(node.children) for node in nodes}
    return [{node.name: _branches(node.children)} if node.children else node.name for node in nodes]

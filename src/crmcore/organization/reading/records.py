"""From the tree of a file to records: every key known, every value of the right kind."""

from collections.abc import Callable
from typing import Any

from attrs import evolve

from crmcore.language import say
from crmcore.organization.faults import Faults, did_you_mean, listed, quoted, wanted_but_found
from crmcore.organization.reading.nodes import Node, kind
from crmcore.organization.reading.scalars import BAD, day, duration, in_quotes, number, text, truth, whole
from crmcore.organization.shapes import (
    Day,
    Either,
    Entry,
    Key,
    Length,
    Many,
    OneOf,
    Real,
    Shape,
    Shares,
    Text,
    Where,
    Whole,
    Word,
    YesNo,
)
from crmcore.organization.space import Scope
from crmcore.values import Interval

__all__ = ["Structuring"]

_SCALARS: dict[type[Shape], Callable[[Node, str, Faults], Any]] = {
    Text: text,
    Whole: whole,
    Real: number,
    YesNo: truth,
    Day: day,
    Length: duration,
}


class Structuring:
    """Turns the nodes of one file into records.

    Attributes:
        file: its name.
        faults: where what is wrong is added.
    """

    def __init__(self, file: str, faults: Faults) -> None:
        self.file = file
        self.faults = faults
        self._compound: dict[type[Shape], Callable[[Any, Node], Any]] = {
            OneOf: self._one_of,
            Word: self._word,
            Many: self._many,
            Either: self._either,
            Where: self._where,
            Shares: self._shares,
            Entry: self.record,
        }

    def value(self, shape: Shape, node: Node) -> Any:
        """Return the value of a node as its shape wants it; BAD, with faults, when it is not."""
        scalar = _SCALARS.get(type(shape))
        if scalar is not None:
            return scalar(node, self.file, self.faults)
        return self._compound[type(shape)](shape, node)

    def records(self, shape: Entry, node: Node) -> tuple[Any, ...]:
        """Return those records of a list that can be read."""
        if not isinstance(node.value, list):
            self.wrong(node, say("a list of {title} entries", title=shape.title), self._in_a_list(node))
            return ()
        read = (self.record(shape, item) for item in node.value)
        return tuple(record for record in read if record is not BAD)

    def record(self, shape: Entry, node: Node, default: Any = None) -> Any:
        """Return one record: optional keys that are wrong are left out; BAD when a required one is wrong or absent.

        Args:
            shape: what it looks like.
            node: where it is written.
            default: the record that absent keys are taken from; None for the defaults of its class.
        """
        if not isinstance(node.value, dict):
            self.wrong(node, say("a mapping with the keys of one {title}", title=shape.title))
            return BAD
        values: dict[str, Any] = {}
        for name, child in node.value.items():
            key = shape.keys.get(name)
            if key is None:
                self.unknown_key(name, node, shape.title, tuple(shape.keys))
            elif child.value is not None:
                value = self.keyed(key, child)
                if value is not BAD or key.required:
                    values[key.field] = value
        if not self.complete(shape, node, values):
            return BAD
        place = node.record_place(self.file)
        return shape.record(**values, place=place) if default is None else evolve(default, **values, place=place)

    def keyed(self, key: Key, node: Node) -> Any:
        """Return the value of one key."""
        if isinstance(key.shape, Entry):
            return self.record(key.shape, node, key.default if isinstance(key.default, key.shape.record) else None)
        return self.value(key.shape, node)

    def complete(self, shape: Entry, node: Node, values: dict[str, Any]) -> bool:
        """Say whether all required keys are there and right; add a fault for each that is absent."""
        complete = True
        for key in shape.keys.values():
            if key.required:
                if key.field not in values:
                    found = say("the key `{name}` of this {title} is missing", name=key.name, title=shape.title)
                    mend = say("add {name}: {wanted}", name=key.name, wanted=key.shape.wanted)
                    node.tell(self.file, self.faults, found, mend)
                complete = complete and values.get(key.field, BAD) is not BAD
        return complete

    def unknown_key(self, name: str, node: Node, title: str, allowed: tuple[str, ...]) -> None:
        """Add the fault that a key is unknown, with the nearest one."""
        node.tell_key(
            name,
            self.file,
            self.faults,
            lambda: say(
                "the key {name} of this {title} is unknown; allowed are {allowed}",
                name=quoted(name),
                title=title,
                allowed=listed(allowed),
            ),
            lambda: did_you_mean(name, allowed),
        )

    def wrong(self, node: Node, wanted: str, suggestion: str = "") -> None:
        """Add the fault that a value is not what is wanted."""
        node.tell(self.file, self.faults, wanted_but_found(wanted, kind(node.value)), suggestion)

    def _in_a_list(self, node: Node) -> str:
        if isinstance(node.value, dict) or node.value is None:
            return ""
        return say("write {text}", text=f"[{quoted(node.value)}]")

    def _one_of(self, shape: OneOf, node: Node) -> Any:
        value = node.value
        if isinstance(value, str) and value in shape.words:
            return value
        self.wrong(node, shape.wanted, did_you_mean(value, shape.words) if isinstance(value, str) else "")
        return BAD

    def _word(self, shape: Word, node: Node) -> Any:
        if node.value == shape.word:
            return shape.value
        self.wrong(node, shape.word)
        return BAD

    def _many(self, shape: Many, node: Node) -> Any:
        if not isinstance(node.value, list):
            self.wrong(node, shape.wanted, self._in_a_list(node))
            return BAD
        return tuple(item for item in (self.value(shape.item, child) for child in node.value) if item is not BAD)

    def _either(self, shape: Either, node: Node) -> Any:
        for option in shape.shapes:
            if isinstance(option, Word) and node.value == option.word:
                return option.value
            if isinstance(option, Many) and isinstance(node.value, list):
                return self._many(option, node)
            if isinstance(option, Entry) and isinstance(node.value, dict):
                return self.record(option, node)
            if isinstance(option, Text) and isinstance(node.value, str):
                return text(node, self.file, self.faults)
            if isinstance(option, Whole) and isinstance(node.value, int | float):
                return whole(node, self.file, self.faults)
        self.wrong(
            node, shape.wanted, self._in_a_list(node) if any(isinstance(one, Many) for one in shape.shapes) else ""
        )
        return BAD

    def _where(self, shape: Where, node: Node) -> Any:
        if not isinstance(node.value, dict):
            self.wrong(node, shape.wanted, say("write {text}", text="{dimension: value}"))
            return BAD
        choices = []
        for name, child in node.value.items():
            selected = self.selection(child)
            if selected is not BAD:
                choices.append((name, selected))
        return Scope(tuple(choices))

    def selection(self, node: Node) -> Any:
        """Return what is admitted in one dimension of a scope; BAD, with faults, when it cannot be read."""
        items = node.value if isinstance(node.value, list) else [node]
        selected = tuple(self._selected(item) for item in items)
        return BAD if BAD in selected else selected

    def _selected(self, node: Node) -> Any:
        if not isinstance(node.value, dict):
            if isinstance(node.value, int | float) and not isinstance(node.value, bool):
                hint = say(
                    "put the name of a value in quotes: {quoted}; write numbers as {range}",
                    quoted=in_quotes(node),
                    range=f"{{from: {quoted(node.value)}, to: …}}",
                )
                self.wrong(node, say("the name of a value"), hint)
                return BAD
            return text(node, self.file, self.faults, wanted=say("the name of a value"))
        for name in node.value:
            if name not in ("from", "to"):
                self.unknown_key(name, node, say("range of numbers"), ("from", "to"))
        ends = [
            number(child, self.file, self.faults) if child is not None and child.value is not None else None
            for child in (node.value.get("from"), node.value.get("to"))
        ]
        return BAD if BAD in ends else Interval(*ends)

    def _shares(self, shape: Shares, node: Node) -> Any:
        if not isinstance(node.value, dict):
            self.wrong(node, shape.wanted)
            return BAD
        shares = {name: number(child, self.file, self.faults) for name, child in node.value.items()}
        return BAD if any(share is BAD for share in shares.values()) else shares

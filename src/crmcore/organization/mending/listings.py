"""Where the items of a list stand in a text: in YAML, block or flow, and in JSON."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

import yaml
from attrs import frozen

from crmcore.organization.faults import Faults
from crmcore.organization.reading.json_source import read_json
from crmcore.organization.reading.nodes import Node

__all__ = ["Listing", "json_listing", "yaml_listing"]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@frozen
class Listing:
    """A list as it is written.

    Attributes:
        spans: where each item begins, and where it ends, as offsets; in a block the dash belongs to the item.
        block: whether every item stands on lines of its own, behind a dash.
        key_end: where the key of the list ends.
    """

    spans: Sequence[tuple[int, int]]
    block: bool
    key_end: int


def yaml_listing(text: str, path: Sequence[str]) -> Listing | None:
    """Return where a list stands in a YAML text; None when there is none.

    Args:
        text: the text, which can be read.
        path: the keys that lead to the list.
    """
    loader = _LOADER(text)
    try:
        events = iter(loader.get_event, None)
        root = next(event for event in events if isinstance(event, yaml.NodeEvent))
        return _found(text, root, events, path)
    finally:
        loader.dispose()


def _found(text: str, value: Any, events: Iterator[Any], path: Sequence[str]) -> Listing | None:
    """Follow the path from the beginning of a value, whose event is given."""
    key_end = value.start_mark.index
    for name in path:
        if not isinstance(value, yaml.MappingStartEvent):
            return None
        while not isinstance(key := next(events), yaml.MappingEndEvent):
            key_end = _end(key, events)
            value = next(events)
            if isinstance(key, yaml.ScalarEvent) and key.value == name:
                break
            _end(value, events)
        else:
            return None
    if not isinstance(value, yaml.SequenceStartEvent):
        return None
    mark: Any = value.start_mark
    spans = []
    while not isinstance(item := next(events), yaml.SequenceEndEvent):
        start, stop = item.start_mark.index, _end(item, events)
        stop = len(text[:stop].rstrip()) if stop > start else stop
        spans.append((start if value.flow_style else _dash(text, start, mark.column), stop))
    return Listing(spans, not value.flow_style, key_end)


def _end(event: Any, events: Iterator[Any]) -> int:
    """Go to the end of the value that an event begins, and return where the last of what it says ends."""
    end: int = event.end_mark.index
    open_: list[bool] = []
    while True:
        if isinstance(event, yaml.CollectionStartEvent):
            open_.append(bool(event.flow_style))
        elif not isinstance(event, yaml.CollectionEndEvent) or open_.pop():
            end = event.end_mark.index
        if not open_:
            return end
        event = next(events)


def _dash(text: str, start: int, column: int) -> int:
    """Return where the dash of a block item stands: on its line, or on one above."""
    while True:
        line = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
        if text.startswith("-", line + column) and not text[line : line + column].strip():
            return line + column
        if line == 0:
            return start
        start = line - 1


_DECODER: Final = json.JSONDecoder()


def json_listing(text: str, path: Sequence[str]) -> Listing | None:
    """Return where a list stands in a JSON text; None when there is none.

    Args:
        text: the text, which can be read.
        path: the keys that lead to the list.
    """
    node = read_json(text, "", Faults())
    for name in path:
        node = node.value.get(name) if node is not None and isinstance(node.value, dict) else None
    if node is None or not isinstance(node.value, list):
        return None
    lines = _line_starts(text)
    starts = [_offset(lines, item) for item in node.value]
    return Listing([(start, _DECODER.raw_decode(text, start)[1]) for start in starts], False, _offset(lines, node))


def _line_starts(text: str) -> list[int]:
    starts = [0]
    while (end := text.find("\n", starts[-1])) >= 0:
        starts.append(end + 1)
    return starts


def _offset(lines: Sequence[int], node: Node) -> int:
    return lines[node.line - 1] + node.column - 1

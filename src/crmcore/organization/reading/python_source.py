"""The data of a program as nodes that know how the program reaches them."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from crmcore.organization.faults import Faults, quoted
from crmcore.organization.reading.nodes import DEEPEST, MOST_NODES, Node
from crmcore.values import Place

__all__ = ["read_python"]

_HALF: Final = re.compile("[\ud800-\udfff]")


def read_python(data: Any, file: str, faults: Faults) -> Node | None:
    """Return mappings, lists and values as nodes; None, with a fault, when they are endless.

    Args:
        data: the data.
        file: what to call it.
        faults: where what is wrong is added.
    """
    root = Node(None)
    pending: list[tuple[Node, Any, int]] = [(root, data, 0)]
    count = 0
    while pending:
        node, value, depth = pending.pop()
        count += 1
        if depth > DEEPEST or count > MOST_NODES:
            limit = f"deeper than {DEEPEST} levels" if depth > DEEPEST else f"in more than {MOST_NODES} values"
            faults.add(Place(file), f"mappings and lists are nested {limit}")
            return None
        if isinstance(value, Mapping):
            pending.extend((child, inner, depth + 1) for child, inner in _entries(node, value, file, faults))
        elif isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray):
            children = [(Node(None, path=f"{node.path}[{index}]"), inner) for index, inner in enumerate(value)]
            node.value = [child for child, _ in children]
            pending.extend((child, inner, depth + 1) for child, inner in children)
        else:
            node.value = _scalar(node, value, file, faults)
    return root


def _entries(node: Node, value: Mapping[Any, Any], file: str, faults: Faults) -> list[tuple[Node, Any]]:
    table: dict[str, Node] = {}
    children = []
    for key, inner in value.items():
        if not isinstance(key, str):
            found = f"a key has to be text, not {quoted(key)}"
            faults.add(Place(file), f"{node.path}: {found}" if node.path else found)
            continue
        child = Node(None, path=f"{node.path}.{key}" if node.path else key)
        _whole_characters(child, key, file, faults)
        table[str(key)] = child
        children.append((child, inner))
    node.value = table
    return children


def _scalar(node: Node, value: Any, file: str, faults: Faults) -> Any:
    if isinstance(value, str):
        _whole_characters(node, value, file, faults)
        return str(value)
    if (
        value is None
        or isinstance(value, bool | int | float)
        or (isinstance(value, date) and not isinstance(value, datetime))
    ):
        return value
    found = f"text, a number, a date, a list or a mapping is wanted, found {type(value).__name__}"
    faults.add(Place(file), f"{node.path}: {found}" if node.path else found)
    return None


def _whole_characters(node: Node, text: str, file: str, faults: Faults) -> None:
    if not text.isascii() and _HALF.search(text):
        faults.add(
            Place(file),
            f"{node.path.encode(errors='replace').decode()}: the text holds half a character (a lone surrogate)",
        )

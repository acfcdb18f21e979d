"""The data of a program as nodes that know how the program reaches them."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from crmcore.language import say
from crmcore.organization.faults import Faults, quoted, wanted_but_found, within
from crmcore.organization.reading.nodes import DEEPEST, MOST_NODES, Node, too_deep
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
            many = say("mappings and lists are nested in more than {most} values", most=MOST_NODES)
            faults.add(Place(file), too_deep() if depth > DEEPEST else many)
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
            faults.add(Place(file), within(node.path, say("a key has to be text, not {found}", found=quoted(key))))
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
    found = wanted_but_found(say("text, a number, a date, a list or a mapping"), type(value).__name__)
    faults.add(Place(file), within(node.path, found))
    return None


def _whole_characters(node: Node, text: str, file: str, faults: Faults) -> None:
    if not text.isascii() and _HALF.search(text):
        path = node.path.encode(errors="replace").decode()
        faults.add(Place(file), within(path, say("the text holds half a character (a lone surrogate)")))

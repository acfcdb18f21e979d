"""The tree of a file before it means anything: values with the line and column at which they stand."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final, TypeAlias

from crmcore.language import say
from crmcore.organization.faults import Faults, quoted, within
from crmcore.values import Place

__all__ = ["DEEPEST", "MOST_NODES", "Node", "NodeParts", "Value", "kind", "too_deep", "too_many"]

DEEPEST: Final = 128
"""How deep mappings and lists may be nested."""

MOST_NODES: Final = 5_000_000
"""How many values one file may hold."""

Value: TypeAlias = "str | int | float | bool | date | list[Node] | dict[str, Node] | None"


class Node:
    """One value of a file.

    Attributes:
        value: text, a number, true or false, a date, None, a list of nodes, or a mapping of nodes.
        line: its line, from 1.
        column: its column, from 1.
        keys: for a mapping, the line and column of each key.
        written: how it is written where YAML lets it stand without quotes; None in quotes, and for all else.
        path: for what has no file, how a program reaches it, such as `people[3].name`.
    """

    __slots__ = ("column", "keys", "line", "path", "value", "written")

    def __init__(  # noqa: PLR0917 (one for every value of a file: by position it is made much faster)
        self,
        value: Value,
        line: int = 1,
        column: int = 1,
        keys: dict[str, tuple[int, int]] | None = None,
        written: str | None = None,
        path: str = "",
    ) -> None:
        self.value = value
        self.line = line
        self.column = column
        self.keys = keys
        self.written = written
        self.path = path

    def place(self, file: str) -> Place:
        """Return where it stands."""
        return Place(file, self.line, self.column)

    def record_place(self, file: str) -> Place:
        """Return where it stands, with the places of all that is inside."""
        return Place(file, self.line, self.column, NodeParts(self))

    def key_place(self, file: str, key: str) -> Place:
        """Return where one of its keys stands."""
        return Place(file, *(self.keys or {}).get(key, (self.line, self.column)))

    def tell(self, file: str, faults: Faults, found: str, suggestion: str | Callable[[], str] = "") -> None:
        """Add a fault of this value."""
        faults.add(self.place(file), within(self.path, found), suggestion)

    def tell_key(
        self, key: str, file: str, faults: Faults, found: Callable[[], str], suggestion: Callable[[], str]
    ) -> None:
        """Add a fault of one of the keys."""
        faults.add(self.key_place(file, key), lambda: within(self.path, found()), suggestion)


class NodeParts(Mapping[str, tuple[int, int]]):
    """Where every key and list item inside a node stands, by its dotted path; found when somebody asks."""

    __slots__ = ("_node", "_places")

    def __init__(self, node: Node) -> None:
        self._node: Node | None = node
        self._places: dict[str, tuple[int, int]] = {}

    def __getitem__(self, path: str) -> tuple[int, int]:
        return self._found()[path]

    def __contains__(self, path: object) -> bool:
        return path in self._found()

    def __iter__(self) -> Iterator[str]:
        return iter(self._found())

    def __len__(self) -> int:
        return len(self._found())

    def _found(self) -> dict[str, tuple[int, int]]:
        if self._node is not None:
            self._places, self._node = _parts(self._node), None
        return self._places


def _parts(root: Node) -> dict[str, tuple[int, int]]:
    places: dict[str, tuple[int, int]] = {}
    pending: list[tuple[str, Node]] = [("", root)]
    while pending:
        path, node = pending.pop()
        if isinstance(node.value, dict):
            keys = node.keys or {}
            for key, child in node.value.items():
                inner = f"{path}.{key}" if path else key
                places[inner] = keys.get(key, (child.line, child.column))
                pending.append((inner, child))
        elif isinstance(node.value, list):
            for index, child in enumerate(node.value):
                inner = f"{path}[{index}]"
                places[inner] = (child.line, child.column)
                pending.append((inner, child))
    return places


def kind(value: Value) -> str:
    """Say in words what a value is."""
    if value is None:
        return say("nothing")
    if isinstance(value, bool):
        return quoted(value)
    if isinstance(value, str):
        return say("the text {found}", found=quoted(value))
    if isinstance(value, int | float):
        return say("the number {found}", found=quoted(value))
    if isinstance(value, date):
        return say("the date {found}", found=value)
    return say("a mapping") if isinstance(value, dict) else say("a list")


def too_deep() -> str:
    """Say that mappings and lists are nested deeper than anybody can mean."""
    return say("mappings and lists are nested deeper than {most} levels", most=DEEPEST)


def too_many() -> tuple[str, str]:
    """Say that a file holds more values than can be read, and how to mend it."""
    return say("the file holds more than {most} values", most=MOST_NODES), say("use tables for what is long")

"""TOML with the line and column of its values.

The standard library reads the values and judges the syntax; a scan of the same text finds where each of them stands.
"""

import re
import tomllib
from datetime import date, datetime, time
from typing import Any, Final

from crmcore.language import say
from crmcore.organization.faults import Faults, wanted_but_found
from crmcore.organization.reading.decoding import position
from crmcore.organization.reading.nodes import DEEPEST, MOST_NODES, Node, too_deep, too_many
from crmcore.organization.reading.parser_problems import harmless
from crmcore.values import Place

__all__ = ["read_toml"]

_BLANK: Final = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)+")
_SPACE: Final = re.compile(r"[ \t]*")
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_STRING: Final = re.compile(
    r'"""[^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*+"{3,5}'
    r"|'''[^']*+(?:'(?!'')[^']*+)*+'{3,5}"
    r'|"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"'
    r"|'[^'\n]*+'",
    re.DOTALL,
)
_ATOM: Final = re.compile(r"[^,\]}#\n]+")
_MARK: Final = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")


class _Lost(Exception):
    """The text is no TOML here."""


class _TooDeep(Exception):
    """The text is nested too deep here."""


class _Spot:
    """Where a value stands, and what is inside it."""

    __slots__ = ("column", "items", "keys", "line")

    def __init__(self, line: int, column: int) -> None:
        self.line = line
        self.column = column
        self.keys: dict[str, tuple[tuple[int, int], _Spot]] = {}
        self.items: list[_Spot] = []


def read_toml(text: str, file: str, faults: Faults) -> Node | None:
    """Return the root of a TOML text; None, with a fault, when it is none.

    Args:
        text: the text.
        file: its name.
        faults: where what is wrong is added.
    """
    scan = _Scan(text)
    try:
        scan.run()
    except _Lost:
        pass  # tomllib says better what is wrong
    except _TooDeep:
        faults.add(Place(file, *scan.here()), too_deep())
        return None
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        problem = str(error)
        match = _MARK.search(problem)
        place = (
            Place(file, int(match[1]), int(match[2])) if match and match[1] else Place(file, *position(text, len(text)))
        )
        told = harmless(_MARK.sub("", problem)) or say("it is nested too deep")
        faults.add(place, say("this is no TOML: {problem}", problem=told))
        return None
    return _node(data, scan.root, file, faults)


def _node(data: Any, spot: _Spot, file: str, faults: Faults) -> Node | None:
    """Join values and their places."""
    root = Node(None, spot.line, spot.column)
    pending: list[tuple[Node, Any, _Spot]] = [(root, data, spot)]
    count = 0
    while pending:
        node, value, at = pending.pop()
        count += 1
        if count > MOST_NODES:
            faults.add(Place(file), *too_many())
            return None
        if isinstance(value, dict):
            table: dict[str, Node] = {}
            node.value, node.keys = table, {}
            for key, inner in value.items():
                place, below = at.keys.get(key, ((at.line, at.column), at))
                table[key] = Node(None, below.line, below.column)
                node.keys[key] = place
                pending.append((table[key], inner, below))
        elif isinstance(value, list):
            spots = [at.items[index] if index < len(at.items) else at for index in range(len(value))]
            children = [Node(None, below.line, below.column) for below in spots]
            node.value = list(children)
            pending.extend(zip(children, value, spots, strict=True))
        elif isinstance(value, datetime | time):
            found = wanted_but_found(say("a date without the time of day"), str(value))
            mend = say("write {text}", text=value.date()) if isinstance(value, datetime) else ""
            faults.add(node.place(file), found, mend)
        elif isinstance(value, str | int | float | date):
            node.value = value
    return root


class _Scan:
    """Finds where the keys and values of a TOML text stand."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.offset = 0
        self.counted = 0
        self.line = 1
        self.line_start = 0
        self.root = _Spot(1, 1)

    def here(self) -> tuple[int, int]:
        """Return the line and column of the next character."""
        lines = self.text.count("\n", self.counted, self.offset)
        if lines:
            self.line += lines
            self.line_start = self.text.rfind("\n", self.counted, self.offset) + 1
        self.counted = self.offset
        return self.line, self.offset - self.line_start + 1

    def spot(self) -> _Spot:
        """Return a value that stands here."""
        return _Spot(*self.here())

    def run(self) -> None:
        """Scan the whole text."""
        table, depth = self.root, 0
        while True:
            self.skip(_BLANK)
            if self.offset >= len(self.text):
                return
            if self.text.startswith("[", self.offset):
                place = self.spot()
                double = self.text.startswith("[[", self.offset)
                self.offset += 2 if double else 1
                path = self.key()
                self.expect("]]" if double else "]")
                table, depth = self.open(path, place, several=double), len(path)
            else:
                self.entry(table, depth)

    def open(self, path: list[tuple[str, tuple[int, int]]], place: _Spot, *, several: bool) -> _Spot:
        """Return the table that a header names."""
        table = self.root
        for index, (name, at) in enumerate(path):
            last = index == len(path) - 1
            fresh = _Spot(place.line, place.column)
            _, below = table.keys.setdefault(name, (at, fresh))
            if last and several:
                below.items.append(fresh if fresh is not below else _Spot(place.line, place.column))
            table = below.items[-1] if below.items else below
        return table

    def entry(self, table: _Spot, depth: int) -> None:
        """Scan `key = value`."""
        path = self.key()
        self.expect("=")
        self.skip(_SPACE)
        for name, at in path[:-1]:
            _, table = table.keys.setdefault(name, (at, _Spot(*at)))
        name, at = path[-1]
        table.keys.setdefault(name, (at, self.value(depth + len(path))))

    def key(self) -> list[tuple[str, tuple[int, int]]]:
        """Scan a key, its parts with their places."""
        path = []
        while True:
            self.skip(_SPACE)
            place = self.here()
            match = _BARE_KEY.match(self.text, self.offset) or _STRING.match(self.text, self.offset)
            if match is None:
                raise _Lost
            self.offset = match.end()
            path.append((_unquoted(match[0]), place))
            if len(path) > DEEPEST:
                raise _TooDeep
            self.skip(_SPACE)
            if not self.text.startswith(".", self.offset):
                return path
            self.offset += 1

    def value(self, depth: int) -> _Spot:
        """Scan a value."""
        if depth > DEEPEST:
            raise _TooDeep
        spot = self.spot()
        opening = self.text[self.offset : self.offset + 1]
        if opening == "[":
            self.offset += 1
            while not self.closes("]"):
                spot.items.append(self.value(depth + 1))
                self.comma("]")
        elif opening == "{":
            self.offset += 1
            while not self.closes("}"):
                self.entry(spot, depth)
                self.comma("}")
        else:
            match = _STRING.match(self.text, self.offset) or _ATOM.match(self.text, self.offset)
            if match is None:
                raise _Lost
            self.offset = match.end()
        return spot

    def closes(self, end: str) -> bool:
        """Go past the end of a list or mapping if it is here."""
        self.skip(_BLANK)
        if self.offset >= len(self.text):
            raise _Lost
        found = self.text.startswith(end, self.offset)
        self.offset += found
        return found

    def comma(self, end: str) -> None:
        """Go past a comma, unless the end is here."""
        self.skip(_BLANK)
        if self.text.startswith(",", self.offset):
            self.offset += 1
        elif not self.text.startswith(end, self.offset):
            raise _Lost

    def expect(self, mark: str) -> None:
        """Go past a mark."""
        self.skip(_SPACE)
        if not self.text.startswith(mark, self.offset):
            raise _Lost
        self.offset += len(mark)

    def skip(self, pattern: "re.Pattern[str]") -> None:
        """Go past what matches."""
        match = pattern.match(self.text, self.offset)
        if match is not None:
            self.offset = match.end()


def _unquoted(key: str) -> str:
    if key[0] not in "\"'":
        return key
    try:
        return str(tomllib.loads(f"key = {key}")["key"])
    except ValueError:
        return key

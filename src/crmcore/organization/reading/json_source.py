"""JSON with the line and column of every value, read without recursion."""

import json
import re
from typing import Final, NoReturn

from crmcore.language import say
from crmcore.organization.faults import Faults, quoted, wanted_but_found
from crmcore.organization.reading.nodes import DEEPEST, MOST_NODES, Node, Value, too_deep, too_many
from crmcore.values import Place

__all__ = ["read_json"]

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_TOKEN: Final = re.compile(
    r'("[^"\\\x00-\x1f]*+(?:\\.[^"\\\x00-\x1f]*+)*+")'
    r"|(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)(?![0-9A-Za-z.])"
    r"|(true|false|null)(?![0-9A-Za-z])"
    r"|([\[\]{},:])"
)
_WORD: Final = re.compile(r"[^\s,\]}:]{1,40}")
_HALF: Final = re.compile("[\ud800-\udfff]")
_CONSTANTS: Final[dict[str, Value]] = {"true": True, "false": False, "null": None}
_LONGEST_NUMBER: Final = 40
_KEY: Final = say("a key in double quotes")
_VALUE: Final = say("a value")


class _Stop(Exception):
    """The rest of the text cannot be read; the fault is told."""


def read_json(text: str, file: str, faults: Faults) -> Node | None:
    """Return the root of a JSON text; None, with a fault, when it is none.

    Args:
        text: the text.
        file: its name.
        faults: where what is wrong is added.
    """
    try:
        return _Scanner(text, file, faults).root()
    except _Stop:
        return None


class _Scanner:
    def __init__(self, text: str, file: str, faults: Faults) -> None:
        self.text = text
        self.file = file
        self.faults = faults
        self.offset = 0
        self.line = 1
        self.line_start = 0
        self.count = 0
        self.texts: dict[str, str] = {}

    def root(self) -> Node:
        """Read the one value of the text."""
        root = self.value(self.token(_VALUE))
        pending = [root] if self.opens(root) else []
        while pending:
            if len(pending) > DEEPEST:
                self.end(too_deep(), at=pending[-1])
            child = self.child(pending[-1])
            if child is None:
                pending.pop()
            elif self.opens(child):
                pending.append(child)
        self.skip_space()
        if self.offset < len(self.text):
            self.stop(say("something follows the end of the JSON value: {found}", found=self.seen()), say("remove it"))
        return root

    @staticmethod
    def opens(node: Node) -> bool:
        """Say whether a value has more inside."""
        return isinstance(node.value, dict | list)

    def child(self, parent: Node) -> Node | None:
        """Read the next value inside a list or mapping; None at its end."""
        mapping = isinstance(parent.value, dict)
        end = "}" if mapping else "]"
        comma = say("{one} or {other}", one=",", other=end)
        first = say("{one} or {other}", one=say("a key") if mapping else _VALUE, other=end)
        token = self.token(comma if parent.value else first)
        if token[0] == end:
            return None
        if parent.value:
            if token[0] != ",":
                self.stop(wanted_but_found(comma, quoted(token[0])), at=token[1])
            token = self.token(_KEY if mapping else _VALUE)
        if isinstance(parent.value, list):
            node = self.value(token)
            parent.value.append(node)
            return node
        return self.entry(parent, token)

    def entry(self, parent: Node, token: tuple[str, Node]) -> Node:
        """Read the rest of an entry of a mapping, whose key is given."""
        text, at = token
        if not text.startswith('"'):
            self.stop(wanted_but_found(_KEY, quoted(text)), at=at)
        key = self.string(text, at)
        colon, place = self.token(":")
        if colon != ":":
            found = say(": is wanted after the key {name}, found {found}", name=quoted(key), found=quoted(colon))
            self.stop(found, at=place)
        node = self.value(self.token(_VALUE))
        if isinstance(parent.value, dict) and parent.keys is not None:
            if key in parent.value:
                first = parent.key_place(self.file, key)
                found = say("the key {name} stands here twice, first at {place}", name=quoted(key), place=first)
                self.faults.add(at.place(self.file), found, say("keep one"))
                return node
            parent.value[key] = node
            parent.keys[key] = at.line, at.column
        return node

    def value(self, token: tuple[str, Node]) -> Node:
        """Make a node of a token."""
        text, node = token
        self.count += 1
        if self.count > MOST_NODES:
            self.end(*too_many(), at=node)
        first = text[0]
        if first == '"':
            node.value = self.string(text, node)
        elif first == "{":
            node.value, node.keys = {}, {}
        elif first == "[":
            node.value = []
        elif text in _CONSTANTS:
            node.value = _CONSTANTS[text]
        elif first in "-0123456789":
            node.value = self.number(text)
        else:
            self.stop(wanted_but_found(_VALUE, quoted(text)), at=node)
        return node

    @staticmethod
    def number(text: str) -> int | float:
        """Return the number of a token."""
        if text.lstrip("-").isdigit():
            return int(text) if len(text) <= _LONGEST_NUMBER else float("inf")
        return float(text)

    def string(self, text: str, at: Node) -> str:
        """Return the text of a token in quotes."""
        if "\\" not in text:
            value = text[1:-1]
            return self.texts.setdefault(value, value)
        try:
            value = json.loads(text)
        except ValueError:
            self.stop(say("the text {text} holds an escape that JSON does not know", text=quoted(text)), at=at)
        if not isinstance(value, str) or _HALF.search(value):
            self.stop(say("the text holds half a character (a lone surrogate)"), at=at)
        return str(value)

    def token(self, wanted: str) -> tuple[str, Node]:
        """Return the next token, and an empty node at its place."""
        self.skip_space()
        match = _TOKEN.match(self.text, self.offset)
        if match is None:
            hint = say("use double quotes") if self.text[self.offset : self.offset + 1] == "'" else ""
            if self.text[self.offset : self.offset + 1] == '"':
                self.stop(say("the text that begins here does not end on its line, or holds an unknown escape"))
            self.stop(wanted_but_found(wanted, self.seen()), hint)
        node = Node(None, self.line, self.offset - self.line_start + 1)
        self.offset = match.end()
        return match[0], node

    def skip_space(self) -> None:
        """Go to the next token, and count lines on the way."""
        match = _SPACE.match(self.text, self.offset)
        end = match.end() if match else self.offset
        lines = self.text.count("\n", self.offset, end)
        if lines:
            self.line += lines
            self.line_start = self.text.rfind("\n", self.offset, end) + 1
        self.offset = end

    def seen(self) -> str:
        """Say what stands here."""
        if self.offset >= len(self.text):
            return say("the end of the file")
        match = _WORD.match(self.text, self.offset)
        return quoted(match[0] if match else self.text[self.offset])

    def stop(self, found: str, suggestion: str = "", *, at: Node | None = None) -> NoReturn:
        """Tell that the text is no JSON, and end the reading."""
        self.end(say("this is no JSON: {problem}", problem=found), suggestion, at=at)

    def end(self, found: str, suggestion: str = "", *, at: Node | None = None) -> NoReturn:
        """Tell a fault and end the reading."""
        here = Node(None, self.line, self.offset - self.line_start + 1) if at is None else at
        self.faults.add(Place(self.file, here.line, here.column), found, suggestion)
        raise _Stop

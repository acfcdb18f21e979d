"""YAML 1.2 with the line and column of every value.

The events of PyYAML's parser are taken one by one, without recursion: so nesting and aliases can be bounded, and
scalars are resolved by the core schema of YAML 1.2 (`no` is text, `012` is twelve) rather than by that of YAML 1.1.
"""

import re
from typing import TYPE_CHECKING, Any, Final, NoReturn

import yaml

from crmcore.language import say
from crmcore.organization.faults import Faults, quoted
from crmcore.organization.reading.nodes import DEEPEST, MOST_NODES, Node, Value, kind, too_deep, too_many
from crmcore.organization.reading.parser_problems import harmless
from crmcore.values import Place

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["read_yaml"]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MOST_ALIASED: Final = 100_000
_LONGEST_NUMBER: Final = 40
_TAG: Final = "tag:yaml.org,2002:"

_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_WORDS: Final[dict[str, Value]] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_TAGGED: Final[dict[str, tuple[type, ...]]] = {
    "str": (str,), "int": (int,), "float": (int, float), "bool": (bool,), "null": (type(None),),
}  # fmt: skip
_NO_KEY: Final = "<no key>"  # this very text: what stands behind it is left out
_NO_ALIAS: Final = say("put text that begins with * in quotes")
_SPECIAL: Final = frozenset("0123456789+-.~nNtTfF")


class _Stop(Exception):
    """The rest of the file cannot be read; the fault is told."""


def read_yaml(text: str, file: str, faults: Faults, loader: Any = _LOADER) -> Node | None:
    """Return the root of a YAML text; None, with faults, when there is none.

    Args:
        text: the text.
        file: its name.
        faults: where what is wrong is added.
        loader: the PyYAML loader class whose parser is used.
    """
    try:
        parser = loader(text)
        try:
            return _Composer(file, faults).compose(parser)
        finally:
            parser.dispose()
    except _Stop:
        return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
        problem = error.problem or error.context or ""
        faults.add(place, say("this is no YAML: {problem}", problem=harmless(problem)), _hint(problem))
    except yaml.YAMLError as error:
        faults.add(Place(file), say("this is no YAML: {problem}", problem=harmless(str(error))))
    return None


def _hint(problem: str) -> str:
    if "\\t" in problem or "'\t'" in problem:
        return say("indent with spaces, not with tabs")
    if "mapping values are not allowed" in problem:
        return say("put text that contains ': ' in quotes, or check the indentation")
    if "undefined alias" in problem:
        return _NO_ALIAS
    return say("check the indentation, and put text with special characters in quotes")


def resolved(text: str) -> Value:
    """Return what a plain scalar means in the core schema of YAML 1.2."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        if len(text) > _LONGEST_NUMBER:
            return float("inf")
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _INFINITE.fullmatch(text):
        return float(text.replace(".", ""))
    return text


class _Frame:
    """A mapping or list that is being read."""

    __slots__ = ("anchor", "at", "items", "key", "keys", "node", "size", "table")

    def __init__(self, node: Node, anchor: str | None) -> None:
        self.node = node
        self.anchor = anchor
        self.items = node.value if isinstance(node.value, list) else None
        self.table = node.value if isinstance(node.value, dict) else {}
        self.keys = node.keys if node.keys is not None else {}
        self.key: str | None = None  # a key that waits for its value
        self.at = (1, 1)
        self.size = 1  # in values, all aliases followed


class _Composer:
    """Builds nodes from events."""

    def __init__(self, file: str, faults: Faults) -> None:
        self.file = file
        self.faults = faults
        self.root: Node | None = None
        self.open: list[_Frame] = []
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.count = 0
        self.aliased = 0
        self.plain: dict[str, Value] = {}

    def compose(self, parser: Any) -> Node | None:
        """Return the root of the one document."""
        handlers: dict[type, Callable[[Any], None]] = {
            yaml.MappingStartEvent: self._start,
            yaml.SequenceStartEvent: self._start,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }
        scalar, end = yaml.ScalarEvent, yaml.StreamEndEvent
        while True:
            event = parser.get_event()
            type_ = type(event)
            if type_ is scalar:
                self._scalar(event)
            elif type_ in handlers:
                handlers[type_](event)
            elif type_ is end:
                return self.root

    def _place(self, event: Any) -> Place:
        return Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _stop(self, event: Any, found: str, suggestion: str = "") -> NoReturn:
        self.faults.add(self._place(event), found, suggestion)
        raise _Stop

    def _document(self, event: Any) -> None:
        if self.root is not None:
            self._stop(event, say("a second document begins here; one is wanted"), say("remove the line ---"))

    def _scalar(self, event: Any) -> None:
        text = event.value
        plain = event.implicit[0] and event.tag is None
        if plain:
            value: Value = self.plain.get(text)
            if value is None and text not in self.plain:
                value = self.plain[text] = resolved(text) if not text or text[0] in _SPECIAL else text
        else:
            value = text if event.tag is None or event.tag == "!" else self._tagged(event)
        mark = event.start_mark
        frame = self.open[-1] if self.open else None
        if (
            frame is not None
            and frame.items is None
            and frame.key is None
            and event.anchor is None
            and type(value) is str
        ):
            frame.key = value
            frame.at = (mark.line + 1, mark.column + 1)
            return
        node = Node(value, mark.line + 1, mark.column + 1, None, text if plain else None)
        if event.anchor is not None:
            self.anchors[event.anchor] = node, 1
        self._put(node, event, 1)

    def _tagged(self, event: Any) -> Value:
        name = event.tag.removeprefix(_TAG)
        value: Value = event.value if name == "str" else resolved(event.value)
        if type(value) not in _TAGGED.get(name, ()):
            self._refuse_tag(event)
        return value

    def _refuse_tag(self, event: Any) -> None:
        found = say("the tag {tag} is not read here; plain values are wanted", tag=quoted(event.tag))
        self.faults.add(self._place(event), found, say("remove the tag"))

    def _start(self, event: Any) -> None:
        if len(self.open) >= DEEPEST:
            self._stop(event, too_deep())
        mapping = type(event) is yaml.MappingStartEvent
        if event.tag is not None and event.tag not in ("!", _TAG + ("map" if mapping else "seq")):
            self._refuse_tag(event)
        mark = event.start_mark
        node = Node({} if mapping else [], mark.line + 1, mark.column + 1, {} if mapping else None)
        if event.anchor is not None:
            self.anchors[event.anchor] = node, 0
        self.open.append(_Frame(node, event.anchor))

    def _end(self, event: Any) -> None:
        frame = self.open.pop()
        if frame.anchor is not None and self.anchors[frame.anchor][0] is frame.node:
            self.anchors[frame.anchor] = frame.node, frame.size
        self._put(frame.node, event, frame.size)

    def _alias(self, event: Any) -> None:
        node, size = self.anchors.get(event.anchor, (None, 0))
        if node is None:
            self._stop(event, say("no anchor is called {name}", name=quoted(event.anchor)), _NO_ALIAS)
        if size == 0:
            found = say("the alias {name} contains itself", name=quoted(event.anchor))
            self._stop(event, found, say("write the value out"))
        self.aliased += size
        if self.aliased > _MOST_ALIASED:
            found = say("aliases stand for more than {most} values", most=_MOST_ALIASED)
            self._stop(event, found, say("write the values out, or use a table"))
        self._put(node, event, size)

    def _put(self, node: Node, event: Any, size: int) -> None:
        """Hang a finished node into the one that is open."""
        self.count += 1
        if self.count > MOST_NODES:
            self._stop(event, *too_many())
        if not self.open:
            self.root = node
            return
        frame = self.open[-1]
        frame.size += size
        if frame.items is not None:
            frame.items.append(node)
        elif frame.key is None:
            frame.key, frame.at = self._key(node), (node.line, node.column)
        else:
            self._entry(frame, frame.key, node)
            frame.key = None

    def _key(self, node: Node) -> str:
        if isinstance(node.value, str):
            return node.value
        compound = isinstance(node.value, list | dict)
        hint = say("put text with {{ or [ in quotes") if compound else say("put it in quotes")
        found = say("a key has to be text, not {found}", found=kind(node.value))
        self.faults.add(node.place(self.file), found, hint)
        return _NO_KEY

    def _entry(self, frame: _Frame, key: str, node: Node) -> None:
        if key is _NO_KEY:
            return
        if key in frame.table:
            first, here = (Place(self.file, *at) for at in (frame.keys[key], frame.at))
            found = say("the key {name} stands here twice, first at {place}", name=quoted(key), place=first)
            self.faults.add(here, found, say("keep one"))
        else:
            frame.table[key] = node
            frame.keys[key] = frame.at

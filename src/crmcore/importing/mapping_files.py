"""Mappings kept in files, YAML or JSON, so that the next file of the same system is read in the same way."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml
from attrs import fields

from crmcore.importing.failures import InvalidMapping
from crmcore.importing.formats import Format, ValueType
from crmcore.importing.layouts import Layout
from crmcore.importing.mappings import ColumnMapping, Route
from crmcore.importing.targets import Target
from crmcore.language import say
from crmcore.organization.faults import Faults, did_you_mean, listed, quoted, wanted_but_found
from crmcore.organization.reading.decoding import decoded
from crmcore.organization.reading.files import bytes_of
from crmcore.organization.reading.nodes import Node, kind
from crmcore.organization.reading.yaml_source import read_yaml
from crmcore.values import Place

__all__ = ["read_mapping", "write_mapping"]

_KEYS: Final = ("target", "layout", "fields", "left-aside")
_ROUTE_KEYS: Final = (
    "column", "columns", "between", "first", "split", "part", "constant", "default", "values", "type", "decimal",
    "dates", "currency", "timezone",
)  # fmt: skip
_FORMAT_KEYS: Final = ("type", "decimal", "dates", "currency", "timezone")
_ALLOWED: Final[Mapping[str, tuple[str, ...]]] = {
    "type": tuple(ValueType),
    "decimal": (".", ","),
    "dates": ("day-first", "month-first"),
}


def write_mapping(mapping: ColumnMapping, path: Path | str) -> None:
    """Write a mapping into a file that ends in .yaml or .json.

    Raises:
        OSError: the file cannot be written.
    """
    path = Path(path)
    several: dict[str, list[Any]] = {}
    for route in mapping.routes:
        several.setdefault(route.to, []).append(_said(route))
    data = {
        "target": mapping.target,
        "layout": mapping.layout.said(),
        "fields": {to: said[0] if len(said) == 1 else said for to, said in several.items()},
        "left-aside": list(mapping.aside),
    }
    data = {key: value for key, value in data.items() if value}
    if path.suffix.lower() == ".json":
        text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    else:
        text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=120)
    path.write_text(text, encoding="utf-8")


def _said(route: Route) -> Any:
    """Return a route as a file keeps it: a column alone is its name."""
    said: dict[str, Any] = {}
    if len(route.columns) == 1:
        said["column"] = route.columns[0]
    elif route.columns:
        said |= {"columns": list(route.columns)}
        said |= {"first": True} if route.first else {"between": route.between}
    if route.split:
        said |= {"split": route.split, "part": route.part}
    for key in ("constant", "default"):
        if getattr(route, key):
            said[key] = getattr(route, key)
    if route.values:
        said["values"] = dict(route.values)
    if route.format is not None:
        said["type"] = str(route.format.type)
        plain = Format(route.format.type)
        for key in _FORMAT_KEYS[1:]:
            value = getattr(route.format, key)
            if value != getattr(plain, key):
                said[key] = value
    return said["column"] if list(said) == ["column"] else said


def read_mapping(path: Path | str, target: Target) -> ColumnMapping:
    """Read a mapping.

    Args:
        path: its file, YAML or JSON.
        target: what it maps to.

    Raises:
        InvalidMapping: the file is none, or no mapping to the fields of the target.
    """
    faults = Faults()
    reading = _Reading(str(path), target, faults)
    data = bytes_of(Path(path), faults)
    text = decoded(data, str(path), faults) if data is not None else None
    root = read_yaml(text, str(path), faults) if text is not None else None
    mapping = reading.mapping(root) if root is not None else None
    if len(faults) or mapping is None:
        raise InvalidMapping(faults.error().faults)
    return mapping


class _Reading:
    """Reads the nodes of a mapping's file, and tells all that is wrong with them."""

    def __init__(self, file: str, target: Target, faults: Faults) -> None:
        self.file, self.target, self.faults = file, target, faults

    def mapping(self, root: Node) -> ColumnMapping:
        nodes = self.keys(root, _KEYS)
        wanted = self.text(nodes["target"]) if "target" in nodes else self.target.name
        if wanted != self.target.name:
            found = say(
                "the mapping is for {wanted}, and not for {target}", wanted=quoted(wanted), target=self.target.name
            )
            self.faults.add(self.place(nodes["target"]), found)
        layout = self.layout(nodes["layout"]) if "layout" in nodes else Layout()
        routes: list[Route] = []
        for name, node in self.items(nodes.get("fields")):
            routes += self.routes(name, node)
        aside = self.texts(nodes["left-aside"]) if "left-aside" in nodes else []
        return ColumnMapping(self.target.name, tuple(routes), tuple(aside), layout)

    def place(self, node: Node) -> Place:
        return Place(self.file, node.line, node.column)

    def keys(self, node: Node, known: tuple[str, ...]) -> Mapping[str, Node]:
        """Return the entries of a mapping whose keys are known; the others are told."""
        found = dict(self.items(node))
        for key in [key for key in found if key not in known]:
            child = found.pop(key)
            mend = did_you_mean(key, known) or say("the keys are {keys}", keys=listed(known))
            self.faults.add(self.place(child), say("there is no key {key}", key=quoted(key)), mend)
        return found

    def items(self, node: Node | None) -> Iterator[tuple[str, Node]]:
        if node is None or node.value is None:
            return
        if isinstance(node.value, dict):
            yield from node.value.items()
        else:
            self.faults.add(self.place(node), wanted_but_found(say("a mapping"), kind(node.value)))

    def text(self, node: Node) -> str:
        if isinstance(node.value, dict | list) or node.value is None:
            self.faults.add(self.place(node), wanted_but_found(say("a text"), kind(node.value)))
            return ""
        return node.value if isinstance(node.value, str) else node.written or str(node.value)

    def texts(self, node: Node) -> list[str]:
        return [self.text(item) for item in node.value] if isinstance(node.value, list) else [self.text(node)]

    def number(self, node: Node) -> int:
        if isinstance(node.value, int) and not isinstance(node.value, bool):
            return node.value
        self.faults.add(self.place(node), wanted_but_found(say("a whole number"), kind(node.value)))
        return 1

    def layout(self, node: Node) -> Layout:
        said: dict[str, Any] = {}
        for name, value in self.keys(node, tuple(one.name for one in fields(Layout))).items():
            if name == "header":
                said[name] = self.number(value)
            else:
                said[name] = value.value is True if name == "spaces" else self.text(value)
        return Layout(**said)

    def routes(self, name: str, node: Node) -> list[Route]:
        if name not in self.target.names:
            mend = did_you_mean(name, self.target.names) or say(
                "the fields are {fields}", fields=listed(self.target.names)
            )
            self.faults.add(self.place(node), say("there is no field {name}", name=quoted(name)), mend)
            return []
        several = node.value if isinstance(node.value, list) else [node]
        if len(several) > 1 and not self.target.field(name).several:
            mend = say("join them: {{columns: [..., ...]}}")
            self.faults.add(self.place(node), say("{field} takes one value", field=name), mend)
        return [self.route(name, one) for one in several]

    def route(self, name: str, node: Node) -> Route:
        if not isinstance(node.value, dict):
            return Route(name, (self.text(node),))
        nodes = self.keys(node, _ROUTE_KEYS)
        if not nodes.keys() & {"column", "columns", "constant"}:
            self.faults.add(
                self.place(node), say("nothing says where {field} comes from", field=name), say("name a column")
            )
        columns = self.texts(nodes[key]) if (key := next((k for k in ("column", "columns") if k in nodes), "")) else []
        given = {key: self.text(nodes[key]) for key in ("between", "split", "constant", "default") if key in nodes}
        values = {label: self.text(value) for label, value in self.items(nodes.get("values"))}
        part = self.number(nodes["part"]) if "part" in nodes else 1
        first = "first" in nodes and nodes["first"].value is True
        return Route(
            name, tuple(columns), part=part, first=first, values=values, format=self.format(name, nodes), **given
        )

    def format(self, name: str, nodes: Mapping[str, Node]) -> Format | None:
        said = {key: self.text(nodes[key]) for key in _FORMAT_KEYS if key in nodes}
        if not said:
            return None
        for key, allowed in _ALLOWED.items():
            if key in said and said[key] not in allowed:
                found = say("{key} cannot be {value}", key=key, value=quoted(said.pop(key)))
                self.faults.add(self.place(nodes[key]), found, say("it can be {values}", values=listed(allowed)))
        type_ = said.pop("type", self.target.field(name).format.type)
        return self.target.field(name).format.with_type(ValueType(type_), **said)

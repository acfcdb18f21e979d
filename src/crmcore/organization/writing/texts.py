"""Plain data as the text of a file: YAML that people like to read, JSON, TOML."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

import yaml

from crmcore.organization.reading.yaml_source import resolved

__all__ = ["TEXTS", "json_text", "toml_text", "yaml_text"]

_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_TAG: Final = "tag:yaml.org,2002:"
_LINE: Final = 110
_CONTROL: Final = re.compile("[\x7f-\x9f\ufeff\ufffe\uffff]")
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")


def yaml_text(data: Mapping[str, Any]) -> str:
    """Return data as YAML: what fits on a line stands on one, sections are apart."""
    sections = []
    for key, value in data.items():
        node = yaml.MappingNode(
            _TAG + "map", [(_yaml_scalar(key), _yaml_node(value, 2, section=True))], flow_style=False
        )
        sections.append(
            str(yaml.serialize(node, Dumper=_DUMPER, allow_unicode=True, width=1 << 20, indent=2)).rstrip("\n")
        )
    return "".join(
        ("\n" if index and "\n" in section else "") + section + "\n" for index, section in enumerate(sections)
    )


def _yaml_node(value: Any, indent: int, *, section: bool = False) -> Any:
    """Return a value as a node that is written on one line when it fits, unless it is a section of several entries."""
    if not isinstance(value, dict | list):
        return _yaml_scalar(value)
    entries = bool(value) and section and (isinstance(value, dict) or isinstance(value[0], dict))
    short = not entries and indent + _length(value) <= _LINE
    if isinstance(value, dict):
        pairs = [(_yaml_scalar(key), _yaml_node(inner, indent + len(key) + 2)) for key, inner in value.items()]
        return yaml.MappingNode(_TAG + "map", pairs, flow_style=short)
    return yaml.SequenceNode(_TAG + "seq", [_yaml_node(inner, indent + 2) for inner in value], flow_style=short)


def _length(value: Any) -> int:
    """Return about how long a value is on one line; what has many lines is endless."""
    if isinstance(value, dict):
        return sum(len(key) + 4 + _length(inner) for key, inner in value.items())
    if isinstance(value, list):
        return sum(2 + _length(inner) for inner in value)
    return len(str(value)) if "\n" not in str(value) else _LINE


def _yaml_scalar(value: Any) -> Any:
    if isinstance(value, str):
        return yaml.ScalarNode(_TAG + "str", value, style=_yaml_style(value))
    if isinstance(value, bool):
        return yaml.ScalarNode(_TAG + "bool", "true" if value else "false")
    if isinstance(value, date):
        return yaml.ScalarNode(_TAG + "timestamp", value.isoformat())
    if isinstance(value, float):
        text = repr(value)
        return yaml.ScalarNode(_TAG + "float", text if "." in text else text.replace("e", ".0e", 1))
    return yaml.ScalarNode(_TAG + ("null" if value is None else "int"), "null" if value is None else str(value))


def _yaml_style(text: str) -> str | None:
    """Return the quotes that text needs to be read as the same text; None where the emitter knows."""
    if not text.isprintable() or text.strip() != text:
        return '"'
    return "'" if not isinstance(resolved(text), str) else None


def json_text(data: Mapping[str, Any]) -> str:
    """Return data as JSON."""
    return _without_controls(json.dumps(data, ensure_ascii=False, indent=2)) + "\n"


def _without_controls(text: str) -> str:
    """Escape the characters that JSON and TOML let stand but that have no place in a text file."""
    return _CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def toml_text(data: Mapping[str, Any]) -> str:
    """Return data as TOML: single values, then a table or an array of tables for each section."""
    lines = [f"{_toml_key(key)} = {_toml_value(value)}" for key, value in data.items() if not _is_section(value)]
    for key, value in data.items():
        if not _is_section(value):
            continue
        for entry in value if isinstance(value, list) else [value]:
            lines.append("")
            lines.append(f"[[{_toml_key(key)}]]" if isinstance(value, list) else f"[{_toml_key(key)}]")
            lines.extend(f"{_toml_key(name)} = {_toml_value(inner)}" for name, inner in entry.items())
    return _without_controls("\n".join(lines)) + "\n"


def _is_section(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and bool(value) and isinstance(value[0], dict))


def _toml_key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _toml_value(key)


def _toml_value(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml_key(key)} = {_toml_value(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_toml_value(inner) for inner in value) + "]"
    return value.isoformat() if isinstance(value, date) else repr(value)


TEXTS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "yaml": yaml_text,
    "yml": yaml_text,
    "json": json_text,
    "toml": toml_text,
}
"""How data is written, by the ending of the file."""

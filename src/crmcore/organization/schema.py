"""The JSON Schema of the organization file, for editors: from the record classes, so that it cannot lag behind them."""

import re
from collections.abc import Mapping
from typing import Any, Final

from crmcore.language import translated
from crmcore.organization.shapes import (
    ID,
    LARGEST,
    Day,
    Dimensions,
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
    organization_entry,
)

__all__ = ["organization_schema"]

_ID: Final = f"^{ID.pattern}$"
_NUMBER: Final = {"type": "number", "minimum": -LARGEST, "maximum": LARGEST}
_TEXT: Final = {"type": "string"}
_NAMES: Final = {"type": "array", "items": {"type": "string", "pattern": "\\S"}, "minItems": 1}
_ABSENT: Final = re.compile(r"\bNone (for|at|when)\b")
_TABLE: Final = {
    "type": "string",
    "pattern": "\\.([cC][sS][vV]|[tT][sS][vV])$",
    "description": "The name of a table beside the file.",
}

_SIMPLE: Final[Mapping[type[Shape], Mapping[str, Any]]] = {
    Text: _TEXT,
    Whole: {"type": "integer", "minimum": -LARGEST, "maximum": LARGEST},
    Real: _NUMBER,
    YesNo: {"type": "boolean"},
    Day: {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    Length: {"type": "string", "pattern": "^\\s*[1-9][0-9]{0,5}\\s*[mhdw]\\s*$"},
    Where: {"$ref": "#/$defs/Scope"},
    Shares: {"type": "object", "additionalProperties": _NUMBER},
    Dimensions: {
        "type": "object",
        "propertyNames": {"pattern": _ID, "not": {"enum": ["stage", "day"]}},
        "additionalProperties": {"$ref": "#/$defs/Dimension"},
    },
}


def organization_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of an organization file; it describes the keys in the language of the moment."""
    definitions = dict(_SPACE)
    schema = _record(organization_entry(), definitions)
    whole: dict[str, Any] = _told({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "crmcore organization",
        **schema,
        "$defs": {name: definitions[name] for name in sorted(definitions)},
    })  # fmt: skip
    return whole


def _told(schema: Any) -> Any:
    """Return a schema with its descriptions in the language of the moment."""
    if isinstance(schema, list):
        return [_told(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    told = {key: _told(value) for key, value in schema.items()}
    if isinstance(told.get("description"), str):
        told["description"] = translated(told["description"])
    return told


def _record(shape: Entry, definitions: dict[str, Any]) -> dict[str, Any]:
    return {
        "description": (shape.record.__doc__ or "").partition("\n")[0],
        "type": "object",
        "properties": {key.name: _key(key, definitions) for key in shape.keys.values()},
        "required": [key.name for key in shape.keys.values() if key.required],
        "additionalProperties": False,
    }


def _key(key: Key, definitions: dict[str, Any]) -> dict[str, Any]:
    schema = _shape(key.shape, definitions)
    if key.name == "id":
        schema["pattern"] = _ID
    if key.name == "crmcore":
        schema = {"const": 1}
    if key.least is not None:
        for option in schema.get("anyOf", [schema]):
            if option.get("type") == "integer":
                option["minimum"] = key.least
                if key.most is not None:
                    option["maximum"] = key.most
    if isinstance(key.shape, Many) and isinstance(key.shape.item, Entry) and _is_section(key):
        schema = {"anyOf": [schema, dict(_TABLE)]}
    if not key.required:
        schema = _or_nothing(schema)
    sentence = _ABSENT.sub(r"absent \1", key.description)
    description = sentence[:1].upper() + sentence[1:]
    default = {"default": key.default} if isinstance(key.default, str | int | float) and key.default != "" else {}
    return {"description": description, **default, **schema}


def _is_section(key: Key) -> bool:
    return organization_entry().keys.get(key.name) is key


def _or_nothing(schema: dict[str, Any]) -> dict[str, Any]:
    """Let a key stand without a value, which means the same as leaving it out."""
    if isinstance(schema.get("type"), str):
        return {**schema, "type": [schema["type"], "null"]}
    if "enum" in schema:
        return {"enum": [*schema["enum"], None]}
    return {"anyOf": [*schema.get("anyOf", [schema]), {"type": "null"}]}


def _shape(shape: Shape, definitions: dict[str, Any]) -> dict[str, Any]:
    if isinstance(shape, OneOf):
        return {"enum": list(shape.words)}
    if isinstance(shape, Word):
        return {"const": shape.word}
    if isinstance(shape, Many):
        return {"type": "array", "items": _shape(shape.item, definitions)}
    if isinstance(shape, Either):
        return {"anyOf": [_shape(option, definitions) for option in shape.shapes]}
    if isinstance(shape, Entry):
        name = shape.record.__name__
        if name not in definitions:
            definitions[name] = _record(shape, definitions)
        return {"$ref": f"#/$defs/{name}"}
    return dict(_SIMPLE[type(shape)])


_SPACE: Final[Mapping[str, Any]] = {
    "Scope": {
        "description": "A part of the space: for each dimension a value, an inner name, a range, or a list of them.",
        "type": "object",
        "additionalProperties": {
            "anyOf": [
                {"$ref": "#/$defs/Selection"},
                {"type": "array", "items": {"$ref": "#/$defs/Selection"}},
            ]
        },
        "propertyNames": {"not": {"const": "day"}},
    },
    "Selection": {
        "anyOf": [
            _TEXT,
            {
                "description": "Numbers from one up to, and not including, another.",
                "type": "object",
                "properties": {
                    "from": {"description": "The first number; absent for no bound.", **_or_nothing(dict(_NUMBER))},
                    "to": {
                        "description": "The first beyond; absent for no bound.",
                        **_or_nothing(dict(_NUMBER)),
                    },
                },
                "additionalProperties": False,
            },
        ]
    },
    "Tree": {
        "description": "Names with names below them; an inner name stands for all below it.",
        "anyOf": [
            {"type": "string", "pattern": "\\S"},
            {
                "type": "array",
                "minItems": 1,
                "items": {"anyOf": [{"type": "string", "pattern": "\\S"}, {"$ref": "#/$defs/Branches"}]},
            },
            {"$ref": "#/$defs/Branches"},
        ],
    },
    "Branches": {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": "\\S"},
        "additionalProperties": {"anyOf": [{"$ref": "#/$defs/Tree"}, {"type": "null"}]},
    },
    "Dimension": {
        "description": "An attribute of a customer, or of one contact with it, that decides who answers.",
        "anyOf": [
            _NAMES,
            {
                "type": "object",
                "properties": {
                    "tree": {
                        "description": "A tree of names; a customer has one leaf of it.",
                        "$ref": "#/$defs/Tree",
                    },
                    "values": {"description": "A flat choice; a customer has one of them.", **_NAMES},
                    "number": {
                        "description": "A range of numbers: min belongs to it, max does not.",
                        "type": "object",
                        "properties": {
                            "min": {"description": "The smallest; absent for no bound.", **_or_nothing(dict(_NUMBER))},
                            "max": {
                                "description": "The first that is too large; absent for no bound.",
                                **_or_nothing(dict(_NUMBER)),
                            },
                            "unit": {"description": "Of what.", **_or_nothing(dict(_TEXT))},
                            "integer": {
                                "description": "Whether only whole numbers exist.",
                                "type": ["boolean", "null"],
                                "default": False,
                            },
                        },
                        "additionalProperties": False,
                    },
                    "of": {
                        "description": "Whether it is true of the customer, or known only at the moment of contact.",
                        "enum": ["customer", "contact", None],
                        "default": "customer",
                    },
                    "label": {"description": "What people read.", "type": ["string", "null"]},
                },
                "oneOf": [{"required": ["tree"]}, {"required": ["values"]}, {"required": ["number"]}],
                "additionalProperties": False,
            },
        ],
    },
}

"""The JSON Schema of the JSON report."""

from typing import Any, Final

from crmcore.checks.findings import Severity

__all__ = ["report_schema"]

_COUNT: Final = {"type": "integer", "minimum": 0}
_POSITION: Final = {"type": "integer", "minimum": 1}
_DAY: Final = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_END: Final = {"type": ["number", "string", "null"]}


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of what `crmcore check --format json` prints.

    Later versions of crmcore may add keys; none that is here goes, or changes its meaning, inside version 1.
    """
    summary = dict.fromkeys(("errors", "warnings", "infos", "touchpoints", "duties", "points"), _COUNT)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The report of crmcore check",
        **_object(
            version={"const": 1, "description": "The version of this format."},
            organization={"type": "string", "description": "The company's name."},
            on={**_DAY, "description": "The first day of the proof."},
            until={**_DAY, "description": "The last day of the proof."},
            ok={"type": "boolean", "description": "Whether there is no error."},
            summary=_object(
                **summary,
                proven={"type": "boolean", "description": "Whether every proof went to its end."},
                customers=_on_file(),
            ),
            findings={"type": "array", "items": {"$ref": "#/$defs/finding"}},
        ),
        "$defs": {
            "finding": _finding(),
            "related": _object(message={"type": "string"}, **_place()),
            "box": {
                "description": "Every customer in contact for whom it fails: dimension to admitted values. A dimension "
                "that is absent is unrestricted. Names of trees and choices are text; numbers are intervals that "
                "hold their start and not their stop, null for no bound; days are spans that hold both ends.",
                "type": "object",
                "additionalProperties": {
                    "type": "array",
                    "minItems": 1,
                    "items": {
                        "anyOf": [
                            {"type": "string"},
                            {"type": "array", "prefixItems": [_END, _END], "minItems": 2, "maxItems": 2},
                        ]
                    },
                },
            },
            "witness": {
                "description": "One customer in contact for whom it fails: a value for every dimension.",
                "type": "object",
                "additionalProperties": {"type": ["string", "number"]},
            },
        },
    }


def _finding() -> dict[str, Any]:
    return _object(
        code={"type": "string", "pattern": "^[A-Z]+[0-9]+$", "description": "The check; it never changes its meaning."},
        name={"type": "string", "description": "The check in words."},
        severity={"enum": [severity.value for severity in Severity]},
        message={"type": "string"},
        subject={"type": "string", "description": "The id that it is about."},
        box={"anyOf": [{"$ref": "#/$defs/box"}, {"type": "null"}]},
        witness={"anyOf": [{"$ref": "#/$defs/witness"}, {"type": "null"}]},
        points={"type": ["integer", "null"], "minimum": 1, "description": "How many elementary points the box holds."},
        customers={
            "type": ["integer", "null"],
            "minimum": 0,
            "description": "How many customers on file it is about; null where nobody has counted them.",
        },
        **_place(),
        related={
            "type": "array",
            "items": {"$ref": "#/$defs/related"},
            "description": "Other places, a path in order.",
        },
        help={"type": "string", "description": "How to mend it; empty when the message says it."},
        proven={"type": "boolean", "description": "False when the budget of the proof was spent before its end."},
    )


def _on_file() -> dict[str, Any]:
    counted = _object(
        total={**_COUNT, "description": "How many there are."},
        affected={**_COUNT, "description": "How many of them some error is about."},
        unplaced={
            "type": "object",
            "additionalProperties": _COUNT,
            "description": "How many lack an attribute that decides who answers, or have an unknown value of it, by "
            "the attribute. They are counted where it makes no difference.",
        },
    )
    return {"anyOf": [counted, {"type": "null"}], "description": "Customers on file; null where nobody counted them."}


def _place() -> dict[str, Any]:
    return {"file": {"type": "string"}, "line": _POSITION, "column": _POSITION}


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}

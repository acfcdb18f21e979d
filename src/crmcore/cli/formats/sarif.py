"""SARIF 2.1.0: findings for code scanning services and editors."""

import re
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from crmcore.checks.baseline import fingerprint
from crmcore.checks.findings import Finding, Report, Severity
from crmcore.cli.formats import Options
from crmcore.cli.formats.json_report import dumped
from crmcore.cli.formats.phrases import RELATED, details, lines
from crmcore.cli.harmless import visible
from crmcore.language import told
from crmcore.values import NOWHERE, Place

__all__ = ["write"]

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_SPECIAL: Final = re.compile(rb"[^A-Za-z0-9/._~-]")
_LINK: Final = re.compile(r"\[(?=[^\]]*\]\()")


def write(report: Report, _options: Options) -> str:
    """Return the report as one SARIF log of one run."""
    rules = _rules(report.findings)
    positions = {rule["id"]: position for position, rule in enumerate(rules)}
    driver = {"name": "crmcore", "semanticVersion": version("crmcore"), "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, positions[finding.code]) for finding in report.findings],
        "properties": report.to_dict()["summary"],
    }
    return dumped({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rules(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    first = {finding.code: finding for finding in reversed(list(findings))}
    return [
        {
            "id": code,
            "name": finding.name,
            "defaultConfiguration": {"level": _LEVELS[finding.severity]},
            "help": {"text": f"crmcore explain {code}"},
        }
        for code, finding in sorted(first.items())
    ]


def _result(finding: Finding, rule: int) -> dict[str, Any]:
    said = [finding.message, *lines(row for row in details(finding) if row[0] != RELATED)]
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": "\n".join(map(_escaped, said))},
        "locations": [_location(finding.place)] if finding.place.file != NOWHERE.file else [],
        "partialFingerprints": {"crmcore/v1": fingerprint(finding)},
        "properties": {"subject": finding.subject, "box": finding.box, "witness": finding.witness},
    }
    if finding.related:
        result["relatedLocations"] = list(_related(finding))
    return result


def _related(finding: Finding) -> Iterator[dict[str, Any]]:
    for position, related in enumerate(finding.related):
        location = _location(related.place) if related.place.file != NOWHERE.file else {}
        yield {"id": position, **location, "message": {"text": _escaped(told(related.message))}}


def _location(place: Place) -> dict[str, Any]:
    region = {"startLine": place.line, "startColumn": place.column}
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(Path(place.file))}, "region": region}}


def _uri(path: Path) -> str:
    # Path.as_uri() refuses names that are not decodable, and a report is wanted all the same.
    name = path.as_posix().encode("utf-8", "surrogatepass")
    root = "" if not path.is_absolute() else "file://" if name.startswith(b"/") else "file:///"
    return root + _SPECIAL.sub(lambda byte: b"%%%02X" % ord(byte[0]), name).decode()


def _escaped(text: str) -> str:
    """SARIF reads `[text](target)` as a link and `{0}` as a placeholder: here they are plain text."""
    return _LINK.sub(r"\\[", visible(text)).replace("{", "{{").replace("}", "}}")

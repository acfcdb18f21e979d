"""A code quality report of GitLab: every finding annotates its line in a merge request."""

from pathlib import PurePath
from typing import Any, Final

from crmcore.checks.baseline import fingerprint
from crmcore.checks.findings import Finding, Report, Severity
from crmcore.cli.formats import Options
from crmcore.cli.formats.json_report import dumped
from crmcore.cli.harmless import visible

__all__ = ["write"]

_SEVERITIES: Final = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def write(report: Report, _options: Options) -> str:
    """Return the findings as a list of code quality violations."""
    return dumped([_violation(finding) for finding in report.findings])


def _violation(finding: Finding) -> dict[str, Any]:
    return {
        "description": visible(f"{finding.code} {finding.message}"),
        "check_name": f"{finding.code} {finding.name}",
        "fingerprint": fingerprint(finding),
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": visible(PurePath(finding.place.file).as_posix()),
            "lines": {"begin": finding.place.line},
        },
    }

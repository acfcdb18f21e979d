"""GitLab is told each finding with its line, and recognises it in the next report."""

import json
from pathlib import PurePath
from typing import Any

from attrs import evolve

from crmcore.checks.baseline import fingerprint
from crmcore.checks.findings import Finding, Report
from crmcore.cli.formats import Options, write
from crmcore.values import Place


def written(report: Report) -> list[dict[str, Any]]:
    violations: list[dict[str, Any]] = json.loads(write("gitlab", report, Options()))
    return violations


def test_each_finding_is_a_violation_with_its_line(report: Report, finding: Finding) -> None:
    first, second, third = written(report)
    assert first == {
        "description": "COV101 nobody is accountable for renewal-call",
        "check_name": "COV101 uncovered-touchpoint",
        "fingerprint": fingerprint(finding),
        "severity": "major",
        "location": {"path": PurePath(finding.place.file).as_posix(), "lines": {"begin": 4}},
    }
    assert (second["severity"], third["severity"]) == ("minor", "info")


def test_the_path_is_seen_from_the_top_of_the_repository(report: Report, finding: Finding) -> None:
    (one,) = written(report.with_findings([evolve(finding, place=Place("./company/crmcore.yaml", 3, 1))]))
    assert one["location"]["path"] == "company/crmcore.yaml"


def test_a_clean_report_is_an_empty_list(clean: Report) -> None:
    assert written(clean) == []

"""Workflow commands of GitHub Actions: every finding annotates its line in a pull request."""

from collections.abc import Iterable
from typing import Final

from crmcore.checks.findings import Finding, Report, Severity
from crmcore.cli.formats import Options
from crmcore.cli.formats.phrases import details, lines, summary_in_words
from crmcore.cli.harmless import visible

__all__ = ["write"]

_COMMANDS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def write(report: Report, _options: Options) -> str:
    """Return one workflow command a finding, and the summary as a notice."""
    commands = [*map(_command, report.findings), f"::notice title=crmcore::{_data([summary_in_words(report)])}"]
    return "".join(f"{command}\n" for command in commands)


def _command(finding: Finding) -> str:
    place = finding.place
    properties = {
        "file": place.file,
        "line": place.line,
        "col": place.column,
        "title": f"{finding.code} {finding.name}",
    }
    where = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    said = [finding.message, *lines(details(finding))]
    return f"::{_COMMANDS[finding.severity]} {where}::{_data(said)}"


def _data(said: Iterable[str]) -> str:
    return "%0A".join(visible(line).replace("%", "%25") for line in said)


def _property(text: str) -> str:
    return visible(text).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")

"""The formats of a report: one module each, which turns a report into text. A new format is one entry here."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Final, cast

from attrs import frozen

from crmcore.cli.terminal import PLAIN, Terminal

if TYPE_CHECKING:
    from crmcore.checks.findings import Finding, Report, Severity

__all__ = ["FORMATS", "Options", "write"]

FORMATS: Final[Mapping[str, str]] = {
    "text": "crmcore.cli.formats.text",
    "json": "crmcore.cli.formats.json_report",
    "sarif": "crmcore.cli.formats.sarif",
    "junit": "crmcore.cli.formats.junit",
    "github": "crmcore.cli.formats.github",
    "gitlab": "crmcore.cli.formats.gitlab",
    "markdown": "crmcore.cli.formats.markdown",
}
"""The module of each format, imported when it is used. It has `write(report, options) -> str`."""


@frozen(kw_only=True)
class Options:
    """What a format may take into account.

    Attributes:
        limit: the most findings of one check that `text` shows; 0 for all.
        fail_on: findings at least this bad fail a run; None when none does.
        terminal: where the text is shown.
    """

    limit: int = 0
    fail_on: "Severity | None" = None
    terminal: Terminal = PLAIN

    def fails(self, finding: "Finding") -> bool:
        """Whether this finding makes the run fail."""
        return self.fail_on is not None and finding.severity.rank <= self.fail_on.rank


def write(name: str, report: "Report", options: Options) -> str:
    """Return the report in one of the formats, ending in a line break."""
    writer = cast("Callable[[Report, Options], str]", import_module(FORMATS[name]).write)
    return writer(report, options)

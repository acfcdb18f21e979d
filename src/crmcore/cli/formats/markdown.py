"""Markdown for a pull request, a wiki or a job's summary."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from crmcore.checks.findings import Finding, Report
from crmcore.cli.formats import Options
from crmcore.cli.formats.phrases import COUNTED, details, lines, summary_in_words
from crmcore.cli.harmless import visible
from crmcore.language import told, translated

__all__ = ["escaped", "write"]

# Punctuation that means something inside a line; `://` and `www.` would become links by themselves.
_MARKUP: Final = re.compile(r"[\\`*_{}\[\]<>&#|~!$]|:(?=//)|(?<=www)\.", re.IGNORECASE)
_WORD_JOINER: Final = "\u2060"


def write(report: Report, _options: Options) -> str:
    """Return a heading, the summary, and a table for each check that found something."""
    lines = [f"# {escaped(report.organization)}", "", escaped(summary_in_words(report))]
    for findings in report.by_check().values():
        lines += _table(findings)
    return "".join(f"{line}\n" for line in lines)


def _table(findings: Sequence[Finding]) -> Iterator[str]:
    first = findings[0]
    yield from ("", f"## {first.code} {escaped(first.name)}: {told(COUNTED[first.severity](len(findings)))}", "")
    yield from (f"| {translated('Where')} | {translated('What')} |", "| --- | --- |")
    for finding in findings:
        said = "".join(f"<br>{escaped(line)}" for line in lines(details(finding)))
        yield f"| {escaped(str(finding.place))} | {escaped(finding.message)}{said} |"


def escaped(text: str) -> str:
    """Return text that Markdown shows as it is: no markup, no HTML, no links, and nobody is mentioned."""
    return _MARKUP.sub(r"\\\g<0>", visible(text)).replace("@", "@" + _WORD_JOINER)

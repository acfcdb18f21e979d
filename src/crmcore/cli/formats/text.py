"""Text for people: each finding with its place, its line of the file, where it holds and how it is mended."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from crmcore.checks.findings import Finding, Report, Severity
from crmcore.cli.drawing import draw
from crmcore.cli.formats import Options
from crmcore.cli.formats.excerpt import Excerpts
from crmcore.cli.formats.phrases import SEVERITIES, details, summary_in_words
from crmcore.cli.harmless import visible
from crmcore.language import Phrase, say, say_many, told

__all__ = ["aligned", "write"]

_STYLES: Final = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold cyan"}
_EXPLAINED: Final = 3
"""So many codes are named when the text says how to learn more."""


def write(report: Report, options: Options) -> str:
    """Return the findings of each check under a heading, the worst first, and the summary last."""
    parts: list[RenderableType] = []
    excerpts = Excerpts()
    groups = report.by_check()
    for findings in groups.values():
        shown = findings[: options.limit or None]
        parts.append(_heading(findings))
        for finding in shown:
            parts += [*_finding(finding, excerpts, options.terminal.width), Text()]
        if len(shown) < len(findings):
            rest = say_many(
                "… and {count:,} more finding of {code} (--limit 0 shows all)",
                "… and {count:,} more findings of {code} (--limit 0 shows all)",
                len(findings) - len(shown),
                code=findings[0].code,
            )
            parts += [Text(told(rest), "italic"), Text()]
    parts += _ending(report, list(groups))
    return draw(*parts, terminal=options.terminal)


def _heading(findings: Sequence[Finding]) -> Text:
    first = findings[0]
    severity = (told(SEVERITIES[first.severity]), _STYLES[first.severity])
    heading = Text.assemble(severity, " ", (first.code, "bold"), " ", (visible(first.name), "bold"))
    return heading if len(findings) == 1 else heading.append(f"  {told(_counted(findings))}", "dim")


def _counted(findings: Sequence[Finding]) -> Phrase:
    return say_many("{count:,} finding", "{count:,} findings", len(findings))


def _finding(finding: Finding, excerpts: Excerpts, width: int | None) -> Iterator[RenderableType]:
    yield Padding.indent(Text(visible(str(finding.place)), "bold blue"), 2)
    yield Padding.indent(Text(visible(finding.message)), 2)
    yield from (Padding.indent(Text(line, "dim"), 4) for line in excerpts.around(finding.place, width))
    rows = list(details(finding))
    if rows:
        yield Padding.indent(aligned(rows), 4)


def aligned(rows: Iterable[tuple[str, str]]) -> Table:
    """Return rows of a label and its words; a label that repeats is said once."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    previous = ""
    for label, words in rows:
        table.add_row(Text("" if label == previous else told(label), "cyan"), Text(visible(words)))
        previous = label
    return table


def _ending(report: Report, codes: list[str]) -> Iterator[Text]:
    style = "bold green" if not report.findings else "bold red" if not report.ok else "bold yellow"
    yield Text(visible(summary_in_words(report)), style)
    if codes:
        commands = ", ".join(f"crmcore explain {code}" for code in codes[:_EXPLAINED])
        yield Text(told(say("What a finding means: {commands}", commands=commands)), "dim")

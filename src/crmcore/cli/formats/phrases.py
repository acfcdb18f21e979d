"""The parts of a finding and of a report in words, the same in every format that people read."""

from collections.abc import Iterator

from crmcore.checks.findings import Finding, Report
from crmcore.cli.words import MOST, box_in_words, counted, witness_in_words

__all__ = ["details", "summary_in_words"]


def details(finding: Finding) -> Iterator[tuple[str, str]]:
    """Yield what there is to say of a finding beside its message: a label of one word, and the words."""
    if finding.box is not None:
        where = box_in_words(finding.box) or "everywhere"
        yield "where", where if finding.points is None else f"{where} ({counted(finding.points, 'point')})"
    if finding.witness and not all(f"{value}" in finding.message for value in finding.witness.values()):
        yield "example", witness_in_words(finding.witness)
    for related in finding.related[:MOST]:
        yield "related", f"{related.place}: {related.message}"
    if len(finding.related) > MOST:
        yield "related", f"and {counted(len(finding.related) - MOST, 'more place')}"
    if not finding.proven:
        yield "unproven", "the budget of this proof was spent before its end: there may be more"
    if finding.help:
        yield "help", finding.help


def _window(report: Report) -> str:
    if report.on == report.until:
        return f"on {report.on}"
    return f"from {report.on} to {report.until}"


def summary_in_words(report: Report) -> str:
    """Return the figures of a report in one or two sentences."""
    summary = report.summary
    found = "no findings"
    if report.findings:
        counts = ((summary.errors, "error"), (summary.warnings, "warning"), (summary.infos, "info"))
        found = ", ".join(counted(number, noun) for number, noun in counts if number)
    looked = ", ".join(
        (
            counted(summary.touchpoints, "touchpoint"),
            counted(summary.duties, "duty/duties"),
            counted(summary.points, "point"),
        )
    )
    doubt = "" if summary.proven else " Not every proof went to its end: what is not reported is not proven."
    return f"{report.organization} {_window(report)}: {found} ({looked}).{doubt}"

"""The parts of a finding and of a report in words, the same in every format that people read."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from crmcore.checks.findings import Finding, OnFile, Report, Severity
from crmcore.cli.words import MOST, points, where_in_words, witness_in_words
from crmcore.language import Phrase, listed, say, say_many, told

__all__ = ["COUNTED", "RELATED", "SEVERITIES", "details", "lines", "summary_in_words"]

RELATED: Final = say("related")
"""The label of the other places that a finding is about."""

SEVERITIES: Final[Mapping[Severity, Phrase]] = {
    Severity.ERROR: say("error"),
    Severity.WARNING: say("warning"),
    Severity.INFO: say("info"),
}
"""How bad a finding is, in a word."""

COUNTED: Final[Mapping[Severity, Callable[[int], Phrase]]] = {
    Severity.ERROR: lambda count: say_many("{count:,} error", "{count:,} errors", count),
    Severity.WARNING: lambda count: say_many("{count:,} warning", "{count:,} warnings", count),
    Severity.INFO: lambda count: say_many("{count:,} info", "{count:,} infos", count),
}
"""How many findings of a severity there are."""


def details(finding: Finding) -> Iterator[tuple[Phrase, str]]:
    """Yield what there is to say of a finding beside its message: a label of one word, and the words."""
    if finding.box is not None:
        yield say("where"), where_in_words(finding.box, finding.points)
    if finding.customers is not None:
        yield say("customers"), told(say("{count:,} on file", count=finding.customers))
    if finding.witness and not finding.arguments.get("example"):  # else the message names as much as matters
        yield say("example"), witness_in_words(finding.witness)
    for related in finding.related[:MOST]:
        yield RELATED, told(say("{place}: {message}", place=related.place, message=related.message))
    more = len(finding.related) - MOST
    if more > 0:
        yield RELATED, told(say_many("and {count:,} more place", "and {count:,} more places", more))
    if not finding.proven:
        yield say("unproven"), told(say("the budget of this proof was spent before its end: there may be more"))
    if finding.help:
        yield say("help"), finding.advice


def lines(rows: Iterable[tuple[Phrase, str]]) -> Iterator[str]:
    """Yield each label and its words in one line, for formats that have no columns."""
    for label, words in rows:
        yield told(say("{label}: {words}", label=label, words=words))


def _window(report: Report) -> Phrase:
    if report.on == report.until:
        return say("on {on}", on=report.on)
    return say("from {on} to {until}", on=report.on, until=report.until)


def summary_in_words(report: Report) -> str:
    """Return the figures of a report in one or two sentences."""
    summary = report.summary
    counts = ((Severity.ERROR, summary.errors), (Severity.WARNING, summary.warnings), (Severity.INFO, summary.infos))
    found = listed(COUNTED[severity](count) for severity, count in counts if count)
    looked = (
        say_many("{count:,} touchpoint", "{count:,} touchpoints", summary.touchpoints),
        say_many("{count:,} duty", "{count:,} duties", summary.duties),
        points(summary.points),
    )
    sentence = say(
        "{name} {window}: {found} ({looked}).",
        name=report.organization,
        window=_window(report),
        found=found or say("no findings"),
        looked=listed(looked),
    )
    if summary.customers is not None:
        sentence = _with_customers(sentence, summary.customers)
    if summary.proven:
        return told(sentence)
    doubt = say("{sentence} Not every proof went to its end: what is not reported is not proven.", sentence=sentence)
    return told(doubt)


def _with_customers(sentence: Phrase, customers: OnFile) -> Phrase:
    counted = say_many(
        "{sentence} An error is about {affected:,} of the {count:,} customer on file.",
        "{sentence} An error is about {affected:,} of the {count:,} customers on file.",
        customers.total,
        sentence=sentence,
        affected=customers.affected,
    )
    if not customers.unplaced:
        return counted
    missing = listed(
        say("{attribute} of {count:,}", attribute=name, count=count) for name, count in customers.unplaced.items()
    )
    return say(
        "{counted} Missing or unknown is {missing}: these are counted only where it makes no difference.",
        counted=counted,
        missing=missing,
    )

"""The checks over the decision tables of a DMN file: gaps, conflicts, hidden and needless rules, by rule number."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from attrs import evolve, frozen

from crmcore.checks.boxes import Region, example
from crmcore.checks.findings import Check, Finding, Related, Report, Summary
from crmcore.checks.registry import CHECKS
from crmcore.checks.running import check, selected
from crmcore.language import Phrase, joined, say, template
from crmcore.organization.dmn import DecisionTable, read_tables

__all__ = ["TABLE_CHECKS", "DecisionTables"]

TABLE_CHECKS: Final = ("COV101", "COV102", "COV103", "COV105", "COV107")
"""The checks that mean something for a decision table: it has no people and no journey."""


@frozen
class DecisionTables:
    """The decision tables of one file, which can be checked like an organization.

    Attributes:
        name: what to call them in a report.
        tables: the tables.
    """

    name: str
    tables: tuple[DecisionTable, ...]

    @classmethod
    def read(cls, path: Path) -> "DecisionTables":
        """Read the tables of a DMN file.

        Raises:
            InvalidOrganization: with every fault of the file.
        """
        return cls(path.name, read_tables(path))

    def today(self) -> date:
        """Return which day it is."""
        return self.tables[0].organization.today()

    def check(
        self,
        *,
        on: date | None = None,
        until: date | None = None,
        select: Iterable[str] = (),
        ignore: Iterable[str] = (),
        without: Iterable[str] = (),
        progress: Callable[[str, float], Any] | None = None,
        checks: Iterable[Check] | None = None,
    ) -> Report:
        """Prove every table over all values of its inputs, and report what does not hold, in the words of the table.

        Args:
            on: the day of the report; None for today. Tables do not change with the days.
            until: the last day of the report; None for the first.
            select: codes, or beginnings of codes, of the checks to run; empty for all that mean something for a table.
            ignore: codes, or beginnings of codes, of the checks to leave out.
            without: people to reckon with as if they had left; a table has none.
            progress: called with what is being done and how much is done, from 0 to 1.
            checks: the checks to choose from; None for crmcore's own. Those run that mean something for a table.

        Raises:
            UnknownName: a code or a person does not exist.
        """
        on = on or self.today()
        chosen = [
            one
            for one in selected(CHECKS if checks is None else tuple(checks), select, ignore)
            if one.code in TABLE_CHECKS
        ]
        reports = []
        for number, table in enumerate(self.tables):
            tell = _part(progress, number, len(self.tables))
            reports.append(check(table.organization, on=on, until=until, without=without, progress=tell, checks=chosen))
        findings = [
            _in_words(finding, table)
            for table, report in zip(self.tables, reports, strict=True)
            for finding in report.findings
        ]
        summary = _added([report.summary for report in reports])
        report = Report(organization=self.name, on=on, until=until or on, findings=(), summary=summary)
        return report.with_findings(findings)


def _part(progress: Callable[[str, float], Any] | None, number: int, total: int) -> Callable[[str, float], Any]:
    def tell(doing: str, done: float) -> None:
        if progress is not None:
            progress(doing, (number + done) / total)

    return tell


def _added(summaries: Iterable[Summary]) -> Summary:
    one, *others = summaries
    for other in others:
        one = evolve(
            one,
            touchpoints=one.touchpoints + other.touchpoints,
            duties=one.duties + other.duties,
            points=one.points + other.points,
            proven=one.proven and other.proven,
        )
    return one


def _in_words(finding: Finding, table: DecisionTable) -> Finding:
    """Say a finding in the words of its table: the names of inputs, and the numbers of rules."""
    if not finding.proven:
        return finding
    names = {each.id: each.name for each in table.inputs}
    box, witness = _named(finding.box, names), _named(finding.witness, names)
    text, arguments, mend = _message(finding, table)
    if box is not None and witness is not None:
        where: Region = {"box": box, "witness": witness, "points": finding.points or 0}
        arguments = {**arguments, "example": example(where)}
    numbers = _numbers(table)
    return evolve(
        finding,
        text=text,
        arguments={"table": table.name, **arguments},
        box=box,
        witness=witness,
        related=[
            Related(say("rule {number}", number=numbers[related.place]), related.place) for related in finding.related
        ],
        help=mend,
    )


def _named(values: Mapping[str, Any] | None, names: Mapping[str, str]) -> dict[str, Any] | None:
    return None if values is None else {names.get(name, name): value for name, value in values.items()}


def _numbers(table: DecisionTable) -> dict[Any, int]:
    return {rule.place: rule.number for rule in table.rules}


def _message(finding: Finding, table: DecisionTable) -> tuple[str, dict[str, object], Phrase]:
    """Return what a finding says of a table, with its arguments, and how to mend it."""
    numbers = _numbers(table)
    rule, others = numbers.get(finding.place, 0), _rules(finding, numbers)
    match finding.code:
        case "COV101":
            mend = say("Add a rule, or a default output; or name in the input values what can occur.")
            return template("no rule of {table} matches{example}"), {}, mend
        case "COV102" if table.policy.by_output:
            mend = say("Narrow one of the rules, or give them the same output.")
            return template("{rules} of {table} match together, with different outputs{example}"), others, mend
        case "COV102":
            mend = say("Narrow one of the rules, or choose a hit policy that says which of them answers.")
            return template("{rules} of {table} match together{example}"), others, mend
        case "COV103":
            mend = say("Delete the rule, move it up, or narrow those that hide it.")
            text = template(
                "rule {rule} of {table} never answers: wherever it matches, so does what goes before it: {rules}"
            )
            return text, {"rule": rule, **others}, mend
        case "COV105":
            text = template("rule {rule} of {table} is not needed: {rules} has the same output wherever it matches")
            return text, {"rule": rule, **others}, say("Delete the rule.")
        case _:
            mend = say("Look at its conditions: they exclude each other, or lie outside the input values.")
            return template("rule {rule} of {table} can never match"), {"rule": rule}, mend


def _rules(finding: Finding, numbers: Mapping[Any, int]) -> dict[str, object]:
    related = sorted(numbers[related.place] for related in finding.related)
    if len(related) == 1:
        return {"rules": say("rule {number}", number=related[0])}
    return {"rules": say("rules {numbers}", numbers=joined(map(str, related)))}

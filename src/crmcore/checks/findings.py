"""What checks say: a problem while one check runs, a finding once it is attributed, a report of all."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from attrs import asdict, evolve, field, frozen

from crmcore.language import Phrase, told, translated
from crmcore.values import NOWHERE, Place

if TYPE_CHECKING:
    from crmcore.checks.context import Context

__all__ = ["Check", "Finding", "OnFile", "Problem", "Related", "Report", "Severity", "Summary", "attributed"]


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Severity).index(self)


@frozen
class Related:
    """Another place that a finding is about.

    Attributes:
        message: what is there.
        place: where it is written.
    """

    message: str
    place: Place = NOWHERE


def _places(related: Iterable[Related]) -> tuple[Related, ...]:
    return tuple(related)


@frozen(kw_only=True)
class Problem:
    """What a check function yields: something that does not hold.

    Attributes:
        subject: the id that it is about.
        place: where that is written.
        text: the message with `{names}` of arguments in it, apart from them so that it can be translated.
        arguments: the values of those names.
        box: for a finding about the space, every customer in contact for whom it fails: dimension to admitted values; a
            dimension that is absent is unrestricted.
        witness: one such customer in contact.
        points: how many elementary points the box holds.
        related: the other places that it is about, in the order of their telling (a path in the order of the journey).
        help: how to mend it, in words.
        proven: whether the proof went to its end; False when its budget was spent.
    """

    subject: str
    place: Place
    text: str
    arguments: Mapping[str, object] = field(factory=dict)
    box: Mapping[str, list[Any]] | None = None
    witness: Mapping[str, Any] | None = None
    points: int | None = None
    related: tuple[Related, ...] = field(default=(), converter=_places)
    help: str = ""
    proven: bool = True

    @property
    def message(self) -> str:
        """The message in one line, in the language of the moment."""
        return told(self.phrase)

    @property
    def phrase(self) -> Phrase:
        """The message before it is told in a language; as a `str` it is English."""
        return Phrase(self.text, self.text, self.arguments)

    @property
    def advice(self) -> str:
        """How to mend it, in the language of the moment."""
        return told(self.help) if isinstance(self.help, Phrase) else translated(self.help)


@frozen
class Check:
    """A check: a function over an organization, with its identity.

    Attributes:
        code: stable, letters and digits, such as `COV101`.
        name: the same in words, kebab-case.
        severity: how bad a finding of it is.
        run: yields the problems.
        page: what `crmcore explain` prints of it, as Markdown; crmcore's own checks have theirs in files.
    """

    code: str
    name: str
    severity: Severity
    run: "Callable[[Context], Iterable[Problem]]" = field(repr=False)
    page: str = field(default="", repr=False, kw_only=True)


@frozen(kw_only=True)
class Finding(Problem):
    """A problem and the check that found it.

    Attributes:
        code: of the check.
        name: of the check.
        severity: how bad it is.
        customers: how many customers on file it is about; None where nobody has counted them, or it is not about the
            space.
    """

    code: str
    name: str
    severity: Severity
    customers: int | None = None

    @property
    def order(self) -> tuple[object, ...]:
        """The key that sorts findings: the worst first, then by place; the rest makes every run the same."""
        place = self.place
        return self.severity.rank, place.file, place.line, place.column, self.code, self.subject, str(self.phrase)

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as the JSON report writes it."""
        return {
            "code": self.code,
            "name": self.name,
            "severity": self.severity.value,
            "message": self.message,
            "subject": self.subject,
            "box": self.box,
            "witness": self.witness,
            "points": self.points,
            "customers": self.customers,
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
            "related": [
                {
                    "message": told(related.message),
                    "file": related.place.file,
                    "line": related.place.line,
                    "column": related.place.column,
                }
                for related in self.related
            ],
            "help": self.advice,
            "proven": self.proven,
        }


def attributed(one: Check, problems: Iterable[Problem]) -> Iterator[Finding]:
    """Turn what a check found into findings that bear its name."""
    for problem in problems:
        fields = asdict(problem, recurse=False)
        yield Finding(code=one.code, name=one.name, severity=one.severity, **fields)


@frozen(kw_only=True)
class OnFile:
    """The customers that a storage has on file.

    Attributes:
        total: how many there are.
        affected: how many of them some error is about.
        unplaced: how many lack an attribute that decides who answers, or have an unknown value of it, by the
            attribute. They are counted where it makes no difference.
    """

    total: int
    affected: int
    unplaced: Mapping[str, int] = field(factory=dict)


@frozen(kw_only=True)
class Summary:
    """The figures of a report.

    Attributes:
        errors: findings of severity error.
        warnings: findings of severity warning.
        infos: findings of severity info.
        touchpoints: touchpoints that were proven.
        duties: duties that were compiled.
        points: elementary points of all touchpoints' spaces together.
        proven: whether every proof went to its end.
        customers: the customers on file (`total`), how many of them some error is about (`affected`), and how many lack
            an attribute (`unplaced`, by the attribute); None where nobody has counted them.
    """

    errors: int
    warnings: int
    infos: int
    touchpoints: int
    duties: int
    points: int
    proven: bool
    customers: OnFile | None = None


@frozen(kw_only=True)
class Report:
    """What a run of the checks found.

    Attributes:
        organization: the company's name.
        on: the first day of the proof.
        until: the last day of the proof.
        findings: what does not hold, the worst first, then by place.
        summary: the figures.
    """

    organization: str
    on: date
    until: date
    findings: tuple[Finding, ...]
    summary: Summary

    @property
    def ok(self) -> bool:
        """Whether there is no error."""
        return self.summary.errors == 0

    def with_findings(self, findings: Iterable[Finding]) -> "Report":
        """Return the report with other findings, in order and counted."""
        ordered = tuple(sorted(findings, key=lambda finding: finding.order))
        counts = Counter(finding.severity for finding in ordered)
        summary = evolve(
            self.summary,
            errors=counts[Severity.ERROR],
            warnings=counts[Severity.WARNING],
            infos=counts[Severity.INFO],
        )
        return evolve(self, findings=ordered, summary=summary)

    def by_check(self) -> Mapping[str, tuple[Finding, ...]]:
        """Return the findings of each check by its code, the worst checks first, then by code."""
        groups: dict[str, list[Finding]] = {}
        for finding in sorted(self.findings, key=lambda finding: (finding.severity.rank, finding.code)):
            groups.setdefault(finding.code, []).append(finding)
        return {code: tuple(group) for code, group in groups.items()}

    def to_dict(self) -> dict[str, Any]:
        """Return the report as the JSON format writes it; `crmcore schema --report` prints its JSON Schema."""
        summary = self.summary
        return {
            "version": 1,
            "organization": self.organization,
            "on": self.on.isoformat(),
            "until": self.until.isoformat(),
            "ok": self.ok,
            "summary": {
                "errors": summary.errors,
                "warnings": summary.warnings,
                "infos": summary.infos,
                "touchpoints": summary.touchpoints,
                "duties": summary.duties,
                "points": summary.points,
                "proven": summary.proven,
                "customers": None if summary.customers is None else asdict(summary.customers),
            },
            "findings": [finding.to_dict() for finding in self.findings],
        }

"""Running the checks over an organization, and putting what they say into one report."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from crmcore.checks.context import Context
from crmcore.checks.findings import Check, Finding, Problem, Report, Summary, attributed
from crmcore.checks.registry import CHECKS
from crmcore.checks.suppressions import suppressed
from crmcore.errors import EmptyWindow, UnknownName, nearest
from crmcore.language import say
from crmcore.organization import Organization
from crmcore.responsibility import Responsibilities, uncovered

__all__ = ["attributed", "check", "selected"]


def check(
    organization: Organization,
    *,
    on: date | None = None,
    until: date | None = None,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    without: Iterable[str] = (),
    progress: Callable[[str, float], Any] | None = None,
    checks: Sequence[Check] = CHECKS,
    load: Mapping[str, int] | None = None,
) -> Report:
    """Prove an organization, over every possible customer, and report what does not hold.

    Args:
        organization: what to prove.
        on: the first day of the proof; None for today in the organization's timezone.
        until: the last day of the proof; None for the first day alone.
        select: codes, or beginnings of codes, of the checks to run; empty for all.
        ignore: codes, or beginnings of codes, of the checks to leave out.
        without: ids of people to reckon with as if they had left.
        progress: called with what is being done and how much is done, from 0 to 1.
        checks: the checks to choose from.
        load: how many customers each person looks after, by their ids; None where nobody has counted them.

    Raises:
        UnknownName: a code or a person does not exist.
        EmptyWindow: the last day comes before the first.
    """
    on = on or organization.today()
    until = until or on
    if until < on:
        raise EmptyWindow(on, until)
    chosen = selected(checks, select, ignore)
    responsibilities = Responsibilities(organization, on=on, until=until, without=without)
    tell = _Progress(progress or (lambda _doing, _done: None), len(chosen))
    context = Context(
        organization=organization,
        responsibilities=responsibilities,
        on=on,
        until=until,
        without=responsibilities.without,
        load=load,
        progress=tell,
    )
    findings: list[Finding] = []
    for one in chosen:
        tell.begin(one.name)
        findings.extend(attributed(one, one.run(context)))
        findings.extend(attributed(one, _undecided(context, one)))
    findings = suppressed(context, findings, chosen, checks)
    tell.end()
    summary = _measured(organization, responsibilities, proven=all(finding.proven for finding in findings))
    report = Report(organization=organization.name, on=on, until=until, findings=(), summary=summary)
    return report.with_findings(findings)


def _undecided(context: Context, one: Check) -> Iterator[Problem]:
    """Say of which touchpoints and roles a check knows only a part, because a proof spent its budget."""
    for name in context.responsibilities.undecided():
        record = context.touchpoints.get(name) or context.roles[name]
        yield Problem(
            subject=name,
            place=record.place,
            text="{check} could not be decided everywhere for {name}",
            arguments={"check": one.name, "name": name},
            help="Write its duties and staffing with fewer overlapping conditions.",
            proven=False,
        )


class _Progress:
    """The progress of one check after another as a share of all."""

    def __init__(self, tell: Callable[[str, float], Any], total: int) -> None:
        self.tell, self.total = tell, total
        self.begun, self.name = 0, ""

    def begin(self, name: str) -> None:
        """Turn to the next check."""
        self.begun, self.name = self.begun + 1, name
        self("", 0.0)

    def __call__(self, doing: str, done: float) -> None:
        """Say what the current check does, and which share of its work is done."""
        what = say("{check}: {doing}", check=self.name, doing=doing) if doing else self.name
        self.tell(what, (self.begun - 1 + done) / self.total)

    def end(self) -> None:
        """Say that all is done."""
        self.tell(say("done"), 1.0)


def selected(checks: Sequence[Check], select: Iterable[str], ignore: Iterable[str]) -> list[Check]:
    """Choose checks by their codes, or the beginnings of codes.

    Raises:
        UnknownName: no check's code begins so.
    """
    wanted, unwanted = tuple(select), tuple(ignore)
    for beginning in (*wanted, *unwanted):
        if not beginning or not any(one.code.startswith(beginning) for one in checks):
            raise UnknownName("check", beginning, nearest(beginning, [one.code for one in checks]))
    return [
        one
        for one in checks
        if (not wanted or one.code.startswith(wanted)) and not (unwanted and one.code.startswith(unwanted))
    ]


def _measured(organization: Organization, responsibilities: Responsibilities, *, proven: bool) -> Summary:
    """Say how much was proven; the findings are counted by the report."""
    points = 0
    for touchpoint in responsibilities.touchpoints:
        box = responsibilities.touchpoint_box(touchpoint)
        if box is not None:
            possible = uncovered((*box[:-1], 1), responsibilities.impossible).boxes
            points += sum(responsibilities.space.points(part) for part in possible)
    return Summary(
        errors=0,
        warnings=0,
        infos=0,
        touchpoints=len(organization.touchpoints),
        duties=len(organization.duties),
        points=points,
        proven=proven,
    )

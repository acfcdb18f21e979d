"""An assertion that an organization holds, which says what does not, and where."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from crmcore.checks import Finding, Severity, apply_baseline, read_baseline
from crmcore.checks.running import selected
from crmcore.language import say, say_many, told
from crmcore.organization import Organization
from crmcore.plugins import Registry

if TYPE_CHECKING:
    from os import PathLike

__all__ = ["assert_holds"]

_MOST: Final = 50


def assert_holds(
    organization: Organization,
    *,
    on: date | None = None,
    until: date | None = None,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    fail_on: str = "error",
    baseline: "str | PathLike[str] | None" = None,
) -> None:
    """Assert that the checks find nothing.

    Args:
        organization: what is proven.
        on: the first day of the proof; None for today in the organization's timezone.
        until: the last day of the proof; None for the first day alone.
        select: codes, or beginnings of codes, of the checks to run; empty for all.
        ignore: codes, or beginnings of codes, of the checks to leave out.
        fail_on: the least severity that fails: `error`, `warning` or `info`.
        baseline: a file of known findings, which do not fail.

    Raises:
        AssertionError: with a line for each finding.
        UnknownName: a code does not exist.
        ValueError: there is no such severity, or the last day comes before the first.
    """
    __tracebackhide__ = True
    worst, select, ignore = Severity(fail_on), tuple(select), tuple(ignore)
    checks = Registry.installed().checks
    report = organization.check(on=on, until=until, select=select, ignore=ignore, checks=checks)
    if baseline is not None:
        ran = {one.code for one in selected(checks, select, ignore)}
        report = apply_baseline(report, read_baseline(Path(baseline)), ran=ran)
    failing = [finding for finding in report.findings if finding.severity.rank <= worst.rank]
    if failing:
        raise AssertionError("\n".join(_lines(organization, failing)))


def _lines(organization: Organization, failing: list[Finding]) -> Iterator[str]:
    name = organization.name
    yield told(say_many("{name}: {count} finding", "{name}: {count} findings", len(failing), name=name))
    for finding in failing[:_MOST]:
        yield f"{finding.place}: {finding.severity.value} {finding.code} {told(finding.message)}"
    if len(failing) > _MOST:
        yield told(say("and {count} more", count=len(failing) - _MOST))

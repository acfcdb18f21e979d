"""`crmcore watch`: check again whenever the organization is saved, and say what is new and what is gone."""

import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import click
from rich.console import RenderableType
from rich.text import Text

from crmcore.checks.baseline import fingerprint
from crmcore.checks.findings import Finding, Report
from crmcore.cli.drawing import draw
from crmcore.cli.failures import Failure, failure
from crmcore.cli.formats.phrases import summary_in_words
from crmcore.cli.harmless import visible
from crmcore.cli.installed import installed_checks
from crmcore.cli.organizations import organization_at
from crmcore.cli.parameters import CODES
from crmcore.cli.saving import Saves, files_of
from crmcore.cli.taught import Taught
from crmcore.cli.terminal import Terminal
from crmcore.errors import CrmError, InvalidOrganization
from crmcore.language import say, told

__all__ = ["command"]

_SHOWN: Final = 20


@click.command(
    "watch",
    cls=Taught,
    examples={"Examples": {"crmcore watch company.yaml": "in a second terminal, beside your editor; Ctrl-C ends it"}},
)
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--select", type=CODES, multiple=True, help="Run these checks only: codes or beginnings, as COV,JRN301.")
@click.option("--times", type=click.IntRange(min=1), help="Check so many times, and end.")
def command(*, path: Path | None, select: tuple[tuple[str, ...], ...], times: int | None) -> None:
    """Check the organization at PATH whenever it is saved; say which findings are new, and which are gone.

    PATH is a YAML, JSON or TOML file, or a folder with tables; ./crmcore.yaml if absent. Ctrl-C ends it.
    """
    wanted, checks = tuple(code for some in select for code in some), installed_checks()
    terminal = Terminal.of()
    known: dict[str, Finding] | None = None
    saves = Saves(path)
    for number, _ in enumerate(saves, 1):
        started = time.perf_counter()
        try:
            organization = organization_at(path)
            report = organization.check(select=wanted, checks=checks)
        except (CrmError, OSError, Failure) as error:
            stopped = error if isinstance(error, Failure) else failure(error)
            if stopped is None or (number == 1 and not isinstance(error, InvalidOrganization)):
                raise
            saves.elsewhere |= files_of(error) if isinstance(error, InvalidOrganization) else frozenset()
            _show([Text(visible(line)) for line in stopped.lines], terminal)
        else:
            saves.elsewhere |= files_of(organization)
            found = {fingerprint(finding): finding for finding in report.findings}
            _show(_told(report, found, known, time.perf_counter() - started, terminal), terminal)
            known = found
        if number == times:
            return


def _show(parts: Iterable[RenderableType], terminal: Terminal) -> None:
    """Show the state of things: alone on a terminal, one after another in a file or a pipe."""
    if terminal.width is not None and os.environ.get("TERM") != "dumb":
        click.clear()
    click.echo(draw(*parts, terminal=terminal), nl=False, color=terminal.color)


def _told(
    report: Report, found: dict[str, Finding], known: dict[str, Finding] | None, seconds: float, terminal: Terminal
) -> Iterator[RenderableType]:
    """Yield what is new and what is gone; where nothing else is in sight, also what stays."""
    before = known or {}
    if known is not None:
        yield from _changes("+", "red", [finding for print_, finding in found.items() if print_ not in before])
        yield from _changes("−", "green", [finding for print_, finding in before.items() if print_ not in found])
    if known is None or terminal.width is not None:
        yield from _changes(" ", "", [finding for print_, finding in found.items() if known is None or print_ in known])
    summary = say("{summary} {seconds:.2f} s", summary=summary_in_words(report), seconds=seconds)
    yield Text(visible(told(summary)), "bold green" if report.ok else "bold red")


def _changes(sign: str, style: str, findings: list[Finding]) -> Iterator[RenderableType]:
    for finding in findings[:_SHOWN]:
        yield Text(visible(f"{sign} {finding.place} {finding.code} {finding.message}"), style)
    if len(findings) > _SHOWN:
        yield Text(told(say("{sign} … and {count} more", sign=sign, count=len(findings) - _SHOWN)), style)

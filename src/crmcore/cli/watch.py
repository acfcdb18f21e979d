"""`crmcore watch`: check again whenever the organization is saved, and say what is new and what is gone."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click
from rich.console import RenderableType
from rich.text import Text

from crmcore.checks.baseline import fingerprint
from crmcore.checks.findings import Finding, Report
from crmcore.cli.drawing import draw
from crmcore.cli.failures import failure
from crmcore.cli.formats.phrases import summary_in_words
from crmcore.cli.harmless import visible
from crmcore.cli.installed import installed_checks
from crmcore.cli.organizations import organization_at
from crmcore.cli.parameters import CODES
from crmcore.cli.taught import Taught
from crmcore.cli.terminal import Terminal
from crmcore.errors import CrmError
from crmcore.language import say, told
from crmcore.organization.reading.sources import MAIN_FILES

__all__ = ["command"]

_PAUSE: Final = 0.3
"""Seconds between two looks at the files."""

_SHOWN: Final = 20

Stamp = dict[Path, tuple[int, int]]
"""When each file was written last, and how long it is."""


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
    wanted = tuple(code for some in select for code in some)
    terminal = Terminal.of()
    known: dict[str, Finding] | None = None
    for number, _ in enumerate(_saved(path), 1):
        started = time.perf_counter()
        try:
            report = organization_at(path).check(select=wanted, checks=installed_checks())
        except (CrmError, OSError, UnicodeDecodeError) as error:
            stopped = failure(error)
            if stopped is None:
                raise
            click.echo(stopped.format_message())
        else:
            found = {fingerprint(finding): finding for finding in report.findings}
            parts = _told(report, found, known, time.perf_counter() - started)
            click.echo(draw(*parts, terminal=terminal), nl=False, color=terminal.color)
            known = found
        if number == times:
            return


def _saved(path: Path | None) -> Iterator[None]:
    """Yield at once, and again whenever a file of the organization was written."""
    seen: Stamp | None = None
    while True:
        now = _stamp(path)
        if now != seen:
            seen = now
            yield
        time.sleep(_PAUSE)


def _stamp(path: Path | None) -> Stamp:
    """Look at the file, or at everything in the folder: the tables beside a file are written in any order."""
    place = path or next((Path(name) for name in MAIN_FILES if Path(name).exists()), Path())
    folder = place if place.is_dir() else place.parent
    files = [place, *folder.glob("*.csv")] if place.is_file() else [file for file in folder.iterdir() if file.is_file()]
    stamps: Stamp = {}
    for file in files:
        try:
            status = file.stat()
        except OSError:  # an editor writes a new file over the old one: for a moment there is none
            continue
        stamps[file] = (status.st_mtime_ns, status.st_size)
    return stamps


def _told(
    report: Report, found: dict[str, Finding], known: dict[str, Finding] | None, seconds: float
) -> Iterator[RenderableType]:
    if known is not None:
        yield from _changes("+", "red", [finding for print_, finding in found.items() if print_ not in known])
        yield from _changes("−", "green", [finding for print_, finding in known.items() if print_ not in found])
    else:
        yield from _changes(" ", "", list(found.values()))
    summary = say("{summary} {seconds:.2f} s", summary=summary_in_words(report), seconds=seconds)
    yield Text(visible(told(summary)), "bold green" if report.ok else "bold red")


def _changes(sign: str, style: str, findings: list[Finding]) -> Iterator[RenderableType]:
    for finding in findings[:_SHOWN]:
        yield Text(visible(f"{sign} {finding.place} {finding.code} {finding.message}"), style)
    if len(findings) > _SHOWN:
        yield Text(told(say("{sign} … and {count} more", sign=sign, count=len(findings) - _SHOWN)), style)

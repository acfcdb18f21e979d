"""Where an imported organization goes: to a file, into the one it was added to, or on the screen; and its report."""

import re
from collections.abc import Iterable
from pathlib import Path

import click

from crmcore.cli.failures import Failure
from crmcore.cli.harmless import visible
from crmcore.cli.organizations import organization_at
from crmcore.language import say, told
from crmcore.organization import Organization
from crmcore.organization.spreadsheets import Report

__all__ = ["FILE", "begun_with", "deliver", "told_lines"]

FILE = click.Path(path_type=Path)


def begun_with(into: Path | None, output: Path | None) -> Organization | None:
    """Return the organization that is added to; None for a new one.

    Raises:
        Failure: the output would overwrite another file.
    """
    other = (
        output is not None and output.is_file() and not (into is not None and into.is_file() and output.samefile(into))
    )
    if other:
        name = click.format_filename(output or "")
        raise Failure(told(say("Error: {file} exists: add to it with --into, or name another file.", file=name)))
    return None if into is None else organization_at(into)


def deliver(organization: Organization, report: Report, into: Path | None, output: Path | None) -> None:
    """Write what was imported, and tell what was understood; the exit status is 1 when something was not."""
    target = output or into
    if target is None:
        from crmcore.organization.writing.plain import Plain  # noqa: PLC0415 (only for the screen)
        from crmcore.organization.writing.texts import yaml_text  # noqa: PLC0415 (as above)

        click.echo(
            yaml_text(Plain(lambda day: day).organization(organization)).encode("utf-8", "backslashreplace"), nl=False
        )
    else:
        lost = _has_comments(target)
        organization.write(target)
        if lost:
            told_lines([say("The comments of {file} were not kept.", file=click.format_filename(target))])
    told_lines(report.lines())
    if target is not None:
        told_lines([say("Written to {file}.", file=click.format_filename(target))])
    if not report.clean:
        raise click.exceptions.Exit(1)


def _has_comments(path: Path) -> bool:
    """Whether a file of YAML or TOML has comments, which are lost when it is written anew."""
    if path.suffix.lower() not in (".yaml", ".yml", ".toml") or not path.is_file():
        return False
    return re.search(r"(?:^|\s)#", path.read_text(encoding="utf-8", errors="replace"), re.MULTILINE) is not None


def told_lines(lines: Iterable[str]) -> None:
    """Tell people something on standard error, a line each."""
    for line in lines:
        click.echo(visible(told(line)), err=True)

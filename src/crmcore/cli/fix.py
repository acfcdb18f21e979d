"""`crmcore fix`: mend in the files of an organization what has one safe mend, and leave all else as it was written."""

from collections.abc import Iterable, Sequence
from datetime import date
from difflib import unified_diff
from pathlib import Path

import click

from crmcore.checks.mending import MENDS, Mend, Mending, mended
from crmcore.cli.harmless import visible
from crmcore.cli.installed import installed_checks
from crmcore.cli.organizations import organization_at
from crmcore.cli.parameters import CODES, DAY
from crmcore.cli.taught import Taught
from crmcore.language import listed, say, say_many, told
from crmcore.organization.mending import Content, replace

__all__ = ["command"]

_FILE = click.Path(path_type=Path)


@click.command(
    "fix",
    cls=Taught,
    examples={
        "Examples": {
            "crmcore fix --diff": "what would change in crmcore.yaml of this folder?",
            "crmcore fix company.yaml": "mend it",
            "crmcore fix company.yaml --select COV105": "redundant duties only",
            "crmcore fix company.yaml --baseline known.json": "also forget what is known and was mended since",
        },
    },
    epilog="Exit status: 0 done, 1 with --diff if something would change, 2 the file or the call cannot be used.",
)
@click.argument("path", required=False, type=_FILE)
@click.option("--diff", is_flag=True, help="Show what would change, and write nothing.")
@click.option(
    "--select",
    type=CODES,
    multiple=True,
    help="Mend these only: COV105 redundant duties, REF002 unused suppressions, DUPLICATE entries that stand twice, "
    "SPACE white space and line ends.",
)
@click.option("--baseline", type=_FILE, help="Known findings, of which those that are no longer found are removed.")
@click.option("--on", type=DAY, help="The first day of the proof; today in the company's timezone if absent.")
@click.option("--until", type=DAY, help="The last day of the proof; the first if absent.")
def command(
    *,
    path: Path | None,
    diff: bool,
    select: tuple[tuple[str, ...], ...],
    baseline: Path | None,
    on: date | None,
    until: date | None,
) -> None:
    """Mend the organization at PATH where there is one safe mend, and keep its comments and layout.

    Redundant duties, suppressions that match nothing, entries that stand twice, and untidy white space go. Each edit is
    tried first: it is made only if nothing but that entry is gone then, and no check finds anything new.
    """
    wanted = _wanted([code for some in select for code in some])
    organization = organization_at(path)
    on = on or organization.today()
    if until is not None and until < on:
        message = say("{until} comes before the first day, {on}.", until=until, on=on)
        raise click.BadParameter(told(message), param_hint="--until")
    mending = mended(path or Path(), on=on, until=until, select=wanted, baseline=baseline, checks=installed_checks())
    if diff:
        _show(mending)
        raise click.exceptions.Exit(1 if mending.edits else 0)
    for _, after in mending.edits:
        replace(after)
    _tell(mending)


def _wanted(beginnings: Sequence[str]) -> list[str]:
    """Return what is to be mended; all when nothing is named."""
    for beginning in beginnings:
        if not any(one.startswith(beginning) for one in MENDS):
            message = say("{name!r} is not mended here; {all} are.", name=beginning, all=listed(MENDS))
            raise click.BadParameter(told(message), param_hint="--select")
    return [one for one in MENDS if not beginnings or one.startswith(tuple(beginnings))]


def _show(mending: Mending) -> None:
    for before, after in mending.edits:
        click.echo("".join(_diff(before, after)).encode("utf-8", "backslashreplace"), nl=False)
    _tell_left(mending.left)


def _diff(before: Content, after: Content) -> Iterable[str]:
    name = visible(str(before.path))
    for line in unified_diff(_lines(before), _lines(after), name, name):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(content: Content) -> list[str]:
    """Return the lines as a diff knows them: only a line feed ends one."""
    *lines, last = content.text.split("\n")
    return [f"{line}\n" for line in lines] + ([last] if last else [])


def _tell(mending: Mending) -> None:
    for mend in mending.made:
        _echo(say("{place}: {code} mended: {what}", place=str(mend.place), code=mend.code, what=mend.what))
    _tell_left(mending.left)
    if not mending.made:
        _echo(say("There is nothing to mend."))
        return
    files = say_many("{count} file", "{count} files", len(mending.edits))
    _echo(say_many("{count} mend in {files}.", "{count} mends in {files}.", len(mending.made), files=files))


def _tell_left(left: Iterable[Mend]) -> None:
    for mend in left:
        where = {"place": str(mend.place), "code": mend.code, "what": mend.what, "why": mend.why_not}
        _echo(say("{place}: {code} left as it is: {what} ({why})", **where), err=True)


def _echo(message: str, *, err: bool = False) -> None:
    click.echo(visible(told(message)), err=err)

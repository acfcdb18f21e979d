"""`crmcore diff`: which customers change hands between two organizations, before the change is made."""

from collections.abc import Iterable
from datetime import date
from typing import Final

import click
from attrs import evolve

from crmcore.cli.moves import FORMATS, Told
from crmcore.cli.parameters import DAY, PERSON
from crmcore.cli.revisions import organization_of
from crmcore.cli.taught import Taught
from crmcore.cli.terminal import Terminal
from crmcore.errors import UnknownName, nearest
from crmcore.language import say, told
from crmcore.organization import Absence, Organization
from crmcore.responsibility import Comparison, compare

__all__ = ["command"]

_FAILING: Final = {"opened": ("opened",), "worse": ("opened", "contested"), "any": None, "never": ()}


@click.command(
    "diff",
    cls=Taught,
    examples={
        "Examples": {
            "crmcore diff crmcore.yaml new.yaml": "two files",
            "crmcore diff crmcore.yaml --since main": "since a git revision",
            "crmcore diff v1:crmcore.yaml v2:crmcore.yaml": "two revisions",
            "crmcore diff crmcore.yaml --without wang.wei": "what if this person leaves?",
            "crmcore diff crmcore.yaml --absent li.na --on 2026-12-01 --until 2026-12-14": "what if she is away?",
        }
    },
    epilog="Exit status: 0 nothing as bad as --fail-on, 1 something is, 2 the files or the call cannot be used.",
)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="[NEW]", required=False)
@click.option("--since", metavar="REVISION", help="Compare OLD with how it was at this git revision.")
@click.option("--without", type=PERSON, multiple=True, help="Reckon with this person as gone; may be repeated.")
@click.option("--absent", type=PERSON, multiple=True, help="Reckon with this person as away in the window.")
@click.option("--on", type=DAY, help="The first day to compare; today in the company's timezone if absent.")
@click.option("--until", type=DAY, help="The last day to compare; the first if absent.")
@click.option("--format", "format_", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    help="Changes of one kind that people are shown; 0 for all.",
)
@click.option(
    "--fail-on",
    type=click.Choice(list(_FAILING)),
    default="opened",
    show_default=True,
    help="What makes the exit status 1: what opens, that or a conflict, any change of hands, or nothing.",
)
def command(
    *,
    old: str,
    new: str | None,
    since: str | None,
    without: tuple[str, ...],
    absent: tuple[str, ...],
    on: date | None,
    until: date | None,
    format_: str,
    limit: int,
    fail_on: str,
) -> None:
    """Show which customers change hands from OLD to NEW: who answered, who will, and what opens.

    OLD and NEW are organization files or folders, or REVISION:PATH as git writes it. Without NEW, say what changes in
    OLD: --since a revision, --without somebody, or with somebody --absent.
    """
    if new is not None and since is not None:
        raise click.UsageError(told(say("Give NEW or --since, not both.")))
    if new is None and since is None and not without and not absent:
        raise click.UsageError(told(say("There is nothing to compare with: give NEW, --since, --without or --absent.")))
    before = organization_of(old if since is None else f"{since}:{old}")
    after = before if new is None and since is None else organization_of(new or old)
    on = on or after.today()
    if until is not None and until < on:
        message = say("{until} comes before the first day, {on}.", until=until, on=on)
        raise click.BadParameter(told(message), param_hint="--until")
    after = _with_absences(after, absent, on, until or on)
    comparison = compare(before, after, on=on, until=until, without=without)
    terminal = Terminal.of()
    text = FORMATS[format_](Told(comparison, after, limit, terminal))
    click.echo(text if format_ == "text" else text.encode(), nl=False, color=terminal.color)
    if _fails(comparison, fail_on):
        raise click.exceptions.Exit(1)


def _with_absences(organization: Organization, absent: Iterable[str], first: date, last: date) -> Organization:
    people = organization.by_id("people")
    for name in absent:
        if name not in people:
            raise UnknownName("person", name, nearest(name, people))
        person = people[name]
        away = Absence(from_=first, to=last, place=person.place)
        organization = organization.with_(evolve(person, absences=(*person.absences, away)))
    return organization


def _fails(comparison: Comparison, fail_on: str) -> bool:
    kinds = _FAILING[fail_on]
    return any(kinds is None or move.kind in kinds for move in comparison.moves)

"""`crmcore adopt`: let an organization hold from a day on, and see before what moves."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import click

from crmcore.adoption import Adoption, adopt, preview
from crmcore.cli.formats.json_report import dumped
from crmcore.cli.moves import FORMATS, Told
from crmcore.cli.on_file import opened, storage_option, tenant_option
from crmcore.cli.organizations import organization_at
from crmcore.cli.parameters import DAY
from crmcore.cli.taught import Taught
from crmcore.cli.terminal import PLAIN, Terminal
from crmcore.language import Phrase, say, told
from crmcore.responsibility import Incomparable

__all__ = ["command"]


@click.command(
    "adopt",
    cls=Taught,
    examples={
        "Examples": {
            "crmcore adopt crmcore.yaml --from 2027-01-01 --preview --storage sqlite:///crm.db": "what would move?",
            "crmcore adopt crmcore.yaml --from 2027-01-01 --storage sqlite:///crm.db": "let it hold from that day on",
            "crmcore adopt new.yaml --from 2027-02-01 --replace 3 --storage sqlite:///crm.db": (
                "instead of version 3, which has not begun"
            ),
        }
    },
    epilog="Exit status: 0 it is adopted, or would be; 2 it is not, and why.",
)
@click.argument("path", required=False, type=click.Path(path_type=Path))
@storage_option("Where the versions of the organization are kept, such as sqlite:///crm.db.", required=True)
@click.option("--from", "first_day", type=DAY, required=True, help="The first day on which it holds.")
@click.option("--preview", "only_preview", is_flag=True, help="Show what moves, and write nothing.")
@click.option("--replace", "replaces", type=int, help="The number of a version that has not begun, and never will.")
@click.option("--actor", default="crmcore", show_default=True, help="Who adopts it: the id of a person.")
@click.option("--note", default="", help="Why.")
@tenant_option()
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    help="Changes of one kind that people are shown; 0 for all.",
)
def command(
    *,
    path: Path | None,
    storage: str,
    first_day: date,
    only_preview: bool,
    replaces: int | None,
    actor: str,
    note: str,
    tenant: str,
    format_: str,
    limit: int,
) -> None:
    """Let the organization at PATH hold from a day on; ./crmcore.yaml if absent.

    Every version is kept whole, so that it can always be asked who answered on an earlier day. What moves on the first
    day is shown.
    """
    organization = organization_at(path)
    with opened(storage, organization) as opened_storage, opened_storage.begin(tenant, read_only=only_preview) as work:
        if only_preview:
            adoption = preview(work, organization, first_day, actor=actor, note=note, replaces=replaces)
        else:
            adoption = adopt(work, organization, first_day, actor=actor, note=note, replaces=replaces)
            work.commit()
    if format_ == "json":
        click.echo(dumped(_data(adoption, adopted=not only_preview)).encode(), nl=False)
        return
    terminal = Terminal.of()
    click.echo(_moves(adoption, limit, terminal), nl=False, color=terminal.color)
    click.echo(told(_ending(adoption, adopted=not only_preview)))


def _moves(adoption: Adoption, limit: int, terminal: Terminal) -> str:
    try:
        comparison = adoption.comparison
    except Incomparable as error:
        return told(say("What moves cannot be shown: {reason}.", reason=str(error))) + "\n"
    if comparison is None:
        return ""
    return FORMATS["text"](Told(comparison, adoption.organization, limit, terminal))


def _ending(adoption: Adoption, *, adopted: bool) -> Phrase:
    number, first_day = adoption.version.number, adoption.version.first_day
    if not adopted:
        return say("Nothing is written: this would be version {number}, from {day} on.", number=number, day=first_day)
    return say("Version {number} holds from {day} on.", number=number, day=first_day)


def _data(adoption: Adoption, *, adopted: bool) -> dict[str, Any]:
    try:
        comparison = adoption.comparison
    except Incomparable:
        comparison = None
    told_of = None if comparison is None else FORMATS["json"](Told(comparison, adoption.organization, 0, PLAIN))
    return {
        "version": 1,
        "adopted": adopted,
        "number": adoption.version.number,
        "first_day": adoption.version.first_day.isoformat(),
        "digest": adoption.version.digest,
        "replaces": adoption.version.replaces,
        "before": None if adoption.before is None else adoption.before.number,
        "comparison": None if told_of is None else json.loads(told_of),
    }

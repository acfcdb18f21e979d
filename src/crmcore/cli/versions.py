"""`crmcore versions`: the organizations that were adopted, and any of them as a file."""

from collections.abc import Iterator, Sequence
from typing import Any

import click
from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from crmcore.adoption import OrganizationVersion, text_of, versions
from crmcore.cli.drawing import draw
from crmcore.cli.formats.json_report import dumped
from crmcore.cli.formats.text import aligned
from crmcore.cli.harmless import visible
from crmcore.cli.on_file import opened, storage_option, tenant_option
from crmcore.cli.taught import Taught
from crmcore.cli.terminal import Terminal
from crmcore.errors import UnknownName, nearest
from crmcore.language import say, told

__all__ = ["command"]


@click.command(
    "versions",
    cls=Taught,
    examples={
        "Examples": {
            "crmcore versions --storage sqlite:///crm.db": "which organizations were adopted, and when?",
            "crmcore versions 2 --storage sqlite:///crm.db > then.yaml": "the organization of version 2",
        }
    },
)
@click.argument("number", required=False, type=int)
@storage_option("Where the versions of the organization are kept, such as sqlite:///crm.db.", required=True)
@tenant_option()
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(*, number: int | None, storage: str, tenant: str, format_: str) -> None:
    """List the organizations that were adopted; or print that of one NUMBER, as a file."""
    with opened(storage) as opened_storage, opened_storage.begin(tenant, read_only=True) as work:
        found = versions(work)
    if number is not None:
        by_number = {version.number: version for version in found}
        if number not in by_number:
            raise UnknownName(say("version"), str(number), nearest(str(number), map(str, by_number)))
        click.echo(text_of(by_number[number]).encode(), nl=False)
    elif format_ == "json":
        click.echo(dumped({"version": 1, "versions": list(map(_data, found))}).encode(), nl=False)
    else:
        terminal = Terminal.of()
        click.echo(draw(*_told(found), terminal=terminal), nl=False, color=terminal.color)


def _told(found: Sequence[OrganizationVersion]) -> Iterator[RenderableType]:
    replaced = {version.replaces: version.number for version in found if version.replaces is not None}
    if not found:
        yield Text(told(say("No organization is adopted.")))
    for version in found:
        heading = say(
            "{number}: {name}, from {day} on", number=version.number, name=version.name, day=version.first_day
        )
        yield Text(visible(told(heading)), "bold")
        rows = [
            (
                say("adopted"),
                told(say("by {actor} at {instant}", actor=version.adopted_by, instant=_minute(version))),
            )
        ]
        if version.note:
            rows.append((say("note"), version.note))
        if version.number in replaced:
            rows.append(
                (say("replaced"), told(say("by version {number}, before it began", number=replaced[version.number])))
            )
        yield Padding.indent(aligned(rows), 2)


def _minute(version: OrganizationVersion) -> str:
    return version.adopted_at.strftime("%Y-%m-%d %H:%M UTC")


def _data(version: OrganizationVersion) -> dict[str, Any]:
    return {
        "number": version.number,
        "name": version.name,
        "first_day": version.first_day.isoformat(),
        "digest": version.digest,
        "replaces": version.replaces,
        "adopted_by": version.adopted_by,
        "adopted_at": version.adopted_at.isoformat(),
        "note": version.note,
    }

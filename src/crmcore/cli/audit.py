"""`crmcore audit`: which customers on file have nobody, are stuck, or lack something."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import RenderableType
from rich.text import Text

from crmcore.cli.drawing import draw
from crmcore.cli.formats.json_report import dumped
from crmcore.cli.harmless import visible
from crmcore.cli.on_file import storage_option, tenant_option
from crmcore.cli.running import organization_option, running
from crmcore.cli.taught import Taught
from crmcore.cli.terminal import Terminal
from crmcore.language import say, say_many, told

if TYPE_CHECKING:
    from crmcore.customers import Audit

__all__ = ["command", "told_audit"]


@click.command(
    "audit",
    cls=Taught,
    examples={
        "Examples": {
            "crmcore audit --storage sqlite:///crm.db": "who has nobody, who is overloaded, what is stuck?",
            "crmcore audit --format json --storage sqlite:///crm.db": "for a program",
        }
    },
    epilog="Exit status: 0 nothing is wrong, 1 something is, 2 the call cannot be used.",
)
@storage_option("Where the customers are, such as sqlite:///crm.db.", required=True)
@organization_option()
@tenant_option()
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    help="Concerns of one kind that text shows; 0 for all.",
)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(*, storage: str, path: Path | None, tenant: str, limit: int, format_: str) -> None:
    """Find the customers on file that have nobody, somebody who left or is overloaded, are stuck, or lack something.

    However many customers there are, this takes a handful of questions to the storage.
    """
    with running(storage, path, tenant) as crm:
        audit = crm.audit()
    if format_ == "json":
        click.echo(dumped(_data(audit)).encode(), nl=False)
    else:
        terminal = Terminal.of()
        click.echo(draw(*told_audit(audit, limit), terminal=terminal), nl=False, color=terminal.color)
    if audit.concerns:
        raise click.exceptions.Exit(1)


def told_audit(audit: "Audit", limit: int = 0) -> Iterator[RenderableType]:
    """Return an audit as people read it.

    Args:
        audit: it.
        limit: how many concerns of one kind are shown; 0 for all.
    """
    for kind in dict.fromkeys(concern.kind for concern in audit.concerns):
        concerns = audit.of(kind)
        shown = concerns[:limit] if limit else concerns
        for concern in shown:
            yield Text.assemble((f"{kind.value}  ", "yellow"), visible(concern.message))
        if len(shown) < len(concerns):
            more = say("… and {count:,} more of the kind {kind}", count=len(concerns) - len(shown), kind=kind.value)
            yield Text(told(more), "dim")
    on_file = say_many("{count:,} customer on file", "{count:,} customers on file", audit.customers)
    found = say_many("{count:,} concern", "{count:,} concerns", len(audit.concerns))
    ending = say("{customers}, {concerns}", customers=on_file, concerns=found)
    yield Text(told(ending), "bold red" if audit.concerns else "bold green")


def _data(audit: "Audit") -> dict[str, object]:
    return {
        "version": 1,
        "day": audit.day.isoformat(),
        "customers": audit.customers,
        "concerns": [
            {
                "kind": concern.kind.value,
                "subject": concern.subject,
                "count": concern.count,
                "where": {name: value for name, value in concern.where.items() if value is not None},
                "message": concern.message,
            }
            for concern in audit.concerns
        ],
    }

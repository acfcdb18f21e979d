"""`crmcore rebalance`: who goes to whom when the organization changes or somebody leaves; shown, then done."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from crmcore.cli.drawing import draw
from crmcore.cli.formats.json_report import dumped
from crmcore.cli.harmless import visible
from crmcore.cli.on_file import storage_option, tenant_option
from crmcore.cli.parameters import PERSON
from crmcore.cli.running import organization_option, running
from crmcore.cli.taught import Taught
from crmcore.cli.terminal import Terminal
from crmcore.language import Phrase, say, say_many, told

if TYPE_CHECKING:
    from crmcore.customers import Plan

__all__ = ["command", "told_plan"]


@click.command(
    "rebalance",
    cls=Taught,
    examples={
        "Examples": {
            "crmcore rebalance --storage sqlite:///crm.db": "who would go to whom, by the organization as it is?",
            "crmcore rebalance --without li.na --storage sqlite:///crm.db": "who takes her customers?",
            "crmcore rebalance --apply --storage sqlite:///crm.db": "do it, with a handoff for each customer",
        }
    },
    epilog="Exit status: 0 it is shown, or done; 2 it cannot be.",
)
@storage_option("Where the customers are, such as sqlite:///crm.db.", required=True)
@organization_option()
@tenant_option()
@click.option("--without", type=PERSON, multiple=True, help="Reckon with this person as gone; may be repeated.")
@click.option("--apply", "applied", is_flag=True, help="Do it, in one transaction; otherwise it is only shown.")
@click.option("--actor", default="crmcore", show_default=True, help="Who does it: the id of a person.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(
    *,
    storage: str,
    path: Path | None,
    tenant: str,
    without: tuple[str, ...],
    applied: bool,
    actor: str,
    format_: str,
) -> None:
    """Show which customers go to whom, as the organization says who answers; with --apply, do it.

    A customer stays with whoever has it, as long as that person holds the role for it, or is only away.
    """
    with running(storage, path, tenant, actor=actor) as crm:
        plan = crm.rebalancing.plan(without=without)
        if applied:
            crm.rebalancing.apply(plan)
    if format_ == "json":
        click.echo(dumped(_data(plan, applied=applied)).encode(), nl=False)
        return
    terminal = Terminal.of()
    click.echo(draw(*told_plan(plan, applied=applied), terminal=terminal), nl=False, color=terminal.color)


def told_plan(plan: "Plan", *, applied: bool) -> Iterator[RenderableType]:
    """Return who goes to whom, as people read it.

    Args:
        plan: it.
        applied: whether it was done.
    """
    if plan.summary:
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
        for heading in (say("customers"), say("role"), say("from"), say("to")):
            table.add_column(told(heading))
        for (role, before, after), count in plan.summary.items():
            cells = (f"{count:,}", role, before or told(say("nobody")), after or told(say("nobody")))
            table.add_row(*(Text(visible(cell)) for cell in cells))
        yield table
    yield Text(told(_ending(plan, applied=applied)), "bold")
    if plan.uncovered:
        nobody = say_many(
            "{count:,} customer has, at some touchpoint, nobody who answers: see `crmcore audit`",
            "{count:,} customers have, at some touchpoint, nobody who answers: see `crmcore audit`",
            plan.uncovered,
        )
        yield Text(told(nobody), "yellow")


def _ending(plan: "Plan", *, applied: bool) -> Phrase:
    moves, customers = len(plan.moves), plan.customers
    if not moves:
        return say_many(
            "Nothing moves: {count:,} customer is with those who answer.",
            "Nothing moves: {count:,} customers are with those who answer.",
            customers,
        )
    if applied:
        return say_many(
            "Done: {count:,} assignment changed; customers on file: {customers:,}.",
            "Done: {count:,} assignments changed; customers on file: {customers:,}.",
            moves,
            customers=customers,
        )
    return say_many(
        "Nothing is written: {count:,} assignment would change; customers on file: {customers:,}.",
        "Nothing is written: {count:,} assignments would change; customers on file: {customers:,}.",
        moves,
        customers=customers,
    )


def _data(plan: "Plan", *, applied: bool) -> dict[str, object]:
    return {
        "version": 1,
        "applied": applied,
        "day": plan.day.isoformat(),
        "customers": plan.customers,
        "uncovered": plan.uncovered,
        "moves": [
            {
                "customer": move.customer,
                "role": move.role,
                "from": move.before,
                "to": move.after,
                "because": move.because.value,
            }
            for move in plan.moves
        ],
    }

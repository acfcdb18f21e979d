"""`crmcore customers`: the customers on file, those of a region or stage, and who looks after them."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from crmcore.cli.drawing import draw
from crmcore.cli.formats.json_report import dumped
from crmcore.cli.harmless import visible
from crmcore.cli.on_file import storage_option, tenant_option
from crmcore.cli.parameters import ATTRIBUTE
from crmcore.cli.running import organization_option, running
from crmcore.cli.taught import Taught
from crmcore.cli.terminal import Terminal
from crmcore.language import say, say_many, told

if TYPE_CHECKING:
    from crmcore.crm import CRM
    from crmcore.customers import Assignment, Customer

__all__ = ["command"]


@click.command(
    "customers",
    cls=Taught,
    examples={
        "Examples": {
            "crmcore customers --storage sqlite:///crm.db": "all of them",
            "crmcore customers region=East tier=key --storage sqlite:///crm.db": "those of a region and a tier",
            "crmcore customers stage=renewal --format json --storage sqlite:///crm.db": "for a program",
        }
    },
)
@click.argument("attributes", nargs=-1, type=ATTRIBUTE, metavar="[ATTRIBUTE=VALUE]...")
@storage_option("Where the customers are, such as sqlite:///crm.db.", required=True)
@organization_option()
@tenant_option()
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many are shown at most."
)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(
    *,
    attributes: tuple[tuple[str, str], ...],
    storage: str,
    path: Path | None,
    tenant: str,
    limit: int,
    format_: str,
) -> None:
    """List the customers on file, and who looks after each.

    ATTRIBUTE is a dimension of the organization, a field of your own, or a field such as stage. The inner name of a
    tree stands for everything below it.
    """
    where = dict(attributes)
    with running(storage, path, tenant) as crm:
        found = crm.customers.find(where, limit=limit)
        total = crm.customers.count(where)
        assigned = _assigned(crm, found.records)
    if format_ == "json":
        rows = [_data(customer, assigned.get(customer.id, ())) for customer in found]
        click.echo(dumped({"version": 1, "total": total, "customers": rows}).encode(), nl=False)
        return
    terminal = Terminal.of()
    parts = _told(found.records, assigned, total)
    click.echo(draw(*parts, terminal=terminal), nl=False, color=terminal.color)


def _assigned(crm: "CRM", customers: "Sequence[Customer]") -> "Mapping[str, list[Assignment]]":
    """Return who looks after some customers, asked at once."""
    from crmcore.customers import Assignment  # noqa: PLC0415 (the help opens no storage)
    from crmcore.storage import Among, Is, Order, Query  # noqa: PLC0415 (as above)

    assigned: dict[str, list[Assignment]] = {}
    where = [Among("customer", [one.id for one in customers]), Is("until", None)]
    with crm.begin(read_only=True) as work:
        for one in work.job.unit.each(Query(Assignment, where=where, order=[Order("role")])):
            assigned.setdefault(one.customer, []).append(one)
    return assigned


def _told(
    customers: "Sequence[Customer]", assigned: "Mapping[str, Sequence[Assignment]]", total: int
) -> Iterator[RenderableType]:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for heading in (say("name"), say("stage"), say("attributes"), say("who looks after it")):
        table.add_column(told(heading), overflow="fold")
    for customer in customers:
        known = ", ".join(f"{name}={value}" for name, value in customer.custom.items())
        people = ", ".join(f"{one.person} ({one.role})" for one in assigned.get(customer.id, ()))
        cells = (customer.name, customer.stage or "", known, people or told(say("nobody")))
        table.add_row(*(Text(visible(cell)) for cell in cells))
    if customers:
        yield table
    ending = say_many(
        "{shown:,} of {count:,} customer", "{shown:,} of {count:,} customers", total, shown=len(customers)
    )
    yield Text(told(ending), "dim" if customers else "")


def _data(customer: "Customer", assigned: "Sequence[Assignment]") -> dict[str, Any]:
    return {
        "id": customer.id,
        "name": customer.name,
        "type": customer.customer_type.value,
        "stage": customer.stage,
        "attributes": {name: str(value) for name, value in customer.custom.items()},
        "assigned": [{"role": one.role, "person": one.person} for one in assigned],
    }

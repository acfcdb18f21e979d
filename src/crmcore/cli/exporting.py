"""`crmcore export`: customers out of a storage into a file."""

from pathlib import Path

import click

from crmcore.cli.imported import FILE, told_lines
from crmcore.cli.on_file import tenant_option
from crmcore.cli.parameters import ATTRIBUTE
from crmcore.cli.running import organization_option, running
from crmcore.cli.taught import Taught
from crmcore.language import say, say_many

__all__ = ["command"]

_EXAMPLES = {
    "crmcore export --from sqlite:///crm.db --output customers.xlsx": "all customers, for Excel",
    "crmcore export region=East --from sqlite:///crm.db --output east.csv": "those of one region",
    "crmcore export --from sqlite:///crm.db --output people.vcf": "for an address book",
}


@click.command("export", cls=Taught, examples={"Examples": _EXAMPLES})
@click.argument("where", nargs=-1, type=ATTRIBUTE)
@click.option(
    "--from",
    "--storage",
    "storage",
    metavar="URL",
    envvar="CRMCORE_STORAGE",
    required=True,
    help="The storage, such as sqlite:///crm.db.",
)
@click.option("--output", type=FILE, required=True, help="A file that ends in .csv, .tsv, .xlsx, .jsonl or .vcf.")
@organization_option()
@tenant_option()
def command(*, where: tuple[tuple[str, str], ...], storage: str, output: Path, path: Path | None, tenant: str) -> None:
    """Write customers into a file: all, or those for which WHERE holds, such as region=East.

    No spreadsheet takes their texts for formulas, and `crmcore import` takes the file in again.
    """
    with running(storage, path, tenant) as crm:
        count = crm.exports.customers(output, dict(where))
    customers = say_many("{count} customer", "{count} customers", count)
    told_lines([say("{customers} written to {file}.", customers=customers, file=click.format_filename(output))])

"""`crmcore export`: customers out of a storage into a file."""

from pathlib import Path

import click

from crmcore.cli.imported import FILE, told_lines
from crmcore.cli.organizations import organization_at
from crmcore.cli.parameters import ATTRIBUTE
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
@click.option("--from", "source", metavar="STORAGE", required=True, help="The storage, such as sqlite:///crm.db.")
@click.option("--output", type=FILE, required=True, help="A file that ends in .csv, .tsv, .xlsx, .jsonl or .vcf.")
@click.option("--organization", type=FILE, help="The organization file; that of this folder if absent.")
@click.option("--tenant", default="main", help="Whose customers they are.")
def command(
    *, where: tuple[tuple[str, str], ...], source: str, output: Path, organization: Path | None, tenant: str
) -> None:
    """Write customers into a file: all, or those for which WHERE holds, such as region=East.

    No spreadsheet takes their texts for formulas, and `crmcore import` takes the file in again.
    """
    from crmcore.crm import CRM  # noqa: PLC0415 (slow to import, and not needed for the help)

    with CRM.open(source, organization=organization_at(organization), tenant=tenant) as crm:
        count = crm.exports.customers(output, dict(where))
    customers = say_many("{count} customer", "{count} customers", count)
    told_lines([say("{customers} written to {file}.", customers=customers, file=click.format_filename(output))])

"""`crmcore raci`: RACI matrices of spreadsheets into an organization, and out of one."""

from pathlib import Path

import click

from crmcore.cli.grouped import Grouped
from crmcore.cli.imported import FILE, begun_with, deliver, told_lines
from crmcore.cli.organizations import organization_at
from crmcore.cli.progress import progress
from crmcore.cli.taught import Taught
from crmcore.language import say
from crmcore.organization.raci import read_raci, write_raci

__all__ = ["command"]

_IMPORTS = {
    "crmcore raci import raci.xlsx --output crmcore.yaml": "begin an organization with the matrix of a workbook",
    "crmcore raci import raci.csv --into crmcore.yaml": "add what is new to an organization",
    "crmcore raci import raci.xlsx --sheet 2026": "see what would come of one sheet",
}
_EXPORTS = {
    "crmcore raci export --output raci.xlsx": "the organization of this folder as a matrix",
    "crmcore raci export crmcore.yaml --output raci.csv --by-scope": "a row for each scope",
}


@click.group("raci", cls=Grouped, examples={"Examples": {**_IMPORTS, **_EXPORTS}})
def command() -> None:
    """Bring RACI matrices from spreadsheets in, and take them out again."""


@command.command(
    "import",
    cls=Taught,
    examples={"Examples": _IMPORTS},
    epilog="Exit status: 0 everything was understood, 1 some cells were not, 2 the sheet or the call cannot be used.",
)
@click.argument("sheet_file", metavar="SHEET", type=FILE)
@click.option("--sheet", help="The sheet of the workbook; the only one with a RACI matrix if absent.")
@click.option("--into", type=FILE, help="The organization that gets what is new; nothing is taken from it.")
@click.option("--output", type=FILE, help="Write the organization here; if absent to --into, else on the screen.")
@click.option("--name", default="", help="The name of a new organization; that of the file if absent.")
def import_(*, sheet_file: Path, sheet: str | None, into: Path | None, output: Path | None, name: str) -> None:
    """Read the RACI matrix of SHEET, a CSV or .xlsx file.

    Rows are touchpoints and columns are roles with R, A, C, I and V in the cells, or columns are duties with roles in
    the cells. What was not understood is told with its cell.
    """
    organization = begun_with(into, output)
    with progress() as bar:
        imported = read_raci(sheet_file, sheet=sheet, into=organization, name=name, progress=bar)
    deliver(imported.organization, imported.report, into, output)


@command.command("export", cls=Taught, examples={"Examples": _EXPORTS})
@click.argument("path", required=False, type=FILE)
@click.option("--output", type=FILE, required=True, help="A file that ends in .xlsx or .csv.")
@click.option("--by-scope", is_flag=True, help="Give each scope a row of its own, instead of a line in the cells.")
def export(*, path: Path | None, output: Path, by_scope: bool) -> None:
    """Write the duties of the organization at PATH as a RACI matrix.

    It can be read again by `crmcore raci import`: scopes, priorities and dates are in it.
    """
    organization = organization_at(path)
    told_lines(write_raci(organization, output, by_scope=by_scope))
    told_lines([say("Written to {file}.", file=click.format_filename(output))])

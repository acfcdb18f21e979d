"""`crmcore people`: people and departments out of a personnel system into an organization."""

from pathlib import Path
from typing import Any, get_args

import click

from crmcore.cli.grouped import Grouped
from crmcore.cli.imported import FILE, begun_with, deliver, told_lines
from crmcore.cli.progress import progress
from crmcore.cli.taught import Taught
from crmcore.errors import nearest
from crmcore.language import listed, say, told
from crmcore.organization.spreadsheets import read_grid
from crmcore.organization.staff_lists import (
    FIELDS,
    DateOrder,
    import_staff,
    looks_like_staff,
    read_mapping,
    write_mapping,
)

__all__ = ["command"]

_IMPORTS = {
    "crmcore people import staff.xlsx --output crmcore.yaml": "begin an organization with its people",
    "crmcore people import staff.csv --into crmcore.yaml --roles": "add people, and what they hold by their positions",
    "crmcore people import staff.csv --map name=姓名 --map manager=汇报人": "say which column is which",
    "crmcore people import staff.csv --save-mapping hr.json": "remember it for the next export",
    "crmcore people import staff.csv --mapping hr.json": "use what was remembered",
}


class FieldHeading(click.ParamType[tuple[str, str]]):
    """A field of a person, and what the sheet calls its column."""

    name = "field=heading"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """Read `name=姓名`; nothing behind the sign leaves the field out."""
        if isinstance(value, tuple):
            return value
        field, equals, heading = value.partition("=")
        if not equals:
            message = say("{text!r} is no column: write a field, = and its heading, such as name=姓名.", text=value)
            self.fail(told(message), param, ctx)
        if field not in FIELDS:
            near = nearest(field, FIELDS)
            unknown = say("there is no field {field!r}; the fields are {fields}.", field=field, fields=listed(FIELDS))
            if near is not None:
                unknown = say("there is no field {field!r}; did you mean {near}?", field=field, near=near)
            self.fail(told(unknown), param, ctx)
        return field, heading


@click.group("people", cls=Grouped, examples={"Examples": _IMPORTS})
def command() -> None:
    """Bring people and departments in from a personnel system."""


@command.command(
    "import",
    cls=Taught,
    examples={"Examples": _IMPORTS},
    epilog="Exit status: 0 everything was understood, 1 some cells were not, 2 the sheet or the call cannot be used.",
)
@click.argument("sheet_file", metavar="SHEET", type=FILE)
@click.option("--sheet", help="The sheet of the workbook; the only one with people if absent.")
@click.option("--map", "maps", type=FieldHeading(), multiple=True, help="The heading of a field; the rest is guessed.")
@click.option("--mapping", type=FILE, help="Headings that were saved; --map comes before them.")
@click.option("--save-mapping", type=FILE, help="Save which heading was taken for which field.")
@click.option(
    "--dates", type=click.Choice(get_args(DateOrder)), help="What comes first in dates; decided by the column."
)
@click.option("--roles", is_flag=True, help="Make a role of each position, held by those who have it.")
@click.option("--into", type=FILE, help="The organization that gets what is new; nothing is taken from it.")
@click.option("--output", type=FILE, help="Write the organization here; if absent to --into, else on the screen.")
@click.option("--name", default="", help="The name of a new organization; that of the file if absent.")
def import_(
    *,
    sheet_file: Path,
    sheet: str | None,
    maps: tuple[tuple[str, str], ...],
    mapping: Path | None,
    save_mapping: Path | None,
    dates: DateOrder | None,
    roles: bool,
    into: Path | None,
    output: Path | None,
    name: str,
) -> None:
    """Read the people of SHEET, a CSV or .xlsx file that a personnel system exported.

    Columns are found by their headings in English or Chinese: number, name, department, manager, position, level,
    email, start, end, status. What was not understood is told with its cell.
    """
    organization = begun_with(into, output)
    headings = {**({} if mapping is None else read_mapping(mapping)), **dict(maps)}
    with progress() as bar:
        grid = read_grid(sheet_file, sheet=sheet, fits=looks_like_staff, progress=bar)
        imported = import_staff(
            grid,
            mapping=headings,
            into=organization,
            name=name or sheet_file.stem,
            roles=roles,
            dates=dates,
            progress=bar,
        )
    told_lines([say("The columns were taken for:"), *imported.columns.lines()])
    if save_mapping is not None:
        write_mapping(save_mapping, imported.columns.headings)
    deliver(imported.organization, imported.report, into, output)

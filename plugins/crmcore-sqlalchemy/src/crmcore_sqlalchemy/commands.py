"""`crmcore db`: the database of a CRM is brought up to date, looked at, moved and kept safe."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from tempfile import mkstemp
from typing import IO

import click

from crmcore.cli.grouped import Grouped
from crmcore.cli.progress import progress
from crmcore.cli.taught import Taught
from crmcore.crm import CRM
from crmcore.language import Phrase, listed, say, say_many, told
from crmcore.organization import Organization
from crmcore.plugins import Registry
from crmcore.storage import InvalidExport, Kinds, StorageUnavailable, kinds_of_export, read_export, write_export
from crmcore_sqlalchemy.backups import back_up
from crmcore_sqlalchemy.databases import Database
from crmcore_sqlalchemy.storage import SQLStorage

__all__ = ["command"]

_FILE = click.Path(path_type=Path, dir_okay=False)
_URL = click.option(
    "--storage",
    "url",
    required=True,
    metavar="URL",
    envvar="CRMCORE_STORAGE",
    help="The database, such as sqlite:///crm.db; CRMCORE_STORAGE if absent.",
)
_TENANTS = click.option("--tenant", "tenants", multiple=True, help="Only this tenant; may be repeated.")

_EXAMPLES = {
    "crmcore db check --storage sqlite:///crm.db": "is the schema up to date, and is the file whole?",
    "crmcore db upgrade crmcore.yaml --storage sqlite:///crm.db": "add what this program and this organization need",
    "crmcore db backup crm-copy.db --storage sqlite:///crm.db": "a copy, while others work on",
    "crmcore db export all.jsonl --storage sqlite:///crm.db": "everything, as lines of JSON",
    "crmcore db import all.jsonl --storage postgresql://crm@db/crm": "into another database",
}


@click.group("db", cls=Grouped, examples={"Examples": _EXAMPLES})
def command() -> None:
    """Bring the database of a CRM up to date, look at it, move it, and keep it safe."""


@command.command(
    "check",
    cls=Taught,
    examples={"Examples": {"crmcore db check --storage sqlite:///crm.db": "is anything to be done?"}},
    epilog="Exit status: 0 all is well, 1 something is to be done, 2 the database cannot be reached.",
)
@_URL
def check(*, url: str) -> None:
    """Say whether the schema of a database is up to date, and whether what is in it is whole."""
    with _opened(url) as database:
        state = database.state()
        for line in state.lines():
            click.echo(told(line))
    if not state.well:
        raise click.exceptions.Exit(1)


@command.command(
    "upgrade",
    cls=Taught,
    examples={
        "Examples": {
            "crmcore db upgrade --storage sqlite:///crm.db": "after an update of crmcore or of a plugin",
            "crmcore db upgrade crmcore.yaml --storage sqlite:///crm.db": "before an organization with new dimensions",
        }
    },
)
@click.argument("path", required=False, type=click.Path(path_type=Path))
@_URL
def upgrade(*, path: Path | None, url: str) -> None:
    """Add the tables and fields that are missing; nothing is removed.

    PATH is an organization: its dimensions become fields of the customers.
    """
    organization = None if path is None else Organization.read(path)
    with _opened(url, organization, new=True) as database:
        added = database.schema.upgrade()
        click.echo(told(say("Added: {names}.", names=listed(added)) if added else say("Nothing was missing.")))


@command.command(
    "export",
    cls=Taught,
    examples={"Examples": {"crmcore db export acme.jsonl --tenant acme --storage sqlite:///crm.db": "one tenant"}},
)
@click.argument("output", type=_FILE)
@_URL
@_TENANTS
def export(*, output: Path, url: str, tenants: tuple[str, ...]) -> None:
    """Write every record to OUTPUT as lines of JSON, as it all was at one moment.

    What is written can be imported into a database of any sort. It holds everything that is on file: keep it as safe as
    the database.
    """
    with _opened(url) as database, database.whole() as storage, _fresh(output) as file:
        _write(storage, file, tenants)


@command.command(
    "import",
    cls=Taught,
    examples={"Examples": {"crmcore db import all.jsonl --storage sqlite:///new.db": "a database from an export"}},
)
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@_URL
def import_(*, source: Path, url: str) -> None:
    """Add the records of an export to a database: each tenant as a whole, or nothing of it.

    The company's own fields are added with them. What is there already as FILE has it is passed over, so that an import
    that was interrupted is run again.
    """
    with source.open(encoding="utf-8", newline="\n") as file:
        first = _readable(file)
        with _opened(url, first=first, new=True) as database, progress() as bar:
            database.schema.upgrade()
            with database.storage() as storage:
                added = read_export(storage, chain([first], file), progress=bar)
    _tell_counts(added, lambda tenant, records: say("{tenant}: {records} added.", tenant=tenant, records=records))


@command.command(
    "backup",
    cls=Taught,
    examples={"Examples": {"crmcore db backup crm-copy.db --storage sqlite:///crm.db": "a copy of the file"}},
)
@click.argument("output", type=_FILE)
@_URL
def backup(*, output: Path, url: str) -> None:
    """Copy a database to OUTPUT while others work on: all of it, as it was at one moment.

    Of SQLite this is a database like the first. Of a server it is an export, for `crmcore db import`.
    """
    with _opened(url) as database, progress() as bar:
        if database.is_file:
            with _in_place_of(output) as file:
                back_up(database.engine, file, progress=bar)
            click.echo(told(say("Copied to {file}.", file=click.format_filename(output))))
            return
        with database.whole() as storage, _fresh(output) as text:
            _write(storage, text, ())


@contextmanager
def _opened(
    url: str, organization: Organization | None = None, *, first: str | None = None, new: bool = False
) -> Iterator[Database]:
    """Open a database with all kinds that are installed, and the company's own fields that it has already.

    Args:
        url: of the database.
        organization: whose dimensions are fields of customers.
        first: the first line of an export, whose fields are needed.
        new: whether a file may be made where none is.
    """
    registry = Registry.installed()
    kinds = registry.kinds if organization is None else CRM.kinds(organization, plugins=registry)
    known = Kinds(kinds.values()) if first is None else kinds_of_export(first, kinds.values())
    with Database.open(url, known, new=new) as database:
        yield database


def _write(storage: SQLStorage, file: IO[str], tenants: tuple[str, ...]) -> None:
    names = tenants or storage.tenants()
    if names is None:
        raise StorageUnavailable(
            say("the database does not let this user see which tenants there are: name them with --tenant")
        )
    with storage.snapshot() as moment, progress() as bar:
        written = write_export(moment, file, tenants=names, progress=bar)
    _tell_counts(written, lambda tenant, records: say("{tenant}: {records} written.", tenant=tenant, records=records))


def _tell_counts(counts: Mapping[str, int], words: Callable[[str, Phrase], Phrase]) -> None:
    for tenant, count in counts.items():
        click.echo(told(words(tenant, say_many("{count:,} record", "{count:,} records", count))))


def _readable(file: IO[str]) -> str:
    """Return the first line of an export, read as far as lines of an export go."""
    try:
        return file.readline()
    except UnicodeDecodeError:
        raise InvalidExport(1, say("it is no text in UTF-8")) from None


@contextmanager
def _in_place_of(output: Path) -> Iterator[Path]:
    """Give a file beside the one that is wanted, which takes its place once it is whole; only its owner reads it."""
    if output.exists():
        message = say("{file} is there already: give another name.", file=click.format_filename(output))
        raise click.BadParameter(told(message), param_hint="OUTPUT")
    handle, name = mkstemp(dir=output.parent, prefix=f".{output.name}.")
    os.close(handle)
    try:
        yield Path(name)
        with open(name, "rb+") as written:  # noqa: PTH123 (it is made to last, whatever it is)
            os.fsync(written.fileno())
        os.replace(name, output)  # noqa: PTH105 (as above)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def _fresh(output: Path) -> Iterator[IO[str]]:
    with _in_place_of(output) as path, path.open("w", encoding="utf-8", newline="\n") as file:
        yield file

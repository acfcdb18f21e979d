"""`crmcore import`: files of customers looked at, tried, brought in and taken back."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from crmcore.cli.failures import Failure
from crmcore.cli.harmless import visible
from crmcore.cli.imported import FILE, told_lines
from crmcore.cli.on_file import tenant_option
from crmcore.cli.organizations import organization_at
from crmcore.cli.progress import progress
from crmcore.cli.running import organization_option, running
from crmcore.cli.taught import Taught
from crmcore.language import say, told
from crmcore.organization import Organization
from crmcore.organization.reading.sources import MAIN_FILES

if TYPE_CHECKING:
    from crmcore.crm import CRM
    from crmcore.importing import ColumnMapping, Examination, Outcome, Seen, Target, TypedRow

__all__ = ["command"]

_EXAMPLES = {
    "crmcore import customers.csv": "see how a file is understood; nothing is written",
    "crmcore import customers.xlsx --into sqlite:///crm.db --dry-run": "see what would become of each row",
    "crmcore import customers.csv --into sqlite:///crm.db --rejected again.csv": "bring it in",
    "crmcore import customers.csv --format 日期=month-first --save-mapping a.yaml": "keep what you decided",
    "crmcore import --undo 01a21e36-2c94 --into sqlite:///crm.db": "take an import back",
}
_SHOWN: Final = 20


@click.command(
    "import",
    cls=Taught,
    examples={"Examples": _EXAMPLES},
    epilog="Exit status: 0 all rows are in, 1 some were rejected, 2 the file or the call cannot be used.",
)
@click.argument("file", required=False, type=FILE)
@click.option(
    "--into",
    "--storage",
    "storage",
    metavar="URL",
    help="The storage, such as sqlite:///crm.db; if absent the file is looked at only.",
)
@organization_option()
@tenant_option()
@click.option("--mapping", "mapping_file", type=FILE, help="Which column goes where; guessed if absent.")
@click.option("--save-mapping", type=FILE, help="Keep which column goes where in this file, YAML or JSON.")
@click.option("--map", "maps", metavar="FIELD=COLUMN", multiple=True, help="A column for a field; empty for none.")
@click.option(
    "--format",
    "formats",
    metavar="COLUMN=FORMAT",
    multiple=True,
    help="How a column is written: day-first, month-first, . or , before decimals.",
)
@click.option("--encoding", default="", help="The encoding of the file, such as utf-8 or gb18030.")
@click.option("--delimiter", default="", help="What separates its cells.")
@click.option("--header", type=click.IntRange(min=0), help="The row that names the columns, from 1; 0 for none.")
@click.option("--sheet", default="", help="The sheet of a workbook.")
@click.option("--region", default="CN", help="The country of rows that name none, by its two letters.")
@click.option(
    "--duplicates",
    type=click.Choice(["skip", "update", "ask"]),
    default="ask",
    help="What to do with customers that are there already.",
)
@click.option(
    "--alike",
    type=click.FloatRange(0.5, 1),
    default=0.99,
    show_default=True,
    metavar="SCORE",
    help="From which score on a row that resembles a customer is of that customer.",
)
@click.option("--compare/--no-compare", default=True, help="Whether rows are compared with customers at all.")
@click.option("--dry-run", is_flag=True, help="Tell what would become of each row, and write nothing.")
@click.option("--report", type=FILE, help="Write what became of each row into this file.")
@click.option("--rejected", type=FILE, help="Write rejected rows into this file, with what is wrong beside.")
@click.option("--assign/--no-assign", default=True, help="Whether new customers are assigned at once.")
@click.option("--again", is_flag=True, help="Import a file once more that was imported before.")
@click.option("--undo", metavar="IMPORT", help="Take an import back, by its id.")
@click.option("--keep-changed", is_flag=True, help="Take back only what was not changed or used since.")
def command(**call: Any) -> None:
    """Bring the customers of FILE in: CSV, Excel, JSON lines, vCard, and what plugins read.

    Without a storage, how the file is understood is shown: its encoding, its columns with their types, where they go,
    and what is odd. An import that was stopped goes on where it was when it is called again.
    """
    if call["undo"]:
        _undo(call)
    elif call["file"] is None:
        raise Failure(told(say("Error: name a file, or an import to take back with --undo.")))
    else:
        _import(call)


@contextmanager
def _open(call: dict[str, Any]) -> "Iterator[CRM]":
    """Open the CRM; to look at a file, neither a storage nor a company is needed."""
    from crmcore.crm import CRM  # noqa: PLC0415 (slow to import, and not needed for the help)

    if call["storage"]:
        with running(call["storage"], call["path"], call["tenant"]) as crm:
            yield crm
        return
    here = call["path"] is not None or any(Path(name).exists() for name in MAIN_FILES)
    organization = organization_at(call["path"]) if here else Organization("-")
    with CRM.open("memory:", organization=organization, tenant=call["tenant"]) as crm:
        yield crm


def _undo(call: dict[str, Any]) -> None:
    if not call["storage"]:
        raise Failure(told(say("Error: name the storage with --into.")))
    with _open(call) as crm, progress() as bar:
        undone = crm.imports.undo(call["undo"], keep_changed=call["keep_changed"], progress=bar)
    told_lines(undone.lines())
    if undone.kept:
        raise click.exceptions.Exit(1)


def _import(call: dict[str, Any]) -> None:
    from crmcore.importing import write_mapping  # noqa: PLC0415 (slow to import, and not needed for the help)

    with _open(call) as crm:
        target = crm.imports.target()
        examination, mapping = _understood(crm, target, call)
        if call["save_mapping"] is not None:
            write_mapping(mapping, call["save_mapping"])
        if not call["storage"]:
            for line in (*examination.lines(), "", *mapping.lines()):
                click.echo(visible(told(line)))
        elif call["dry_run"]:
            _try(crm, examination, mapping, call)
        else:
            _run(crm, examination, mapping, call)


def _understood(crm: "CRM", target: "Target", call: dict[str, Any]) -> "tuple[Examination, ColumnMapping]":
    """Return how the file is understood: by a mapping that is kept, or guessed, with what the call says of it."""
    from attrs import evolve  # noqa: PLC0415 (as above)

    from crmcore.importing import Layout, guess_mapping, read_mapping  # noqa: PLC0415 (as above)

    said = {name: call[name] for name in ("encoding", "delimiter", "header", "sheet") if call[name] not in ("", None)}
    kept = read_mapping(call["mapping_file"], target) if call["mapping_file"] is not None else None
    layout = evolve(kept.layout if kept is not None else Layout(), **said)
    with progress() as bar:
        examination = crm.imports.examine(call["file"], layout, progress=bar)
    mapping = evolve(kept, layout=examination.layout) if kept is not None else guess_mapping(examination, target)
    if kept is not None:
        told_lines(kept.difference(examination.table.columns).lines())
    mapping = mapping.with_routes(_routes(call["maps"], target))
    return examination, _formatted(mapping, examination, target, dict(_pairs(call["formats"])))


def _pairs(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    for text in texts:
        left, equals, right = text.rpartition("=") if text.endswith(("=.", "=,")) else text.partition("=")
        if not left or not equals:
            raise Failure(told(say("Error: {text!r} wants a name, = and a value.", text=text)))
        yield left, right


def _routes(maps: Iterable[str], target: "Target") -> "Iterator[Any]":
    from crmcore.importing import Route  # noqa: PLC0415 (slow to import, and not needed for the help)

    for name, column in _pairs(maps):
        target.field(name)
        yield Route(name, (column,) if column else ())


def _formatted(
    mapping: "ColumnMapping", examination: "Examination", target: "Target", formats: dict[str, str]
) -> "ColumnMapping":
    """Return a mapping with how columns are written, as the call says it."""
    from attrs import evolve  # noqa: PLC0415 (as above)

    for column, text in formats.items():
        examination.column(column)
        changes: dict[str, Any] = {"decimal": text} if text in (".", ",") else {"dates": text}
        if text not in (".", ",", "day-first", "month-first"):
            raise Failure(told(say("Error: a format is day-first, month-first, . or , and not {text!r}.", text=text)))
        routes = [
            evolve(route, format=evolve(route.format or target.field(route.to).format, **changes))
            if column in route.columns
            else route
            for route in mapping.routes
        ]
        mapping = evolve(mapping, routes=routes)
    return mapping


def _alike(call: dict[str, Any]) -> float | None:
    """Return from which score on a row is of a customer that it resembles; None where nothing is compared."""
    return call["alike"] if call["compare"] else None


def _try(crm: "CRM", examination: "Examination", mapping: "ColumnMapping", call: dict[str, Any]) -> None:
    from crmcore.customers.duplicates import can_compare  # noqa: PLC0415 (slow to import, and not needed for the help)
    from crmcore.importing.outcomes import not_compared  # noqa: PLC0415 (as above)

    counts: Counter[Any] = Counter()
    with progress() as bar:
        outcomes = crm.imports.preview(
            call["file"],
            mapping,
            duplicates=call["duplicates"],
            alike=_alike(call),
            region=call["region"],
            progress=bar,
        )
        _reported(_shown(outcomes, counts), call["report"])
    told_lines(mapping.lines())
    told_lines([_counted(examination.table.file, counts)])
    if call["compare"] and not can_compare():
        told_lines([not_compared()])
    if counts["reject"]:
        raise click.exceptions.Exit(1)


def _counted(file: str, counts: "Counter[Any]") -> str:
    known = {"added": counts["add"], "updated": counts["update"], "skipped": counts["skip"]}
    return say(
        "{file}: {added} would be new, {updated} changed, {skipped} skipped, {rejected} rejected",
        file=file,
        rejected=counts["reject"],
        **known,
    )


def _shown(outcomes: "Iterable[Outcome]", counts: "Counter[Any]") -> "Iterator[Outcome]":
    """Pass outcomes on, and print the first ones that somebody should look at."""
    shown = 0
    for outcome in outcomes:
        counts[outcome.action.value] += 1
        if outcome.reasons or outcome.because:
            shown += 1
            if shown <= _SHOWN:
                click.echo(visible(told(outcome.phrase())))
        yield outcome
    if shown > _SHOWN:
        click.echo(told(say("… and {count} more; --report FILE writes all of them", count=shown - _SHOWN)))


def _reported(outcomes: "Iterable[Outcome]", path: Path | None) -> None:
    """Write what became of each row into a file, or only go through them."""
    from crmcore.importing import export  # noqa: PLC0415 (slow to import, and not needed for the help)

    columns = ("line", "action", "name", "customer", "recognised by", "score", "resembles", "remarks")
    rows = (
        [
            one.line,
            one.action.value,
            one.name,
            one.customer,
            one.because,
            "" if one.seen is None else f"{one.score:.3f}",
            told(one.seen.phrase()) if one.seen is not None and one.seen.likeness else "",
            "; ".join(told(reason.phrase()) for reason in one.reasons),
        ]
        for one in outcomes
    )
    if path is None:
        for _ in rows:
            pass
    else:
        export(rows, path, columns)


def _run(crm: "CRM", examination: "Examination", mapping: "ColumnMapping", call: dict[str, Any]) -> None:
    from crmcore.importing import write_rejected  # noqa: PLC0415 (slow to import, and not needed for the help)

    counts: Counter[Any] = Counter()
    outcomes: list[Outcome] = []
    asking: Any = _ask if call["duplicates"] == "ask" and sys.stdin.isatty() else None
    with progress() as bar:
        summary = crm.imports.run(
            call["file"],
            mapping,
            duplicates=call["duplicates"],
            ask=asking,
            assign=call["assign"],
            again=call["again"],
            alike=_alike(call),
            region=call["region"],
            each=outcomes.append if call["report"] is not None else _printer(counts),
            progress=bar,
        )
    if call["report"] is not None:
        _reported(_shown(outcomes, counts), call["report"])
    if call["rejected"] is not None and summary.run.rejected:
        rejected = crm.imports.rejected(summary.run, call["file"], mapping)
        write_rejected(rejected, examination.table, call["rejected"])
    told_lines(summary.lines())
    if summary.run.rejected:
        raise click.exceptions.Exit(1)


def _printer(counts: "Counter[Any]") -> Any:
    """Return what prints the first outcomes that somebody should look at."""

    def print_one(outcome: "Outcome") -> None:
        if outcome.reasons or outcome.because == "alike":
            counts["shown"] += 1
            if counts["shown"] <= _SHOWN:
                click.echo(visible(told(outcome.phrase())))

    return print_one


def _ask(row: "TypedRow", seen: "Seen") -> str:
    """Ask what to do with a row whose customer is there, or perhaps is."""
    if seen.likeness:
        known = {"name": visible(str(row.values["name"])), "other": visible(told(seen.phrase()))}
        question = say("line {line}: {name} is perhaps {other}: skip, update or add?", line=row.line, **known)
        likely: str = click.prompt(told(question), type=click.Choice(["skip", "update", "add"]), default="skip")
        return likely
    customer = seen.customer
    known = {"name": visible(str(row.values["name"])), "other": visible(customer.name), "id": visible(customer.id)}
    question = say("line {line}: {name} is there as {other} ({id}): skip or update?", line=row.line, **known)
    answer: str = click.prompt(told(question), type=click.Choice(["skip", "update"]), default="skip")
    return answer

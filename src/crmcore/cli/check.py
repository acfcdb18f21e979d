"""`crmcore check`: prove an organization, and report what does not hold."""

import sys
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from crmcore.checks.baseline import apply, read_baseline, write_baseline
from crmcore.checks.findings import Report, Severity
from crmcore.checks.population import with_customers
from crmcore.checks.running import selected
from crmcore.cli.formats import FORMATS, Options, write
from crmcore.cli.installed import installed_checks
from crmcore.cli.on_file import customers_on_file, organization_given, storage_option, tenant_option
from crmcore.cli.parameters import CODES, DAY, PERSON
from crmcore.cli.progress import progress
from crmcore.cli.taught import Taught
from crmcore.cli.terminal import PLAIN, Terminal
from crmcore.language import joined, listed, say, say_many, told
from crmcore.organization import Organization

if TYPE_CHECKING:
    from crmcore.checks.decision_tables import DecisionTables
    from crmcore.customers import Population

__all__ = ["command"]

_NEVER: Final = "never"
_THRESHOLDS: Final = [*(severity.value for severity in Severity), _NEVER]
_FILE = click.Path(path_type=Path)


@click.command(
    "check",
    cls=Taught,
    examples={
        "Examples": {
            "crmcore check": "crmcore.yaml of this folder, today",
            "crmcore check company.yaml --until 2026-12-31": "does cover last to the end of the year?",
            "crmcore check company.yaml --without wang.wei": "what opens when this person leaves?",
            "crmcore check company.yaml --select COV,JRN304": "some checks only",
            "crmcore check company.yaml --format github": "annotate a pull request",
            "crmcore check company.yaml --storage sqlite:///crm.db": "how many customers on file sit in each gap?",
        },
        "Begin with what you have, and let nothing new in": {
            "crmcore check company.yaml --write-baseline known.json": "",
            "crmcore check company.yaml --baseline known.json": "",
        },
    },
    epilog="Exit status: 0 nothing is as bad as --fail-on, 1 something is, 2 the file or the call cannot be used.",
)
@click.argument("path", required=False, type=_FILE)
@click.option("--on", type=DAY, help="The first day of the proof; today in the company's timezone if absent.")
@click.option("--until", type=DAY, help="The last day of the proof; the first if absent.")
@click.option("--select", type=CODES, multiple=True, help="Run these checks only: codes or beginnings, as COV,JRN301.")
@click.option("--ignore", type=CODES, multiple=True, help="Leave these checks out.")
@click.option("--without", type=PERSON, multiple=True, help="Reckon with this person as gone; may be repeated.")
@click.option("--format", "format_", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@click.option("--output", type=_FILE, help="Write the report to this file.")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    help="Findings of one check that text shows; 0 for all.",
)
@storage_option("Count the customers on file that each finding is about, such as those in sqlite:///crm.db.")
@tenant_option()
@click.option("--baseline", type=_FILE, help="Known findings, that are not reported.")
@click.option("--write-baseline", "new_baseline", type=_FILE, help="Write all findings down as known, and do no more.")
@click.option(
    "--fail-on",
    type=click.Choice(_THRESHOLDS),
    default=Severity.ERROR.value,
    show_default=True,
    help="The least severity that makes the exit status 1.",
)
def command(
    *,
    path: Path | None,
    on: date | None,
    until: date | None,
    select: tuple[tuple[str, ...], ...],
    ignore: tuple[tuple[str, ...], ...],
    without: tuple[str, ...],
    format_: str,
    output: Path | None,
    limit: int,
    storage: str | None,
    tenant: str,
    baseline: Path | None,
    new_baseline: Path | None,
    fail_on: str,
) -> None:
    """Prove the organization at PATH over every possible customer: where does nobody answer?

    PATH is a YAML, JSON or TOML file, or a folder with crmcore.yaml and its tables; if absent ./crmcore.yaml, else what
    was adopted in the storage.

    Of a DMN file, each decision table is proven over all values of its inputs: where does no rule match, or too many?
    """
    for written in (output, new_baseline):
        if path is not None and written is not None and written.exists() and written.samefile(path):
            message = say("{file} is the organization: it would be overwritten.", file=click.format_filename(written))
            raise click.UsageError(told(message))
    wanted, unwanted, checks = _flat(select), _flat(ignore), installed_checks()
    ran = {check.code for check in selected(checks, wanted, unwanted)}
    known = None if baseline is None else read_baseline(baseline)
    organization: Organization | DecisionTables
    if path is not None and path.suffix.lower() == ".dmn":
        organization, run = _decision_tables(path)
        ran &= run
    else:
        organization = organization_given(path, storage, tenant, on)
    on = on or organization.today()
    if until is not None and until < on:
        message = say("{until} comes before the first day, {on}.", until=until, on=on)
        raise click.BadParameter(told(message), param_hint="--until")
    population = None if storage is None else _on_file(storage, tenant, organization, on)
    prove: Callable[..., Report] = organization.check
    if population is not None:
        prove = partial(prove, load=population.loads)
    with progress() as bar:
        report = prove(on=on, until=until, select=wanted, ignore=unwanted, without=without, progress=bar, checks=checks)
    if population is not None and isinstance(organization, Organization):
        report = with_customers(report, organization, population.counts)
    if new_baseline is not None:
        _write_down(report, new_baseline)
        return
    if known is not None:
        report = apply(report, known, ran=ran)
    options = Options(
        limit=limit,
        fail_on=None if fail_on == _NEVER else Severity(fail_on),
        terminal=Terminal.of() if output is None else PLAIN,
    )
    _deliver(write(format_, report, options), output, options.terminal)
    if any(map(options.fails, report.findings)):
        raise click.exceptions.Exit(1)


def _on_file(url: str, tenant: str, organization: "Organization | DecisionTables", on: date) -> "Population":
    """Count the customers on file."""
    if not isinstance(organization, Organization):
        raise click.UsageError(told(say("Decision tables know no customers: leave --storage away.")))
    return customers_on_file(url, tenant, organization, on)


def _decision_tables(path: Path) -> "tuple[DecisionTables, set[str]]":
    """Read the tables of a DMN file, say which checks are run, and return their codes."""
    from crmcore.checks.decision_tables import TABLE_CHECKS, DecisionTables  # noqa: PLC0415 (few files are DMN)

    tables = DecisionTables.read(path)
    message = say(
        "Decision tables: {codes} are run, where a table is a touchpoint and a rule a duty; the other checks are about "
        "people and journeys.",
        codes=joined(TABLE_CHECKS),
    )
    click.echo(told(message), err=True)
    for table in tables.tables:
        if table.assumed:
            assumed = say(
                "{table}: nothing says what {inputs} can be; it is taken to be one of the texts that the rules name.",
                table=table.name,
                inputs=listed(table.assumed.values()),
            )
            click.echo(told(assumed), err=True)
    return tables, set(TABLE_CHECKS)


def _flat(codes: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(code for some in codes for code in some)


def _write_down(report: Report, path: Path) -> None:
    written = write_baseline(report, path)
    message = say_many(
        "{count} known finding written to {file}.",
        "{count} known findings written to {file}.",
        written,
        file=click.format_filename(path),
    )
    click.echo(told(message), err=True)


def _deliver(text: str, output: Path | None, terminal: Terminal) -> None:
    """Write the report where it is wanted: machines read UTF-8, whatever the terminal's own encoding is."""
    encoded = text.encode("utf-8", "backslashreplace")
    if output is not None:
        output.write_bytes(encoded)
    elif sys.stdout.isatty():
        click.echo(text, nl=False, color=terminal.color)
    else:
        click.echo(encoded, nl=False)

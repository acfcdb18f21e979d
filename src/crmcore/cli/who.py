"""`crmcore who`: ask who answers for one customer in contact, and why."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, get_args

import click
from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from crmcore.cli.drawing import draw
from crmcore.cli.formats.json_report import dumped
from crmcore.cli.formats.text import aligned
from crmcore.cli.harmless import visible
from crmcore.cli.organizations import organization_at
from crmcore.cli.parameters import ATTRIBUTE, DAY, TOUCHPOINT
from crmcore.cli.taught import Taught
from crmcore.cli.terminal import Terminal
from crmcore.organization import STAGE, Number, Organization, Person
from crmcore.organization.model import DutyKind
from crmcore.responsibility import Question, Resolution

__all__ = ["answered", "command"]


@click.command(
    "who",
    cls=Taught,
    examples={
        "Examples": {
            "crmcore who crmcore.yaml renewal-call region=Sichuan tier=key": "who is accountable?",
            "crmcore who crmcore.yaml contract-signing tier=strategic --duty veto": "who may stop it?",
            "crmcore who crmcore.yaml complaint channel=phone --stage active --on 2026-12-24": "on another day",
        }
    },
    epilog="Exit status: 0 someone answers, 1 nobody does, 2 the file or the question cannot be used.",
)
@click.argument("path", type=click.Path(path_type=Path))
@click.argument("touchpoint", type=TOUCHPOINT)
@click.argument("attributes", nargs=-1, type=ATTRIBUTE, metavar="[ATTRIBUTE=VALUE]...")
@click.option("--duty", type=click.Choice(get_args(DutyKind)), default="accountable", show_default=True)
@click.option("--stage", help="The stage of the lifecycle that the customer is in.")
@click.option("--on", type=DAY, help="The day; today in the company's timezone if absent.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(
    *,
    path: Path,
    touchpoint: str,
    attributes: tuple[tuple[str, str], ...],
    duty: DutyKind,
    stage: str | None,
    on: date | None,
    format_: str,
) -> None:
    """Ask who answers at TOUCHPOINT for one customer, by the organization at PATH, and why.

    Say of the customer what decides the answer; when something is missing, crmcore says what.
    """
    organization = organization_at(path)
    given = dict(attributes)
    stage = given.pop(STAGE, None) if stage is None else stage
    customer, contact = _sorted_out(organization, given)
    question = Question(touchpoint, duty=duty, customer=customer, contact=contact, stage=stage, day=on)
    resolution = organization.who(question)
    if format_ == "json":
        click.echo(dumped(resolution.to_dict()).encode(), nl=False)
    else:
        terminal = Terminal.of()
        click.echo(draw(*answered(organization, resolution), terminal=terminal), nl=False, color=terminal.color)


def _sorted_out(organization: Organization, given: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the attributes of the customer and those of the contact; a number where one is wanted."""
    dimensions = {dimension.id: dimension for dimension in organization.dimensions}
    customer: dict[str, Any] = {}
    contact: dict[str, Any] = {}
    for name, text in given.items():
        dimension = dimensions.get(name)
        attributes = contact if dimension is not None and dimension.of == "contact" else customer
        attributes[name] = _number(text) if dimension is not None and isinstance(dimension.domain, Number) else text
    return customer, contact


def _number(text: str) -> float | str:
    """Return the number that a text is; what is none stays text, and is refused by whoever wants a number."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def answered(organization: Organization, resolution: Resolution) -> tuple[RenderableType, ...]:
    """Return an answer as people read it: who, by which role, for which reasons, and who hears of it next."""
    role = _named(resolution.role.id, resolution.role.label)
    if resolution.person is not None:
        heading = f"{_person(resolution.person)} answers, as {role}"
    else:
        people = ", ".join(map(_person, resolution.pool))
        heading = f"one of {len(resolution.pool)} answers, as {role}: {people}"
    rows = [(label, words) for label, words in _reasons(organization, resolution) if words]
    return Text(visible(heading), "bold"), Padding.indent(aligned(rows), 2)


def _reasons(organization: Organization, resolution: Resolution) -> Iterator[tuple[str, str]]:
    labels = {touchpoint.id: touchpoint.label for touchpoint in organization.touchpoints}
    touchpoint = resolution.touchpoint
    yield "touchpoint", f"{_named(touchpoint, labels.get(touchpoint, ''))}, {resolution.duty}"
    yield "by the duty", str(resolution.rule.place)
    yield "by the staffing", str(resolution.staffing.place)
    if len(resolution.pool) > 1:
        yield "one of the pool", f"chosen {resolution.assign}"
    for change in resolution.replaced:
        by = "nobody stands in" if change.by is None else f"{_person(change.by)} stands in"
        yield "replaced", f"{_person(change.holder)} {change.reason}; {by}"
    for duty in resolution.conflicts:
        yield "conflicts with", f"{duty.role}, by the duty at {duty.place}: as much accountable as the winner"
    for loser in resolution.losers:
        yield "not", f"{loser.rule.role}, by the duty at {loser.rule.place}: {loser.reason}"
    yield "backup", _ids(resolution.staffing.backup)
    yield "then", "; ".join(f"after {step.after} {step.to}" for step in resolution.escalation)


def _ids(ids: Iterable[str]) -> str:
    return ", ".join(ids)


def _person(person: Person) -> str:
    return _named(person.id, person.name)


def _named(id_: str, label: str) -> str:
    return f"{label} ({id_})" if label and label != id_ else id_

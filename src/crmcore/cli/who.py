"""`crmcore who`: ask who answers for one customer in contact, and why."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args
from zoneinfo import ZoneInfo

import click
from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from crmcore.cli.customer_given import customer_given
from crmcore.cli.drawing import draw
from crmcore.cli.formats.json_report import dumped
from crmcore.cli.formats.text import aligned
from crmcore.cli.harmless import visible
from crmcore.cli.on_file import opened, storage_option, tenant_option
from crmcore.cli.organizations import organization_at
from crmcore.cli.parameters import ATTRIBUTE, DAY, TOUCHPOINT
from crmcore.cli.running import running
from crmcore.cli.taught import Taught
from crmcore.cli.terminal import Terminal
from crmcore.language import Phrase, listed, say, told, translated
from crmcore.organization import STAGE, Number, Organization, Person
from crmcore.organization.model import DutyKind
from crmcore.responsibility import Question, Replacement, Resolution

if TYPE_CHECKING:
    from crmcore.adoption import OrganizationVersion

__all__ = ["answered", "command"]


@click.command(
    "who",
    cls=Taught,
    examples={
        "Examples": {
            "crmcore who crmcore.yaml renewal-call region=Sichuan tier=key": "who is accountable?",
            "crmcore who crmcore.yaml contract-signing tier=strategic --duty veto": "who may stop it?",
            "crmcore who crmcore.yaml complaint channel=phone --stage active --on 2026-12-24": "on another day",
            "crmcore who complaint channel=phone --on 2026-03-03 --storage sqlite:///crm.db": "who was it then?",
            "crmcore who complaint channel=phone --customer Huawei --storage sqlite:///crm.db": "of a customer on file",
        }
    },
    epilog="Exit status: 0 someone answers, 1 nobody does, 2 the file or the question cannot be used.",
)
@click.argument("path", type=click.Path(path_type=Path), required=False, metavar="[PATH]")
@click.argument("touchpoint", type=TOUCHPOINT, required=False, metavar="TOUCHPOINT")
@click.argument("attributes", nargs=-1, type=ATTRIBUTE, metavar="[ATTRIBUTE=VALUE]...")
@click.option("--duty", type=click.Choice(get_args(DutyKind)), default="accountable", show_default=True)
@click.option("--stage", help="The stage of the lifecycle that the customer is in.")
@click.option("--on", type=DAY, help="The day; today in the company's timezone if absent.")
@storage_option("Ask the organization that was adopted in this storage and holds on the day; PATH is left away.")
@click.option("--customer", "on_file", metavar="NAME", help="The name, or the id, of a customer in the storage.")
@tenant_option()
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(
    *,
    path: Path | None,
    touchpoint: str | None,
    attributes: tuple[tuple[str, str], ...],
    duty: DutyKind,
    stage: str | None,
    on: date | None,
    storage: str | None,
    on_file: str | None,
    tenant: str,
    format_: str,
) -> None:
    """Ask who answers at TOUCHPOINT for one customer, by the organization at PATH, and why.

    With --storage it is the organization that was adopted there and holds on the day, and PATH is left away.

    Say of the customer what decides the answer; when something is missing, crmcore says what. With --customer all of
    that is known, but for what belongs to the contact. Who answers then keeps the customer; the organization is
    crmcore.yaml of this folder, or else the one that was adopted.
    """
    if path is None:
        missing = "'PATH'" if storage is None else "'TOUCHPOINT'"
        raise click.MissingParameter(param_hint=missing, param_type="argument")
    version: OrganizationVersion | None = None
    if on_file is not None and storage is None:
        raise click.UsageError(told(say("--customer names a customer on file: name the --storage, too")))
    if storage is not None:  # then there is no PATH, and each argument is what the next one seems to be
        attributes = attributes if touchpoint is None else (ATTRIBUTE(touchpoint) or ("", ""), *attributes)
        touchpoint = str(path)
        if on_file is not None:
            _tell_of(on_file, touchpoint, dict(attributes), duty, on, storage=storage, tenant=tenant, format_=format_)
            return
        from crmcore.adoption import organization_of  # noqa: PLC0415 (only where a storage is asked)

        version, on = _version(storage, tenant, on)
        organization = organization_of(version)
    else:
        organization = organization_at(path)
    if touchpoint is None:
        raise click.MissingParameter(param_hint="'TOUCHPOINT'", param_type="argument")
    given = dict(attributes)
    stage = given.pop(STAGE, None) if stage is None else stage
    customer, contact = _sorted_out(organization, given)
    question = Question(touchpoint, duty=duty, customer=customer, contact=contact, stage=stage, day=on)
    resolution = organization.who(question)
    if format_ == "json":
        more = {} if version is None else {"organization_version": version.number}
        click.echo(dumped({**resolution.to_dict(), **more}).encode(), nl=False)
    else:
        terminal = Terminal.of()
        parts = answered(organization, resolution, version)
        click.echo(draw(*parts, terminal=terminal), nl=False, color=terminal.color)


def _tell_of(
    text: str,
    touchpoint: str,
    given: Mapping[str, str],
    duty: DutyKind,
    day: date | None,
    *,
    storage: str,
    tenant: str,
    format_: str,
) -> None:
    """Tell who answers for a customer on file."""
    with running(storage, None, tenant) as crm:
        known, contact = _sorted_out(crm.organization, given)
        if known:
            names = listed(known)
            said = say("{names}: of a customer on file only what belongs to the contact is given", names=names)
            raise click.UsageError(told(said))
        customer = customer_given(crm, text)
        found = crm.who(customer, touchpoint, duty=duty, contact=contact, day=day)
        organization = crm.organization
    since = None if found.assignment is None else found.assignment.since.astimezone(ZoneInfo(organization.timezone))
    if format_ == "json":
        more = {
            "customer": customer.id,
            "person": None if found.person is None else found.person.id,
            "since": None if since is None else since.isoformat(),
        }
        click.echo(dumped({**found.resolution.to_dict(), **more}).encode(), nl=False)
        return
    rows = [(say("customer"), _named(customer.id, customer.name))]
    if since is not None:
        rows.append((say("since"), f"{since:%Y-%m-%d %H:%M}"))
    if found.absent is not None:
        rows.append((say("in place of"), _person(found.absent)))
    terminal = Terminal.of()
    parts = answered(organization, found.resolution, person=found.person, more=rows)
    click.echo(draw(*parts, terminal=terminal), nl=False, color=terminal.color)


def _version(url: str, tenant: str, on: date | None) -> "tuple[OrganizationVersion, date]":
    """Return the version that is in force on a day, and the day: today where none is given."""
    from crmcore.adoption import today, version_on  # noqa: PLC0415 (only where a storage is asked)

    with opened(url) as storage, storage.begin(tenant, read_only=True) as work:
        day = on or today(work)
        return version_on(work, day), day


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


def answered(
    organization: Organization,
    resolution: Resolution,
    version: "OrganizationVersion | None" = None,
    *,
    person: Person | None = None,
    more: Sequence[tuple[Phrase, str]] = (),
) -> tuple[RenderableType, ...]:
    """Return an answer as people read it: who, by which role, for which reasons, and who hears of it next.

    Args:
        organization: what was asked.
        resolution: what it answered.
        version: which version of the organization it is; None for one that comes from a file.
        person: who answers, where one of the pool was chosen; None where the resolution says it.
        more: rows that come first, by their label.
    """
    role = _named(resolution.role.id, resolution.role.label)
    person = person or resolution.person
    if person is not None:
        heading = say("{person} answers, as {role}", person=_person(person), role=role)
    else:
        people = listed(map(_person, resolution.pool))
        heading = say(
            "one of {count} answers, as {role}: {people}", count=len(resolution.pool), role=role, people=people
        )
    reasons = (*more, *_reasons(organization, resolution))
    rows = [(label, told(words)) for label, words in reasons if words]
    if version is not None:
        held = say("version {number}, which holds from {day} on", number=version.number, day=version.first_day)
        rows.append((say("organization"), told(held)))
    return Text(visible(told(heading)), "bold"), Padding.indent(aligned(rows), 2)


def _reasons(organization: Organization, resolution: Resolution) -> Iterator[tuple[Phrase, str]]:
    labels = {touchpoint.id: touchpoint.label for touchpoint in organization.touchpoints}
    touchpoint = resolution.touchpoint
    named = _named(touchpoint, labels.get(touchpoint, ""))
    yield say("touchpoint"), say("{touchpoint}, {duty}", touchpoint=named, duty=_DUTIES[resolution.duty])
    yield say("by the duty"), str(resolution.rule.place)
    yield say("by the staffing"), str(resolution.staffing.place)
    if len(resolution.pool) > 1:
        yield say("one of the pool"), say("chosen {rule}", rule=resolution.assign)
    for change in resolution.replaced:
        yield say("replaced"), _replaced(change)
    for duty in resolution.conflicts:
        yield (
            say("conflicts with"),
            say("{role}, by the duty at {place}: as much accountable as the winner", role=duty.role, place=duty.place),
        )
    for loser in resolution.losers:
        record = loser.rule
        yield (
            say("not"),
            say("{role}, by the duty at {place}: {reason}", role=record.role, place=record.place, reason=loser.reason),
        )
    yield say("backup"), listed(resolution.staffing.backup)
    steps = [say("after {duration} {role}", duration=step.after, role=step.to) for step in resolution.escalation]
    yield say("then"), translated("; ").join(map(told, steps))


def _replaced(change: Replacement) -> Phrase:
    holder = _person(change.holder)
    if change.by is None:
        return say("{holder} {reason}; nobody stands in", holder=holder, reason=change.reason)
    return say("{holder} {reason}; {by} stands in", holder=holder, reason=change.reason, by=_person(change.by))


_DUTIES: Final[Mapping[str, Phrase]] = {
    "accountable": say("accountable"),
    "responsible": say("responsible"),
    "consulted": say("consulted"),
    "informed": say("informed"),
    "veto": say("veto"),
}


def _person(person: Person) -> str:
    return _named(person.id, person.name)


def _named(id_: str, label: str) -> str:
    return f"{label} ({id_})" if label and label != id_ else id_

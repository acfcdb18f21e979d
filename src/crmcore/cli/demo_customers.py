"""The second half of `crmcore demo`: customers come in, and are run by the organization, in a database of their own."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from importlib.resources import as_file, files
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from zoneinfo import ZoneInfo

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from crmcore.cli.audit import told_audit
from crmcore.cli.harmless import visible
from crmcore.cli.rebalance import told_plan
from crmcore.cli.scenes import heading, indented, run
from crmcore.crm import CRM
from crmcore.customers import Assignment, AuditKind, Customer, CustomerHandoff, HandoffRefused
from crmcore.importing import Action, Outcome, Summary, guess_mapping, read_mapping
from crmcore.language import Phrase, listed, say, told
from crmcore.organization import Organization
from crmcore.organization.faults import quoted
from crmcore.plugins import Registry
from crmcore.storage import Among, Is, Storage

__all__ = ["ACCOUNTS", "CUSTOMERS", "FOLLOWED", "days"]

CUSTOMERS: Final = "customers.csv"
"""The file of the customers, which lies beside the companies."""

ACCOUNTS: Final = "accounts.csv"
"""The file of the customers that are taken over: a real one, with what is wrong with it; a mapping lies beside it."""

_MAPPING: Final = "map.yaml"

FOLLOWED: Final = "重庆两江教育咨询有限公司"
"""The customer whose way is followed: nobody knew in which region it is, so nobody answered."""

_STUCK: Final = "上海泊远物流有限公司"
_URL: Final = "sqlite:///crm.db"
_MORNING: Final = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
_ONLY: Final = "sqlalchemy"
_SHOWN: Final = 1
_KINDS: Final = ("customer", "stage", "handoff")


class _Hours:
    """The clock of the story, which goes on only when the story does."""

    def __init__(self) -> None:
        self.now = _MORNING

    def __call__(self) -> datetime:
        return self.now

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)


def days(before: Organization, after: Organization) -> Iterator[tuple[RenderableType, ...]]:
    """Yield the scenes of some days with customers: first without an organization, then with one.

    Args:
        before: the company with a tool.
        after: the same company, repaired.
    """
    hours, numbers = _Hours(), count(1)
    with _stored(after) as (storage, plugins):

        def crm(organization: Organization) -> CRM:
            return CRM(
                storage, organization=organization, clock=hours, ids=lambda: f"{next(numbers):08}", plugins=plugins
            )

        yield tuple(_came_in(crm(before), on_disk="sqlite" in plugins.storages))
        running = crm(after)
        yield tuple(_reassigned(running))
        yield tuple(_taken_over(running))
        yield tuple(_followed(running, hours))
        yield tuple(_remembered(running))
        yield tuple(_audited(running, hours))


@contextmanager
def _stored(organization: Organization) -> Iterator[tuple[Storage, Registry]]:
    """Open SQLite in a folder that is gone afterwards; or memory, where nothing is installed that opens SQLite."""
    chosen = {name.strip() for name in os.environ.get("CRMCORE_PLUGINS", _ONLY).split(",")}
    plugins = Registry.installed({"CRMCORE_PLUGINS": _ONLY if _ONLY in chosen else ""})
    kinds = CRM.kinds(organization, plugins=plugins)
    with TemporaryDirectory(prefix="crmcore-") as folder:
        url = f"sqlite:///{Path(folder, 'crm.db').as_posix()}" if "sqlite" in plugins.storages else "memory:"
        storage = plugins.storage_of(url).open(url, kinds)
        try:
            yield storage, plugins
        finally:
            storage.close()


def _came_in(crm: CRM, *, on_disk: bool) -> Iterator[RenderableType]:
    yield heading(say("Its customers come in from a spreadsheet, while nothing is mended yet:"))
    yield run(f"crmcore import {CUSTOMERS} --into {_URL} --organization before.yaml")
    yield indented(told(next(_imported(crm, CUSTOMERS).lines())))
    if not on_disk:
        said = say("SQLite needs crmcore-sqlalchemy, which is not there: they lie in the memory of this process.")
        yield indented(told(said), "yellow")
    yield run(f"crmcore audit --storage {_URL} --organization before.yaml")
    audit = crm.audit()
    for concern in audit.of(AuditKind.UNANSWERED):
        for customer in crm.customers.find(filters=concern.filters):
            touchpoint = crm.organization.by_id("touchpoints")[concern.subject]
            nobody = say(
                "nobody answers for {customer} at {touchpoint}",
                customer=customer.name,
                touchpoint=touchpoint.label or touchpoint.id,
            )
            yield indented(told(nobody), "red")


def _imported(
    crm: CRM, file: str, mapping: str | None = None, each: Callable[[Outcome], object] | None = None
) -> Summary:
    with as_file(files("crmcore.cli") / "companies") as folder:
        target = crm.imports.target()
        read = (
            read_mapping(folder / mapping, target)
            if mapping
            else guess_mapping(crm.imports.examine(folder / file), target)
        )
        return crm.imports.run(folder / file, read, each=each)


def _reassigned(crm: CRM) -> Iterator[RenderableType]:
    yield heading(say("The same customers, with the organization:"))
    yield run(f"crmcore rebalance --apply --storage {_URL} --organization after.yaml")
    plan = crm.rebalancing.plan()
    crm.rebalancing.apply(plan)
    yield from (Padding.indent(part, 2) for part in told_plan(plan, applied=True))


def _taken_over(crm: CRM) -> Iterator[RenderableType]:
    yield heading(say("It takes a company over, whose accounts come from its CRM: a real file, with its misspellings:"))
    yield run(f"crmcore import {ACCOUNTS} --mapping {_MAPPING} --into {_URL} --organization after.yaml")
    outcomes: list[Outcome] = []
    summary = _imported(crm, ACCOUNTS, _MAPPING, outcomes.append)
    people = crm.organization.by_id("people")
    with crm.begin() as work:
        new = [Among("customer", [one.customer for one in outcomes if one.action is Action.ADD])]
        having = sorted(work.job.unit.count_by(Assignment, ["person"], new).items())
    shares = listed(f"{people[person].name} {count}" for (person,), count in having)
    yield indented(told(say("{imported}; now with {shares}", imported=next(summary.lines()), shares=shares)))
    for outcome in outcomes:
        if outcome.action is Action.REJECT:
            found = listed(f"{one.column} {quoted(one.value)}: {told(one.found)}" for one in outcome.reasons)
            yield indented(told(say("{name} is rejected: {found}", name=outcome.name, found=found)), "yellow")


def _followed(crm: CRM, hours: _Hours) -> Iterator[RenderableType]:
    """Lead one customer through two departments; another is offered meanwhile, and nobody takes it."""
    yield heading(say("{customer} says where it is, and is won; each department takes it over:", customer=FOLLOWED))
    customer = _named(crm, FOLLOWED)
    hours.later(hours=1)
    with crm.begin(actor=crm.assignments.of(customer)[0].person) as work:
        work.customers.change(customer, attributes={"region": "Chongqing"})
        work.facts.learn(customer.id, "interest", "在线排课", touchpoint="site-visit")
        work.facts.learn(customer.id, "company-size", "45", touchpoint="trial-request")
        work.lifecycle.advance(customer.id, "opportunity")
    yield from _taken(crm, customer, hours)
    with crm.begin(actor="zhao.lei") as work:
        work.facts.learn(customer.id, "contract-terms", "两年", touchpoint="contract-signing")
        work.lifecycle.advance(customer.id, "onboarding")
    crm.lifecycle.advance(_named(crm, _STUCK), "onboarding")
    yield from _returned(crm, customer, hours)
    with crm.begin(actor="zhao.lei") as work:
        work.facts.learn(customer.id, "goals", "上线", touchpoint="first-contact")
        work.handoffs.offer_again(work.handoffs.open(customer)[0])
    yield from _taken(crm, customer, hours)


def _taken(crm: CRM, customer: Customer, hours: _Hours) -> Iterator[RenderableType]:
    """Let whoever answers now take a customer, and yield what is known then without another question."""
    hours.later(hours=1)
    (handoff,) = crm.handoffs.open(customer)
    actor = _taker(crm, handoff)
    with crm.begin(actor=actor) as work:
        checklist = work.handoffs.checklist(handoff)
        work.handoffs.accept(handoff)
    facts = listed(f"{fact.name}={fact.value}" for fact in checklist.known)
    yield _does(crm, handoff, actor, say("takes it, asks nothing: {facts}", facts=facts))


def _returned(crm: CRM, customer: Customer, hours: _Hours) -> Iterator[RenderableType]:
    """Let whoever answers now try to take a customer of whom too little is known, and return it."""
    hours.later(hours=1)
    (handoff,) = crm.handoffs.open(customer)
    actor = _taker(crm, handoff)
    with suppress(HandoffRefused), crm.begin(actor=actor) as work:
        missing = work.handoffs.checklist(handoff).missing
        work.handoffs.accept(handoff)
    reason = say("what of {facts}?", facts=listed(missing))
    with crm.begin(actor=actor) as work:
        work.handoffs.return_(handoff, told(reason))
    yield _does(crm, handoff, actor, say("returns it: {reason}", reason=reason))


def _remembered(crm: CRM) -> Iterator[RenderableType]:
    yield heading(say("What happened with it, in one order:"))
    table = Table.grid(padding=(0, 2))
    for entry in crm.timelines.of(_named(crm, FOLLOWED), kinds=_KINDS, oldest_first=True):
        at = entry.at.astimezone(ZoneInfo(crm.organization.timezone))
        table.add_row(*(Text(visible(cell)) for cell in (f"{at:%m-%d %H:%M}", entry.who, str(entry))))
    yield Padding.indent(table, 2)


def _audited(crm: CRM, hours: _Hours) -> Iterator[RenderableType]:
    yield heading(say("Two days later: what would have been forgotten?"))
    yield run(f"crmcore audit --limit {_SHOWN} --storage {_URL} --organization after.yaml")
    hours.later(days=2)
    crm.handoffs.escalate()
    yield from (Padding.indent(part, 2) for part in told_audit(crm.audit(), _SHOWN))


def _named(crm: CRM, name: str) -> Customer:
    return crm.customers.find(filters=[Is("name", name)]).records[0]


def _taker(crm: CRM, handoff: CustomerHandoff) -> str:
    """Return who looks after a customer in the department that it is offered to."""
    department_of = crm.organization.responsibilities.department_of
    return next(
        one.person for one in crm.assignments.of(handoff.customer) if department_of(one.role) == handoff.to_department
    )


def _does(crm: CRM, handoff: CustomerHandoff, person: str, what: Phrase) -> RenderableType:
    departments, people = crm.organization.by_id("departments"), crm.organization.by_id("people")
    giver, taker = (departments[id_].label or id_ for id_ in (handoff.from_department, handoff.to_department))
    said = say("{giver} → {taker}: {person} {does}", giver=giver, taker=taker, person=people[person].name, does=what)
    return indented(told(said))

"""Many new customers are given to people at once: to the same as one after another, with a few statements."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from crmcore_sqlalchemy import SQLStorage
from crms import COMPANY, FIELDS, SteppingClock, numbered
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from crmcore.crm import CRM
from crmcore.customers import Assigner, Assignment, Candidates, Customer, Task
from crmcore.customers.appointing import covering
from crmcore.customers.covering import cover_new
from crmcore.customers.planning import planned
from crmcore.errors import UnknownName
from crmcore.importing import ColumnMapping, Route
from crmcore.organization import Absence, Organization, Person, Staffing, Stage, StageTask
from crmcore.plugins import Registry, hookimpl
from crmcore.storage import Event, MemoryStorage, Query
from crmcore.values import Duration

EAST, WEST = {"region": "Shanghai", "tier": "key"}, {"region": "Sichuan", "tier": "strategic"}
DAYS = [datetime(2026, 11, 23, 1, tzinfo=UTC), datetime(2026, 12, 2, 1, tzinfo=UTC)]
PEOPLE = ["li.na", "liu.yang", "wang.wei", "chen.jing"]
STAGES = ["lead", "opportunity", "onboarding", "active", "at-risk", "lost"]


def choosing_last(seen: list[Candidates]) -> Registry:
    """What is installed, with a rule of a plugin that remembers among whom it chose."""

    def chosen(candidates: Candidates) -> Person:
        seen.append(candidates)
        return candidates.pool[-1]

    def crmcore_assigners() -> Iterable[Assigner]:
        yield Assigner("last", chosen)

    registry = Registry.installed()
    plugin = SimpleNamespace(crmcore_assigners=hookimpl(crmcore_assigners))
    registry.register(plugin, name="last", distribution="last")
    return registry


@st.composite
def companies(draw: st.DrawFn) -> Organization:
    """A company with other people in its roles, other rules, capacities, absences, and tasks of stages."""
    rules = st.sampled_from(["round-robin", "least-loaded", "sticky", "first", "last"])
    holders = st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True)
    backup = st.lists(st.sampled_from(PEOPLE), max_size=1)
    staffing = [
        Staffing(role, holders=draw(holders), where=where, assign=draw(rules), backup=draw(backup))
        for role, where in [
            ("marketer", {}),
            ("account-manager", {"region": "East"}),
            ("account-manager", {"region": "West"}),
            ("success-manager", {}),
            ("customer-lead", {}),
        ]
    ]
    people = []
    for one in COMPANY.people:
        away = draw(st.booleans()) and one.id in PEOPLE
        absences = [Absence(from_=date(2026, 12, 1), to=date(2026, 12, 5))] if away else []
        people.append(
            Person(
                one.id,
                name=one.name,
                department=one.department,
                reports_to=one.reports_to,
                capacity=draw(st.sampled_from([None, 0, 1, 3])),
                absences=absences,
            )
        )
    tasks = [StageTask("回电", "account-manager", within=Duration(2, "d")), StageTask("周报", "success-manager")]
    stages = [
        Stage(one.id, label=one.label, next=one.next, tasks=tasks[: draw(st.integers(0, 2))]) for one in COMPANY.stages
    ]
    return COMPANY.with_(staffing=staffing, people=people, stages=stages)


def everything(crm: CRM) -> list[Any]:
    with crm.begin(read_only=True) as work:
        return [one for record in (Assignment, Task, Event) for one in work.job.unit.each(Query(record))]


def one_by_one(job: Any, customers: list[Customer]) -> None:
    for customer in customers:
        assigned = covering(job, customer).assigned
        planned(job, customer, {one.role: one for one in assigned})


KIND = st.tuples(st.sampled_from([EAST, WEST, {}]), st.sampled_from(STAGES))


@settings(max_examples=150, deadline=None)
@given(
    company=companies(),
    before=st.lists(KIND, max_size=4),
    new=st.lists(KIND, min_size=1, max_size=10),
    day=st.sampled_from(DAYS),
)
def test_many_at_once_are_given_as_one_after_another(
    company: Organization,
    before: list[tuple[Mapping[str, str], str]],
    new: list[tuple[Mapping[str, str], str]],
    day: datetime,
) -> None:
    found: list[tuple[list[Any], list[Candidates]]] = []
    for cover in (one_by_one, cover_new):
        seen: list[Candidates] = []
        plugins = choosing_last(seen)
        clock = SteppingClock(DAYS[0])
        crm = CRM.open(MemoryStorage, organization=company, clock=clock, ids=numbered(), fields=FIELDS, plugins=plugins)
        for number, (attributes, stage) in enumerate(before):
            crm.customers.register(f"从前{number}", attributes=attributes, stage=stage)
        clock.instant = day
        with crm.begin() as work:
            customers = [
                Customer(
                    id=f"new-{number}",
                    name=f"客户{number}",
                    stage=stage,
                    custom=attributes,
                    stage_since=day,
                    registered_at=day,
                )
                for number, (attributes, stage) in enumerate(new)
            ]
            work.job.unit.add_all(customers)
            cover(work.job, customers)
        found.append((everything(crm), seen))
    assert found[0] == found[1]


def test_a_rule_that_no_plugin_adds_is_an_error(crm: CRM) -> None:
    company = COMPANY.with_(staffing=[Staffing("marketer", holders=["sun.yue"], assign="frist")])
    other = CRM(crm.storage, tenant=crm.tenant, organization=company, clock=SteppingClock(), ids=numbered())
    with other.begin() as work, pytest.raises(UnknownName, match="did you mean 'first'"):
        customer = Customer(id="c1", name="华为", stage="lead", stage_since=DAYS[0], registered_at=DAYS[0])
        cover_new(work.job, [customer])


def test_more_customers_ask_the_storage_no_more_often(opened: Callable[..., SQLStorage], tmp_path: Path) -> None:
    storage = opened(CRM.kinds(COMPANY))
    crm = CRM(storage, organization=COMPANY, clock=SteppingClock(), ids=numbered())
    said: list[str] = []
    event.listen(storage._source, "before_cursor_execute", lambda *given: said.append(given[2]))
    mapping = ColumnMapping("customers", [Route("name", ["name"]), Route("attributes.region", ["region"])])

    def asked(name: str, count: int) -> int:
        path = tmp_path / f"{name}.csv"
        rows = (f"{name}{number},{('Shanghai', 'Sichuan')[number % 2]}\n" for number in range(count))
        path.write_text("name,region\n" + "".join(rows), encoding="utf-8")
        said.clear()
        assert crm.imports.run(path, mapping, alike=None).run.added == count
        return sum(not one.startswith(("PRAGMA", "ANALYZE")) for one in said)

    assert asked("甲", 10) == asked("乙", 300)
    assert sum(crm.assignments.loads().values()) == 620

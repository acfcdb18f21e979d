"""What a CRM costs with many customers: who answers, an audit, and a rebalancing, each with the statements it takes."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from crmcore_sqlalchemy import SQLStorage
from measuring import Row, compared, seconds
from sqlalchemy import Connection, Engine, create_engine, event, text

from crmcore.crm import CRM
from crmcore.customers import Assignment, Customer, Fact, Task
from crmcore.customers.assignment_records import current_id
from crmcore.organization import Organization, Staffing
from crmcore.storage import Entity

__all__ = ["rows"]

_ASKED = 300
_COPIED = 100_000
"""How many customers are made; more of them are copies in the database."""
_REGIONS = [f"region-{number}" for number in range(50)]
_TIERS = ["strategic", "key", "standard"]
_SELLERS = [f"seller-{number}" for number in range(200)]

_COMPANY = Organization.parse(
    f"""
crmcore: 1
name: 云帆软件
locale: zh-CN
timezone: Asia/Shanghai
dimensions:
  region: [{", ".join(_REGIONS)}]
  tier: [{", ".join(_TIERS)}]
stages:
  - {{id: lead, next: [customer]}}
  - {{id: customer, next: [lost]}}
  - {{id: lost, terminal: true}}
departments: [{{id: company}}, {{id: sales, parent: company}}]
people:
  - {{id: chen.jing, name: 陈静, department: company, level: top}}
{chr(10).join(f"  - {{id: {person}, name: {person}, department: sales, reports_to: chen.jing}}" for person in _SELLERS)}
roles: [{{id: seller, department: sales}}]
staffing: [{{role: seller, holders: [{", ".join(_SELLERS)}], assign: least-loaded}}]
touchpoints:
  - {{id: first-call, stages: [lead], asks: [interest]}}
  - {{id: review, stages: [customer], follows: [first-call], needs: [interest]}}
duties: [{{touchpoints: [first-call, review], role: seller, duty: accountable}}]
""",
    file="company.yaml",
)


def rows(customers: int) -> Iterator[Row]:
    """Measure on SQLite.

    Args:
        customers: how many there are for the audit; a tenth of them is rebalanced.
    """
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'crm.db'}"
        with CRM.open(lambda kinds: SQLStorage.open(url, kinds), organization=_COMPANY) as crm:
            made = min(customers // 10, _COPIED)
            _fill(crm, made)
            yield _who(crm, made)
            yield from _rebalancing(crm, made)
            _copy(url, customers // made - 1)
            yield from _audit(crm, customers)


def _who(crm: CRM, made: int) -> Row:
    chosen = [f"c{number}" for number in range(0, made, max(1, made // _ASKED))]
    for customer in chosen[:10]:
        crm.who(customer, "first-call" if crm.customers.get(customer).stage == "lead" else "review")
    asked = {one: "first-call" if crm.customers.get(one).stage == "lead" else "review" for one in chosen}

    def who() -> None:
        for customer, touchpoint in asked.items():
            crm.who(customer, touchpoint)

    def fetch() -> None:
        for customer in asked:
            crm.customers.get(customer)

    ratio, ours, theirs = compared(who, fetch, 7)
    return Row(
        f"`who` for one of {made:,} customers in SQLite, against fetching it",
        "≤ 3×",
        f"{1 / ratio:.1f}×",
        1 / ratio <= 3,
        f"{1_000 * ours / len(asked):.2f} ms, fetching {1_000 * theirs / len(asked):.2f} ms",
    )


def _rebalancing(crm: CRM, made: int) -> Iterator[Row]:
    company = _COMPANY.with_(staffing=[Staffing("seller", holders=_SELLERS[:100], assign="least-loaded")])
    found: list[Any] = []
    with _counted() as planning:
        planned = seconds(lambda: found.append(crm.rebalancing.plan(company)))
    (plan,) = found
    with _counted() as applying:
        applied = seconds(lambda: crm.rebalancing.apply(plan))
    statements = len(planning) + len(applying)
    yield Row(
        f"rebalancing {made:,} customers in SQLite, {len(plan.moves):,} of whom move: statements",
        "≤ 1 for 100 customers",
        f"{statements}",
        statements <= made / 100,
        f"plan {planned:.1f} s, apply {applied:.1f} s",
    )


def _audit(crm: CRM, customers: int) -> Iterator[Row]:
    crm.audit()
    with _counted() as statements:
        audit = crm.audit()
    assert audit.customers == customers
    yield Row(
        f"audit of {customers:,} customers in SQLite: statements",
        "< 10",
        f"{len(statements)}",
        len(statements) < 10,
        f"{len(audit.concerns)} concerns",
    )
    audits = median(seconds(crm.audit) for _ in range(3))
    counts = median(seconds(lambda: crm.customers.count_by("stage", "region", "tier")) for _ in range(3))
    yield Row(
        f"audit of {customers:,} customers in SQLite, against counting them once by all that decides",
        "≤ 10×",
        f"{audits / counts:.1f}×",
        audits / counts <= 10,
        f"audit {audits:.1f} s, counting {counts:.1f} s",
    )


def _fill(crm: CRM, made: int) -> None:
    with crm.begin() as work:
        records = (record for number in range(made) for record in _records(crm, number))
        while some := list(islice(records, 40_000)):
            for kind in (Customer, Assignment, Task, Fact):
                work.job.unit.add_all(one for one in some if isinstance(one, kind))


def _records(crm: CRM, number: int) -> Iterator[Entity]:
    """Yield a customer, its seller, and for most a next step and what they told."""
    id_, now = f"c{number}", crm._clock()
    person = _SELLERS[number % len(_SELLERS)]
    yield Customer(
        id=id_,
        name=f"客户{number}",
        stage="lead" if number % 3 else "customer",
        stage_since=now,
        registered_at=now,
        custom={"region": _REGIONS[number % 50], **({"tier": _TIERS[number % 3]} if number % 7 else {})},
    )
    if number % 50:
        yield Assignment(
            id=current_id(id_, "seller"),
            customer=id_,
            role="seller",
            person=person,
            since=now,
            reason="first",
            assigned_by="crmcore",
        )
    if number % 4:
        yield Task(id=f"t{number}", customer=id_, title="回访", owner=person, created_by="crmcore", created_at=now)
    if number % 5:
        yield Fact(id=f"f{number}", customer=id_, name="interest", value="高", learned_by="crmcore", learned_at=now)


def _copy(url: str, times: int) -> None:
    """Copy all customers and what belongs to them, in the database: the same by what is counted, with other ids."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for table in ("customer", "assignment", "task", "fact"):
            names = [row[1] for row in connection.execute(text(f"PRAGMA table_info(crmcore_{table})"))]
            chosen = ", ".join(f"{name} || '-' || n" if name in {"id", "customer"} else f'"{name}"' for name in names)
            columns = ", ".join(f'"{name}"' for name in names)
            numbers = f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {times})"
            source = f"(SELECT crmcore_{table}.*, n FROM numbers, crmcore_{table})"
            connection.execute(text(f"{numbers} INSERT INTO crmcore_{table} ({columns}) SELECT {chosen} FROM {source}"))
        connection.execute(text("ANALYZE"))
    engine.dispose()


@contextmanager
def _counted() -> Iterator[list[str]]:
    """Give the statements that are sent to a database meanwhile."""
    sent: list[str] = []

    def send(connection: Connection, cursor: Any, statement: str, *rest: Any) -> None:
        del connection, cursor, rest
        if statement.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
            sent.append(statement.lstrip())

    event.listen(Engine, "before_cursor_execute", send)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", send)

"""How long it takes to bring 100,000 customers in, against plain reading and inserting of the same rows."""

import csv
import tempfile
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from crmcore_sqlalchemy import SQLStorage
from measuring import Row, compared
from sqlalchemy import JSON, Column, DateTime, Integer, MetaData, String, Table, create_engine, insert

from crmcore import Organization
from crmcore.crm import CRM
from crmcore.importing import ColumnMapping, Route
from crmcore.values import new_id, now

__all__ = ["rows"]

_BATCH = 1_000
_COMPANY = Organization.parse(
    """
crmcore: 1
name: 云帆软件
dimensions:
  region: {tree: {China: [Shanghai, Zhejiang, Sichuan]}}
  tier: [strategic, key, standard]
stages: [{id: lead, next: [active]}, {id: active}]
roles: [{id: account-manager}]
touchpoints: [{id: call}]
duties: [{touchpoints: [call], role: account-manager, duty: accountable}]
""",
    file="company.yaml",
)
_MAPPING = ColumnMapping(
    "customers",
    [
        Route("name", ["公司名称"]),
        Route("attributes.region", ["省份"]),
        Route("attributes.tier", ["级别"]),
        Route("source", ["来源"]),
    ],
)
_PLAIN = MetaData()
_CUSTOMERS = Table(
    "customer", _PLAIN, Column("id", String(200), primary_key=True), Column("name", String, index=True),
    Column("stage", String), Column("stage_since", DateTime, index=True), Column("registered_at", DateTime, index=True),
    Column("source", String), Column("region", String), Column("tier", String), Column("version", Integer),
)  # fmt: skip
_CHANGES = Table(
    "stage_change", _PLAIN, Column("id", String(200), primary_key=True), Column("customer", String, index=True),
    Column("after", String), Column("at", DateTime, index=True), Column("changed_by", String),
    Column("version", Integer),
)  # fmt: skip
_EVENTS = Table(
    "event", _PLAIN, Column("id", String(200), primary_key=True), Column("name", String), Column("actor", String),
    Column("at", DateTime, index=True), Column("subject_kind", String), Column("subject", String, index=True),
    Column("payload", JSON), Column("version", Integer),
)  # fmt: skip


def _written(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["公司名称", "省份", "级别", "来源"])
        regions, tiers = ("Shanghai", "Zhejiang", "Sichuan"), ("strategic", "key", "standard")
        writer.writerows(
            [f"客户{number}有限公司", regions[number % 3], tiers[number % 7 % 3], "referral"] for number in range(count)
        )


def _ours(folder: Path, path: Path) -> None:
    database = folder / f"ours-{new_id()}.db"
    with CRM.open(partial(SQLStorage.open, f"sqlite:///{database}"), organization=_COMPANY) as crm:
        crm.imports.run(path, _MAPPING, batch=_BATCH, assign=False)


def _theirs(folder: Path, path: Path) -> None:
    engine = create_engine(f"sqlite:///{folder / f'theirs-{new_id()}.db'}")
    _PLAIN.create_all(engine)
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        while some := list(islice(reader, _BATCH)):
            tables: dict[Table, list[dict[str, Any]]] = {_CUSTOMERS: [], _CHANGES: [], _EVENTS: []}
            for record in some:
                id_, at = new_id(), now()
                tables[_CUSTOMERS].append(
                    {
                        "id": id_, "name": record["公司名称"], "stage": "lead", "stage_since": at, "registered_at": at,
                        "source": record["来源"], "region": record["省份"], "tier": record["级别"], "version": 1,
                    }
                )  # fmt: skip
                tables[_CHANGES].append(
                    {"id": new_id(), "customer": id_, "after": "lead", "at": at, "changed_by": "crmcore", "version": 1}
                )
                tables[_EVENTS].append(
                    {
                        "id": new_id(), "name": "customer-registered", "actor": "crmcore", "at": at, "version": 1,
                        "subject_kind": "customer", "subject": id_, "payload": {"stage": "lead", "source": "referral"},
                    }
                )  # fmt: skip
            with engine.begin() as connection:
                for table, values in tables.items():
                    connection.execute(insert(table), values)
    engine.dispose()


def rows(count: int = 100_000) -> Iterator[Row]:
    """Measure."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "customers.csv"
        _written(path, count)
        ratio, own, other = compared(lambda: _ours(folder, path), lambda: _theirs(folder, path), 3)
        slower = 1 / ratio
        yield Row(
            f"import of {count:,} rows, against `csv` and bulk inserts of the same rows through SQLAlchemy Core",
            "≤ 4×",
            f"{slower:.1f}×",
            slower <= 4,
            f"import {own:.1f} s, plain {other:.1f} s; each row is a customer, its stage and its event",
        )

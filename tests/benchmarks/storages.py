"""Storage in SQLite against SQLAlchemy Core alone, and against the ORM of Django, on the same rows.

Django keeps its settings for the whole process: what measures it runs in one of its own.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory
from typing import Any

from attrs import evolve, frozen
from crmcore_sqlalchemy import SQLStorage
from measuring import Row, compared, seconds
from sqlalchemy import (
    Column,
    Engine,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
    create_engine,
    event,
    insert,
    select,
)

from crmcore.storage import Entity, Event, Is, Kind, Kinds, Order, Query

__all__ = ["Customer", "customers", "rows"]

MANY = 100_000
AT = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


@frozen(kw_only=True)
class Customer(Entity):
    """A customer as a company may have it."""

    name: str
    region: str
    segment: str
    phone: str | None = None
    employees: int | None = None
    turnover: Decimal | None = None
    active: bool = True
    since: date | None = None
    seen: datetime | None = None


KINDS = Kinds([Kind("customer", Customer, indexed=["name"])])


def customers(number: int) -> Iterator[Customer]:
    """Yield so many customers, always the same."""
    for index in range(number):
        yield Customer(
            id=f"c{index:07}",
            name=f"客户 {index * 7919 % number:07}",
            region=f"region-{index % 30}",
            segment=("key", "standard", "small")[index % 3],
            phone=f"+86 10 {index:08}",
            employees=index % 5_000,
            turnover=Decimal(index) / 100,
            since=date(2020, 1, 1) + timedelta(days=index % 2_000),
            seen=AT + timedelta(seconds=index),
        )


def _core_table(metadata: MetaData) -> Table:
    """Return the table that somebody would make by hand for the same rows."""
    table = Table(
        "customer",
        metadata,
        Column("tenant", String(100), primary_key=True),
        Column("id", String(200), primary_key=True),
        Column("version", Integer, nullable=False),
        Column("name", Text, nullable=False),
        Column("region", Text, nullable=False),
        Column("segment", Text, nullable=False),
        Column("phone", Text),
        Column("employees", Integer),
        Column("turnover", Float),
        Column("active", Integer, nullable=False),
        Column("since", Text),
        Column("seen", Text),
    )
    Index("ix_customer_name", table.c.tenant, table.c.name)
    return table


def _core_row(one: Customer) -> dict[str, Any]:
    return {
        "tenant": "acme",
        "id": one.id,
        "version": 1,
        "name": one.name,
        "region": one.region,
        "segment": one.segment,
        "phone": one.phone,
        "employees": one.employees,
        "turnover": float(one.turnover or 0),
        "active": one.active,
        "since": str(one.since),
        "seen": str(one.seen),
    }


class _Sides:
    """The same customers in a storage, and in a table of SQLAlchemy Core alone."""

    def __init__(self, folder: Path) -> None:
        self.ours = SQLStorage.open(f"sqlite:///{folder / 'ours.db'}", KINDS)
        self.theirs = create_engine(f"sqlite:///{folder / 'theirs.db'}")
        event.listen(self.theirs, "connect", lambda made, _: made.execute("PRAGMA journal_mode = WAL"))
        metadata = MetaData()
        self.table = _core_table(metadata)
        metadata.create_all(self.theirs)
        self.given = list(customers(MANY))

    def add_ours(self) -> None:
        with self.ours.begin("acme") as work:
            work.add_all(self.given)
            work.commit()

    def add_theirs(self) -> None:
        with self.theirs.begin() as connection:
            for begin in range(0, MANY, 5_000):
                connection.execute(insert(self.table), [_core_row(one) for one in self.given[begin : begin + 5_000]])

    def empty(self) -> None:
        for engine, table in ((self.ours._source, "crmcore_customer"), (self.theirs, "customer")):
            assert isinstance(engine, Engine)
            with engine.begin() as connection:
                connection.exec_driver_sql(f"DELETE FROM {table}")


def _inserting(sides: _Sides) -> Row:
    ratios, own, other = [], [], []
    for _ in range(3):
        sides.empty()
        own.append(seconds(sides.add_ours))
        other.append(seconds(sides.add_theirs))
        ratios.append(own[-1] / other[-1])
    ratio = sorted(ratios)[1]
    details = f"crmcore {min(own):.2f} s, Core {min(other):.2f} s"
    return Row(f"bulk insert of {MANY:,} customers, against Core", "≤ 2.5×", f"{ratio:.2f}×", ratio <= 2.5, details)


def _getting(sides: _Sides) -> Row:
    ids = [f"c{index * 7919 % MANY:07}" for index in range(2_000)]
    table = sides.table
    asked = select(table).where(table.c.tenant == bindparam("tenant"), table.c.id == bindparam("id"))

    def ours() -> None:
        with sides.ours.begin("acme", read_only=True) as work:
            for id_ in ids:
                work.get(Customer, id_)

    def theirs() -> None:
        with sides.theirs.connect() as connection:
            for id_ in ids:
                connection.execute(asked, {"tenant": "acme", "id": id_}).one()

    ratio, own, other = compared(theirs, ours, 7)
    details = f"crmcore {other / len(ids) * 1e6:.0f} µs, Core {own / len(ids) * 1e6:.0f} µs"
    return Row("get by id, against Core", "≤ 2×", f"{ratio:.2f}×", ratio <= 2, details)


def _finding(sides: _Sides) -> Row:
    table = sides.table
    regions = [f"region-{index % 30}" for index in range(60)]
    asked = select(table)

    def ours() -> None:
        with sides.ours.begin("acme", read_only=True) as work:
            for region in regions:
                work.find(Query(Customer, where=[Is("region", region)], order=[Order("name")], limit=100))

    def theirs() -> None:
        with sides.theirs.connect() as connection:
            for region in regions:
                where = asked.where(table.c.tenant == "acme", table.c.region == region)
                connection.execute(where.order_by(table.c.name, table.c.id).limit(101)).all()

    ratio, own, other = compared(theirs, ours, 5)
    details = f"pages of 100, crmcore {other / 60 * 1e3:.1f} ms, Core {own / 60 * 1e3:.1f} ms"
    return Row("find one page, against Core", "≤ 2×", f"{ratio:.2f}×", ratio <= 2, details)


def _iterating(folder: Path, largest: int) -> Iterator[Row]:
    """Measure the memory while all customers are gone through, and what a count by fields says to the database."""
    with SQLStorage.open(f"sqlite:///{folder / 'large.db'}", KINDS) as storage:
        with storage.begin("acme") as work:
            work.add_all(customers(largest))
            work.commit()
        few, all_of_them = (_memory(folder / "large.db", number) for number in (largest // 100, largest))
        yield Row(
            f"memory while {largest:,} customers are gone through, against {largest // 100:,}",
            "≤ 1.1×",
            f"{all_of_them / few:.2f}×",
            all_of_them <= 1.1 * few,
            f"a process of {all_of_them / 1e6:.0f} MB, in pages of 1,000",
        )
        with storage.begin("acme", read_only=True) as work:
            said: list[str] = []
            assert isinstance(storage._source, Engine)
            event.listen(storage._source, "before_cursor_execute", lambda *given: said.append(given[2]))
            took = seconds(lambda: work.count_by(Customer, ["region", "segment"]))
            yield Row(
                f"count by two fields of {largest:,} customers",
                "1 statement",
                f"{len(said)}",
                len(said) == 1,
                f"{took:.2f} s",
            )


def _memory(path: Path, number: int) -> int:
    """Return how many bytes a process was at most that goes through so many customers."""
    program = [sys.executable, __file__, str(path), str(number)]
    return 1024 * int(subprocess.run(program, capture_output=True, text=True, check=True).stdout)


def _go_through(path: str, number: int) -> None:
    with SQLStorage.open(f"sqlite:///{path}", KINDS) as storage, storage.begin("acme", read_only=True) as work:
        for index, _ in enumerate(work.each(Query(Customer, limit=1_000)), 1):
            if index == number:
                print(getrusage(RUSAGE_SELF).ru_maxrss)


def _against_django(folder: Path) -> Row:
    """Measure units of work: read a customer, write it, and add an event."""
    ids = [f"c{index * 7919 % 1_000:07}" for index in range(300)]
    storage = SQLStorage.open(f"sqlite:///{folder / 'units.db'}", KINDS)
    event.listen(storage._source, "connect", lambda made, _: made.execute("PRAGMA synchronous = OFF"))
    storage.close()  # so that it connects anew: neither side waits for the disk
    with storage.begin("acme") as work:
        work.add_all(customers(1_000))
        work.commit()
    numbers = count()

    def ours() -> None:
        for id_ in ids:
            with storage.begin("acme") as work:
                one = work.get(Customer, id_)
                work.put(evolve(one, employees=(one.employees or 0) + 1))
                work.append(_event(next(numbers), id_))
                work.commit()

    ours()
    program = [sys.executable, str(Path(__file__).with_name("with_django.py")), str(folder / "django.db")]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        ratios, own, theirs = [], [], []
        for _ in range(5):
            own.append(seconds(ours))
            other.stdin.write("again\n")
            other.stdin.flush()
            theirs.append(json.loads(other.stdout.readline()))
            ratios.append(theirs[-1] / own[-1])
        other.stdin.close()
    storage.close()
    ratio = sorted(ratios)[2]
    details = (
        f"crmcore {min(own) / 300 * 1e6:.0f} µs, Django {min(theirs) / 300 * 1e6:.0f} µs: read, write, add an event"
    )
    return Row("a unit of work, against Django's ORM", "≥ 1.5×", f"{ratio:.2f}×", ratio >= 1.5, details)


def _event(number: int, subject: str) -> Event:
    return Event(id=f"e{number}", name="customer-grew", actor="li.na", at=AT, subject_kind="customer", subject=subject)


def rows(largest: int) -> Iterator[Row]:
    """Measure storage; `largest` is how many rows are gone through."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        sides = _Sides(folder)
        yield _inserting(sides)
        yield _getting(sides)
        yield _finding(sides)
        sides.ours.close()
        sides.theirs.dispose()
        yield from _iterating(folder, largest)
        yield _against_django(folder)


if __name__ == "__main__":
    _go_through(sys.argv[1], int(sys.argv[2]))

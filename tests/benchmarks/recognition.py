"""Recognising a customer while it is entered, among a million of a CRM in SQLite, through its storage."""

import random
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from statistics import median, quantiles

from attrs import evolve
from crmcore_sqlalchemy import SQLStorage
from duplicates import some_profile, typed_again
from measuring import Row, seconds

from crmcore.crm import CRM
from crmcore.customers import ContactPoint, Customer
from crmcore.customers.contact_point_records import point_id
from crmcore.customers.contact_points import ContactKind
from crmcore.customers.duplicate_keys import write_keys
from crmcore.customers.duplicates import Profile, keys
from crmcore.organization import Organization
from crmcore.storage import Entity

__all__ = ["rows"]

_CHECKS = 200
_BATCH = 10_000
_THEN = datetime(2026, 11, 23, 1, tzinfo=UTC)


def rows(customers: int) -> Iterator[Row]:
    """Measure checks at entry, half of customers that are there already and half of new ones.

    Args:
        customers: how many there are.
    """
    with tempfile.TemporaryDirectory() as folder, _filled(Path(folder) / "crm.db", customers) as crm:
        chosen = random.Random(2).sample(range(customers), _CHECKS)
        again = [typed_again(some_profile(number), place) for place, number in enumerate(chosen)]
        new = [evolve(some_profile(customers + number), id="") for number in range(_CHECKS)]
        crm.duplicates.of(again[0])  # what is loaded once
        found: list[bool] = []
        times = [seconds(lambda one=one: found.append(_found(crm, one))) for one in (*again, *new)]  # type: ignore[misc]
        bare = median(seconds(lambda number=number: crm.customers.get(f"c{number}")) for number in chosen)  # type: ignore[misc]
    milliseconds = sorted(1_000 * time for time in times)
    typical, worst = median(milliseconds), quantiles(milliseconds, n=100)[98]
    yield Row(
        f"`crm.duplicates.of` at entry, {customers:,} customers of a CRM in SQLite",
        "≤ 20 ms",
        f"{typical:.1f} ms",
        typical <= 20,
        f"99 of 100 below {worst:.1f} ms; {sum(found[:_CHECKS])} of {_CHECKS} typed again are recognized; "
        f"one customer is read in {1_000 * bare:.1f} ms",
    )


def _found(crm: CRM, profile: Profile) -> bool:
    return any(one.customer.id == profile.id.removeprefix("again ") for one in crm.duplicates.of(profile))


def _filled(path: Path, customers: int) -> CRM:
    """Return a CRM that is opened after it was filled, as those that are in use are, with nothing left in the log."""
    numbers = iter(range(customers))
    with _opened(path) as crm:
        while batch := [some_profile(number) for number in islice(numbers, _BATCH)]:
            with crm.begin() as work:
                work.job.unit.add_all(map(_customer, batch))
                work.job.unit.add_all(point for one in batch for point in _points(one))
                write_keys(work.job, {one.id: keys(one) for one in batch})
    return _opened(path)


def _opened(path: Path) -> CRM:
    return CRM.open(lambda kinds: SQLStorage.open(f"sqlite:///{path}", kinds), organization=Organization("x"))


def _customer(profile: Profile) -> Customer:
    return Customer(
        id=profile.id,
        name=profile.names[0],
        customer_type=profile.kind.value,
        stage_since=_THEN,
        registered_at=_THEN,
    )


def _points(profile: Profile) -> Iterator[Entity]:
    for kind, values in (
        (ContactKind.PHONE, profile.phones),
        (ContactKind.EMAIL, profile.emails),
        (ContactKind.WEB, profile.domains),
    ):
        for value in values:
            yield ContactPoint(
                id=point_id(profile.id, None, kind, value),
                customer=profile.id,
                point_kind=kind,
                value=value,
                key=value,
                shown=value,
                added_at=_THEN,
            )

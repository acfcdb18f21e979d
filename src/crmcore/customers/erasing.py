"""How a customer or a contact is forgotten: what is personal in each record is emptied, or the record removed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from attrs import evolve

from crmcore.customers.assignment_records import Assignment
from crmcore.customers.attributes import dimension_fields
from crmcore.customers.consents import Consent
from crmcore.customers.handoff_records import CustomerHandoff, HandoffState
from crmcore.customers.holdings import Held, batched
from crmcore.customers.records import CUSTOMER, Contact, Customer
from crmcore.customers.task_records import Task, TaskState
from crmcore.customers.work import Job
from crmcore.storage import Among, Entity, Field, Kind, Parcel, ParcelState, Query, WhenErased

__all__ = ["ERASED", "emptied", "erase"]

ERASED: Final = "[erased]"
"""What stands where a text has to be, and was erased."""

_CHUNK: Final = 1_000


def erase(job: Job, records: Held, *, whole: bool) -> dict[str, int]:
    """Empty or remove records, and what lies in the outbox for them; return how many of each kind were touched.

    Args:
        job: the job.
        records: what is held, by kind and id.
        whole: whether the customer itself is forgotten, and not only a contact: nothing is to be done for it then.
    """
    touched: dict[str, int] = {}
    for kind in reversed(job.kinds.in_order):  # what refers to others comes before them
        some = records.get(kind.name, {}).values()
        count = sum(_erased(job, kind, record, whole=whole) for record in tuple(some))
        if count:
            touched[kind.name] = count
    _empty_parcels(job, (id_ for some in records.values() for id_ in some))
    return touched


def emptied(job: Job, kind: Kind, record: Entity) -> Entity:
    """Return a record without what is personal in it; the dimensions of the organization stay."""
    values = {name: _nothing(one, getattr(record, name)) for name, one in kind.personal.items()}
    kept = _kept(job, kind)
    custom = {name: value for name, value in record.custom.items() if name in kept}
    return evolve(record, custom=custom, **values)


def _nothing(of: Field, value: Any) -> Any:
    if of.optional:
        return None
    if isinstance(value, str):
        return ERASED if value else value
    return {} if isinstance(value, Mapping) else [] if isinstance(value, Sequence) else value


def _kept(job: Job, kind: Kind) -> frozenset[str]:
    """Return the fields of the company's own that stay: dimensions, and what a dictionary has entries for."""
    own = job.fields.get(kind.name, {})
    chosen = {name for name, one in own.items() if one.entries}
    if kind.name == CUSTOMER.name:
        chosen |= {one.name for one in dimension_fields(job.organization)} - own.keys()
    return frozenset(chosen)


def _erased(job: Job, kind: Kind, record: Entity, *, whole: bool) -> bool:
    if kind.when_erased is WhenErased.REMOVED and not job.kinds.references[kind.name]:
        job.unit.remove(record)
        return True
    after = _ended(job, emptied(job, kind, record), whole=whole)
    if after == record:
        return False
    job.unit.put(after)
    return True


def _ended(job: Job, record: Entity, *, whole: bool) -> Entity:
    """Return a record that nobody acts on any longer."""
    if isinstance(record, Customer):
        return evolve(record, erased_at=record.erased_at or job.now())
    if isinstance(record, Contact):
        return evolve(record, primary=False, left_at=record.left_at or job.now())
    if isinstance(record, Consent):
        return evolve(record, withdrawn_at=record.withdrawn_at or job.now())
    return _closed(job, record) if whole else record


def _closed(job: Job, record: Entity) -> Entity:
    """Return what somebody has to do for a customer as it is when there is nobody any longer to do it for."""
    if isinstance(record, Task) and record.state is TaskState.OPEN:
        return evolve(record, state=TaskState.DROPPED, closed_by=job.actor, closed_at=job.now())
    if isinstance(record, CustomerHandoff) and record.open:
        return evolve(record, state=HandoffState.OBSOLETE, settled_by=job.actor, settled_at=job.now())
    if isinstance(record, Assignment) and record.until is None:
        return evolve(record, until=job.now())
    return record


def _empty_parcels(job: Job, ids: Iterable[str]) -> None:
    """Empty what lies in the outbox under the ids of records: what waits goes nowhere."""
    for some in batched(ids, _CHUNK):
        for parcel in tuple(job.unit.each(Query(Parcel, where=[Among("id", some)], limit=_CHUNK))):
            state = ParcelState.DEAD if parcel.state is ParcelState.WAITING else parcel.state
            job.unit.put(evolve(parcel, payload={}, failure=None, state=state))

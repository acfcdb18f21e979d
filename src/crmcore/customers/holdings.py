"""Everything that is held on a customer or one of its contacts: all records that refer to it, of whichever kind."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Final

from crmcore.customers.interactions import Interaction
from crmcore.customers.records import CUSTOMER, Contact, Customer
from crmcore.customers.task_records import Task
from crmcore.customers.work import Job
from crmcore.storage import EVENT, Among, Entity, Event, Is, Kind, Order, Query

__all__ = ["Held", "batched", "events_of", "held"]

Held = dict[str, dict[str, Entity]]
"""Records by kind and id."""

_CHUNK: Final = 1_000


def held(job: Job, root: Customer | Contact) -> Held:
    """Return a customer or contact with all records that refer to it, also through others, and of plugins too.

    Those of customers that were merged into the customer are among them; a subsidiary is a customer of its own.
    """
    kind = job.kinds.of(type(root))
    found: Held = {kind.name: {root.id: root}}
    wanted: Held = {kind.name: {root.id: root}}
    while wanted:
        further: Held = {}
        for name, records in wanted.items():
            for other, by in job.kinds.references[name]:
                if other.name == CUSTOMER.name and by != "merged_into":
                    continue
                for one in _referring(job, other, by, records):
                    if one.id not in found.get(other.name, {}):
                        found.setdefault(other.name, {})[one.id] = one
                        further.setdefault(other.name, {})[one.id] = one
        wanted = further
    if isinstance(root, Contact):
        _with_next_steps(job, found)
    return found


def events_of(job: Job, root: Customer | Contact, records: Mapping[str, Mapping[str, Entity]]) -> list[Event]:
    """Return what happened with a customer and the records about it; with a contact, what names it or them."""
    found: dict[str, Event] = {}
    subjects = {name: list(some) for name, some in records.items() if name != EVENT.name}
    if isinstance(root, Contact):
        subjects.setdefault(CUSTOMER.name, [root.customer])
    for name, ids in subjects.items():
        for some in batched(ids, _CHUNK):
            where = [Is("subject_kind", name), Among("subject", some)]
            for event in job.unit.each(Query(Event, where=where, order=[Order("at")], limit=_CHUNK)):
                found[event.id] = event
    if isinstance(root, Contact):
        named = {id_ for some in records.values() for id_ in some}
        found = {id_: event for id_, event in found.items() if event.subject in named or _names(event, named)}
    return sorted(found.values(), key=lambda event: (event.at, event.id))


def _referring(job: Job, kind: Kind, by: str, records: Iterable[str]) -> Iterator[Entity]:
    for some in batched(records, _CHUNK):
        query: Query[Entity] = Query(kind.record, where=[Among(by, some)], limit=_CHUNK)
        yield from tuple(job.unit.each(query))


def _with_next_steps(job: Job, found: Held) -> None:
    """Add the tasks that came out of what was spoken with a contact: their titles may name the person."""
    spoken = found.get("interaction", {}).values()
    tasks = {one.task: None for one in spoken if isinstance(one, Interaction) and one.task is not None}
    for some in batched(tasks, _CHUNK):
        for task in job.unit.each(Query(Task, where=[Among("id", some)], limit=_CHUNK)):
            found.setdefault("task", {})[task.id] = task


def _names(event: Event, ids: set[str]) -> bool:
    return any(isinstance(value, str) and value in ids for value in event.payload.values())


def batched(ids: Iterable[str], size: int) -> Iterator[tuple[str, ...]]:
    """Yield ids, so many at once as one query asks for."""
    given = iter(ids)
    while some := tuple(islice(given, size)):
        yield some

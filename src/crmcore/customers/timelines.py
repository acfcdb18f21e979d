"""The timeline of a customer: everything that happened with it, in one order, read from its events."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from attrs import field, frozen

from crmcore.customers.assignment_records import Assignment, current_id
from crmcore.customers.current import id_of
from crmcore.customers.facts import fact_id
from crmcore.customers.records import CONTACT, CUSTOMER, Customer
from crmcore.customers.sentences import ENTRY_KINDS, entry_kind, sentence
from crmcore.customers.work import Desk, Job
from crmcore.language import Phrase, told
from crmcore.storage import EVENT, PARCEL, Above, Among, Below, Entity, Event, Filter, Is, Order, Query

__all__ = ["Entry", "Timeline", "Timelines", "same_customers"]

_TICK: Final = timedelta(microseconds=1)
_Place = tuple[str, str]


@frozen
class Entry:
    """Something that happened with a customer.

    Attributes:
        event: what the storage keeps of it.
        kind: of which kind it is, such as `interaction` or `stage`: one of `ENTRY_KINDS`, or the name of an event that
            a plugin or an app tells.
        sentence: what happened, in English; `told` says it in the language of whoever reads it.
        who: who did it: the name of a person of the organization, or the id of a program.
        record: what it tells of, as it is now; None where there is none, or it is gone.
    """

    event: Event
    kind: str
    sentence: Phrase
    who: str
    record: Entity | None = field(default=None, eq=False)

    @property
    def at(self) -> datetime:
        """When it happened."""
        return self.event.at

    @property
    def actor(self) -> str:
        """The id of whoever did it."""
        return self.event.actor

    def __str__(self) -> str:
        return told(self.sentence)


@frozen
class Timeline:
    """Some of what happened with a customer.

    Attributes:
        entries: what happened, in order.
        after: the cursor that gives the next entries; None when there are no more.
    """

    entries: tuple[Entry, ...]
    after: str | None = None

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


class Timelines(Desk):
    """What happened with customers, in order."""

    def of(
        self,
        customer: Customer | str,
        *,
        kinds: Iterable[str] = (),
        since: datetime | None = None,
        until: datetime | None = None,
        oldest_first: bool = False,
        limit: int = 50,
        after: str | None = None,
    ) -> Timeline:
        """Return one page of what happened with a customer, and with those that were merged into it.

        One query brings the events of the page, and one more those records of each kind that it tells of.

        Args:
            customer: the customer, or its id.
            kinds: only entries of these kinds: of `ENTRY_KINDS`, or names of events; empty for all.
            since: only from this instant on, in UTC.
            until: only before this instant, in UTC.
            oldest_first: whether the oldest comes first instead of the newest.
            limit: how many entries a page has, from 1 to 10,000.
            after: the cursor of the page before.

        Raises:
            InvalidQuery: the cursor is not of this timeline, or the page is too large.
        """
        with self._begin(read_only=True) as job:
            where: list[Filter] = [Is("subject_kind", CUSTOMER.name), _any("subject", same_customers(job, customer))]
            names = tuple(dict.fromkeys(name for kind in kinds for name in ENTRY_KINDS.get(kind, (kind,))))
            if names:
                where.append(_any("name", names))
            if since is not None:
                where.append(Above("at", since - _TICK))
            if until is not None:
                where.append(Below("at", until))
            order = [Order("at", descending=not oldest_first)]
            page = job.unit.find(Query(Event, where=where, order=order, limit=limit, after=after))
            return Timeline(tuple(_entries(job, page.records)), page.after)


def same_customers(job: Job, customer: Customer | str) -> tuple[str, ...]:
    """Return the ids of a customer and of all that were merged into it."""
    found = {id_of(customer): None}
    wanted = tuple(found)
    while wanted:
        merged = job.unit.each(Query(Customer, where=[_any("merged_into", wanted)]))
        wanted = tuple(one.id for one in merged if one.id not in found)
        found |= dict.fromkeys(wanted)
    return tuple(found)


def _any(name: str, values: tuple[str, ...]) -> Filter:
    return Is(name, values[0]) if len(values) == 1 else Among(name, values)


def _entries(job: Job, events: Iterable[Event]) -> Iterator[Entry]:
    events = tuple(events)
    places = {event.id: _told_of(job, event) for event in events}
    records = _records(job, (place for place in places.values() if place is not None))
    people = job.organization.by_id("people")
    for event in events:
        place = places[event.id]
        record = None if place is None else records.get(place)
        if isinstance(record, Assignment) and record.person != event.payload.get("person"):
            record = None
        who = people[event.actor].name if event.actor in people else event.actor
        yield Entry(event, entry_kind(event), sentence(event, record, job.organization), who, record)


def _told_of(job: Job, event: Event) -> _Place | None:
    """Return kind and id of the record that an event tells of: its payload names the id by the kind."""
    payload = event.payload
    if event.name == "fact-learned":
        return "fact", fact_id(event.subject, payload["fact"])
    if event.name == "customer-assigned":
        return "assignment", current_id(event.subject, payload["role"])
    named = [name.replace("_", "-") for name, value in payload.items() if isinstance(value, str)]
    of = [kind for kind in named if kind in job.kinds and kind not in (EVENT.name, PARCEL.name)]
    kind = next((kind for kind in of if kind != CONTACT.name), CONTACT.name if CONTACT.name in of else None)
    return None if kind is None else (kind, payload[kind.replace("-", "_") if kind not in payload else kind])


def _records(job: Job, places: Iterable[_Place]) -> Mapping[_Place, Entity]:
    """Return the records that events tell of, with one query for each kind."""
    ids: dict[str, dict[str, None]] = defaultdict(dict)
    for kind, id_ in places:
        ids[kind][id_] = None
    found: dict[_Place, Entity] = {}
    for kind, some in ids.items():
        query: Query[Entity] = Query(job.kinds[kind].record, where=[_any("id", tuple(some))], limit=len(some))
        found |= {(kind, one.id): one for one in job.unit.find(query)}
    return found

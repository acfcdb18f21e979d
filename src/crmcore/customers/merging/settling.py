"""Settling: what becomes of every record of two customers that become one. Nothing is written here."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from attrs import evolve

from crmcore.customers.assignment_records import ASSIGNMENT
from crmcore.customers.consents import CONSENT
from crmcore.customers.contact_point_records import CONTACT_POINT, ContactPoint, point_id
from crmcore.customers.duplicate_keys import DUPLICATE_KEY
from crmcore.customers.facts import FACT, Fact, fact_id
from crmcore.customers.handing_over import open_handoffs
from crmcore.customers.handoff_records import HANDOFF, CustomerHandoff, HandoffState
from crmcore.customers.merging.agreeing import stricter
from crmcore.customers.merging.records import MERGE
from crmcore.customers.merging.steps import Pair, Step, records_of
from crmcore.customers.merging.survivorship import chosen_fact
from crmcore.customers.merging.teams import passed_on, teams
from crmcore.customers.preferences import PREFERENCE, Preference, preference_id
from crmcore.customers.records import CONTACT, CUSTOMER, Contact
from crmcore.customers.relations import RELATION, Relation
from crmcore.customers.tags import TAG, Tag, tag_id
from crmcore.customers.task_records import TASK
from crmcore.storage import CUSTOM, Entity, Is, Kind, Query

__all__ = ["derived_id", "settled"]

_PAGE: Final = 1_000


def settled(pair: Pair) -> Iterator[Step]:
    """Yield what becomes of each record that refers to the customer that is merged, also those of plugins."""
    fields: dict[str, list[str]] = {}
    kinds: dict[str, Kind] = {}
    for kind, name in pair.job.kinds.references[CUSTOMER.name]:
        fields.setdefault(kind.name, []).append(name)
        kinds[kind.name] = kind
    for name, kind in kinds.items():
        settle = _SETTLERS.get(name)
        yield from settle(pair) if settle is not None else _moved(pair, kind, fields[name])


def derived_id(record: Entity) -> str | None:
    """Return the id that a record has by what it is of; None where ids of its kind are made anew."""
    match record:
        case Fact():
            return fact_id(record.customer, record.name)
        case Tag():
            return tag_id(record.customer, record.key)
        case Preference():
            return preference_id(record.customer, record.contact, record.name)
        case ContactPoint():
            return point_id(record.customer, record.contact, record.point_kind, record.key)
    return None


def _moved(pair: Pair, kind: Kind, names: Sequence[str]) -> Iterator[Step]:
    """Yield the records of any kind with references to the survivor in place of those to the other."""
    seen: set[str] = set()
    for name in names:
        for record in pair.job.unit.each(Query(kind.record, where=[Is(name, pair.other.id)], limit=_PAGE)):
            if record.id not in seen:
                seen.add(record.id)
                yield Step(record, _referring(pair, kind, record, names))


def _referring(pair: Pair, kind: Kind, record: Entity, names: Sequence[str]) -> Entity:
    given = [name for name in names if kind.value(record, name) == pair.other.id]
    own = {name.removeprefix(CUSTOM): pair.survivor.id for name in given if name.startswith(CUSTOM)}
    plain = {name: pair.survivor.id for name in given if not name.startswith(CUSTOM)}
    return evolve(record, custom={**record.custom, **own}, **plain)


def _nothing(_: Pair) -> Iterator[Step]:
    return iter(())


def _customers(pair: Pair) -> Iterator[Step]:
    """Yield the customers that belong to the other, or were merged into it before; the two themselves are no part."""
    for step in _moved(pair, pair.job.kinds[CUSTOMER.name], ("parent", "merged_into")):
        if step.before is not None and step.before.id not in (pair.survivor.id, pair.other.id):
            yield step


def _contacts(pair: Pair) -> Iterator[Step]:
    """Yield the contacts; one turns first to whom one did at the survivor."""
    first = any(one.primary for one in records_of(pair.job, Contact, pair.survivor.id))
    for one in records_of(pair.job, Contact, pair.other.id):
        yield Step(one, evolve(one, customer=pair.survivor.id, primary=one.primary and not first))


def _contact_points(pair: Pair) -> Iterator[Step]:
    mine = records_of(pair.job, ContactPoint, pair.survivor.id)
    first = {one.point_kind for one in mine if one.primary and one.contact is None}

    def adjusted(one: ContactPoint) -> ContactPoint:
        return evolve(one, primary=False) if one.contact is None and one.point_kind in first else one

    yield from _distinct(pair, ContactPoint, lambda one: (one.contact, one.point_kind, one.key), adjusted=adjusted)


def _tags(pair: Pair) -> Iterator[Step]:
    yield from _distinct(pair, Tag, lambda one: one.key)


def _preferences(pair: Pair) -> Iterator[Step]:
    yield from _distinct(pair, Preference, lambda one: (one.contact, one.name))


def _facts(pair: Pair) -> Iterator[Step]:
    yield from _distinct(
        pair, Fact, lambda one: one.name, stands=lambda mine, theirs: chosen_fact(pair.rules, mine, theirs)
    )


def _distinct(
    pair: Pair,
    record: type[Any],
    same: Callable[[Any], object],
    *,
    stands: Callable[[Any, Any], Any] = lambda mine, _: mine,
    adjusted: Callable[[Any], Any] = lambda one: one,
) -> Iterator[Step]:
    """Yield records of which a customer has one of a sort; where both have it, one of them is set aside."""
    mine = {same(one): one for one in records_of(pair.job, record, pair.survivor.id)}
    for theirs in records_of(pair.job, record, pair.other.id):
        moved = adjusted(evolve(theirs, customer=pair.survivor.id))
        known = mine.get(same(theirs))
        if known is None:
            yield Step(theirs, evolve(moved, id=derived_id(moved), version=0))
        elif stands(known, theirs) is known:
            yield Step(theirs, None, aside=theirs)
        else:
            yield Step(theirs, None)
            yield Step(known, evolve(moved, id=known.id, version=known.version), aside=known)


def _relations(pair: Pair) -> Iterator[Step]:
    """Yield the relations; what the two were to one another says nothing any longer."""
    for step in _moved(pair, pair.job.kinds[RELATION.name], ("customer", "other")):
        after = step.after
        if isinstance(after, Relation) and after.customer == after.other:
            yield Step(step.before, None, aside=step.before)
        else:
            yield step


def _handoffs(pair: Pair) -> Iterator[Step]:
    """Yield the handoffs; those that nobody has taken are over, as those who have the survivor have the customer."""
    waiting = {one.id for one in open_handoffs(pair.job, pair.other.id)}
    for one in records_of(pair.job, CustomerHandoff, pair.other.id):
        moved = evolve(one, customer=pair.survivor.id)
        if one.id not in waiting:
            yield Step(one, moved)
            continue
        over = evolve(moved, state=HandoffState.OBSOLETE, settled_by=pair.job.actor, settled_at=pair.job.now())
        yield Step(one, over, aside=one)


_SETTLERS: Final[Mapping[str, Callable[[Pair], Iterator[Step]]]] = {
    CUSTOMER.name: _customers,
    CONTACT.name: _contacts,
    CONTACT_POINT.name: _contact_points,
    TAG.name: _tags,
    PREFERENCE.name: _preferences,
    FACT.name: _facts,
    RELATION.name: _relations,
    HANDOFF.name: _handoffs,
    ASSIGNMENT.name: teams,
    TASK.name: passed_on,
    CONSENT.name: stricter,
    DUPLICATE_KEY.name: _nothing,
    MERGE.name: _nothing,
}
"""How the records of each kind are settled that are not simply moved."""

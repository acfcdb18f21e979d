"""Relations between customers: who supplies, refers or competes with whom, seen from both sides, and since when."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from attrs import evolve, frozen

from crmcore.customers.current import current_customers, id_of
from crmcore.customers.failures import InvalidDetail
from crmcore.customers.records import Customer
from crmcore.customers.work import Desk
from crmcore.language import say
from crmcore.storage import Entity, Is, Kind, Order, Query, personal, reference

__all__ = ["RELATION", "RELATIONS", "Related", "Relation", "Relations"]

RELATIONS: Final[Mapping[str, str]] = {
    "supplies": "buys-from",
    "referred": "referred-by",
    "resells-for": "sells-through",
    "advises": "advised-by",
    "invests-in": "owned-in-part-by",
    "partner": "partner",
    "competitor": "competitor",
}
"""Relations by what the first customer is to the second, each with what the second is to the first."""

_OTHER_WAY: Final = {**RELATIONS, **{inverse: name for name, inverse in RELATIONS.items()}}


@frozen(kw_only=True)
class Relation(Entity):
    """What one customer is to another, for some time.

    Attributes:
        customer: the first customer.
        other: the second one.
        relation: what the first is to the second, such as `supplies`.
        inverse: what the second is to the first, such as `buys-from`.
        since: from which day; None where nobody knows.
        until: the last day; None while it lasts.
        note: more about it, in words.
    """

    customer: str = reference("customer")
    other: str = reference("customer")
    relation: str
    inverse: str
    since: date | None = None
    until: date | None = None
    note: str | None = personal(default=None)


RELATION = Kind("relation", Relation)


@frozen
class Related:
    """A customer, as it stands to another.

    Attributes:
        to: the id of the other customer.
        relation: what the customer that was asked about is to it.
        record: the relation.
    """

    to: str
    relation: str
    record: Relation


class Relations(Desk):
    """What customers are to one another."""

    def relate(
        self,
        customer: Customer | str,
        relation: str,
        other: Customer | str,
        *,
        inverse: str | None = None,
        since: date | None = None,
        until: date | None = None,
        note: str | None = None,
    ) -> Relation:
        """Remember what one customer is to another.

        Args:
            customer: the first customer, or its id.
            relation: what it is to the second: one of `RELATIONS`, from either side, or a word of your own.
            other: the second customer, or its id.
            inverse: what the second is to the first; None for what `RELATIONS` says, or else the same word.
            since: from which day.
            until: the last day.
            note: more about it, in words.

        Raises:
            InvalidDetail: a customer is related to itself, there is no word for it, or it ends before it begins.
        """
        with self._begin() as job:
            first, second = current_customers(job, customer, other)
            if not relation.strip():
                raise InvalidDetail(RELATION.name, "relation", say("say what they are to one another"))
            if first.id == second.id:
                raise InvalidDetail(RELATION.name, "other", say("a customer is not related to itself"))
            _refuse_backwards(since, until)
            made = job.unit.add(
                Relation(
                    id=job.ids(),
                    customer=first.id,
                    other=second.id,
                    relation=relation,
                    inverse=inverse or _OTHER_WAY.get(relation, relation),
                    since=since,
                    until=until,
                    note=note,
                )
            )
            for one, with_ in ((first, second), (second, first)):
                job.happened("relation-added", one, relation=made.id, other=with_.id)
            return made

    def end(self, relation: Relation | str, until: date | None = None) -> Relation:
        """Remember that a relation has ended.

        Args:
            relation: the relation, or its id.
            until: its last day; None for today.

        Raises:
            InvalidDetail: it would end before it began.
        """
        with self._begin() as job:
            before = job.unit.get(Relation, relation) if isinstance(relation, str) else relation
            last = until or job.today()
            _refuse_backwards(before.since, last)
            after = job.unit.put(evolve(before, until=last))
            for one in (after.customer, after.other):
                job.happened("relation-ended", job.unit.get(Customer, one), relation=after.id)
            return after

    def of(self, customer: Customer | str, *, day: date | None = None) -> tuple[Related, ...]:
        """Return what a customer is to others, from whichever side it was written down.

        Args:
            customer: the customer, or its id.
            day: only what held on that day; None for everything that ever did.
        """
        with self._begin(read_only=True) as job:
            id_, order = id_of(customer), [Order("since")]
            own = job.unit.each(Query(Relation, where=[Is("customer", id_)], order=order))
            found = [Related(one.other, one.relation, one) for one in own]
            others = job.unit.each(Query(Relation, where=[Is("other", id_)], order=order))
            found += [Related(one.customer, one.inverse, one) for one in others]
            return tuple(one for one in found if day is None or _holds(one.record, day))


def _holds(relation: Relation, day: date) -> bool:
    return (relation.since is None or relation.since <= day) and (relation.until is None or day <= relation.until)


def _refuse_backwards(since: date | None, until: date | None) -> None:
    if since is not None and until is not None and until < since:
        raise InvalidDetail(RELATION.name, "until", say("it ends on {until}, before it begins", until=str(until)))

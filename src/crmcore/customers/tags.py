"""Tags: words by which customers are found together."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from attrs import frozen

from crmcore.customers.current import current_customer, id_of
from crmcore.customers.failures import InvalidDetail
from crmcore.customers.records import Customer
from crmcore.customers.work import Desk
from crmcore.language import say
from crmcore.storage import Entity, Is, Kind, NotThere, Order, Page, Query, WhenErased, personal, reference

__all__ = ["TAG", "Tag", "Tags", "tag_id"]


@frozen(kw_only=True)
class Tag(Entity):
    """A word that somebody attached to a customer.

    Attributes:
        customer: the customer.
        name: the word.
        key: the word as it is compared: without upper case.
        tagged_by: who attached it.
        tagged_at: when.
    """

    customer: str = reference("customer")
    name: str = personal()
    key: str = personal()
    tagged_by: str
    tagged_at: datetime


TAG = Kind("tag", Tag, indexed=[("key", "customer")], when_erased=WhenErased.REMOVED)

_LONGEST = 100


class Tags(Desk):
    """The words by which customers are found together."""

    def add(self, customer: Customer | str, *names: str) -> tuple[Tag, ...]:
        """Attach words to a customer, and return all that it has; one that it has already stays as it is.

        Raises:
            InvalidDetail: a tag has no word, or more than 100 characters.
        """

        def added() -> tuple[Tag, ...]:
            with self._begin() as job:
                of = current_customer(job, customer)
                for name in names:
                    key = _key(name)
                    try:
                        job.unit.get(Tag, tag_id(of.id, key))
                    except NotThere:
                        tag = Tag(
                            id=tag_id(of.id, key),
                            customer=of.id,
                            name=name.strip(),
                            key=key,
                            tagged_by=job.actor,
                            tagged_at=job.now(),
                        )
                        job.unit.add(tag)
                        job.happened("customer-tagged", of, tag=tag.id)
                return tuple(job.unit.each(Query(Tag, where=[Is("customer", of.id)], order=[Order("key")])))

        return self._tried(added)

    def remove(self, customer: Customer | str, name: str) -> None:
        """Take a word from a customer.

        Raises:
            NotThere: the customer has no such tag.
        """
        with self._begin() as job:
            of = current_customer(job, customer)
            tag = job.unit.get(Tag, tag_id(of.id, _key(name)))
            job.unit.remove(tag)
            job.happened("customer-untagged", of, tag=tag.id)

    def of(self, customer: Customer | str) -> tuple[str, ...]:
        """Return the words that a customer has, in order."""
        with self._begin(read_only=True) as job:
            query = Query(Tag, where=[Is("customer", id_of(customer))], order=[Order("key")])
            return tuple(tag.name for tag in job.unit.each(query))

    def tagged(self, name: str, *, limit: int = 100, after: str | None = None) -> Page[Tag]:
        """Return one page of the customers that have a word, as tags that name them.

        Args:
            name: the word, in upper or lower case.
            limit: how many a page has.
            after: the cursor of the page before.
        """
        with self._begin(read_only=True) as job:
            query = Query(Tag, where=[Is("key", _key(name))], order=[Order("customer")], limit=limit, after=after)
            return job.unit.find(query)

    def counts(self) -> Mapping[str, int]:
        """Return how many customers have each word, in one pass of the storage."""
        with self._begin(read_only=True) as job:
            return {key: count for (key,), count in sorted(job.unit.count_by(Tag, ["key"]).items())}


def _key(name: str) -> str:
    key = " ".join(name.split()).casefold()
    if not 0 < len(key) <= _LONGEST:
        raise InvalidDetail(TAG.name, "name", say("a tag is a word of 1 to {most} characters", most=_LONGEST))
    return key


def tag_id(customer: str, key: str) -> str:
    """Return the id of a tag: two who attach the same word at once meet in it."""
    return sha256(f"{customer}\0{key}".encode()).hexdigest()[:40]

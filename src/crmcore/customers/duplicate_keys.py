"""The keys of customers, kept with them: who shares one with a customer that is entered is compared with it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Final

from attrs import frozen

from crmcore.customers.current import id_of
from crmcore.customers.duplicates import Profile, keys
from crmcore.customers.profiling import each_profile, profiles_of
from crmcore.customers.records import Customer
from crmcore.customers.work import Job
from crmcore.storage import LARGEST_PAGE, Among, Entity, Is, Kind, Order, Query, WhenErased, personal, reference

__all__ = [
    "DUPLICATE_KEY",
    "DuplicateKey",
    "add_keys",
    "refresh_all_keys",
    "refresh_keys",
    "sharing",
    "sharing_few",
    "write_keys",
]

_PAGE: Final = 1_000
_LONGEST_START: Final = 100
_MOST_ASKED: Final = 5_000
"""How many keys one statement asks for."""


@frozen(kw_only=True)
class DuplicateKey(Entity):
    """A customer can be recognised by a key.

    Attributes:
        customer: the customer.
        key: the key; what it is made of, `crmcore.customers.duplicates.keys` says.
    """

    customer: str = reference("customer")
    key: str = personal()


DUPLICATE_KEY = Kind("duplicate-key", DuplicateKey, indexed=[("key", "id")], when_erased=WhenErased.REMOVED)


def refresh_keys(job: Job, *customers: Customer | str) -> None:
    """Bring the keys of customers to what is known of them now, in the same transaction.

    Whoever changes something by which a customer is recognised (its name, its number in a register, a contact point)
    calls it after that.

    Args:
        job: the job.
        customers: the customers, or their ids; those that were merged into others or erased have no keys.
    """
    ids = tuple(dict.fromkeys(map(id_of, customers)))
    profiles = {one.id: one for one in profiles_of(job, ids)}
    for id_ in ids:
        _brought(job, id_, profiles.get(id_))


def add_keys(job: Job, customers: Iterable[Customer]) -> None:
    """Add the keys of customers that have just been added, and of which nobody has keys yet."""
    write_keys(job, {one.id: keys(one) for one in profiles_of(job, [one.id for one in customers])})


def write_keys(job: Job, made: Mapping[str, Iterable[str]]) -> None:
    """Write the keys of customers that have just been added, for whoever made them already: by customer."""
    job.unit.add_all(_key(customer, key) for customer, some in made.items() for key in some)


def refresh_all_keys(job: Job) -> int:
    """Bring the keys of all customers to what is known of them, and return how many customers there are."""
    count = 0
    for profile in tuple(each_profile(job)):
        _brought(job, profile.id, profile)
        count += 1
    return count


def sharing(job: Job, wanted: Sequence[str], limit: int) -> Mapping[str, Sequence[str]]:
    """Return for each key the ids of customers that have it, at most `limit`."""
    found = {}
    for key in wanted:
        page = job.unit.find(Query(DuplicateKey, where=[Is("key", key)], limit=limit))
        found[key] = [one.customer for one in page]
    return found


def sharing_few(job: Job, wanted: Sequence[str], most: int) -> Mapping[str, Sequence[str] | None]:
    """Return for each of many keys the ids of the customers that have it, asked in a few statements.

    Args:
        job: the job.
        wanted: the keys; those that nobody has are left out.
        most: where more customers have a key, there is None for it.
    """
    found: dict[str, list[str] | None] = {}
    for start in range(0, len(wanted), _MOST_ASKED):
        asked = [Among("key", tuple(wanted[start : start + _MOST_ASKED]))]
        counts = {key: count for (key,), count in job.unit.count_by(DuplicateKey, ["key"], asked).items()}
        found |= {key: [] if count <= most else None for key, count in counts.items()}
        for some in _paged({key: count for key, count in sorted(counts.items()) if count <= most}):
            query = Query(DuplicateKey, where=[Among("key", some)], order=[Order("key")], limit=LARGEST_PAGE)
            for one in job.unit.find(query):
                sharing = found[one.key]
                if sharing is not None:
                    sharing.append(one.customer)
    return found


def _paged(counts: Mapping[str, int]) -> Iterator[tuple[str, ...]]:
    """Yield keys, as many at once as are on one page."""
    some: list[str] = []
    total = 0
    for key, count in counts.items():
        if total + count > LARGEST_PAGE:
            yield tuple(some)
            some, total = [], 0
        some.append(key)
        total += count
    if some:
        yield tuple(some)


def _brought(job: Job, customer: str, profile: Profile | None) -> None:
    where = [Is("customer", customer)]
    known = {one.key: one for one in job.unit.each(Query(DuplicateKey, where=where, limit=_PAGE))}
    wanted = () if profile is None else keys(profile)
    for key in known.keys() - set(wanted):
        job.unit.remove(known[key])
    job.unit.add_all(_key(customer, key) for key in wanted if key not in known)


def _key(customer: str, key: str) -> DuplicateKey:
    """Return a key as it is stored: with an id beside those of the customer's others, so that they lie together."""
    return DuplicateKey(id=f"{_start(customer)}{sha256(key.encode()).hexdigest()[:16]}", customer=customer, key=key)


def _start(customer: str) -> str:
    return f"{customer}." if len(customer) <= _LONGEST_START else sha256(customer.encode()).hexdigest()

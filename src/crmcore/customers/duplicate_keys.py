"""The keys of customers, kept with them: who shares one with a customer that is entered is compared with it."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Final

from attrs import frozen

from crmcore.customers.current import id_of
from crmcore.customers.duplicates import Profile, keys
from crmcore.customers.profiling import each_profile, profiles_of
from crmcore.customers.records import Customer
from crmcore.customers.work import Job
from crmcore.storage import Entity, Is, Kind, Query, WhenErased, personal, reference

__all__ = ["DUPLICATE_KEY", "DuplicateKey", "add_keys", "refresh_all_keys", "refresh_keys", "sharing"]

_PAGE: Final = 1_000


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
    profiles = profiles_of(job, [one.id for one in customers])
    job.unit.add_all(_key(profile.id, key) for profile in profiles for key in keys(profile))


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


def _brought(job: Job, customer: str, profile: Profile | None) -> None:
    where = [Is("customer", customer)]
    known = {one.key: one for one in job.unit.each(Query(DuplicateKey, where=where, limit=_PAGE))}
    wanted = () if profile is None else keys(profile)
    for key in known.keys() - set(wanted):
        job.unit.remove(known[key])
    job.unit.add_all(_key(customer, key) for key in wanted if key not in known)


def _key(customer: str, key: str) -> DuplicateKey:
    return DuplicateKey(id=sha256(f"{customer}\0{key}".encode()).hexdigest()[:40], customer=customer, key=key)

"""Profiles of customers that are stored: by what they may be recognised, gathered from all that is known of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from crmcore.customers.contact_point_records import ContactPoint
from crmcore.customers.contact_points import ContactKind
from crmcore.customers.duplicates import Profile, ProfileKind
from crmcore.customers.identity import Identifier, InvalidIdentifier, lei, uscc
from crmcore.customers.identity.identifiers import compact
from crmcore.customers.records import Customer, CustomerType
from crmcore.customers.work import Job
from crmcore.errors import MissingExtra
from crmcore.storage import Among, Is, Order, Query

__all__ = ["each_profile", "identifiers_of", "profiles_for", "profiles_of", "served"]

_PAGE: Final = 1_000
_PARTS: Final = {"province": "region", "city": "city", "street": "street", "postcode": "postcode", "country": "country"}
_OFFICIAL: Final[tuple[Callable[[str], Identifier], ...]] = (uscc, lei)


def profiles_of(job: Job, customers: Sequence[str]) -> tuple[Profile, ...]:
    """Return the profiles of customers; those that were merged into others, erased, or are not there are left out.

    Args:
        job: the job.
        customers: their ids, at most some thousand.
    """
    return profiles_for(job, served(job, customers))


def served(job: Job, customers: Sequence[str]) -> list[Customer]:
    """Return customers by their ids, at most some thousand; those that were merged or erased are left out."""
    if not customers:
        return []
    found = job.unit.each(Query(Customer, where=[Among("id", tuple(customers))], limit=_PAGE))
    return [one for one in found if one.merged_into is None and one.erased_at is None]


def each_profile(job: Job) -> Iterator[Profile]:
    """Yield the profiles of all customers that are served, some thousand in memory at once."""
    query = Query(Customer, where=[Is("merged_into", None), Is("erased_at", None)], limit=_PAGE)
    some: list[Customer] = []
    for customer in job.unit.each(query):
        some.append(customer)
        if len(some) == _PAGE:
            yield from profiles_for(job, some)
            some = []
    yield from profiles_for(job, some)


def identifiers_of(registration: str | None) -> Mapping[str, str]:
    """Return a number in a public register by its scheme: `uscc` or `lei` where it is one, else `registration`."""
    if not registration or not registration.strip():
        return {}
    for read in _OFFICIAL:
        try:
            found = read(registration)
        except (InvalidIdentifier, MissingExtra):
            continue
        return {str(found.kind): found.value}
    return {"registration": compact(registration)}


def profiles_for(job: Job, customers: Sequence[Customer]) -> tuple[Profile, ...]:
    """Return the profiles of customers that have been read, at most some thousand."""
    points = _points(job, customers)
    return tuple(_profile(one, points.get(one.id, ())) for one in customers)


def _points(job: Job, customers: Sequence[Customer]) -> Mapping[str, Sequence[ContactPoint]]:
    """Return the contact points of customers; of people their own alone: who helps them is not they."""
    if not customers:
        return {}
    where = [Among("customer", [one.id for one in customers])]
    order = [Order("customer"), Order("point_kind")]  # that of an index, which databases miss where the id comes first
    people = {one.id for one in customers if one.customer_type is CustomerType.PERSON}
    found: dict[str, list[ContactPoint]] = {}
    for point in job.unit.each(Query(ContactPoint, where=where, order=order, limit=_PAGE)):
        if point.contact is None or point.customer not in people:
            found.setdefault(point.customer, []).append(point)
    return found


def _profile(customer: Customer, points: Sequence[ContactPoint]) -> Profile:
    def values(kind: ContactKind) -> tuple[str, ...]:
        return tuple(point.value for point in points if point.point_kind is kind and point.value)

    addresses = (point.details for point in points if point.point_kind is ContactKind.ADDRESS and point.contact is None)
    return Profile(
        customer.id,
        ProfileKind(customer.customer_type.value),
        names=(customer.name,),
        phones=values(ContactKind.PHONE),
        emails=values(ContactKind.EMAIL),
        domains=values(ContactKind.WEB),
        address=_address(next(addresses, {})),
        identifiers=identifiers_of(customer.registration),
    )


def _address(details: Mapping[str, Any]) -> Mapping[str, str]:
    return {ours: str(details[theirs]) for theirs, ours in _PARTS.items() if details.get(theirs)}

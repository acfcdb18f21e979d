"""By what customers are reached: contact points are added in their normal form, and found again however typed."""

from datetime import datetime

from attrs import evolve

from crmcore.customers.contact_point_records import ContactPoint, contact_point, point_key
from crmcore.customers.contact_points import ContactKind, ContactValue, normalised
from crmcore.customers.current import contact_of, current_customer, id_of
from crmcore.customers.duplicate_keys import refresh_keys
from crmcore.customers.records import Contact, Customer
from crmcore.customers.work import Desk, Job
from crmcore.storage import Filter, Is, Order, Query, UnitOfWork

__all__ = ["ContactPoints", "points_of"]


class ContactPoints(Desk):
    """The phone numbers, addresses and accounts of customers and their contacts."""

    def add(
        self,
        customer: Customer | str,
        kind: ContactKind | str,
        text: str,
        *,
        contact: Contact | str | None = None,
        label: str | None = None,
        primary: bool | None = None,
        verified_at: datetime | None = None,
        region: str = "CN",
    ) -> ContactPoint:
        """Add a contact point, or return the one that its owner has already.

        Args:
            customer: the customer, or its id.
            kind: by what it reaches, such as `phone`, `email`, `wecom`.
            text: as somebody typed it.
            contact: whose it is; None for the customer's own.
            label: what it is for.
            primary: whether it is used first among those of its kind and owner; None: if there is none yet.
            verified_at: when somebody found out that it reaches the owner, in UTC.
            region: the country (ISO 3166, two letters) of a phone number without country code, and of an address.

        Raises:
            InvalidContactPoint: the text cannot be one.
            UnknownName: there is no such kind.
            InvalidCustomer: the contact is another customer's, or the customer was merged into another.
        """
        value = normalised(kind, text, region=region)

        def added() -> ContactPoint:
            with self._begin() as job:
                of = current_customer(job, customer, alone=True)  # by all of them together, it is recognised
                person = None if contact is None else contact_of(job, of, contact).id
                for known in points_of(job.unit, value):
                    if (known.customer, known.contact) == (of.id, person):
                        return known
                more = {"label": label, "verified_at": verified_at}
                point = contact_point(value, of.id, person, added_at=job.now(), **more)
                return self._added(job, of, point, primary)

        return self._tried(added)

    def _added(self, job: Job, customer: Customer, point: ContactPoint, primary: bool | None) -> ContactPoint:
        first = _first(job, point)
        point = evolve(point, primary=first is None if primary is None else primary)
        if point.primary and first is not None:
            job.unit.put(evolve(first, primary=False))
        point = job.unit.add(point)
        refresh_keys(job, customer)
        _tell(job, "contact-point-added", point, customer)
        return point

    def get(self, id: str) -> ContactPoint:  # noqa: A002 (a record's id is called so everywhere)
        """Return a contact point.

        Raises:
            NotThere: there is none of that id.
        """
        with self._begin(read_only=True) as job:
            return job.unit.get(ContactPoint, id)

    def of(
        self,
        customer: Customer | str,
        *,
        contact: Contact | str | None = None,
        kind: ContactKind | str | None = None,
    ) -> tuple[ContactPoint, ...]:
        """Return the contact points of a customer and its contacts, by kind, the primary ones first.

        Args:
            customer: the customer, or its id.
            contact: those of one contact alone; None for all.
            kind: those of one kind alone; None for all.
        """
        with self._begin(read_only=True) as job:
            where: list[Filter] = [Is("customer", id_of(customer))]
            if contact is not None:
                where.append(Is("contact", contact if isinstance(contact, str) else contact.id))
            if kind is not None:
                where.append(Is("point_kind", ContactKind(kind).value))
            found = job.unit.each(Query(ContactPoint, where=where, order=[Order("point_kind"), Order("added_at")]))
            return tuple(sorted(found, key=lambda one: (one.point_kind, not one.primary)))

    def find(self, kind: ContactKind | str, text: str, *, region: str = "CN") -> tuple[ContactPoint, ...]:
        """Return the contact points that reach the same as a text, each with its customer and contact.

        Whoever writes or calls is recognised by it, however the number or address was typed, so that nobody who is
        known becomes a new customer.

        Args:
            kind: by what it reaches.
            text: as somebody typed it, or as a message carries it.
            region: the country of a phone number without country code, and of an address.

        Raises:
            InvalidContactPoint: the text cannot be one.
            UnknownName: there is no such kind.
        """
        value = normalised(kind, text, region=region)
        with self._begin(read_only=True) as job:
            return points_of(job.unit, value)

    def prefer(self, point: ContactPoint | str) -> ContactPoint:
        """Let a contact point be used first among those of its kind and owner."""
        with self._begin() as job:
            wanted = job.unit.get(ContactPoint, point) if isinstance(point, str) else point
            first = _first(job, wanted)
            if first is not None and first.id == wanted.id:
                return wanted
            if first is not None:
                job.unit.put(evolve(first, primary=False))
            wanted = job.unit.put(evolve(wanted, primary=True))
            _tell(job, "contact-point-preferred", wanted)
            return wanted

    def verify(self, point: ContactPoint | str) -> ContactPoint:
        """Remember that a contact point reaches its owner, as somebody found out now."""
        with self._begin() as job:
            wanted = job.unit.get(ContactPoint, point) if isinstance(point, str) else point
            wanted = job.unit.put(evolve(wanted, verified_at=job.now()))
            _tell(job, "contact-point-verified", wanted)
            return wanted

    def remove(self, point: ContactPoint | str) -> None:
        """Remove a contact point that reaches nobody any longer; another of its kind and owner becomes the first."""
        with self._begin() as job:
            gone = job.unit.get(ContactPoint, point) if isinstance(point, str) else point
            job.unit.remove(gone)
            refresh_keys(job, gone.customer)
            _tell(job, "contact-point-removed", gone)
            if gone.primary:
                where = [*_owned(gone), Is("point_kind", gone.point_kind.value)]
                for one in job.unit.find(Query(ContactPoint, where=where, order=[Order("added_at")], limit=1)):
                    job.unit.put(evolve(one, primary=True))


def points_of(work: UnitOfWork, value: ContactValue) -> tuple[ContactPoint, ...]:
    """Return the contact points that reach the same as a value, the oldest first."""
    where = [Is("point_kind", value.kind.value), Is("key", point_key(value))]
    return tuple(work.each(Query(ContactPoint, where=where, order=[Order("added_at")])))


def _owned(point: ContactPoint) -> tuple[Filter, ...]:
    return Is("customer", point.customer), Is("contact", point.contact)


def _first(job: Job, point: ContactPoint) -> ContactPoint | None:
    where = [*_owned(point), Is("point_kind", point.point_kind.value), Is("primary", value=True)]
    return next(iter(job.unit.find(Query(ContactPoint, where=where, limit=1))), None)


def _tell(job: Job, name: str, point: ContactPoint, customer: Customer | None = None) -> None:
    of = customer or job.unit.get(Customer, point.customer)
    job.happened(name, of, contact_point=point.id, kind=point.point_kind.value, contact=point.contact)

"""Contacts: those one speaks with at a customer."""

from collections.abc import Mapping
from typing import Any, Final

from attrs import evolve

from crmcore.customers.attributes import own_fields
from crmcore.customers.current import current_customer, id_of
from crmcore.customers.failures import InvalidCustomer, UnknownField
from crmcore.customers.preferences import spoken
from crmcore.customers.records import CONTACT, BuyingRole, Contact, Customer
from crmcore.customers.work import Desk, Job
from crmcore.errors import nearest
from crmcore.language import say
from crmcore.storage import Is, Order, Query

__all__ = ["Contacts"]

_CHANGEABLE: Final = ("name", "title", "department", "buying_role", "language", "time_zone")


class Contacts(Desk):
    """The contacts of customers."""

    def add(
        self,
        customer: Customer | str,
        name: str,
        *,
        title: str | None = None,
        department: str | None = None,
        buying_role: BuyingRole | str | None = None,
        primary: bool | None = None,
        language: str | None = None,
        time_zone: str | None = None,
        fields: Mapping[str, Any] | None = None,
        id: str | None = None,  # noqa: A002 (a record's id is called so everywhere)
    ) -> Contact:
        """Add somebody one speaks with at a customer.

        Args:
            customer: the customer, or its id.
            name: as the person writes it.
            title: what the person is there.
            department: where the person works there.
            buying_role: what the person has to say when the customer buys.
            primary: whether one turns to this person first; None: if the customer has nobody yet.
            language: in which the person is spoken to, BCP 47.
            time_zone: where the person is, an IANA name.
            fields: the company's own fields, by name.
            id: its id; None for a new one.

        Raises:
            InvalidCustomer: it has no name, an impossible language or time zone, or the customer was merged into
                another.
            UnknownField, ValueNotAllowed: a field of the company's own does not exist, or cannot have that value.
            AlreadyThere: there is a contact of that id.
        """
        with self._begin() as job:
            of = current_customer(job, customer, alone=True)  # of its contacts, one at most is primary
            first = self._primary(job, of.id)
            contact = Contact(
                id=id or job.ids(),
                customer=of.id,
                name=_named(name),
                title=title,
                department=department,
                buying_role=_role(buying_role),
                primary=first is None if primary is None else primary,
                **spoken({"language": language, "time_zone": time_zone}),
                custom=own_fields(fields or {}, job.fields.get(CONTACT.name, {}), job.kinds.of(Contact)),
            )
            if contact.primary and first is not None:
                job.unit.put(evolve(first, primary=False))
            contact = job.unit.add(contact)
            job.happened("contact-added", of, contact=contact.id)
            return contact

    def get(self, id: str) -> Contact:  # noqa: A002 (as above)
        """Return a contact.

        Raises:
            NotThere: there is none of that id.
        """
        with self._begin(read_only=True) as job:
            return job.unit.get(Contact, id)

    def of(self, customer: Customer | str, *, gone: bool = False) -> tuple[Contact, ...]:
        """Return the contacts of a customer, the primary one first, then by name.

        Args:
            customer: the customer, or its id.
            gone: whether those are returned too who have left it.
        """
        with self._begin(read_only=True) as job:
            where = [Is("customer", id_of(customer))]
            if not gone:
                where.append(Is("left_at", None))
            found = job.unit.each(Query(Contact, where=where, order=[Order("name")]))
            return tuple(sorted(found, key=lambda one: not one.primary))

    def change(self, contact: Contact | str, *, fields: Mapping[str, Any] | None = None, **values: Any) -> Contact:
        """Change what is known of a contact, and return it as it is then.

        Args:
            contact: the contact as it was read, so that nobody's change is lost; or its id, for its newest version.
            fields: the company's own fields by name; None empties one.
            values: fields of the record by name: `name`, `title`, `department`, `buying_role`, `language`, `time_zone`.

        Raises:
            Stale: somebody else changed it since it was read.
            UnknownField, ValueNotAllowed: a field does not exist, or cannot have that value.
        """
        with self._begin() as job:
            before = job.unit.get(Contact, contact) if isinstance(contact, str) else contact
            for name in values:
                if name not in _CHANGEABLE:
                    raise UnknownField(CONTACT.name, name, nearest(name, _CHANGEABLE))
            if "name" in values:
                values["name"] = _named(values["name"])
            if "buying_role" in values:
                values["buying_role"] = _role(values["buying_role"])
            values = spoken(values)
            own = own_fields(fields or {}, job.fields.get(CONTACT.name, {}), job.kinds.of(Contact))
            custom = {name: value for name, value in {**before.custom, **own}.items() if value is not None}
            after = evolve(before, custom=custom, **values)
            if after == before:
                return before
            after = job.unit.put(after)
            changed = [name for name in values if getattr(before, name) != getattr(after, name)]
            changed += [name for name in fields or {} if before.custom.get(name) != after.custom.get(name)]
            self._tell(job, "contact-changed", after, fields=sorted(changed))
            return after

    def prefer(self, contact: Contact | str) -> Contact:
        """Let one turn to this person first.

        Raises:
            InvalidCustomer: the person has left the customer.
        """
        with self._begin() as job:
            wanted = job.unit.get(Contact, contact) if isinstance(contact, str) else contact
            if wanted.left_at is not None:
                raise InvalidCustomer("primary", say("{contact} has left the customer", contact=wanted.id))
            first = self._primary(job, wanted.customer)
            if first is not None and first.id == wanted.id:
                return wanted
            if first is not None:
                job.unit.put(evolve(first, primary=False))
            wanted = job.unit.put(evolve(wanted, primary=True))
            self._tell(job, "contact-preferred", wanted, before=first and first.id)
            return wanted

    def leave(self, contact: Contact | str) -> Contact:
        """Remember that a person has left the customer; what was spoken with the person stays."""
        with self._begin() as job:
            before = job.unit.get(Contact, contact) if isinstance(contact, str) else contact
            if before.left_at is not None:
                return before
            after = job.unit.put(evolve(before, left_at=job.now(), primary=False))
            self._tell(job, "contact-left", after)
            return after

    def _primary(self, job: Job, customer: str) -> Contact | None:
        where = [Is("customer", customer), Is("primary", value=True)]
        return next(iter(job.unit.find(Query(Contact, where=where, limit=1))), None)

    def _tell(self, job: Job, name: str, contact: Contact, **payload: Any) -> None:
        job.happened(name, job.unit.get(Customer, contact.customer), contact=contact.id, **payload)


def _named(name: str) -> str:
    if not isinstance(name, str) or not name.strip():
        raise InvalidCustomer("name", say("a contact has a name"))
    return name.strip()


def _role(role: BuyingRole | str | None) -> BuyingRole | None:
    try:
        return None if role is None else BuyingRole(role)
    except ValueError:
        raise InvalidCustomer(
            "buying_role",
            say("{value!r} is no role in buying; they are {known}", value=str(role), known=", ".join(BuyingRole)),
        ) from None

"""What customers prefer: the language and time zone in which one speaks with them, and whatever else they asked for."""

import re
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from zoneinfo import available_timezones

from attrs import evolve, frozen

from crmcore.customers.current import contact_of, current_customer, id_of
from crmcore.customers.failures import InvalidCustomer, InvalidDetail
from crmcore.customers.records import Contact, Customer
from crmcore.customers.work import Desk
from crmcore.errors import nearest
from crmcore.language import say
from crmcore.storage import Entity, Filter, Is, Kind, NotThere, Order, Query, personal, reference

__all__ = ["PREFERENCE", "Preference", "Preferences", "language_tag", "preference_id", "spoken", "time_zone_name"]

_LANGUAGE: Final = re.compile(
    r"(?P<language>[A-Za-z]{2,3}|[A-Za-z]{5,8})(-(?P<script>[A-Za-z]{4}))?(-(?P<region>[A-Za-z]{2}|[0-9]{3}))?"
    r"(?P<rest>(-[A-Za-z0-9]{1,8})*)"
)


@frozen(kw_only=True)
class Preference(Entity):
    """Something that a customer, or one of its contacts, asked for.

    Attributes:
        customer: the customer.
        contact: who prefers it; None for the customer.
        name: what it is about, such as `channel` or `call-before`.
        value: what is preferred.
        set_by: who wrote it down.
        set_at: when.
    """

    customer: str = reference("customer")
    contact: str | None = reference("contact", default=None)
    name: str
    value: str = personal()
    set_by: str
    set_at: datetime


PREFERENCE = Kind("preference", Preference, indexed=["name"])


class Preferences(Desk):
    """What customers and their contacts prefer."""

    def set(
        self, customer: Customer | str, name: str, value: str | None, *, contact: Contact | str | None = None
    ) -> Preference | None:
        """Remember what is preferred instead of what was before; None: nothing is any longer.

        Args:
            customer: the customer, or its id.
            name: what it is about, such as `channel`.
            value: what is preferred.
            contact: who prefers it; None for the customer.

        Raises:
            InvalidDetail: it is about nothing.
            InvalidCustomer: the contact is another customer's.
        """
        if not name.strip():
            raise InvalidDetail(PREFERENCE.name, "name", say("say what is preferred"))
        with self._begin() as job:
            of = current_customer(job, customer)
            person = None if contact is None else contact_of(job, of, contact).id
            id_ = preference_id(of.id, person, name)
            try:
                before = job.unit.get(Preference, id_)
            except NotThere:
                before = None
            after = None
            if value is None:
                if before is None:
                    return None
                job.unit.remove(before)
            else:
                after = Preference(
                    id=id_, customer=of.id, contact=person, name=name, value=value, set_by=job.actor, set_at=job.now()
                )
                after = job.unit.add(after) if before is None else job.unit.put(evolve(after, version=before.version))
            job.happened("preference-set", of, preference=id_, about=name, contact=person)
            return after

    def of(self, customer: Customer | str, *, contact: Contact | str | None = None) -> dict[str, str]:
        """Return what is preferred by name; what a contact prefers takes the place of what the customer does.

        Args:
            customer: the customer, or its id.
            contact: with whom one speaks; None for the customer's own alone.
        """
        with self._begin(read_only=True) as job:
            whose = contact if contact is None or isinstance(contact, str) else contact.id
            where: list[Filter] = [Is("customer", id_of(customer))]
            found = tuple(job.unit.each(Query(Preference, where=where, order=[Order("name")])))
            own = {one.name: one.value for one in found if one.contact is None}
            return own | {one.name: one.value for one in found if whose is not None and one.contact == whose}


def preference_id(customer: str, contact: str | None, name: str) -> str:
    """Return the id of a preference: two who set the same at once meet in it."""
    return sha256("\0".join([customer, contact or "", name]).encode()).hexdigest()[:40]


def spoken(values: dict[str, Any]) -> dict[str, Any]:
    """Return values of a record, its language and its time zone in their normal forms.

    Raises:
        InvalidCustomer: there is no such time zone, or no language is written so.
    """
    read = {"language": language_tag, "time_zone": time_zone_name}
    return {name: read[name](value) if name in read and value is not None else value for name, value in values.items()}


def language_tag(text: str) -> str:
    """Return a language tag (BCP 47) in its usual case: `zh-Hans-CN`. Whether anybody speaks it, nobody asks.

    Raises:
        InvalidCustomer: no language is written so.
    """
    found = _LANGUAGE.fullmatch(text.strip().replace("_", "-"))
    if found is None:
        raise InvalidCustomer("language", say("{value!r} is no language tag such as zh-CN or en", value=text))
    script, region = found["script"], found["region"]
    parts = [found["language"].lower(), script and script.title(), region and region.upper()]
    return "-".join(part for part in parts if part) + found["rest"].lower()


def time_zone_name(text: str) -> str:
    """Return the name of a time zone of the IANA database.

    Raises:
        InvalidCustomer: there is none of that name.
    """
    known = available_timezones()
    if text not in known:
        near = nearest(text, sorted(known))
        if near is None:
            reason = say("{value!r} is no time zone such as Asia/Shanghai", value=text)
        else:
            reason = say("{value!r} is no time zone; did you mean {near!r}?", value=text, near=near)
        raise InvalidCustomer("time_zone", reason)
    return text

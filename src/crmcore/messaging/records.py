"""Messages and notices as records: what events and parcels refer to, so that what people wrote can be forgotten.

Events last for ever, and parcels lie about until somebody clears them away: neither holds an address or a text.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from attrs import field, frozen

from crmcore.customers import CONTACT, CUSTOMER, Contact, Customer
from crmcore.customers.current import refuse_erased
from crmcore.storage import Busy, Entity, Kind, NotThere, UnitOfWork, personal, reference

__all__ = ["MESSAGE", "NOTICE", "MessageDirection", "StoredMessage", "StoredNotice", "whom"]


class MessageDirection(StrEnum):
    """Where a message goes."""

    IN = "in"
    OUT = "out"


@frozen(kw_only=True)
class StoredMessage(Entity):
    """A message that is sent, or came. One to send has the id of its parcel, one that came that of its event.

    Attributes:
        customer: the customer that it is about; None where nobody knows, or it is about none.
        contact: the contact whom it is for, or who wrote it.
        direction: whether it came, or goes out.
        channel: the name of the channel.
        thread: the id of the first message of the conversation that is known.
        at: when it was enqueued, or came.
        subject: what it is about.
        content: the message as `outgoing` or `incoming` reads it, its files by reference; empty once it was erased.
        purpose: to what the customer has to agree, still when it is sent; None where no consent is needed.
    """

    customer: str | None = reference("customer", default=None)
    contact: str | None = reference("contact", default=None)
    direction: MessageDirection = field(converter=MessageDirection)
    channel: str
    thread: str
    at: datetime
    subject: str = personal(default="")
    content: Mapping[str, Any] = personal(factory=dict)
    purpose: str | None = None


MESSAGE = Kind("message", StoredMessage, indexed=[("customer", "at"), ("contact", "at")])
"""The kind of the messages: a storage in which they are sent or received knows it, and the kinds of customers."""


@frozen(kw_only=True)
class StoredNotice(Entity):
    """A notice to somebody of the organization, with the id of its parcel.

    Attributes:
        customer: the customer that it is about; None for none.
        person: whom it is for.
        notifier: the name of the notifier.
        at: when it was enqueued.
        content: the notice as `notice` reads it; empty once it was erased.
    """

    customer: str | None = reference("customer", default=None)
    person: str
    notifier: str
    at: datetime
    content: Mapping[str, Any] = personal(factory=dict)


NOTICE = Kind("notice", StoredNotice, indexed=[("person", "at")])
"""The kind of the notices, likewise."""


def whom(work: UnitOfWork, about: tuple[str, str]) -> tuple[str | None, str | None]:
    """Return the customer and the contact that a message is about, by the kind and id of a record.

    The customer is held, so that the message belongs to it when the unit of work ends. In place of one that was merged
    stands the one that it was merged into.

    Raises:
        NotThere: there is no such contact.
        InvalidCustomer: the customer was erased.
        Busy: the contact went to another customer in that moment.
    """
    kind, id_ = about
    if kind == CUSTOMER.name:
        return _standing(work, id_), None
    if kind != CONTACT.name:
        return None, None
    customer = _standing(work, work.get(Contact, id_).customer)
    if work.get(Contact, id_).customer != customer:
        raise Busy
    return customer, id_


def _standing(work: UnitOfWork, id_: str) -> str:
    """Hold the customer that stands for one, and return its id; that there is none, is told of the message."""
    try:
        found = work.hold(Customer, id_)
    except NotThere:
        return id_
    while found.merged_into is not None:
        found = work.hold(Customer, found.merged_into)
    refuse_erased(found)
    return found.id

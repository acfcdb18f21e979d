"""By what a customer, or one of its contacts, is reached: as records that are found again by what is compared."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

import attrs
from attrs import field, frozen

from crmcore.customers.contact_points import ContactKind, ContactValue
from crmcore.storage import Entity, Kind, WhenErased, personal, reference

__all__ = ["CONTACT_POINT", "ContactPoint", "contact_point", "point_details", "point_id", "point_key"]

_LONGEST_KEY: Final = 200
_KEPT: Final = 120


@frozen(kw_only=True)
class ContactPoint(Entity):
    """A phone number, an address or an account by which a customer or one of its contacts is reached.

    Attributes:
        customer: the customer.
        contact: whose it is, where it belongs to one contact; None for the customer's own.
        point_kind: by what.
        value: in its normal form, as one calls it or writes to it; as somebody typed it where it has none.
        key: what is compared: two with one kind and one key reach the same. A long one ends in its digest. None where
            there is no normal form, so that nobody may be reached by it.
        shown: as it is shown to people; None for as it is.
        label: what it is for, such as `work` or `invoices`; None for nothing in particular.
        primary: whether it is used first among those of its kind and owner; at most one is.
        verified_at: when somebody found out that it reaches the owner; None for never.
        details: what else its text tells: the type and country of a phone, the parts of an address.
        added_at: when it was added.
    """

    customer: str = reference("customer")
    contact: str | None = reference("contact", default=None)
    point_kind: ContactKind = field(converter=ContactKind)
    value: str = personal()
    key: str | None = personal(default=None)
    shown: str | None = personal(default=None)
    label: str | None = personal(default=None)
    primary: bool = False
    verified_at: datetime | None = None
    details: Mapping[str, Any] = personal(factory=dict)
    added_at: datetime

    @property
    def text(self) -> str:
        """How people read it."""
        return self.shown or self.value


CONTACT_POINT = Kind(
    "contact-point",
    ContactPoint,
    indexed=[("point_kind", "key"), ("customer", "point_kind"), ("contact", "point_kind")],
    when_erased=WhenErased.REMOVED,
)


def point_key(value: ContactValue) -> str:
    """Return what a contact point is found by: its key, shortened where it is longer than an index takes."""
    if len(value.key) <= _LONGEST_KEY:
        return value.key
    return f"{value.key[:_KEPT]}…{sha256(value.key.encode()).hexdigest()}"


def point_id(customer: str, contact: str | None, kind: ContactKind, key: str) -> str:
    """Return the id of a contact point: two who add the same at once meet in it.

    Args:
        customer: the customer.
        contact: whose it is; None for the customer's own.
        kind: by what it reaches.
        key: as `point_key` gives it.
    """
    return sha256("\0".join([customer, contact or "", kind, key]).encode()).hexdigest()[:40]


def point_details(value: ContactValue) -> dict[str, Any]:
    """Return what a contact point tells beside its forms, as JSON has it."""
    own = attrs.asdict(value, value_serializer=lambda _, __, one: list(one) if isinstance(one, tuple) else one)
    told = {name: one for name, one in own.items() if name not in ("kind", "value", "key", "shown")}
    return {name: str(one) if isinstance(one, str) else one for name, one in told.items() if one not in ("", [], None)}


def contact_point(
    value: ContactValue, customer: str, contact: str | None, *, added_at: datetime, **more: Any
) -> ContactPoint:
    """Return the record of a contact point that has a normal form; it is not written yet.

    Args:
        value: its forms.
        customer: the customer.
        contact: whose it is; None for the customer's own.
        added_at: when it is added.
        more: fields of the record that the forms do not tell, such as `label`.
    """
    key = point_key(value)
    return ContactPoint(
        id=point_id(customer, contact, value.kind, key),
        customer=customer,
        contact=contact,
        point_kind=value.kind,
        value=value.value,
        key=key,
        shown=value.shown,
        details=point_details(value),
        added_at=added_at,
        **more,
    )

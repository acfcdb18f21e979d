"""Contact points as they are stored: by what a customer, or somebody there, is reached."""

from typing import Final

from attrs import frozen

from crmcore.storage import Entity, Kind, reference

__all__ = ["CONTACT_POINT", "LONGEST_KEY", "ContactPoint"]

LONGEST_KEY: Final = 200
"""How many characters of the form for comparing are kept, so that every database can index it."""


@frozen(kw_only=True)
class ContactPoint(Entity):
    """A contact point of a customer, or of one contact there.

    Attributes:
        customer: the customer.
        contact: the contact that it is of; None where it is of the customer as a whole.
        point_kind: by what, such as `phone`, `email`, `web` or `address`: a `ContactKind`.
        value: in its normal form; as somebody typed it where it has none.
        key: as it is compared; None where it has no normal form, so that nobody may be reached by it.
        label: what it is for, such as `work` or `home`.
        primary: whether it is the first of its kind to be tried.
    """

    customer: str = reference("customer")
    contact: str | None = reference("contact", default=None)
    point_kind: str
    value: str
    key: str | None = None
    label: str | None = None
    primary: bool = False


CONTACT_POINT = Kind("contact-point", ContactPoint, indexed=[("point_kind", "key")])

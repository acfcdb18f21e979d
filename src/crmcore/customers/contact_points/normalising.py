"""One door for all kinds of contact points: the kind is data, as in a column of a file that is imported."""

from crmcore.customers.contact_points.account_rules import ACCOUNT_RULES
from crmcore.customers.contact_points.accounts import account
from crmcore.customers.contact_points.addresses import postal_address
from crmcore.customers.contact_points.emails import email
from crmcore.customers.contact_points.phones import phone
from crmcore.customers.contact_points.values import ContactKind, ContactValue
from crmcore.customers.contact_points.websites import website
from crmcore.errors import UnknownName, nearest

__all__ = ["normalised"]


def normalised(kind: ContactKind | str, text: str, *, region: str = "CN") -> ContactValue:
    """Return a contact point in its normal form. Made normal once more, its `value` stays as it is.

    Args:
        kind: what it should be, such as `phone`, `email`, `wecom`.
        text: as somebody typed it.
        region: the country (ISO 3166, two letters) of a phone number without country code, and of an address.

    Returns:
        A `Phone`, `Email`, `Website`, `PostalAddress` or `Account`.

    Raises:
        InvalidContactPoint: it cannot be one.
        UnknownName: there is no such kind.
    """
    try:
        wanted = ContactKind(kind)
    except ValueError:
        raise UnknownName("kind of contact point", kind, nearest(kind, [str(known) for known in ContactKind])) from None
    if wanted in ACCOUNT_RULES:
        return account(wanted, text)
    if wanted is ContactKind.PHONE:
        return phone(text, region=region)
    if wanted is ContactKind.ADDRESS:
        return postal_address(text, region=region)
    return email(text) if wanted is ContactKind.EMAIL else website(text)

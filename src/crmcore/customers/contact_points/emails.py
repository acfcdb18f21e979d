"""Email addresses, of all languages: their normal form, the mailbox that they mean, and what may be misspelt."""

from attrs import field, frozen

from crmcore.customers.contact_points.values import ContactValue

__all__ = ["Email", "email"]


@frozen
class Email(ContactValue):
    """An email address.

    Attributes:
        value: as it is written in a message: the domain in small letters and its own script, the rest as it was.
        key: the mailbox: in small letters, the domain in ASCII; without what a provider is known to ignore.
        local: the part before the @.
        domain: the part behind it, in its own script.
        ascii_domain: the same in ASCII.
        public: whether everybody can have an address there, so that the domain tells no company.
        name: the name that stood before it (`王伟 <wei@example.com>`); empty for none.
        likely: the address that may be meant, where the domain looks like a misspelt well known one; empty for none.
    """

    local: str = field(kw_only=True)
    domain: str = field(kw_only=True)
    ascii_domain: str = field(kw_only=True)
    public: bool = field(kw_only=True)
    name: str = field(kw_only=True, eq=False)
    likely: str = field(kw_only=True)


def email(text: str) -> Email:
    """Return an email address in its normal form. Whether its domain exists is not asked: nothing is sent for it.

    Args:
        text: as somebody typed it, also with a name before it in the manner of a message's header.

    Raises:
        InvalidContactPoint: it can be no address, or ends as no domain does.
    """
    from crmcore.customers.contact_points.mailboxes import read_email  # noqa: PLC0415 (its library is large)

    return read_email(text)

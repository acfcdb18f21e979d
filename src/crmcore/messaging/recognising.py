"""Who wrote a message: the customer or contact that is reached by the address from which it came."""

from crmcore.customers import CONTACT, CUSTOMER, points_of
from crmcore.customers.contact_points import InvalidContactPoint, normalised
from crmcore.errors import UnknownName
from crmcore.messaging.messages import IncomingMessage
from crmcore.storage import UnitOfWork

__all__ = ["known_sender"]


def known_sender(work: UnitOfWork, message: IncomingMessage) -> tuple[str, str] | None:
    """Return kind and id of the contact or customer who wrote a message, by the contact points that are on file.

    Give it to a `Receiver` as `recognise`, so that nobody who is known becomes a new customer by writing.

    Args:
        work: a unit of work of the CRM.
        message: the message.

    Returns:
        The contact, where the address is one contact's; the customer, where several of it share the address; None where
        nobody has it, or several customers do: then the conversation tells, or somebody has to.
    """
    if message.sender is None:
        return None
    try:
        value = normalised(message.sender.channel, message.sender.value)
    except (InvalidContactPoint, UnknownName):
        return None
    found = points_of(work, value)
    contacts = {point.contact for point in found if point.contact is not None}
    customers = {point.customer for point in found}
    if len(customers) != 1:
        return None
    if len(contacts) == 1:
        return CONTACT.name, contacts.pop()
    return CUSTOMER.name, customers.pop()

"""Customers as operations act on them: as they were read, or in their newest version."""

from crmcore.customers.failures import InvalidCustomer
from crmcore.customers.records import Contact, Customer
from crmcore.customers.work import Job
from crmcore.language import say

__all__ = ["contact_of", "current_customer", "id_of"]


def id_of(customer: Customer | str) -> str:
    """Return the id of a customer."""
    return customer if isinstance(customer, str) else customer.id


def current_customer(job: Job, customer: Customer | str) -> Customer:
    """Return a customer that operations can act on, as it was read, or of an id in its newest version.

    Raises:
        NotThere: there is none of that id.
        InvalidCustomer: it was merged into another, or erased.
    """
    found = job.unit.get(Customer, id_of(customer))  # also of one that was read: it may have been merged since
    if found.merged_into is not None:
        raise InvalidCustomer(
            "merged_into",
            say("{customer} was merged into {other}: use that one", customer=found.id, other=found.merged_into),
        )
    if found.erased_at is not None:
        raise InvalidCustomer("erased_at", say("{customer} was erased: nothing is kept of it", customer=found.id))
    return found if isinstance(customer, str) else customer


def contact_of(job: Job, customer: Customer, contact: Contact | str) -> Contact:
    """Return a contact of a customer, as it was read, or of an id in its newest version.

    Raises:
        NotThere: there is none of that id.
        InvalidCustomer: it is a contact of another customer.
    """
    found = job.unit.get(Contact, contact) if isinstance(contact, str) else contact
    if found.customer != customer.id:
        raise InvalidCustomer("contact", say("{contact} is a contact of another customer", contact=found.id))
    return found

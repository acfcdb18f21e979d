"""Customers as operations act on them: as they were read, or in their newest version."""

from crmcore.customers.failures import InvalidCustomer
from crmcore.customers.records import CUSTOMER, Contact, Customer
from crmcore.customers.work import Job
from crmcore.language import say
from crmcore.storage import NotThere

__all__ = ["contact_of", "current_customer", "current_customers", "id_of", "refuse_erased"]


def id_of(customer: Customer | str) -> str:
    """Return the id of a customer."""
    return customer if isinstance(customer, str) else customer.id


def current_customer(job: Job, customer: Customer | str, *, alone: bool = False) -> Customer:
    """Return a customer that operations can act on, as it was read, or of an id in its newest version.

    It is held: until the job ends, nobody merges, erases or changes it, so that what is added to it belongs to it.

    Args:
        job: the job.
        customer: the customer, or its id.
        alone: whether nobody else adds anything to it meanwhile: whoever writes the customer itself, or writes what
            depends on all that it has, begins with that.

    Raises:
        NotThere: there is none of that id.
        InvalidCustomer: it was merged into another, or erased.
        Busy: somebody else is about to change it.
    """
    held = job.unit.hold(Customer, id_of(customer), alone=alone)  # also of one that was read: it may be merged by now
    return _acted_on(customer, held)


def current_customers(job: Job, *customers: Customer | str, alone: bool = False) -> tuple[Customer, ...]:
    """Return several customers as `current_customer` does, held in an order in which nobody waits for one another."""
    held = {one.id: one for one in job.unit.hold_all(Customer, map(id_of, customers), alone=alone)}
    for one in customers:
        if id_of(one) not in held:
            raise NotThere(CUSTOMER.name, id_of(one))
    return tuple(_acted_on(one, held[id_of(one)]) for one in customers)


def _acted_on(customer: Customer | str, found: Customer) -> Customer:
    if found.merged_into is not None:
        raise InvalidCustomer(
            "merged_into",
            say("{customer} was merged into {other}: use that one", customer=found.id, other=found.merged_into),
        )
    refuse_erased(found)
    return found if isinstance(customer, str) else customer


def refuse_erased(customer: Customer) -> None:
    """Refuse a customer that was erased.

    Raises:
        InvalidCustomer: it was.
    """
    if customer.erased_at is not None:
        raise InvalidCustomer("erased_at", say("{customer} was erased: nothing is kept of it", customer=customer.id))


def contact_of(job: Job, customer: Customer, contact: Contact | str) -> Contact:
    """Return a contact of a customer that is held, as it was read, or of an id in its newest version.

    Raises:
        NotThere: there is none of that id.
        InvalidCustomer: it is a contact of another customer.
    """
    found = job.unit.get(Contact, contact if isinstance(contact, str) else contact.id)
    if found.customer != customer.id:
        raise InvalidCustomer("contact", say("{contact} is a contact of another customer", contact=found.id))
    return found if isinstance(contact, str) else contact

"""Customers as operations act on them: as they were read, or in their newest version."""

from crmcore.customers.failures import InvalidCustomer
from crmcore.customers.records import Customer
from crmcore.customers.work import Job
from crmcore.language import say

__all__ = ["current_customer", "id_of"]


def id_of(customer: Customer | str) -> str:
    """Return the id of a customer."""
    return customer if isinstance(customer, str) else customer.id


def current_customer(job: Job, customer: Customer | str) -> Customer:
    """Return a customer that operations can act on, as it was read, or of an id in its newest version.

    Raises:
        NotThere: there is none of that id.
        InvalidCustomer: it was merged into another.
    """
    found = job.unit.get(Customer, customer) if isinstance(customer, str) else customer
    if found.merged_into is not None:
        raise InvalidCustomer(
            "merged_into",
            say("{customer} was merged into {other}: use that one", customer=found.id, other=found.merged_into),
        )
    return found

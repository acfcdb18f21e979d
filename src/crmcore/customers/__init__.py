"""Customers and what happens with them: every operation in a unit of work, with its events."""

from crmcore.customers.attributes import dimension_fields, dimensions_on_file, field_name, point_of
from crmcore.customers.contacts import Contacts
from crmcore.customers.customers import Customers
from crmcore.customers.failures import InvalidCustomer, UnknownField, ValueNotAllowed
from crmcore.customers.fields import CustomField
from crmcore.customers.kinds import CUSTOMER_KINDS, customer_kind, kinds_of
from crmcore.customers.records import CONTACT, CUSTOMER, BuyingRole, Contact, Customer, CustomerType
from crmcore.customers.work import Begin, Desk, Job

__all__ = [
    "CONTACT",
    "CUSTOMER",
    "CUSTOMER_KINDS",
    "Begin",
    "BuyingRole",
    "Contact",
    "Contacts",
    "CustomField",
    "Customer",
    "CustomerType",
    "Customers",
    "Desk",
    "InvalidCustomer",
    "Job",
    "UnknownField",
    "ValueNotAllowed",
    "customer_kind",
    "dimension_fields",
    "dimensions_on_file",
    "field_name",
    "kinds_of",
    "point_of",
]

"""Customers and what happens with them: every operation in a unit of work, with its events."""

from crmcore.customers.answers import Answers, AtTouchpoint
from crmcore.customers.assigning import ASSIGNERS, Assigner, Candidates
from crmcore.customers.assignment_records import ASSIGNMENT, Assigned, Assignment, AssignmentReason, Coverage
from crmcore.customers.assignments import Assignments
from crmcore.customers.attributes import dimension_fields, dimensions_on_file, field_name, point_of
from crmcore.customers.contacts import Contacts
from crmcore.customers.customers import Customers
from crmcore.customers.failures import InvalidAssignment, InvalidCustomer, UnknownField, ValueNotAllowed
from crmcore.customers.fields import CustomField
from crmcore.customers.kinds import CUSTOMER_KINDS, customer_kind, kinds_of
from crmcore.customers.population import Population, population
from crmcore.customers.records import CONTACT, CUSTOMER, BuyingRole, Contact, Customer, CustomerType
from crmcore.customers.work import Begin, Desk, Job

__all__ = [
    "ASSIGNERS",
    "ASSIGNMENT",
    "CONTACT",
    "CUSTOMER",
    "CUSTOMER_KINDS",
    "Answers",
    "Assigned",
    "Assigner",
    "Assignment",
    "AssignmentReason",
    "Assignments",
    "AtTouchpoint",
    "Begin",
    "BuyingRole",
    "Candidates",
    "Contact",
    "Contacts",
    "Coverage",
    "CustomField",
    "Customer",
    "CustomerType",
    "Customers",
    "Desk",
    "InvalidAssignment",
    "InvalidCustomer",
    "Job",
    "Population",
    "UnknownField",
    "ValueNotAllowed",
    "customer_kind",
    "dimension_fields",
    "dimensions_on_file",
    "field_name",
    "kinds_of",
    "point_of",
    "population",
]

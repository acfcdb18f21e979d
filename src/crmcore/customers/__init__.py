"""Customers and what happens with them: every operation in a unit of work, with its events."""

from crmcore.customers.answers import Answers, AtTouchpoint
from crmcore.customers.assigning import ASSIGNERS, Assigner, Candidates
from crmcore.customers.assignment_records import ASSIGNMENT, Assigned, Assignment, AssignmentReason, Coverage
from crmcore.customers.assignments import Assignments
from crmcore.customers.attributes import dimension_fields, dimensions_on_file, field_name, point_of
from crmcore.customers.auditing import Audit, Auditing, AuditKind, Concern
from crmcore.customers.consents import CONSENT, Consent, Consents
from crmcore.customers.contact_point_records import CONTACT_POINT, ContactPoint
from crmcore.customers.contacts import Contacts
from crmcore.customers.customers import Customers
from crmcore.customers.facts import FACT, Fact, Facts, facts_of
from crmcore.customers.failures import (
    HandoffRefused,
    InvalidAssignment,
    InvalidConsent,
    InvalidCustomer,
    InvalidTask,
    NotEntitled,
    OutdatedPlan,
    TransitionRefused,
    UnknownField,
    ValueNotAllowed,
)
from crmcore.customers.fields import CustomField
from crmcore.customers.guards import GUARDS, Guard, Objection, Transition
from crmcore.customers.handoff_records import HANDOFF, Checklist, CustomerHandoff, HandoffState
from crmcore.customers.handoffs import Handoffs
from crmcore.customers.kinds import CUSTOMER_KINDS, customer_kind, kinds_of
from crmcore.customers.lifecycle import Lifecycle
from crmcore.customers.moves import Change, Move, Plan
from crmcore.customers.population import Population, population
from crmcore.customers.rebalancing import Rebalancing
from crmcore.customers.records import CONTACT, CUSTOMER, BuyingRole, Contact, Customer, CustomerType
from crmcore.customers.stage_records import STAGE_CHANGE, Funnel, Passage, StageChange
from crmcore.customers.task_records import TASK, Task, TaskState
from crmcore.customers.tasks import Tasks
from crmcore.customers.vetoes import VETO, Veto, Vetoes
from crmcore.customers.work import Begin, Desk, Job

__all__ = [
    "ASSIGNERS",
    "ASSIGNMENT",
    "CONSENT",
    "CONTACT",
    "CONTACT_POINT",
    "CUSTOMER",
    "CUSTOMER_KINDS",
    "FACT",
    "GUARDS",
    "HANDOFF",
    "STAGE_CHANGE",
    "TASK",
    "VETO",
    "Answers",
    "Assigned",
    "Assigner",
    "Assignment",
    "AssignmentReason",
    "Assignments",
    "AtTouchpoint",
    "Audit",
    "AuditKind",
    "Auditing",
    "Begin",
    "BuyingRole",
    "Candidates",
    "Change",
    "Checklist",
    "Concern",
    "Consent",
    "Consents",
    "Contact",
    "ContactPoint",
    "Contacts",
    "Coverage",
    "CustomField",
    "Customer",
    "CustomerHandoff",
    "CustomerType",
    "Customers",
    "Desk",
    "Fact",
    "Facts",
    "Funnel",
    "Guard",
    "HandoffRefused",
    "HandoffState",
    "Handoffs",
    "InvalidAssignment",
    "InvalidConsent",
    "InvalidCustomer",
    "InvalidTask",
    "Job",
    "Lifecycle",
    "Move",
    "NotEntitled",
    "Objection",
    "OutdatedPlan",
    "Passage",
    "Plan",
    "Population",
    "Rebalancing",
    "StageChange",
    "Task",
    "TaskState",
    "Tasks",
    "Transition",
    "TransitionRefused",
    "UnknownField",
    "ValueNotAllowed",
    "Veto",
    "Vetoes",
    "customer_kind",
    "dimension_fields",
    "dimensions_on_file",
    "facts_of",
    "field_name",
    "kinds_of",
    "point_of",
    "population",
]

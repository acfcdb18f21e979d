"""Customers and what happens with them: every operation in a unit of work, with its events."""

from crmcore.customers.answers import Answers, AtTouchpoint
from crmcore.customers.assigning import ASSIGNERS, Assigner, Candidates
from crmcore.customers.assignment_records import ASSIGNMENT, Assigned, Assignment, AssignmentReason, Coverage
from crmcore.customers.assignments import Assignments
from crmcore.customers.attributes import dimension_fields, dimensions_on_file, field_name, point_of
from crmcore.customers.auditing import Audit, Auditing, AuditKind, Concern
from crmcore.customers.consents import CONSENT, Consent, Consents, consent_for
from crmcore.customers.contact_point_records import CONTACT_POINT, ContactPoint
from crmcore.customers.contacts import Contacts
from crmcore.customers.customers import Customers
from crmcore.customers.duplicate_keys import DUPLICATE_KEY, DuplicateKey, add_keys, refresh_keys
from crmcore.customers.erasing import ERASED
from crmcore.customers.facts import FACT, Fact, Facts, facts_of
from crmcore.customers.failures import (
    HandoffRefused,
    InvalidAssignment,
    InvalidConsent,
    InvalidCustomer,
    InvalidDetail,
    InvalidField,
    InvalidTask,
    KnownCustomer,
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
from crmcore.customers.interactions import INTERACTION, Direction, Interaction, Interactions, NextStep
from crmcore.customers.kinds import CUSTOMER_KINDS, customer_kind, kinds_of
from crmcore.customers.lifecycle import Lifecycle
from crmcore.customers.merging import (
    MERGE,
    MERGE_STEP,
    ChangedSinceMerge,
    Choice,
    FieldChoice,
    Merge,
    MergePreview,
    MergeRefused,
    MergeStep,
    Merging,
    Survivorship,
)
from crmcore.customers.moves import Change, Move, Plan
from crmcore.customers.notes import DOCUMENT, NOTE, Document, Documents, Note, Notes
from crmcore.customers.population import Population, population
from crmcore.customers.preferences import PREFERENCE, Preference, Preferences
from crmcore.customers.privacy import Due, Erasure, Privacy
from crmcore.customers.purchases import PURCHASE, Purchase, Purchases, PurchaseState
from crmcore.customers.reaching import ContactPoints, points_of
from crmcore.customers.rebalancing import Rebalancing
from crmcore.customers.recognition import Known, Recognition
from crmcore.customers.records import CONTACT, CUSTOMER, BuyingRole, Contact, Customer, CustomerType
from crmcore.customers.relations import RELATION, RELATIONS, Related, Relation, Relations
from crmcore.customers.retention import SIGNS_OF_LIFE, RetentionRule
from crmcore.customers.sentences import ENTRY_KINDS
from crmcore.customers.stage_records import STAGE_CHANGE, Funnel, Passage, StageChange
from crmcore.customers.tags import TAG, Tag, Tags
from crmcore.customers.task_records import TASK, Task, TaskState
from crmcore.customers.tasks import Tasks
from crmcore.customers.timelines import Entry, Timeline, Timelines
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
    "DOCUMENT",
    "DUPLICATE_KEY",
    "ENTRY_KINDS",
    "ERASED",
    "FACT",
    "GUARDS",
    "HANDOFF",
    "INTERACTION",
    "MERGE",
    "MERGE_STEP",
    "NOTE",
    "PREFERENCE",
    "PURCHASE",
    "RELATION",
    "RELATIONS",
    "SIGNS_OF_LIFE",
    "STAGE_CHANGE",
    "TAG",
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
    "ChangedSinceMerge",
    "Checklist",
    "Choice",
    "Concern",
    "Consent",
    "Consents",
    "Contact",
    "ContactPoint",
    "ContactPoints",
    "Contacts",
    "Coverage",
    "CustomField",
    "Customer",
    "CustomerHandoff",
    "CustomerType",
    "Customers",
    "Desk",
    "Direction",
    "Document",
    "Documents",
    "Due",
    "DuplicateKey",
    "Entry",
    "Erasure",
    "Fact",
    "Facts",
    "FieldChoice",
    "Funnel",
    "Guard",
    "HandoffRefused",
    "HandoffState",
    "Handoffs",
    "Interaction",
    "Interactions",
    "InvalidAssignment",
    "InvalidConsent",
    "InvalidCustomer",
    "InvalidDetail",
    "InvalidField",
    "InvalidTask",
    "Job",
    "Known",
    "KnownCustomer",
    "Lifecycle",
    "Merge",
    "MergePreview",
    "MergeRefused",
    "MergeStep",
    "Merging",
    "Move",
    "NextStep",
    "NotEntitled",
    "Note",
    "Notes",
    "Objection",
    "OutdatedPlan",
    "Passage",
    "Plan",
    "Population",
    "Preference",
    "Preferences",
    "Privacy",
    "Purchase",
    "PurchaseState",
    "Purchases",
    "Rebalancing",
    "Recognition",
    "Related",
    "Relation",
    "Relations",
    "RetentionRule",
    "StageChange",
    "Survivorship",
    "Tag",
    "Tags",
    "Task",
    "TaskState",
    "Tasks",
    "Timeline",
    "Timelines",
    "Transition",
    "TransitionRefused",
    "UnknownField",
    "ValueNotAllowed",
    "Veto",
    "Vetoes",
    "add_keys",
    "consent_for",
    "customer_kind",
    "dimension_fields",
    "dimensions_on_file",
    "facts_of",
    "field_name",
    "kinds_of",
    "point_of",
    "points_of",
    "population",
    "refresh_keys",
]

"""The kinds of records that a CRM stores for an organization, with the fields that this organization adds."""

from collections.abc import Iterable, Mapping
from typing import Final

from crmcore.customers.assignment_records import ASSIGNMENT
from crmcore.customers.attributes import dimension_fields
from crmcore.customers.consents import CONSENT
from crmcore.customers.contact_point_records import CONTACT_POINT
from crmcore.customers.duplicate_keys import DUPLICATE_KEY
from crmcore.customers.facts import FACT
from crmcore.customers.fields import CustomField
from crmcore.customers.handoff_records import HANDOFF
from crmcore.customers.interactions import INTERACTION
from crmcore.customers.merging.records import MERGE, MERGE_STEP
from crmcore.customers.notes import DOCUMENT, NOTE
from crmcore.customers.preferences import PREFERENCE
from crmcore.customers.purchases import PURCHASE
from crmcore.customers.records import CONTACT, CUSTOMER
from crmcore.customers.relations import RELATION
from crmcore.customers.stage_records import STAGE_CHANGE
from crmcore.customers.tags import TAG
from crmcore.customers.task_records import TASK
from crmcore.customers.vetoes import VETO
from crmcore.errors import UnknownName, nearest
from crmcore.organization import Organization
from crmcore.storage import Kind, Kinds

__all__ = ["CUSTOMER_KINDS", "customer_kind", "kinds_of"]

CUSTOMER_KINDS: Final = (
    CUSTOMER,
    CONTACT,
    CONTACT_POINT,
    ASSIGNMENT,
    CONSENT,
    DOCUMENT,
    DUPLICATE_KEY,
    FACT,
    HANDOFF,
    INTERACTION,
    MERGE,
    MERGE_STEP,
    NOTE,
    PREFERENCE,
    PURCHASE,
    RELATION,
    STAGE_CHANGE,
    TAG,
    TASK,
    VETO,
)
"""The kinds of this room, without the fields that an organization or a company adds."""


def customer_kind(organization: Organization) -> Kind:
    """Return the kind of customers, with a field for each dimension of an organization that is true of a customer."""
    return CUSTOMER.with_custom(*dimension_fields(organization))


def kinds_of(organization: Organization, kinds: Iterable[Kind], fields: Iterable[CustomField] = ()) -> Kinds:
    """Return the kinds that a storage has to know to be the CRM of an organization.

    Args:
        organization: whose dimensions are fields of its customers.
        kinds: the kinds of crmcore and of plugins.
        fields: the company's own fields.

    Raises:
        UnknownName: a field is of a kind that does not exist.
        ValueError: a name cannot be that of a field.
    """
    known = {kind.name: kind for kind in kinds}
    known[CUSTOMER.name] = known.get(CUSTOMER.name, CUSTOMER).with_custom(*dimension_fields(organization))
    for name, some in _by_kind(fields).items():
        if name not in known:
            raise UnknownName("kind", name, nearest(name, known))
        known[name] = known[name].with_custom(*(one.stored for one in some))
    return Kinds(known.values())


def _by_kind(fields: Iterable[CustomField]) -> Mapping[str, list[CustomField]]:
    by_kind: dict[str, list[CustomField]] = {}
    for one in fields:
        by_kind.setdefault(one.of, []).append(one)
    return by_kind

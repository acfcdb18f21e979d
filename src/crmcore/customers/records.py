"""Customers, and those one speaks with there: what the CRM remembers of them itself."""

from datetime import datetime
from enum import StrEnum

from attrs import field, frozen

from crmcore.storage import Entity, Kind, personal, reference

__all__ = ["CONTACT", "CUSTOMER", "BuyingRole", "Contact", "Customer", "CustomerType"]


class CustomerType(StrEnum):
    """What a customer is."""

    ORGANIZATION = "organization"
    PERSON = "person"


@frozen(kw_only=True)
class Customer(Entity):
    """A customer: an organization, or a person.

    What decides who answers (the dimensions of the organization) and the company's own fields stand in `custom`.

    Attributes:
        name: as the customer writes it.
        customer_type: an organization or a person.
        stage: where in the lifecycle; None where the organization has no stages.
        stage_since: when it came into the stage.
        parent: the customer that it belongs to, such as the group of a subsidiary.
        language: in which it is spoken to, BCP 47.
        time_zone: where it is, an IANA name.
        source: where it came from, such as `referral` or `trade-show`.
        registration: its number in a public register, such as the USCC (统一社会信用代码).
        registered_at: when it came into the CRM.
        merged_into: the customer that took its place, as both were the same.
        erased_at: when its personal data was erased.
    """

    name: str = personal()
    customer_type: CustomerType = field(default=CustomerType.ORGANIZATION, converter=CustomerType)
    stage: str | None = None
    stage_since: datetime
    parent: str | None = reference("customer", default=None)
    language: str | None = None
    time_zone: str | None = None
    source: str | None = None
    registration: str | None = personal(default=None)
    registered_at: datetime
    merged_into: str | None = reference("customer", default=None)
    erased_at: datetime | None = None


CUSTOMER = Kind("customer", Customer, indexed=["name", "registration", ("stage", "stage_since"), "registered_at"])


class BuyingRole(StrEnum):
    """What somebody has to say when the customer buys."""

    PRIMARY = "primary"
    BUSINESS_DECISION_MAKER = "business-decision-maker"
    TECHNICAL_DECISION_MAKER = "technical-decision-maker"
    BUSINESS_EVALUATOR = "business-evaluator"
    TECHNICAL_EVALUATOR = "technical-evaluator"
    EXECUTIVE_SPONSOR = "executive-sponsor"
    INFLUENCER = "influencer"


def _role(role: BuyingRole | str | None) -> BuyingRole | None:
    return None if role is None else BuyingRole(role)


@frozen(kw_only=True)
class Contact(Entity):
    """Somebody one speaks with at a customer.

    Attributes:
        customer: the customer.
        name: as the person writes it.
        title: what the person is there.
        department: where the person works there.
        buying_role: what the person has to say when the customer buys.
        primary: whether one turns to this person first; at most one of a customer.
        language: in which the person is spoken to, BCP 47.
        time_zone: where the person is, an IANA name.
        left_at: when the person left the customer; None while there.
    """

    customer: str = reference("customer")
    name: str = personal()
    title: str | None = personal(default=None)
    department: str | None = personal(default=None)
    buying_role: BuyingRole | None = field(default=None, converter=_role)
    primary: bool = False
    language: str | None = None
    time_zone: str | None = None
    left_at: datetime | None = None


CONTACT = Kind("contact", Contact, indexed=["name"])

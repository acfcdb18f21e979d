"""Adoption: which organization is in force from which day, each version kept whole, so that the past can be asked."""

from crmcore.adoption.adopting import Adoption, adopt, preview
from crmcore.adoption.failures import AlreadyBegun, DayTaken, NothingNew, NoVersion
from crmcore.adoption.history import organization_of, organization_on, today, version_on, versions, who_on
from crmcore.adoption.versions import ORGANIZATION_VERSION, OrganizationVersion, text_of

__all__ = [
    "ORGANIZATION_VERSION",
    "Adoption",
    "AlreadyBegun",
    "DayTaken",
    "NoVersion",
    "NothingNew",
    "OrganizationVersion",
    "adopt",
    "organization_of",
    "organization_on",
    "preview",
    "text_of",
    "today",
    "version_on",
    "versions",
    "who_on",
]

"""A version of the organization: the whole of it as data, and from which day it holds."""

from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final

from attrs import frozen

from crmcore.organization import Organization
from crmcore.organization.writing.texts import yaml_text
from crmcore.storage import Entity, Kind, as_text

__all__ = ["ORGANIZATION_VERSION", "OrganizationVersion", "digest_of", "read", "text_of", "version_id"]


@frozen(kw_only=True)
class OrganizationVersion(Entity):
    """An organization as it was adopted. It is never changed: what comes later is another version.

    Attributes:
        number: 1 for the first version of a tenant, then one more each.
        name: the company.
        first_day: the first day on which it holds, where the company is.
        digest: SHA-256 of the organization; equal organizations have equal digests.
        organization: the whole of it, as `Organization.to_data` gives it.
        replaces: the number of a version that had not begun, and never will because of this one.
        adopted_by: who adopted it.
        adopted_at: when, in UTC.
        note: why, in the words of whoever adopted it.
    """

    number: int
    name: str
    first_day: date
    digest: str
    organization: Mapping[str, Any]
    replaces: int | None = None
    adopted_by: str
    adopted_at: datetime
    note: str = ""


ORGANIZATION_VERSION: Final = Kind("organization-version", OrganizationVersion)


def version_id(number: int) -> str:
    """Return the id of a version: the same for everyone who would adopt the next one, so that only one of them can."""
    return str(number)


def digest_of(data: Mapping[str, Any]) -> str:
    """Return the digest of an organization that `Organization.to_data` gave."""
    return sha256(as_text(data).encode()).hexdigest()


def text_of(version: OrganizationVersion) -> str:
    """Return a version as the YAML of an organization file; answers from it name lines of this text."""
    return yaml_text(dict(version.organization))


def read(version: OrganizationVersion) -> Organization:
    """Return the organization of a version; its records say where they stand in `text_of`."""
    return Organization.parse(text_of(version), "yaml", f"version-{version.number}.yaml")

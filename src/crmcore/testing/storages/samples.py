"""Kinds of records with every sort of field, which the contract stores, and records of them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from attrs import field, frozen

from crmcore.storage import Entity, Event, Field, Holds, Kind, Kinds, Parcel, reference

__all__ = ["COMPANY", "KINDS", "PERSON", "START", "Company", "Person", "Tier", "company", "event", "parcel", "person"]

START: Final = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
"""The instant at which everything begins."""


class Tier(StrEnum):
    """How much a company buys."""

    KEY = "key"
    STANDARD = "standard"


@frozen(kw_only=True)
class Company(Entity):
    """Something with every sort of field.

    Attributes:
        name: a text that is searched with an index.
        memo: a text of any length.
        tier: a choice.
        employees: a whole number.
        turnover: an exact number.
        score: a number.
        active: yes or no.
        founded: a day.
        seen: an instant.
        notes: a tree.
        parent: another company.
    """

    name: str
    memo: str | None = None
    tier: Tier = field(default=Tier.STANDARD, converter=Tier)
    employees: int | None = None
    turnover: Decimal | None = None
    score: float | None = None
    active: bool = True
    founded: date | None = None
    seen: datetime | None = None
    notes: Mapping[str, Any] = field(factory=dict)
    parent: str | None = reference("company", default=None)


@frozen(kw_only=True)
class Person(Entity):
    """Somebody of a company.

    Attributes:
        name: of the person.
        company: whose.
    """

    name: str
    company: str = reference("company")


COMPANY: Final = Kind(
    "company", Company, custom=[Field("行业", Holds.TEXT), Field("seats", Holds.WHOLE)], indexed=["name"]
)
PERSON: Final = Kind("person", Person)
KINDS: Final = Kinds([COMPANY, PERSON])
"""The kinds that the contract stores."""


def company(id: str = "c1", name: str = "华为", **fields: Any) -> Company:  # noqa: A002 (a record's id is called so)
    """Return a company."""
    return Company(id=id, name=name, **fields)


def person(id: str = "p1", company: str = "c1", **fields: Any) -> Person:  # noqa: A002 (as above)
    """Return a person of a company."""
    return Person(id=id, company=company, **{"name": "李娜", **fields})


def event(id: str = "e1", subject: str = "c1", **fields: Any) -> Event:  # noqa: A002 (as above)
    """Return an event of a company."""
    given = {"name": "company-registered", "actor": "li.na", "at": START, "subject_kind": "company", **fields}
    return Event(id=id, subject=subject, **given)


def parcel(id: str = "p1", topic: str = "message", **fields: Any) -> Parcel:  # noqa: A002 (as above)
    """Return a parcel that is due at the start."""
    return Parcel(id=id, topic=topic, **{"due": START, **fields})

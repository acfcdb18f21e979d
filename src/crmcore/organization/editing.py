"""Another organization, made from one by adding, replacing and taking away records: the first step of every what-if."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from attrs import evolve, fields

from crmcore.errors import UnknownName, nearest
from crmcore.language import say
from crmcore.organization.model import Organization
from crmcore.organization.shapes import Entry, Many, organization_entry
from crmcore.organization.space import Dimension

__all__ = ["with_records", "without_records"]


@cache
def _sections() -> Mapping[type, str]:
    """The section in which records of a class stand, and the key of those that stand alone."""
    sections: dict[type, str] = {Dimension: "dimensions"}
    for key in organization_entry().keys.values():
        shape = key.shape.item if isinstance(key.shape, Many) else key.shape
        if isinstance(shape, Entry):
            sections[shape.record] = key.field
    return sections


def with_records(organization: Organization, records: Iterable[Any], values: Mapping[str, Any]) -> Organization:
    """Return an organization with more records, and with other values of its own.

    Args:
        organization: what it is made from; it stays as it is.
        records: each is added at the end of its section; one with the id of another takes its place.
        values: fields of the organization, by name.

    Raises:
        TypeError: something is no record that an organization holds.
        UnknownName: an organization has no field of that name.
        InvalidOrganization: the result breaks a rule of the file.
    """
    names = [attribute.name for attribute in fields(Organization)]
    for name in values:
        if name not in names:
            raise UnknownName(say("field of the organization"), name, nearest(name, names))
    changed: dict[str, Any] = dict(values)
    for record in records:
        section = _section(record)
        present = changed.get(section, getattr(organization, section))
        changed[section] = _placed(record, present) if isinstance(present, tuple) else record
    return evolve(organization, **changed)


def _placed(record: Any, present: tuple[Any, ...]) -> tuple[Any, ...]:
    identity = getattr(record, "id", None)
    if identity is not None and any(other.id == identity for other in present):
        return tuple(record if other.id == identity else other for other in present)
    return (*present, record)


def without_records(organization: Organization, records: Iterable[Any]) -> Organization:
    """Return an organization without some records.

    Args:
        organization: what it is made from; it stays as it is.
        records: what to leave out. Those that have an id are known by it; of others that are equal, all go.

    Raises:
        TypeError: something is no record that an organization holds.
        UnknownName: the organization does not hold one of them.
    """
    changed: dict[str, Any] = {}
    for record in records:
        section = _section(record)
        present = changed.get(section, getattr(organization, section))
        kept = tuple(other for other in present if not _is(other, record)) if isinstance(present, tuple) else present
        if kept == present:
            raise _unknown(record, section, organization)
        changed[section] = kept
    return evolve(organization, **changed)


def _is(other: Any, record: Any) -> bool:
    identity = getattr(record, "id", None)
    return bool(other == record if identity is None else other.id == identity)


def _section(record: Any) -> str:
    section = _sections().get(type(record))
    if section is None:
        message = f"an organization holds records such as Person or Duty, not {record!r}"
        raise TypeError(message)
    return section


def _unknown(record: Any, section: str, organization: Organization) -> UnknownName:
    identity = str(getattr(record, "id", record))
    known = [str(other.id) for other in organization.section(section) if hasattr(other, "id")]
    return UnknownName(say("record of {section}", section=section), identity, nearest(identity, known))

"""Events: what happened, written together with what it changed, and never changed itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from attrs import field, frozen

from crmcore.storage.records import Entity, Kind

__all__ = ["EVENT", "Event"]


@frozen(kw_only=True)
class Event(Entity):
    """Something that happened.

    The timeline of a customer and the audit are read from events. A unit of work takes them by `append`, and refuses
    to change or remove them.

    Attributes:
        name: what happened, such as `customer-registered`.
        actor: who did it: the id of a person, or of a program.
        at: when, in UTC.
        subject_kind: the kind of the record that it happened to.
        subject: the id of that record.
        payload: what else there is to tell: mappings, lists and values, as JSON has them.
        caused_by: the id of the event that led to it.
    """

    name: str
    actor: str
    at: datetime
    subject_kind: str = ""
    subject: str = ""
    payload: Mapping[str, Any] = field(factory=dict)
    caused_by: str | None = None


EVENT = Kind("event", Event, indexed=(("subject_kind", "subject", "at"), "at"))

"""The outbox: what has to be done outside after a commit, kept until somebody has done it.

A parcel is added in the unit of work that causes it, so that it exists exactly when its cause does. Workers claim
parcels for some time (a lease); whoever claims one delivers it and says so. A worker that dies lets its lease run out,
and another one claims the parcel: delivery is at least once, and the parcel's id is the key by which the receiver tells
that it has seen it before.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from attrs import field, frozen

from crmcore.storage.records import Entity, Kind

__all__ = ["PARCEL", "Claim", "Parcel", "ParcelState", "Wanted"]


class ParcelState(StrEnum):
    """How far a parcel has come."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"


@frozen(kw_only=True)
class Parcel(Entity):
    """Something to deliver.

    Attributes:
        topic: what kind of thing it is; workers claim by topic.
        payload: what to deliver: mappings, lists and values, as JSON has them.
        due: not before this instant, in UTC; while a worker has it, the instant at which its lease runs out.
        attempts: how often it was claimed.
        worker: who has it, or had it last; None when nobody ever had it.
        state: waiting, delivered, or dead when it is given up.
        failure: what went wrong the last time.
    """

    topic: str
    payload: Mapping[str, Any] = field(factory=dict)
    due: datetime
    attempts: int = 0
    worker: str | None = None
    state: ParcelState = field(default=ParcelState.WAITING, converter=ParcelState)
    failure: str | None = None


PARCEL = Kind("parcel", Parcel, indexed=(("state", "due"),))


@frozen
class Wanted:
    """What a worker asks for.

    Attributes:
        worker: who asks.
        batch: how many parcels at most.
        now: the instant at which a parcel is due or not, in UTC.
        until: when the lease of the parcels will run out.
        topics: which topics; empty for all.
        tenant: whose parcels; None for those of all tenants.
    """

    worker: str
    batch: int
    now: datetime
    until: datetime
    topics: tuple[str, ...] = ()
    tenant: str | None = None


@frozen
class Claim:
    """A parcel that a worker has for some time.

    Attributes:
        tenant: whose it is.
        parcel: it, as it was when it was claimed.
    """

    tenant: str
    parcel: Parcel

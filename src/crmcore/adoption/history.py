"""Which organization was in force when, and who answered then.

A question costs one small statement: it tells which version holds. The organization itself is read and compiled once,
and kept while the process lives.
"""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import date
from threading import Lock
from typing import Any, Final
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from crmcore.adoption.failures import NoVersion
from crmcore.adoption.versions import OrganizationVersion, read, version_id
from crmcore.organization import Organization
from crmcore.responsibility import Question, Resolution
from crmcore.storage import Order, Query, UnitOfWork
from crmcore.values import Clock, now

__all__ = [
    "Slot",
    "in_force",
    "organization_of",
    "organization_on",
    "slots",
    "today",
    "version_on",
    "versions",
    "who_on",
]

_MOST_KEPT: Final = 16
"""So many compiled organizations are kept."""


@frozen(order=True)
class Slot:
    """What decides which version holds on a day.

    Attributes:
        number: of the version.
        first_day: the first day on which it holds.
        digest: of the organization.
        replaces: the number of the version that never begins because of it.
    """

    number: int
    first_day: date
    digest: str
    replaces: int | None


def slots(work: UnitOfWork) -> tuple[Slot, ...]:
    """Return what decides which version holds when, by number, without reading the organizations."""
    names = ("number", "first_day", "digest", "replaces")
    return tuple(sorted((Slot(*values) for values in work.count_by(OrganizationVersion, names)), key=_number))


def _number(slot: Slot) -> int:
    return slot.number


def in_force(known: Sequence[Slot]) -> tuple[Slot, ...]:
    """Return the versions that hold at some time: those that no other replaced. Each begins after the one before."""
    replaced = {slot.replaces for slot in known}
    return tuple(slot for slot in known if slot.number not in replaced)


def versions(work: UnitOfWork) -> tuple[OrganizationVersion, ...]:
    """Return every version that was ever adopted, by number, those that were replaced before they began too."""
    return tuple(work.each(Query(OrganizationVersion, order=[Order("number")], limit=20)))


def version_on(work: UnitOfWork, day: date) -> OrganizationVersion:
    """Return the version that is in force on a day.

    Raises:
        NoVersion: none is.
    """
    return work.get(OrganizationVersion, version_id(_slot_on(work, day).number))


def organization_on(work: UnitOfWork, day: date) -> Organization:
    """Return the organization that is in force on a day; the same object for the same version, compiled once.

    Raises:
        NoVersion: none is.
    """
    slot = _slot_on(work, day)
    return _KEPT.get(slot.number, slot.digest) or organization_of(
        work.get(OrganizationVersion, version_id(slot.number))
    )


def organization_of(version: OrganizationVersion) -> Organization:
    """Return the organization of a version; the same object for the same version, compiled once."""
    return _KEPT.get(version.number, version.digest) or _KEPT.put(version)


def who_on(work: UnitOfWork, question: Question, *, clock: Clock = now) -> Resolution:
    """Say who answers for one customer in contact, by the organization that is in force on the day of the question.

    Args:
        work: where the versions are read from.
        question: the question; without a day, it is about today, where the company is.
        clock: what says which instant it is.

    Raises:
        NoVersion: no organization is in force on that day.
        UnknownName, OutsideSpace, UncoveredTouchpoint, VacantRole: as `Organization.who`.
    """
    day = question.day or today(work, clock)
    return organization_on(work, day).who(evolve(question, day=day))


def today(work: UnitOfWork, clock: Clock = now) -> date:
    """Return which day it is where the company is, by the organization that is in force on the day of UTC.

    Raises:
        NoVersion: none is.
    """
    instant = clock()
    zone = organization_on(work, instant.date()).timezone
    return instant.astimezone(ZoneInfo(zone)).date()


def _slot_on(work: UnitOfWork, day: date) -> Slot:
    lasting = in_force(slots(work))
    begun = [slot for slot in lasting if slot.first_day <= day]
    if not begun:
        raise NoVersion(day, lasting[0].first_day if lasting else None)
    return begun[-1]


class _Kept:
    """The organizations that were asked last, by the number and the digest of their version."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._organizations: OrderedDict[tuple[Any, ...], Organization] = OrderedDict()

    def get(self, *key: Any) -> Organization | None:
        """Return an organization; None when it is not kept."""
        with self._lock:
            found = self._organizations.get(key)
            if found is not None:
                self._organizations.move_to_end(key)
            return found

    def put(self, version: OrganizationVersion) -> Organization:
        """Read an organization, and keep it; return the one that is kept, whoever was first."""
        organization = read(version)
        with self._lock:
            kept = self._organizations.setdefault((version.number, version.digest), organization)
            while len(self._organizations) > _MOST_KEPT:
                self._organizations.popitem(last=False)
            return kept


_KEPT: Final = _Kept()

"""Adopting an organization from a day on: what moves is told before anything is done."""

from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from crmcore.adoption.failures import AlreadyBegun, DayTaken, NothingNew
from crmcore.adoption.history import Slot, in_force, organization_of, slots
from crmcore.adoption.versions import OrganizationVersion, digest_of, version_id
from crmcore.organization import Organization
from crmcore.responsibility import Comparison, compare
from crmcore.storage import Event, UnitOfWork
from crmcore.values import Clock, Ids, new_id, now

__all__ = ["Adoption", "adopt", "preview"]


@frozen(slots=False)
class Adoption:
    """What adopting an organization does, or would do.

    Attributes:
        version: the version; its own `version` is 0 while nothing is written.
        organization: the organization.
        before: the version that held before, or would go on; None for the first one.
    """

    version: OrganizationVersion
    organization: Organization
    before: OrganizationVersion | None

    @cached_property
    def comparison(self) -> Comparison | None:
        """Who changes hands on the first day; None where nothing held before.

        Raises:
            Incomparable: a dimension is a number in one organization and a choice of names in the other.
        """
        if self.before is None:
            return None
        return compare(organization_of(self.before), self.organization, on=self.version.first_day)


def preview(
    work: UnitOfWork,
    organization: Organization,
    from_day: date,
    *,
    actor: str,
    clock: Clock = now,
    note: str = "",
    replaces: int | None = None,
) -> Adoption:
    """Say what `adopt` would do, with the same arguments, and refuse what it would refuse. Nothing is written."""
    known = slots(work)
    lasting = in_force(known)
    if replaces is not None:
        lasting = _without(lasting, replaces, clock().astimezone(ZoneInfo(organization.timezone)).date())
    data = organization.to_data()
    digest = digest_of(data)
    before = lasting[-1] if lasting else None
    if before is not None and before.digest == digest:
        raise NothingNew(before.number, before.first_day)
    if before is not None and from_day <= before.first_day:
        raise DayTaken(from_day, before.number, before.first_day)
    number = known[-1].number + 1 if known else 1
    version = OrganizationVersion(
        id=version_id(number),
        number=number,
        name=organization.name,
        first_day=from_day,
        digest=digest,
        organization=data,
        replaces=replaces,
        adopted_by=actor,
        adopted_at=clock(),
        note=note,
    )
    earlier = None if before is None else work.get(OrganizationVersion, version_id(before.number))
    return Adoption(version, organization, earlier)


def adopt(
    work: UnitOfWork,
    organization: Organization,
    from_day: date,
    *,
    actor: str,
    ids: Ids = new_id,
    clock: Clock = now,
    note: str = "",
    replaces: int | None = None,
) -> Adoption:
    """Let an organization hold from a day on, and append the event `organization-adopted`.

    It holds once the unit of work is committed. Of several that adopt at once, one succeeds; the others are told
    `AlreadyThere` or `Busy`, here or at the commit, and look at what holds now before they try again.

    Args:
        work: in which it is written.
        organization: the organization; its findings do not matter.
        from_day: the first day, where the company is: after the first day of every version that is not replaced.
        actor: who adopts it.
        ids: what makes the id of the event.
        clock: what says when it is adopted, and which versions have begun.
        note: why.
        replaces: the number of the last version, if that is to be replaced: its first day is today or later.

    Raises:
        NothingNew: the version that would go on is this organization.
        DayTaken: another version begins on that day or later.
        AlreadyBegun: the version that should be replaced has begun before today, or is not the last one.
    """
    planned = preview(work, organization, from_day, actor=actor, clock=clock, note=note, replaces=replaces)
    version = work.add(planned.version)
    payload = {"number": version.number, "first_day": from_day.isoformat(), "digest": version.digest, "note": note}
    work.append(
        Event(
            id=ids(),
            name="organization-adopted",
            actor=actor,
            at=version.adopted_at,
            subject_kind="organization-version",
            subject=version.id,
            payload=payload if replaces is None else {**payload, "replaces": replaces},
        )
    )
    return evolve(planned, version=version)


def _without(lasting: tuple[Slot, ...], replaces: int, today: date) -> tuple[Slot, ...]:
    """Return the versions that hold at some time without the last one, if that has not begun."""
    last = lasting[-1] if lasting and lasting[-1].first_day >= today else None
    if last is None or last.number != replaces:
        raise AlreadyBegun(replaces, None if last is None else last.number)
    return lasting[:-1]

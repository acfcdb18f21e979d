"""Working through the outbox: claim, deliver, and say how it went."""

from collections.abc import Iterable
from datetime import timedelta
from math import log
from typing import Final

from attrs import evolve, frozen

from crmcore.storage.events import Event
from crmcore.storage.failures import LeaseLost, NotThere, Stale
from crmcore.storage.outbox import Claim, Parcel, ParcelState, Wanted
from crmcore.storage.port import Storage
from crmcore.storage.units import UnitOfWork
from crmcore.values import Clock, now

__all__ = ["Backoff", "Outbox"]


@frozen(kw_only=True)
class Backoff:
    """How long to wait after a failure, and when to give up.

    Attributes:
        first: how long after the first failure.
        factor: how many times as long after each further one.
        longest: how long at most.
        attempts: after how many failures a parcel is dead.

    Raises:
        ValueError: a wait is not longer than nothing, or waits would become shorter.
    """

    first: timedelta = timedelta(seconds=30)
    factor: float = 2.0
    longest: timedelta = timedelta(hours=1)
    attempts: int = 10

    def __attrs_post_init__(self) -> None:
        if not timedelta(0) < self.first <= self.longest or not self.factor >= 1 or self.attempts < 1:
            raise ValueError(
                "the first wait is longer than nothing and no longer than the longest, the factor is at least 1, and "
                "so are the attempts"
            )

    def after(self, attempts: int) -> timedelta | None:
        """Return how long to wait after so many failed attempts; None: give up."""
        if attempts >= self.attempts:
            return None
        if (attempts - 1) * log(self.factor) >= log(self.longest / self.first):  # no power that no float can hold
            return self.longest
        return min(self.longest, self.first * self.factor ** (attempts - 1))


_LONGEST_REASON: Final = 1_000


def _readable(reason: str) -> str:
    """Return a reason as it can be stored, whatever the other side answered: a failure has to be told."""
    return reason[:_LONGEST_REASON].replace("\0", "\ufffd").encode(errors="replace").decode()


@frozen
class Outbox:
    """The parcels of a storage, as workers see them: of all tenants.

    Attributes:
        storage: where they lie.
        clock: what says the time; the clocks of all workers should agree to a small part of a lease.
        backoff: how long to wait after a failure, and when to give up.
    """

    storage: Storage
    clock: Clock = now
    backoff: Backoff = Backoff()

    def claim(
        self,
        batch: int = 10,
        *,
        worker: str,
        lease: timedelta = timedelta(minutes=5),
        topics: Iterable[str] = (),
        tenant: str | None = None,
    ) -> tuple[Claim, ...]:
        """Take parcels that are due, those due first first; nobody else is given them while the lease lasts.

        The claim is committed when this returns: deliver after it, never in a unit of work.

        Args:
            batch: how many at most; at least 1.
            worker: who takes them.
            lease: how long; longer than the delivery of the whole batch takes.
            topics: which topics; empty for all.
            tenant: whose; None for those of all tenants.
        """
        if batch < 1:
            raise ValueError("a batch has at least one parcel")
        instant = self.clock()
        return self.storage.claim(Wanted(worker, batch, instant, instant + lease, tuple(topics), tenant))

    def delivered(self, claim: Claim, *, events: Iterable[Event] = ()) -> Parcel:
        """Say that a parcel is delivered, and what happened with it, in one transaction.

        Raises:
            LeaseLost: the lease ran out and another worker has it, or had it.
        """
        return self._settle(claim, evolve(claim.parcel, state=ParcelState.DELIVERED, failure=None), events)

    def failed(
        self, claim: Claim, reason: str, *, retry_after: timedelta | None = None, events: Iterable[Event] = ()
    ) -> Parcel:
        """Say that a parcel could not be delivered: it is due again later or, after too many failures, dead.

        Args:
            claim: the parcel.
            reason: what went wrong.
            retry_after: how long to wait, if the receiver says so; None for the backoff's own time.
            events: what happened with it.

        Raises:
            LeaseLost: the lease ran out and another worker has it, or had it.
        """
        wait = self.backoff.after(claim.parcel.attempts)
        if wait is None:
            return self.abandoned(claim, reason, events=events)
        due = self.clock() + (wait if retry_after is None else retry_after)
        return self._settle(claim, evolve(claim.parcel, due=due, failure=_readable(reason)), events)

    def abandoned(self, claim: Claim, reason: str, *, events: Iterable[Event] = ()) -> Parcel:
        """Say that a parcel can never be delivered: it is dead, and kept until somebody revives or removes it.

        Raises:
            LeaseLost: the lease ran out and another worker has it, or had it.
        """
        return self._settle(claim, evolve(claim.parcel, state=ParcelState.DEAD, failure=_readable(reason)), events)

    def revive(self, work: UnitOfWork, parcel: Parcel) -> Parcel:
        """Let a dead parcel wait again, as if it were new."""
        return work.put(evolve(parcel, state=ParcelState.WAITING, due=self.clock(), attempts=0, worker=None))

    def _settle(self, claim: Claim, settled: Parcel, events: Iterable[Event]) -> Parcel:
        with self.storage.begin(claim.tenant) as work:
            try:
                written = work.put(settled)
                for event in events:
                    work.append(event)
                work.commit()
            except (Stale, NotThere) as error:
                raise LeaseLost(claim.parcel.id) from error
        return written

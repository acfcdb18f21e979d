"""What holds of the outbox: parcels are claimed, delivered, tried again, given up, and never lost or doubled."""

from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Final

import pytest

from crmcore.storage import (
    PARCEL,
    Backoff,
    Busy,
    Event,
    Field,
    Holds,
    Is,
    Kinds,
    LeaseLost,
    Outbox,
    Parcel,
    ParcelState,
    Query,
    Storage,
)
from crmcore.testing.clocks import FakeClock
from crmcore.testing.storages.given import Given, Open, put_in
from crmcore.testing.storages.samples import START, event, parcel

__all__ = ["DeliveriesContract", "Ticking"]

_MINUTE: Final = timedelta(minutes=1)
_WORKERS, _PARCELS = 4, 40


class Ticking(FakeClock):
    """The clock of the workers, which begins where the samples do."""

    def __init__(self, now: datetime = START) -> None:
        super().__init__(now)


class DeliveriesContract(Given):
    """The outbox."""

    @pytest.fixture
    def clock(self) -> Ticking:
        """The clock of the workers."""
        return Ticking()

    @pytest.fixture
    def outbox(self, storage: Storage, clock: Ticking) -> Outbox:
        """The outbox of the storage; what fails is tried again after one minute, then two, and then dead."""
        return Outbox(storage, clock, Backoff(first=_MINUTE, attempts=3))

    def test_a_parcel_is_claimed_once_it_is_committed_and_not_before(self, storage: Storage, outbox: Outbox) -> None:
        """Nor ever, if the unit of work is rolled back."""
        with storage.begin("acme") as work:
            work.enqueue(parcel("rolled-back"))
        with storage.begin("acme") as work:
            work.enqueue(parcel(payload={"to": "李娜"}))
            work.commit()
        (claim,) = outbox.claim(worker="w1")
        assert claim.tenant == "acme"
        assert claim.parcel == parcel(
            payload={"to": "李娜"}, version=2, attempts=1, worker="w1", due=START + timedelta(minutes=5)
        )
        with storage.begin("acme", read_only=True) as work:
            assert work.get(Parcel, "p1") == claim.parcel

    def test_a_claimed_parcel_is_given_to_nobody_else_until_its_lease_runs_out(
        self, storage: Storage, outbox: Outbox, clock: Ticking
    ) -> None:
        """Then another one has it, and the first is told."""
        put_in(storage, parcel())
        (first,) = outbox.claim(worker="w1", lease=_MINUTE)
        assert outbox.claim(worker="w2") == ()
        clock.now += _MINUTE
        (second,) = outbox.claim(worker="w2", lease=_MINUTE)
        assert (second.parcel.worker, second.parcel.attempts) == ("w2", 2)
        for settle in (
            outbox.delivered,
            lambda one: outbox.failed(one, "late"),
            lambda one: outbox.abandoned(one, "late"),
        ):
            with pytest.raises(LeaseLost) as caught:
                settle(first)
            assert caught.value.id == "p1"
        outbox.delivered(second)
        with pytest.raises(LeaseLost):
            outbox.delivered(second)

    def test_what_is_delivered_is_never_claimed_again(self, storage: Storage, outbox: Outbox, clock: Ticking) -> None:
        """What happened with it is written in the same transaction."""
        put_in(storage, parcel())
        (claim,) = outbox.claim(worker="w1")
        settled = outbox.delivered(claim, events=[event(name="message-sent")])
        assert (settled.state, settled.failure) == (ParcelState.DELIVERED, None)
        clock.now += timedelta(days=365)
        assert outbox.claim(worker="w1") == ()
        with storage.begin("acme", read_only=True) as work:
            assert work.get(Parcel, "p1") == settled
            assert work.count(Event, [Is("name", "message-sent")]) == 1

    def test_of_a_settled_parcel_nothing_is_written_twice(self, storage: Storage, outbox: Outbox) -> None:
        """Whoever speaks of it late adds no event either."""
        put_in(storage, parcel())
        (claim,) = outbox.claim(worker="w1")
        outbox.delivered(claim, events=[event("e1")])
        with pytest.raises(LeaseLost):
            outbox.delivered(claim, events=[event("e2")])
        with storage.begin("acme", read_only=True) as work:
            assert [one.id for one in work.find(Query(Event))] == ["e1"]

    def test_what_fails_is_due_again_later_and_at_last_dead(
        self, storage: Storage, outbox: Outbox, clock: Ticking
    ) -> None:
        """After twice as long each time; it is kept, with the last reason, and can be revived."""
        put_in(storage, parcel())
        for wait in (1, 2):
            (claim,) = outbox.claim(worker="w1")
            failed = outbox.failed(claim, f"attempt {claim.parcel.attempts}")
            assert (failed.due, failed.state) == (clock.now + wait * _MINUTE, ParcelState.WAITING)
            assert outbox.claim(worker="w1") == ()
            clock.now = failed.due
        (claim,) = outbox.claim(worker="w1")
        dead = outbox.failed(claim, "refused", events=[event(name="message-given-up")])
        assert (dead.state, dead.failure, dead.attempts) == (ParcelState.DEAD, "refused", 3)
        clock.now += timedelta(days=1)
        assert outbox.claim(worker="w1") == ()
        with storage.begin("acme") as work:
            (found,) = work.find(Query(Parcel, where=[Is("state", ParcelState.DEAD)]))
            revived = outbox.revive(work, found)
            work.commit()
        assert (revived.attempts, revived.due) == (0, clock.now)
        (claim,) = outbox.claim(worker="w2")
        assert claim.parcel.attempts == 1

    def test_a_receiver_may_say_when_to_try_again(self, storage: Storage, outbox: Outbox, clock: Ticking) -> None:
        """Or that there is no use in it."""
        put_in(storage, parcel("p1"), parcel("p2"))
        first, second = outbox.claim(worker="w1")
        assert outbox.failed(first, "slow down", retry_after=timedelta(hours=3)).due == clock.now + timedelta(hours=3)
        assert outbox.abandoned(second, "no such address").state == ParcelState.DEAD

    @pytest.mark.parametrize(
        "reason", ["", "\0", "half \ud83d", "x" * 2_000_000, "五五五" * 100_000], ids=lambda text: ascii(text[:9])
    )
    def test_a_failure_can_be_told_whatever_the_other_side_said(
        self, storage: Storage, outbox: Outbox, reason: str
    ) -> None:
        """Otherwise the parcel would be tried for ever."""
        put_in(storage, parcel())
        (claim,) = outbox.claim(worker="w1")
        outbox.abandoned(claim, reason)
        with storage.begin("acme", read_only=True) as work:
            assert work.get(Parcel, "p1").state == ParcelState.DEAD

    def test_those_due_first_come_first_and_those_not_due_not_at_all(self, storage: Storage, outbox: Outbox) -> None:
        """Across tenants, as many as were asked for."""
        for place, tenant in enumerate(("one", "two")):
            put_in(
                storage,
                *(
                    parcel(f"p{number}", due=START + (number - 6) * _MINUTE)
                    for number in range(10)
                    if number % 2 == place
                ),
                tenant=tenant,
            )
        claims = outbox.claim(4, worker="w1") + outbox.claim(4, worker="w1") + outbox.claim(4, worker="w1")
        assert [(claim.tenant, claim.parcel.id) for claim in claims] == [
            (("one", "two")[number % 2], f"p{number}") for number in range(7)
        ]

    def test_workers_choose_topics_and_tenants(self, storage: Storage, outbox: Outbox) -> None:
        """And get nothing else; a batch has at least one."""
        for tenant in ("one", "two"):
            put_in(storage, *(parcel(f"{topic}-1", topic) for topic in ("mail", "短信", "o'fax")), tenant=tenant)
        claims = outbox.claim(9, worker="w1", topics=["短信", "o'fax"], tenant="two")
        assert {(claim.tenant, claim.parcel.topic) for claim in claims} == {("two", "短信"), ("two", "o'fax")}
        assert {claim.tenant for claim in outbox.claim(9, worker="w1", topics=["短信"])} == {"one"}
        assert len(outbox.claim(9, worker="w1")) == 3
        with pytest.raises(ValueError, match="at least one"):
            outbox.claim(0, worker="w1")

    def test_parcels_with_fields_of_the_company_s_own_are_claimed(self, opened: Open, clock: Ticking) -> None:
        """A company may say more of a parcel."""
        with opened(Kinds([PARCEL.with_custom(Field("campaign", Holds.TEXT))])) as storage:
            put_in(storage, parcel(custom={"campaign": "spring"}))
            (claim,) = Outbox(storage, clock).claim(worker="w1")
            assert claim.parcel.custom == {"campaign": "spring"}
            assert Outbox(storage, clock).delivered(claim).custom == {"campaign": "spring"}

    def test_of_several_workers_each_parcel_goes_to_one(self, storage: Storage, outbox: Outbox) -> None:
        """However many ask at once, nothing is claimed twice and nothing is left."""
        put_in(storage, *(parcel(f"p{number:02}") for number in range(_PARCELS)))
        start, claimed, wrong = Barrier(_WORKERS), list[str](), list[BaseException]()

        def work(name: str) -> None:
            try:
                start.wait()
                while len(claimed) < _PARCELS:
                    try:
                        claimed.extend(claim.parcel.id for claim in outbox.claim(3, worker=name))
                    except Busy:
                        continue
            except BaseException as error:
                wrong.append(error)

        threads = [Thread(target=work, args=(f"w{number}",)) for number in range(_WORKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not wrong
        assert sorted(claimed) == [f"p{number:02}" for number in range(_PARCELS)]
        assert outbox.claim(worker="w9") == ()

"""The worker that empties the outbox: what it does with every way in which sending can end."""

from collections.abc import Iterator
from datetime import timedelta
from threading import Event as Signal
from typing import Any

import pytest
from attrs import define, evolve, field
from letters import KINDS, START, Ticking, events, introduced, letter

from crmcore.customers import Consent
from crmcore.messaging import (
    Address,
    Attachment,
    Deliverer,
    MemoryChannel,
    MemoryNotifier,
    MessageFile,
    Notice,
    OutgoingMessage,
    Receipt,
    Refusal,
    Refused,
    StoredMessage,
    Undelivered,
    enqueue_message,
    enqueue_notice,
)
from crmcore.storage import Backoff, Busy, MemoryStorage, Outbox, Parcel, ParcelState, Query, Storage, UnitOfWork

GOOD, BAD, SLOW = (Address("memory", name) for name in ("good", "bad", "slow"))


@define(eq=False, slots=False)
class Scripted(MemoryChannel):
    """A channel that ends each sending as the test says."""

    script: list[BaseException | Receipt] = field(factory=list)

    def transmit(self, message: OutgoingMessage) -> Receipt:
        super().transmit(message)
        step = self.script.pop(0)
        if isinstance(step, BaseException):
            raise step
        return step


@pytest.fixture
def storage() -> Iterator[Storage]:
    with MemoryStorage(KINDS) as opened:
        yield introduced(opened, "acme", "globex")


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


def deliverer(storage: Storage, clock: Ticking, channel: MemoryChannel, **given: Any) -> Deliverer:
    backoff = Backoff(first=timedelta(minutes=1), attempts=3)
    return Deliverer(outbox=Outbox(storage, clock, backoff), channels={"memory": channel}, worker="w1", **given)


def enqueue(storage: Storage, *messages: OutgoingMessage, tenant: str = "acme") -> None:
    with storage.begin(tenant) as work:
        for one in messages:
            enqueue_message(work, one, channel="memory", actor="li.na", at=START, about=("customer", "c1"))
        work.commit()


def names(storage: Storage) -> list[str]:
    return [one.name for one in events(storage) if one.name != "message-queued"]


def test_what_is_committed_is_sent_once_and_told(storage: Storage, clock: Ticking) -> None:
    enqueue(storage, letter())
    channel = MemoryChannel()
    worker = deliverer(storage, clock, channel)
    (done,) = worker.run_once()
    assert done.delivered
    assert worker.run_once() == ()
    assert channel.sent == [letter()]
    (told,) = (one for one in events(storage) if one.name == "message-sent")
    assert (told.actor, told.subject_kind, told.subject) == ("w1", "customer", "c1")
    assert told.payload == {"channel": "memory", "thread": "m1", "message": "m1", "receipt": "m1", "refused": []}


def test_what_failed_is_tried_again_later_and_then_given_up(storage: Storage, clock: Ticking) -> None:
    enqueue(storage, letter())
    channel = MemoryChannel(down=True)
    worker = deliverer(storage, clock, channel)
    (done,) = worker.run_once()
    assert (done.delivered, done.parcel.failure) == (False, "it is down")
    assert done.parcel.due == START + timedelta(minutes=1)
    assert worker.run_once() == ()
    clock.pass_(minutes=1)
    (done,) = worker.run_once()
    assert done.parcel.due == clock.now + timedelta(minutes=2)
    clock.pass_(minutes=2)
    (done,) = worker.run_once()
    assert done.parcel.state is ParcelState.DEAD
    clock.pass_(days=30)
    channel.down = False
    assert worker.run_once() == ()
    assert names(storage) == ["message-delayed", "message-delayed", "message-undeliverable"]


def test_a_server_that_is_up_again_gets_what_waited(storage: Storage, clock: Ticking) -> None:
    enqueue(storage, letter())
    channel = MemoryChannel(down=True)
    worker = deliverer(storage, clock, channel)
    worker.run_once()
    channel.down = False
    clock.pass_(minutes=1)
    (done,) = worker.run_once()
    assert done.delivered
    assert len(channel.sent) == 1


def test_a_receiver_that_says_when_is_asked_then(storage: Storage, clock: Ticking) -> None:
    enqueue(storage, letter())
    channel = Scripted(script=[Undelivered("later", timedelta(hours=3))])
    (done,) = deliverer(storage, clock, channel).run_once()
    assert done.parcel.due == START + timedelta(hours=3)


def test_what_is_refused_is_given_up_at_once(storage: Storage, clock: Ticking) -> None:
    enqueue(storage, letter())
    channel = Scripted(script=[Refused("no such user", [Refusal(letter().to[0], "550")])])
    (done,) = deliverer(storage, clock, channel).run_once()
    assert (done.parcel.state, done.parcel.failure) == (ParcelState.DEAD, "no such user")
    (told,) = (one for one in events(storage) if one.name == "message-undeliverable")
    assert (told.payload["refused"], done.parcel.payload["reasons"]) == ([0], {"0": "550"})


def test_those_who_have_it_do_not_get_it_again(storage: Storage, clock: Ticking) -> None:
    enqueue(storage, letter(to=[GOOD, BAD, SLOW]))
    partly = Undelivered("greylisted", None, [GOOD], [Refusal(BAD, "no such user")])
    channel = Scripted(script=[partly, Receipt("m1")])
    worker = deliverer(storage, clock, channel)
    (done,) = worker.run_once()
    assert (done.parcel.payload["done"], done.parcel.payload["reasons"]) == ([0, 1], {"1": "no such user"})
    clock.pass_(minutes=1)
    (done,) = worker.run_once()
    assert done.delivered
    assert [one.recipients for one in channel.sent] == [(GOOD, BAD, SLOW), (SLOW,)]
    assert [one.to for one in channel.sent] == [(GOOD, BAD, SLOW)] * 2


def test_recipients_that_are_refused_are_told_with_what_was_sent(storage: Storage, clock: Ticking) -> None:
    enqueue(storage, letter(to=[GOOD, BAD]))
    deliverer(storage, clock, Scripted(script=[Receipt("m1", (Refusal(BAD, "no such user"),))])).run_once()
    (told,) = (one for one in events(storage) if one.name == "message-sent")
    assert told.payload["refused"] == [1]


def test_a_channel_that_breaks_stops_neither_the_worker_nor_the_others(storage: Storage, clock: Ticking) -> None:
    enqueue(storage, letter("m1"), letter("m2"))
    channel = Scripted(script=[ZeroDivisionError("broken \ud800\0"), Receipt("m2")])
    first, second = deliverer(storage, clock, channel).run_once()
    assert (first.delivered, first.parcel.failure) == (False, "ZeroDivisionError: broken \ufffd")
    assert second.delivered


def test_a_channel_that_calls_two_messages_the_same_loses_none(storage: Storage, clock: Ticking) -> None:
    enqueue(storage, letter("m1"), letter("m2"))
    done = deliverer(storage, clock, Scripted(script=[Receipt(""), Receipt("")])).run_once()
    assert [one.delivered for one in done] == [True, True]
    assert names(storage) == ["message-sent"] * 2


def test_what_is_sent_is_written_down_even_where_others_write_too(clock: Ticking) -> None:
    class Crowded(MemoryStorage):
        refusals = 0

        def begin(self, tenant: str, *, read_only: bool = False) -> UnitOfWork:
            if self.refusals and not read_only:
                self.refusals -= 1
                raise Busy
            return super().begin(tenant, read_only=read_only)

    storage = Crowded(KINDS)
    introduced(storage)
    enqueue(storage, letter())
    storage.refusals = 2
    channel = MemoryChannel()
    (done,) = deliverer(storage, clock, channel).run_once()
    assert done.delivered
    assert len(channel.sent) == 1


def test_files_are_sent_as_they_were_enqueued_also_in_parts(storage: Storage, clock: Ticking) -> None:
    files = [
        Attachment("报价.pdf", "application/pdf", content=bytes(range(256)) * 6_000),
        Attachment("leer", content=b""),
    ]
    enqueue(storage, letter(attachments=files))
    channel = MemoryChannel()
    assert [one.delivered for one in deliverer(storage, clock, channel).run_once()] == [True]
    assert channel.sent[0].attachments == tuple(files)


def test_a_message_whose_file_was_removed_is_given_up(storage: Storage, clock: Ticking) -> None:
    enqueue(storage, letter(attachments=[Attachment("报价.pdf", content=b"%PDF")]))
    with storage.begin("acme") as work:
        for one in work.find(Query(MessageFile)):
            work.remove(one)
        work.commit()
    channel = MemoryChannel()
    (done,) = deliverer(storage, clock, channel).run_once()
    assert done.parcel.state is ParcelState.DEAD
    assert "the content of 报价.pdf is gone" in str(done.parcel.failure)
    assert channel.sent == []


def test_a_worker_that_dies_between_claim_and_send_leaves_it_to_another(storage: Storage, clock: Ticking) -> None:
    enqueue(storage, letter())
    channel = MemoryChannel()
    worker = deliverer(storage, clock, channel)
    worker.outbox.claim(worker="died", topics=["message.memory"])
    assert worker.run_once() == ()
    clock.pass_(minutes=5)
    assert [one.delivered for one in worker.run_once()] == [True]
    assert len(channel.sent) == 1


def test_a_worker_that_dies_after_sending_sends_again_what_the_receiver_can_tell(
    storage: Storage, clock: Ticking
) -> None:
    enqueue(storage, letter())
    channel = Scripted(script=[KeyboardInterrupt("killed"), Receipt("m1")])
    worker = deliverer(storage, clock, channel)
    with pytest.raises(KeyboardInterrupt, match="killed"):
        worker.run_once()
    clock.pass_(minutes=5)
    assert [one.delivered for one in worker.run_once()] == [True]
    assert [one.id for one in channel.sent] == ["m1", "m1"]
    assert names(storage) == ["message-sent"]


def test_what_has_not_begun_when_the_lease_ends_is_left_to_others(storage: Storage, clock: Ticking) -> None:
    @define(eq=False, slots=False)
    class Slow(MemoryChannel):
        def transmit(self, message: OutgoingMessage) -> Receipt:
            clock.pass_(minutes=4)
            return super().transmit(message)

    enqueue(storage, *(letter(f"m{number}") for number in range(4)))
    channel = Slow()
    worker = deliverer(storage, clock, channel)
    worker.run_once()
    assert [one.id for one in channel.sent] == ["m0", "m1"]
    worker.run_once()
    assert {one.id for one in channel.sent} == {"m0", "m1", "m2", "m3"}


def test_a_message_that_stops_worker_after_worker_is_given_up(storage: Storage, clock: Ticking) -> None:
    enqueue(storage, letter())
    channel = Scripted(script=[KeyboardInterrupt("killed") for _ in range(3)])
    worker = deliverer(storage, clock, channel)
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            worker.run_once()
        clock.pass_(minutes=5)
    (done,) = worker.run_once()
    assert done.parcel.state is ParcelState.DEAD
    assert done.parcel.failure == "3 workers took it, and did not say how it went"
    assert names(storage) == ["message-undeliverable"]


def test_a_parcel_that_another_took_over_is_left_alone(storage: Storage, clock: Ticking) -> None:
    @define(eq=False, slots=False)
    class Overtaken(MemoryChannel):
        def transmit(self, message: OutgoingMessage) -> Receipt:
            clock.pass_(minutes=6)
            worker.outbox.claim(worker="w2", topics=["message.memory"])
            return super().transmit(message)

    enqueue(storage, letter())
    worker = deliverer(storage, clock, Overtaken())
    assert worker.run_once() == ()
    assert names(storage) == []


def test_a_parcel_without_a_message_is_given_up(storage: Storage, clock: Ticking) -> None:
    with storage.begin("acme") as work:
        work.enqueue(Parcel(id="p1", topic="message.memory", payload={"message": {"from": "newer"}}, due=START))
        work.commit()
    (done,) = deliverer(storage, clock, MemoryChannel()).run_once()
    assert done.parcel.state is ParcelState.DEAD
    assert [(one.name, one.subject_kind, one.subject) for one in events(storage)] == [
        ("message-undeliverable", "parcel", "p1")
    ]


def test_a_message_is_due_when_it_says(storage: Storage, clock: Ticking) -> None:
    with storage.begin("acme") as work:
        later = START + timedelta(hours=1)
        enqueue_message(work, letter(), channel="memory", actor="li.na", at=START, due=later)
        work.commit()
    worker = deliverer(storage, clock, MemoryChannel())
    assert worker.run_once() == ()
    clock.pass_(hours=1)
    assert [one.delivered for one in worker.run_once()] == [True]


def test_files_that_lie_elsewhere_are_brought_when_it_is_sent(storage: Storage, clock: Ticking) -> None:
    enqueue(storage, letter(attachments=[Attachment("报价.pdf", reference="files/7", size=4)]))
    channel = MemoryChannel()
    (done,) = deliverer(storage, clock, channel).run_once()
    assert not done.delivered
    assert "files/7" in str(done.parcel.failure)
    clock.pass_(minutes=1)
    (done,) = deliverer(storage, clock, channel, contents={"files/7": b"%PDF"}.__getitem__).run_once()
    assert done.delivered
    assert channel.sent[0].attachments == (Attachment("报价.pdf", content=b"%PDF"),)


def test_every_channel_gets_its_own_and_nobody_elses(storage: Storage, clock: Ticking) -> None:
    enqueue(storage, letter())
    with storage.begin("acme") as work:
        enqueue_message(work, letter("m2"), channel="other", actor="li.na", at=START)
        enqueue_notice(work, Notice(id="n1", person="li.na", subject="新客户"), notifier="memory", actor="x", at=START)
        work.commit()
    channel, notifier = MemoryChannel(), MemoryNotifier()
    done = deliverer(storage, clock, channel, notifiers={"memory": notifier}).run_once()
    assert {one.parcel.id for one in done} == {"m1", "n1"}
    assert [one.id for one in channel.sent] == ["m1"]
    assert [one.id for one in notifier.told] == ["n1"]
    assert sorted(one.name for one in events(storage)) == [
        "message-queued",
        "message-queued",
        "message-sent",
        "notice-queued",
        "notice-sent",
    ]


def test_a_worker_of_one_tenant_leaves_the_others_alone(storage: Storage, clock: Ticking) -> None:
    enqueue(storage, letter(), tenant="acme")
    enqueue(storage, letter(), tenant="globex")
    channel = MemoryChannel()
    assert [one.tenant for one in deliverer(storage, clock, channel, tenant="globex").run_once()] == ["globex"]
    assert [one.tenant for one in deliverer(storage, clock, channel).run_once()] == ["acme"]


def test_a_deliverer_without_anything_to_deliver_with_is_refused(storage: Storage) -> None:
    with pytest.raises(ValueError, match="needs a channel or a notifier"):
        Deliverer(outbox=Outbox(storage), worker="w1")


def test_it_runs_until_it_is_told_to_stop(storage: Storage, clock: Ticking) -> None:
    stop = Signal()

    @define(eq=False, slots=False)
    class Last(MemoryChannel):
        def transmit(self, message: OutgoingMessage) -> Receipt:
            if message.id == "m4":
                stop.set()
            return super().transmit(message)

    enqueue(storage, *(letter(f"m{number}") for number in range(6)))
    channel = Last()
    deliverer(storage, clock, channel).run(stop, batch=3)
    assert len(channel.sent) == 6


def agreed(storage: Storage, channel: str | None = None, contact: str | None = None) -> Consent:
    consent = Consent(
        id="agreed",
        customer="c1",
        contact=contact,
        purpose="newsletter",
        channel=channel,
        evidence="form",
        given_at=START,
        recorded_by="li.na",
    )
    with storage.begin("acme") as work:
        consent = work.add(consent)
        enqueue_message(
            work, letter(), channel="memory", actor="li.na", at=START, about=("customer", "c1"), purpose="newsletter"
        )
        work.commit()
    return consent


@pytest.mark.parametrize("channel", [None, "memory"])
def test_what_needs_consent_is_sent_while_it_holds(storage: Storage, clock: Ticking, channel: str | None) -> None:
    agreed(storage, channel)
    (done,) = deliverer(storage, clock, MemoryChannel()).run_once()
    assert done.delivered


def test_what_waits_is_not_sent_once_consent_is_withdrawn(storage: Storage, clock: Ticking) -> None:
    consent = agreed(storage)
    server = MemoryChannel(down=True)
    worker = deliverer(storage, clock, server)
    worker.run_once()
    with storage.begin("acme") as work:
        work.put(evolve(consent, withdrawn_at=START, withdrawn_because="letter"))
        work.commit()
    server.down = False
    clock.pass_(minutes=1)
    (done,) = worker.run_once()
    assert done.parcel.state is ParcelState.DEAD
    assert "does not agree to newsletter" in str(done.parcel.failure)
    assert server.sent == []


def test_consent_for_another_channel_or_person_sends_nothing(storage: Storage, clock: Ticking) -> None:
    agreed(storage, "wecom")
    server = MemoryChannel()
    (done,) = deliverer(storage, clock, server).run_once()
    assert done.parcel.state is ParcelState.DEAD
    assert server.sent == []


def test_a_message_that_was_erased_while_it_waited_is_not_sent(storage: Storage, clock: Ticking) -> None:
    enqueue(storage, letter())
    with storage.begin("acme") as work:
        work.put(evolve(work.get(StoredMessage, "m1"), subject="", content={}))
        work.commit()
    server = MemoryChannel()
    (done,) = deliverer(storage, clock, server).run_once()
    assert (done.parcel.state, done.parcel.failure) == (ParcelState.DEAD, "it was erased")
    assert server.sent == []


def test_neither_events_nor_parcels_name_whom_a_message_is_for_or_what_it_says(
    storage: Storage, clock: Ticking
) -> None:
    enqueue(storage, letter(to=[GOOD, BAD, SLOW]))
    partly = Undelivered("greylisted", None, [GOOD], [Refusal(BAD, "no such user")])
    worker = deliverer(storage, clock, Scripted(script=[partly, Refused("no", [Refusal(SLOW, "gone")])]))
    (first,) = worker.run_once()
    clock.pass_(minutes=1)
    (last,) = worker.run_once()
    told = str([*events(storage), first.parcel.payload, last.parcel.payload])
    assert [word for word in ("王伟", "您好", "续约", "'good'", "'bad'", "'slow'") if word in told] == []

"""Into the outbox: a message is there exactly when what caused it is."""

from collections.abc import Iterator

import pytest
from letters import KINDS, START, events, letter, written

from crmcore.messaging import Attachment, Notice, as_payload, enqueue_message, enqueue_notice, outgoing, read_file
from crmcore.messaging.memory import MemoryChannel
from crmcore.messaging.receiving import Receiver
from crmcore.storage import AlreadyThere, MemoryStorage, Parcel, Query, Storage, UnitOfWork


@pytest.fixture
def storage() -> Iterator[Storage]:
    with MemoryStorage(KINDS) as opened:
        yield opened


@pytest.fixture
def work(storage: Storage) -> Iterator[UnitOfWork]:
    with storage.begin("acme") as begun:
        yield begun


def parcels(storage: Storage) -> list[Parcel]:
    with storage.begin("acme", read_only=True) as work:
        return list(work.each(Query(Parcel)))


def test_a_message_that_is_rolled_back_was_never_there(storage: Storage) -> None:
    with storage.begin("acme") as work:
        enqueue_message(work, letter(), channel="memory", actor="li.na", at=START)
    assert parcels(storage) == []
    assert events(storage) == []


def test_a_message_is_committed_with_its_event(storage: Storage, work: UnitOfWork) -> None:
    message = letter(attachments=[Attachment("报价.pdf", "application/pdf", content=b"%PDF")])
    parcel = enqueue_message(work, message, channel="memory", actor="li.na", at=START, about=("customer", "c1"))
    work.commit()
    assert (parcel.id, parcel.topic, parcel.due) == ("m1", "message.memory", START)
    (file,) = outgoing(parcels(storage)[0].payload["message"]).attachments
    assert (file.name, file.reference, file.size) == ("报价.pdf", "message-file:m1-0", 4)
    with storage.begin("acme", read_only=True) as reading:
        assert read_file(reading, file) == b"%PDF"
    (event,) = events(storage)
    assert (event.name, event.actor, event.at) == ("message-queued", "li.na", START)
    assert (event.subject_kind, event.subject) == ("customer", "c1")
    assert event.payload["thread"] == "m1"
    assert event.payload["message"]["text"] == "您好，王伟。"
    assert event.payload["message"]["attachments"] == [as_payload(file)]


def test_a_message_is_enqueued_once(work: UnitOfWork) -> None:
    enqueue_message(work, letter(), channel="memory", actor="li.na", at=START)
    with pytest.raises(AlreadyThere):
        enqueue_message(work, letter(), channel="memory", actor="li.na", at=START)


def test_a_message_about_nothing_is_about_its_parcel(storage: Storage, work: UnitOfWork) -> None:
    enqueue_message(work, letter(), channel="memory", actor="li.na", at=START)
    work.commit()
    assert [(one.subject_kind, one.subject) for one in events(storage)] == [("parcel", "m1")]


def test_an_answer_stays_in_the_conversation_and_is_about_the_same(storage: Storage) -> None:
    with storage.begin("acme") as work:
        enqueue_message(work, letter(), channel="memory", actor="li.na", at=START, about=("customer", "c1"))
        work.commit()
    channel = MemoryChannel(inbox=[written(in_reply_to="m1")])
    Receiver(storage=storage, tenant="acme", name="memory", channel=channel, clock=lambda: START).run_once()
    with storage.begin("acme") as work:
        answer = written().reply("谢谢。", id="m2")
        enqueue_message(work, answer, channel="memory", actor="li.na", at=START)
        work.commit()
    told = {one.name + one.payload["message"]["id"]: one for one in events(storage)}
    assert {one.payload["thread"] for one in told.values()} == {"m1"}
    assert {(one.subject_kind, one.subject) for one in told.values()} == {("customer", "c1")}
    assert told["message-queuedm2"].caused_by == told["message-receivedx1@kunde.example"].id
    assert told["message-receivedx1@kunde.example"].caused_by == told["message-queuedm1"].id


def test_a_notice_is_committed_with_its_event(storage: Storage, work: UnitOfWork) -> None:
    told = Notice(id="n1", person="li.na", name="李娜", subject="新客户", text="王伟在等您。")
    parcel = enqueue_notice(work, told, notifier="memory", actor="crm", at=START, about=("customer", "c1"))
    work.commit()
    assert parcel.topic == "notice.memory"
    (event,) = events(storage)
    assert (event.name, event.subject, event.payload["notice"]) == ("notice-queued", "c1", as_payload(told))

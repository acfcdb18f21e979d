"""Into the outbox: a message is there exactly when what caused it is."""

from collections.abc import Iterator

import pytest
from attrs import evolve
from letters import KINDS, START, events, introduced, kept, letter, written

from crmcore.customers import Contact, Customer, InvalidCustomer
from crmcore.messaging import (
    Attachment,
    Notice,
    StoredMessage,
    StoredNotice,
    as_payload,
    enqueue_message,
    enqueue_notice,
    outgoing,
    read_file,
)
from crmcore.messaging.memory import MemoryChannel
from crmcore.messaging.receiving import Receiver
from crmcore.storage import AlreadyThere, DanglingReference, MemoryStorage, Parcel, Query, Storage, UnitOfWork


@pytest.fixture
def storage() -> Iterator[Storage]:
    with MemoryStorage(KINDS) as opened:
        yield introduced(opened)


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
    (event,) = events(storage)
    stored = kept(storage, event)
    assert (stored.id, stored.customer, stored.subject) == ("m1", "c1", "续约")
    (file,) = outgoing(stored.content).attachments
    assert (file.name, file.reference, file.size) == ("报价.pdf", "message-file:m1-0", 4)
    with storage.begin("acme", read_only=True) as reading:
        assert read_file(reading, file) == b"%PDF"
    assert (event.name, event.actor, event.at) == ("message-queued", "li.na", START)
    assert (event.subject_kind, event.subject) == ("customer", "c1")
    assert event.payload == {"channel": "memory", "thread": "m1", "message": "m1"}
    assert stored.content["text"] == "您好，王伟。"
    assert parcels(storage)[0].payload == {**event.payload, "about": ["customer", "c1"], "event": event.id}


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
    told = {one.name + kept(storage, one).content["id"]: one for one in events(storage)}
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
    assert (event.name, event.subject, event.payload["notice"]) == ("notice-queued", "c1", "n1")
    with storage.begin("acme", read_only=True) as reading:
        stored = reading.get(StoredNotice, "n1")
    assert (stored.person, stored.customer, stored.content) == ("li.na", "c1", as_payload(told))


def test_a_message_to_a_contact_is_told_at_the_customer(storage: Storage, work: UnitOfWork) -> None:
    work.add(Contact(id="p1", customer="c1", name="王伟"))
    enqueue_message(work, letter(), channel="memory", actor="li.na", at=START, about=("contact", "p1"))
    work.commit()
    (event,) = events(storage)
    assert (event.subject_kind, event.subject, event.payload["contact"]) == ("customer", "c1", "p1")
    stored = kept(storage, event)
    assert (stored.customer, stored.contact) == ("c1", "p1")


def test_a_message_to_nobody_on_file_is_refused(work: UnitOfWork) -> None:
    with pytest.raises(DanglingReference, match="customer"):
        enqueue_message(work, letter(), channel="memory", actor="li.na", at=START, about=("customer", "c404"))


def test_a_message_about_a_customer_that_was_merged_is_about_the_one_that_stands_for_it(work: UnitOfWork) -> None:
    work.put(evolve(work.get(Customer, "c1"), merged_into="c7"))
    enqueue_message(work, letter(), channel="memory", actor="li.na", at=START, about=("customer", "c1"))
    assert work.get(StoredMessage, "m1").customer == "c7"


def test_a_message_about_a_customer_that_was_erased_is_refused(work: UnitOfWork) -> None:
    work.put(evolve(work.get(Customer, "c1"), erased_at=START))
    with pytest.raises(InvalidCustomer, match="was erased"):
        enqueue_message(work, letter(), channel="memory", actor="li.na", at=START, about=("customer", "c1"))

"""From the unit of work that causes it to the mailbox of the customer, and back, on real databases and servers."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import mail_worker
import pytest
from crmcore_email import EmailChannel, EmailNotifier, EmailNotifierSettings, EmailSettings, parse
from crmcore_sqlalchemy import SQLStorage
from letters import KINDS, Ticking, events, introduced, kept, letter
from mail_servers import PASSWORD, MailServer

from crmcore.messaging import (
    Address,
    Attachment,
    Deliverer,
    IncomingMessage,
    Notice,
    OutgoingMessage,
    Receiver,
    enqueue_message,
    enqueue_notice,
    incoming,
)
from crmcore.storage import Backoff, Outbox, Parcel, ParcelState, Storage
from crmcore.values import now

COMPANY, WANG, ZHAO = "crm@firma.example", "wang.wei@kunde.example", "zhao.min@kunde.example"


@pytest.fixture
def settings(mail: MailServer) -> EmailSettings:
    return EmailSettings(
        sender=f"客户部 <{COMPANY}>",
        smtp=f"smtp://127.0.0.1:{mail.smtp}",
        imap=f"imap://crm%40firma.example:{PASSWORD}@127.0.0.1:{mail.imap}",
        timeout=20,
    )


@pytest.fixture
def channel(settings: EmailSettings) -> Iterator[EmailChannel]:
    with EmailChannel(settings) as opened:
        yield opened


@pytest.fixture
def storage(url: str) -> Iterator[Storage]:
    with SQLStorage.open(url, KINDS) as opened:
        yield introduced(opened)


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


def to_wang(id_: str = "m1", **fields: object) -> OutgoingMessage:
    return letter(id_, **{"to": [Address("email", WANG, "王伟")], **fields})


def enqueue(storage: Storage, message: OutgoingMessage, clock: Ticking, *, commit: bool = True) -> None:
    with storage.begin("acme") as work:
        enqueue_message(work, message, channel="email", actor="li.na", at=clock(), about=("customer", "c1"))
        if commit:
            work.commit()


def worker(storage: Storage, channel: EmailChannel, clock: Ticking) -> Deliverer:
    backoff = Backoff(first=timedelta(minutes=1), attempts=3)
    return Deliverer(outbox=Outbox(storage, clock, backoff), channels={"email": channel}, worker="w1")


def inbox(mail: MailServer, address: str = WANG) -> list[IncomingMessage]:
    return [parse(raw, received_at=now()) for raw in mail.letters(address)]


def names(storage: Storage) -> list[str]:
    return sorted(one.name for one in events(storage))


def test_what_is_rolled_back_is_not_sent(
    storage: Storage, channel: EmailChannel, clock: Ticking, mail: MailServer
) -> None:
    enqueue(storage, to_wang(), clock, commit=False)
    assert worker(storage, channel, clock).run_once() == ()
    assert inbox(mail) == []
    assert events(storage) == []


def test_what_is_committed_is_sent_once(
    storage: Storage, channel: EmailChannel, clock: Ticking, mail: MailServer
) -> None:
    file = Attachment("报价单.pdf", "application/pdf", content=bytes(range(256)))
    enqueue(storage, to_wang(attachments=[file], cc=[Address("email", ZHAO, "赵敏")]), clock)
    deliverer = worker(storage, channel, clock)
    assert [one.delivered for one in deliverer.run_once()] == [True]
    clock.pass_(days=1)
    assert deliverer.run_once() == ()
    for address in (WANG, ZHAO):
        (arrived,) = inbox(mail, address)
        assert (arrived.id, arrived.subject, arrived.text) == ("m1@firma.example", "续约", "您好，王伟。")
        assert [(one.name, one.content) for one in arrived.attachments] == [(file.name, file.content)]
    assert names(storage) == ["message-queued", "message-sent"]


def test_a_server_that_is_down_is_tried_again_and_again_and_then_no_more(
    storage: Storage, channel: EmailChannel, clock: Ticking, mail: MailServer
) -> None:
    enqueue(storage, to_wang("m1"), clock)
    deliverer = worker(storage, channel, clock)
    mail.stop()
    try:
        for wait in (1, 2):
            (done,) = deliverer.run_once()
            assert done.parcel.due == clock() + timedelta(minutes=wait)
            assert deliverer.run_once() == ()
            clock.pass_(minutes=wait)
        (done,) = deliverer.run_once()
        assert done.parcel.state is ParcelState.DEAD
        enqueue(storage, to_wang("m2"), clock)
        deliverer.run_once()
    finally:
        mail.start()
    clock.pass_(minutes=1)
    assert [one.parcel.id for one in deliverer.run_once() if one.delivered] == ["m2"]
    with storage.begin("acme") as work:
        deliverer.outbox.revive(work, work.get(Parcel, "m1"))
        work.commit()
    assert [one.parcel.id for one in deliverer.run_once() if one.delivered] == ["m1"]
    assert [one.id for one in inbox(mail)] == ["m2@firma.example", "m1@firma.example"]


def test_a_full_mailbox_waits_and_a_wrong_one_does_not_hold_up_the_others(
    storage: Storage, channel: EmailChannel, clock: Ticking, mail: MailServer
) -> None:
    full, nobody = Address("email", "full@kunde.example"), Address("email", "nobody@kunde.example")
    enqueue(storage, to_wang(cc=[full, nobody]), clock)
    deliverer = worker(storage, channel, clock)
    for _ in range(3):
        deliverer.run_once()
        clock.pass_(hours=1)
    assert len(inbox(mail)) == 1
    told = [one.payload for one in events(storage) if one.name != "message-queued"]
    with storage.begin("acme", read_only=True) as work:
        parcel = work.get(Parcel, "m1")
    assert names(storage) == ["message-delayed", "message-delayed", "message-queued", "message-undeliverable"]
    assert [payload["reached"] for payload in told] == [[0], [], []]
    assert [payload["refused"] for payload in told] == [[2], [], []]
    assert "mailbox full" in str(parcel.failure)
    assert "no such user" in parcel.payload["reasons"]["2"]


@pytest.mark.parametrize("moment", ["claimed", "sent"])
def test_a_worker_that_is_killed_leaves_its_letter_to_another(
    tmp_path: Path, settings: EmailSettings, mail: MailServer, moment: str
) -> None:
    url, clock = f"sqlite:///{tmp_path / 'crm.db'}", Ticking()
    with SQLStorage.open(url, KINDS) as storage:
        enqueue(introduced(storage), to_wang(), clock)
    program = [sys.executable, mail_worker.__file__, url, str(mail.smtp), "killed", moment]
    with subprocess.Popen(program, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": _here()}) as process:
        assert process.stdout is not None
        assert process.stdout.readline().decode().strip() == moment
        process.send_signal(signal.SIGKILL)
        process.wait()
    with SQLStorage.open(url, KINDS) as storage, EmailChannel(settings) as channel:
        clock.now = now()
        other = worker(storage, channel, clock)
        assert other.run_once() == ()
        clock.pass_(minutes=6)
        assert [one.delivered for one in other.run_once()] == [True]
        arrived = inbox(mail)
        assert len(arrived) == (1 if moment == "claimed" else 2)
        assert {one.id for one in arrived} == {"m1@firma.example"}, "who has it already can tell"
        assert names(storage) == ["message-queued", "message-sent"]


def _here() -> str:
    return str(Path(mail_worker.__file__).parent)


def test_many_workers_send_each_letter_once(
    opened: Callable[..., SQLStorage], settings: EmailSettings, clock: Ticking, mail: MailServer
) -> None:
    storages = [opened(KINDS) for _ in range(3)]
    with storages[0].begin("acme") as work:
        for number in range(30):
            enqueue_message(work, to_wang(f"m{number}"), channel="email", actor="li.na", at=clock())
        work.commit()

    def deliver(storage: SQLStorage) -> int:
        with EmailChannel(settings) as channel:
            done = 0
            while some := worker(storage, channel, clock).run_once(4):
                done += sum(one.delivered for one in some)
            return done

    with ThreadPoolExecutor() as pool:
        assert sum(pool.map(deliver, storages)) == 30
    assert sorted(one.id for one in inbox(mail)) == sorted(f"m{number}@firma.example" for number in range(30))
    assert names(storages[0]) == ["message-queued"] * 30 + ["message-sent"] * 30


def test_a_reply_arrives_with_its_sender_in_the_conversation_that_it_answers(
    storage: Storage, channel: EmailChannel, settings: EmailSettings, clock: Ticking, mail: MailServer
) -> None:
    for id_, to in (("m1", WANG), ("m2", ZHAO)):
        enqueue(storage, to_wang(id_, to=[Address("email", to)]), clock)
    worker(storage, channel, clock).run_once()
    (letter_,) = inbox(mail)
    customer = EmailSettings(sender=f"王伟 <{WANG}>", smtp=f"smtp://127.0.0.1:{mail.smtp}")
    company = Address("email", COMPANY, "客户部")
    back = OutgoingMessage(
        id="r1",
        to=[company],
        subject="回复：续约",
        text="好的。",
        in_reply_to="m1@firma.example",
        references=[letter_.id],
    )
    with EmailChannel(customer) as theirs:
        theirs.send(back)
    receiver = Receiver(storage=storage, tenant="acme", name="email", channel=channel, clock=clock)
    (event,) = receiver.run_once()
    assert receiver.run_once() == ()
    received = incoming(kept(storage, event).content)
    assert received.sender == Address("email", WANG, "王伟")
    assert (received.id, received.text) == ("r1@kunde.example", "好的。")
    assert event.payload["thread"] == "m1"
    assert (event.subject_kind, event.subject) == ("customer", "c1")
    answer = received.reply("谢谢！", id="m3")
    enqueue(storage, answer, clock)
    worker(storage, channel, clock).run_once()
    last = inbox(mail)[-1]
    assert last.in_reply_to == "r1@kunde.example"
    assert last.references == ("m1@firma.example", "r1@kunde.example")
    assert last.subject == "回复：续约"
    threads = {one.payload["thread"] for one in events(storage) if one.payload.get("message") == "m3"}
    assert threads == {"m1"}


def test_a_hostile_letter_holds_up_no_other(
    storage: Storage, channel: EmailChannel, clock: Ticking, mail: MailServer
) -> None:
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(300))
    letters = [
        b"\r\n",
        b"From: (((\r\nSubject: =?utf-8?B?//8=?= \xff\x00\r\n\r\n\x00\xff",
        b"Subject: deep\r\n" + deep,
        b"From: a@b.example\r\nSubject: last\r\n\r\ntext",
    ]
    for raw in letters:
        mail.post(raw, sender="mallory@else.example", to=COMPANY)
    receiver = Receiver(storage=storage, tenant="acme", name="email", channel=channel, clock=clock)
    told = receiver.run_once()
    assert len(told) == 4
    assert receiver.run_once() == ()
    assert [kept(storage, one).subject for one in told][2:] == ["deep", "last"]


def test_a_colleague_is_told_once_what_led_to_it_is_committed(
    storage: Storage, settings: EmailSettings, clock: Ticking, mail: MailServer
) -> None:
    people = EmailNotifierSettings(email=settings, everybody_at="firma.example")
    told = Notice(id="n1", person="na", name="李娜", subject="新客户", text="王伟在等您。")
    with EmailNotifier(people) as notifier, storage.begin("acme") as work:
        enqueue_notice(work, told, notifier="email", actor="crm", at=clock())
        deliverer = Deliverer(outbox=Outbox(storage, clock), notifiers={"email": notifier}, worker="w1")
        work.commit()
        assert [one.delivered for one in deliverer.run_once()] == [True]
    (arrived,) = inbox(mail, "na@firma.example")
    assert (arrived.subject, arrived.text, arrived.automatic) == ("新客户", "王伟在等您。", True)

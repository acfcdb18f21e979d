"""The worker that reads channels: each message once, with its sender, in its conversation."""

from collections.abc import Iterator
from threading import Event as Signal
from typing import Any

import pytest
from attrs import define, evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from letters import KINDS, START, Ticking, events, incoming_messages, introduced, kept, letter, written

from crmcore.customers import Customer
from crmcore.messaging import (
    Address,
    Attachment,
    Batch,
    ChannelUnavailable,
    IncomingMessage,
    InvalidMessage,
    MemoryChannel,
    MessageCursor,
    MessageFile,
    Receiver,
    enqueue_message,
    incoming,
    read_file,
)
from crmcore.storage import Is, MemoryStorage, Query, Storage, UnitOfWork


@pytest.fixture
def storage() -> Iterator[Storage]:
    with MemoryStorage(KINDS) as opened:
        yield introduced(opened)


def receiver(storage: Storage, channel: MemoryChannel, **given: Any) -> Receiver:
    return Receiver(storage=storage, tenant="acme", name="memory", channel=channel, clock=Ticking(), **given)


def test_a_message_becomes_an_event_with_its_sender(storage: Storage) -> None:
    (event,) = receiver(storage, MemoryChannel(inbox=[written()])).run_once()
    assert events(storage) == [event]
    assert (event.name, event.actor, event.subject) == ("message-received", "channel:memory", "")
    assert incoming(kept(storage, event).content) == written()
    assert event.payload == {"channel": "memory", "thread": event.id, "message": event.id}
    assert kept(storage, event).content["sender"] == {
        "channel": "memory",
        "value": "wang.wei@kunde.example",
        "name": "王伟",
    }


def test_a_message_is_told_once_and_the_cursor_is_kept(storage: Storage) -> None:
    channel = MemoryChannel(inbox=[written("a"), written("b"), written("c")])
    assert len(receiver(storage, channel).run_once(2)) == 2
    assert len(receiver(storage, channel).run_once(2)) == 1
    assert receiver(storage, channel).run_once(2) == ()
    with storage.begin("acme", read_only=True) as work:
        assert work.get(MessageCursor, "memory").value == "3"


@settings(deadline=None)
@given(
    st.lists(incoming_messages, max_size=6, unique_by=lambda one: one.id),
    st.integers(1, 4),
    st.sets(st.integers(1, 30)),
)
def test_a_process_that_dies_anywhere_tells_each_message_once(
    messages: list[IncomingMessage], limit: int, deaths: set[int]
) -> None:
    class Died(BaseException):
        pass

    class Dying(MemoryStorage):
        begun = 0
        dies_at = deaths

        def begin(self, tenant: str, *, read_only: bool = False) -> UnitOfWork:
            self.begun += 1
            if self.begun in self.dies_at:
                raise Died
            return super().begin(tenant, read_only=read_only)

    storage = Dying(KINDS)
    channel = MemoryChannel(inbox=messages)
    for _ in range(len(messages) + len(deaths) + 2):
        try:
            receiver(storage, channel).run_once(limit)
        except Died:
            continue
    storage.dies_at = set()
    assert sorted(kept(storage, one).content["id"] for one in events(storage)) == sorted(one.id for one in messages)


def test_two_receivers_of_one_channel_tell_each_message_once(storage: Storage) -> None:
    @define(eq=False, slots=False)
    class Overtaken(MemoryChannel):
        def receive(self, since: str | None = None, *, limit: int = 100) -> Batch:
            batch = super().receive(since, limit=limit)
            receiver(storage, MemoryChannel(inbox=self.inbox)).run_once()
            return batch

    assert receiver(storage, Overtaken(inbox=[written("a"), written("b")])).run_once() == ()
    assert len(events(storage)) == 2


def test_the_same_id_of_two_channels_is_two_messages(storage: Storage) -> None:
    channel = MemoryChannel(inbox=[written()])
    receiver(storage, channel).run_once()
    evolve(receiver(storage, channel), name="other").run_once()
    assert len(events(storage)) == 2


@pytest.mark.parametrize(
    "answer",
    [
        written(in_reply_to="m1"),
        written(references=["m1"]),
        written(references=["m1", "lost@kunde.example"], in_reply_to="lost@kunde.example"),
        written(references=["x" * 5_000 for _ in range(3_000)] + ["m1"]),
    ],
    ids=["in-reply-to", "references", "the message between is not known", "hostile"],
)
def test_an_answer_is_in_the_conversation_and_about_what_it_is_about(storage: Storage, answer: IncomingMessage) -> None:
    with storage.begin("acme") as work:
        enqueue_message(work, letter(), channel="memory", actor="li.na", at=START, about=("customer", "c1"))
        work.commit()
    (event,) = receiver(storage, MemoryChannel(inbox=[answer])).run_once()
    assert event.payload["thread"] == "m1"
    assert (event.subject_kind, event.subject) == ("customer", "c1")


def test_what_answers_nothing_that_is_known_begins_a_conversation(storage: Storage) -> None:
    (event,) = receiver(storage, MemoryChannel(inbox=[written(in_reply_to="strange", references=["r"])])).run_once()
    assert event.payload["thread"] == event.id
    assert event.caused_by is None


def test_the_app_says_whom_a_message_is_about(storage: Storage) -> None:
    def recognise(work: UnitOfWork, message: IncomingMessage) -> tuple[str, str] | None:
        assert work.tenant == "acme"
        known = {"wang.wei@kunde.example": "c7"}
        return ("customer", known[message.sender.value]) if message.sender and message.sender.value in known else None

    inbox = [written("a"), written("b", sender=Address("memory", "stranger")), written("c", sender=None)]
    found = receiver(storage, MemoryChannel(inbox=inbox), recognise=recognise).run_once()
    assert [one.subject for one in found] == ["c7", "", ""]


def test_files_go_where_the_app_keeps_them(storage: Storage) -> None:
    files: dict[str, bytes] = {}

    def keep(message: IncomingMessage, attachment: Attachment) -> str:
        files[attachment.name] = attachment.content or b""
        return f"files/{message.id}/{attachment.name}"

    inbox = [written("a", attachments=[Attachment("合同.pdf", content=b"%PDF")])]
    (event,) = receiver(storage, MemoryChannel(inbox=inbox), keep=keep).run_once()
    assert files == {"合同.pdf": b"%PDF"}
    assert incoming(kept(storage, event).content).attachments == (
        Attachment("合同.pdf", reference="files/a/合同.pdf", size=4),
    )


def test_files_are_kept_beside_the_event_in_parts_that_fit(storage: Storage) -> None:
    content = bytes(range(256)) * 6_000
    inbox = [written("a", attachments=[Attachment("合同.pdf", content=content), Attachment("leer", content=b"")])]
    (event,) = receiver(storage, MemoryChannel(inbox=inbox)).run_once()
    files = incoming(kept(storage, event).content).attachments
    assert [(one.name, one.content, one.size) for one in files] == [("合同.pdf", None, 1_536_000), ("leer", None, 0)]
    with storage.begin("acme") as work:
        assert [read_file(work, one) for one in files] == [content, b""]
        parts = list(work.each(Query(MessageFile, where=[Is("owner", event.id)])))
        assert len(parts) == 3
        work.remove(parts[1])
        with pytest.raises(InvalidMessage, match=r"the content of 合同\.pdf is gone"):
            read_file(work, files[0])


def test_a_message_that_is_too_large_is_kept_in_part(storage: Storage) -> None:
    inbox = [written("a", text="长" * 2_000_000, attachments=[Attachment("a", content=b"x" * 5_000)]), written("b")]
    large, small = receiver(storage, MemoryChannel(inbox=inbox), largest=1_000).run_once()
    assert 100_000 < len(kept(storage, large).content["text"]) < 1_000_000
    assert incoming(kept(storage, large).content).attachments == (Attachment("a", size=5_000),)
    assert incoming(kept(storage, small).content) == written("b")


_WORD = "很长" * 400_000
_MANY = [Address("memory", f"{number}{_WORD[:400]}", _WORD[:2_000]) for number in range(1_000)]
_LARGE: dict[str, Any] = {
    "text": _WORD,
    "html": _WORD,
    "subject": _WORD,
    "to": _MANY,
    "cc": _MANY,
    "sender": Address("memory", _WORD, _WORD),
    "references": [f"{number}{_WORD[:900]}" for number in range(1_000)],
    "metadata": {str(number): _WORD[:1_000] for number in range(1_000)},
    "attachments": [Attachment(_WORD[:900], content=b"x") for _ in range(1_000)],
}


@pytest.mark.parametrize("parts", [*([name] for name in _LARGE), list(_LARGE)], ids="+".join)
def test_a_message_of_any_size_can_be_written_down(storage: Storage, parts: list[str]) -> None:
    message = written("x" * 5_000, **{part: _LARGE[part] for part in parts})
    (event,) = receiver(storage, MemoryChannel(inbox=[message])).run_once()
    assert incoming(kept(storage, event).content).received_at == START


def test_it_runs_until_it_is_told_to_stop(storage: Storage) -> None:
    stop = Signal()

    @define(eq=False, slots=False)
    class Failing(MemoryChannel):
        calls = 0

        def receive(self, since: str | None = None, *, limit: int = 100) -> Batch:
            self.calls += 1
            if self.calls == 1:
                message = "the server is down"
                raise ChannelUnavailable(message)
            if self.calls == 4:
                stop.set()
            return super().receive(since, limit=limit)

    channel = Failing(inbox=[written(str(number)) for number in range(5)])
    receiver(storage, channel).run(stop, limit=2, pause=_NO_TIME)
    assert len(events(storage)) == 5


_NO_TIME = START - START


def test_what_somebody_writes_who_was_forgotten_is_nobody_s(storage: Storage) -> None:
    with storage.begin("acme") as work:
        work.put(evolve(work.get(Customer, "c1"), erased_at=START))
        work.commit()
    known = receiver(storage, MemoryChannel(inbox=[written()]), recognise=lambda *_: ("customer", "c1"))
    (event,) = known.run_once()
    assert (event.subject_kind, event.subject) == ("", "")
    assert kept(storage, event).customer is None

"""Messages as payloads: nothing is lost on the way through a storage, and nothing strange is taken for a message."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from letters import KINDS, START, incoming_messages, letter, notices, outgoing_messages

from crmcore.messaging import (
    Attachment,
    IncomingMessage,
    InvalidMessage,
    Notice,
    OutgoingMessage,
    as_payload,
    incoming,
    notice,
    outgoing,
)
from crmcore.storage import MemoryStorage, Parcel, as_text


@given(outgoing_messages)
def test_a_message_to_send_comes_back_as_it_was(message: OutgoingMessage) -> None:
    assert outgoing(json.loads(as_text(as_payload(message)))) == message


@given(incoming_messages)
def test_a_message_from_outside_comes_back_as_it_was(message: IncomingMessage) -> None:
    assert incoming(json.loads(as_text(as_payload(message)))) == message


@given(notices)
def test_a_notice_comes_back_as_it_was(message: Notice) -> None:
    assert notice(json.loads(as_text(as_payload(message)))) == message


@settings(deadline=None)
@given(outgoing_messages)
def test_a_message_comes_back_from_a_parcel_in_a_storage(message: OutgoingMessage) -> None:
    with MemoryStorage(KINDS) as storage, storage.begin("acme") as work:
        work.enqueue(Parcel(id="p1", topic="message.memory", payload=as_payload(message), due=START))
        assert outgoing(work.get(Parcel, "p1").payload) == message


@settings(deadline=None)
@given(incoming_messages, st.text(), st.text(), st.text())
def test_whatever_somebody_writes_can_be_stored(message: IncomingMessage, text: str, subject: str, name: str) -> None:
    hostile = IncomingMessage(
        id=message.id,
        sender=message.sender,
        subject=subject,
        text=text,
        html=text,
        attachments=[Attachment(name, content=b"x")],
        received_at=START,
    )
    with MemoryStorage(KINDS) as storage, storage.begin("acme") as work:
        work.enqueue(Parcel(id="p1", topic="in", payload=as_payload(hostile), due=START))
        assert incoming(work.get(Parcel, "p1").payload) == hostile


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"id": "m1"},
        {"id": "m1", "to": [{}]},
        {"id": "m1", "to": [7]},
        {"id": "m1", "to": None},
        {**as_payload(letter()), "bcc": []},
        {**as_payload(letter()), "attachments": [{"name": "a", "content": "no base64"}]},
        {**as_payload(letter()), "attachments": [{"name": "a"}]},
        {**as_payload(letter()), "id": "two words"},
        {**as_payload(letter()), "subject": 7},
        {**as_payload(letter()), "references": [7]},
    ],
)
def test_a_payload_that_holds_no_message_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(InvalidMessage):
        outgoing(broken)

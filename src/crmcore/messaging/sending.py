"""Into the outbox: what is sent once the unit of work that causes it is committed, and only then."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from attrs import evolve

from crmcore.customers import CUSTOMER
from crmcore.messaging.files import keep_files, referred
from crmcore.messaging.identity import event_id, event_ids
from crmcore.messaging.messages import IncomingMessage, OutgoingMessage
from crmcore.messaging.notices import Notice
from crmcore.messaging.payloads import as_payload
from crmcore.messaging.records import MessageDirection, StoredMessage, StoredNotice, whom
from crmcore.storage import PARCEL, Among, Event, Parcel, Query, UnitOfWork

__all__ = [
    "MESSAGE_TOPIC",
    "NOTICE_TOPIC",
    "conversation",
    "enqueue_message",
    "enqueue_notice",
]

MESSAGE_TOPIC: Final = "message."
"""What stands before the name of the channel in the topic of a parcel."""

NOTICE_TOPIC: Final = "notice."
"""What stands before the name of the notifier in the topic of a parcel."""

_MOST_REFERENCES: Final = 100
"""How many of the messages before one are looked for; a sender can name any number."""


def enqueue_message(
    work: UnitOfWork,
    message: OutgoingMessage,
    *,
    channel: str,
    actor: str,
    at: datetime,
    about: tuple[str, str] | None = None,
    caused_by: str | None = None,
    due: datetime | None = None,
    purpose: str | None = None,
) -> Parcel:
    """Let a message be sent once a unit of work is committed; the event `message-queued` is written with it.

    What it says, and to whom, stands in a `StoredMessage` record, and its files in `MessageFile` records, so that they
    can be forgotten; parcel and event refer to it.

    Args:
        work: the unit of work.
        message: what to send; its id is that of the parcel, and becomes the id by which the receiver's side knows it.
        channel: the name of the channel that is to send it.
        actor: who does it: the id of a person, or of a program.
        at: when, in UTC.
        about: kind and id of the record that it is about, such as `("customer", "c1")`, or `("contact", "p1")` for
            somebody there; None for the one that the message before in the conversation is about, or else the parcel.
        caused_by: the id of the event that led to it.
        due: not to send it before this instant, in UTC; None for at once.
        purpose: to what the customer has to agree: where it does not when the message would be sent, it is not; None
            where no consent is needed.

    Raises:
        DanglingReference, NotThere: there is no such customer or contact.
        InvalidCustomer: the customer was erased.
        AlreadyThere: a message of this id is in the outbox; perhaps told at the commit only.
        InvalidRecord: the message holds what cannot be stored.
    """
    before = conversation(work, channel, message)
    about = about or _about(before) or (PARCEL.name, message.id)
    customer, contact = whom(work, about)
    thread = message.id if before is None else before.payload["thread"]
    filed = evolve(message, attachments=referred(message.id, message.attachments))
    work.add(
        StoredMessage(
            id=message.id,
            customer=customer,
            contact=contact,
            direction=MessageDirection.OUT,
            channel=channel,
            thread=thread,
            at=at,
            subject=message.subject,
            content=as_payload(filed),
            purpose=purpose,
        )
    )
    keep_files(work, message.id, message.attachments)
    queued = Event(
        id=event_id("queued", channel, message.id),
        name="message-queued",
        actor=actor,
        at=at,
        subject_kind=about[0] if customer is None else CUSTOMER.name,
        subject=customer or about[1],
        payload={
            "channel": channel,
            "thread": thread,
            "message": message.id,
            **({"contact": contact} if contact else {}),
        },
        caused_by=caused_by or (None if before is None else before.id),
    )
    return _enqueued(work, message.id, MESSAGE_TOPIC + channel, queued, due=due)


def enqueue_notice(
    work: UnitOfWork,
    notice: Notice,
    *,
    notifier: str,
    actor: str,
    at: datetime,
    about: tuple[str, str] | None = None,
    caused_by: str | None = None,
    due: datetime | None = None,
) -> Parcel:
    """Let somebody of the organization be told once a unit of work is committed; the event is `notice-queued`.

    Args:
        work: the unit of work.
        notice: what to tell whom; its id is that of the parcel.
        notifier: the name of the notifier that is to do it.
        actor: who does it: the id of a person, or of a program.
        at: when, in UTC.
        about: kind and id of the record that it is about; None for the parcel.
        caused_by: the id of the event that led to it.
        due: not to tell it before this instant, in UTC; None for at once.

    Raises:
        DanglingReference, NotThere, InvalidCustomer: as for a message.
        AlreadyThere: a notice of this id is in the outbox; perhaps told at the commit only.
        InvalidRecord: the notice holds what cannot be stored.
    """
    about = about or (PARCEL.name, notice.id)
    customer, _ = whom(work, about)
    work.add(
        StoredNotice(
            id=notice.id,
            customer=customer,
            person=notice.person,
            notifier=notifier,
            at=at,
            content=as_payload(notice),
        )
    )
    queued = Event(
        id=event_id("queued", notifier, notice.id),
        name="notice-queued",
        actor=actor,
        at=at,
        subject_kind=about[0] if customer is None else CUSTOMER.name,
        subject=customer or about[1],
        payload={"channel": notifier, "thread": notice.id, "notice": notice.id},
        caused_by=caused_by,
    )
    return _enqueued(work, notice.id, NOTICE_TOPIC + notifier, queued, due=due)


def _enqueued(work: UnitOfWork, id_: str, topic: str, queued: Event, *, due: datetime | None) -> Parcel:
    about = [queued.subject_kind, queued.subject]
    payload = {**queued.payload, "about": about, "event": queued.id}
    written = work.enqueue(Parcel(id=id_, topic=topic, payload=payload, due=due or queued.at))
    work.append(queued)
    return written


def conversation(work: UnitOfWork, channel: str, message: OutgoingMessage | IncomingMessage) -> Event | None:
    """Return the event of the latest message that a message answers and that is known here; None where none is.

    Its payload names the `thread`: the id of the first message of the conversation that is known.
    """
    named = [*message.references[-_MOST_REFERENCES:], *([message.in_reply_to] if message.in_reply_to else [])]
    newest_first = [id_ for one in reversed(named) for id_ in event_ids(channel, one)]
    return _first(work, dict.fromkeys(newest_first))


def _first(work: UnitOfWork, ids: Iterable[str]) -> Event | None:
    wanted = tuple(ids)
    if not wanted:
        return None
    found = {one.id: one for one in work.each(Query(Event, where=[Among("id", wanted)]))}
    return next((found[id_] for id_ in wanted if id_ in found), None)


def _about(before: Event | None) -> tuple[str, str] | None:
    if before is None or not before.subject or before.subject_kind == PARCEL.name:
        return None
    return before.subject_kind, before.subject

"""The worker that reads channels: each message from outside becomes one event, with its sender."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event as Signal
from typing import Final

from attrs import evolve, frozen

from crmcore.customers import CUSTOMER, InvalidCustomer
from crmcore.messaging.channels import Batch, Channel
from crmcore.messaging.failures import ChannelUnavailable
from crmcore.messaging.files import keep_files, referred
from crmcore.messaging.identity import event_id
from crmcore.messaging.messages import Attachment, IncomingMessage
from crmcore.messaging.payloads import as_payload
from crmcore.messaging.records import MessageDirection, StoredMessage, whom
from crmcore.messaging.sending import conversation
from crmcore.messaging.shortening import shortened
from crmcore.storage import (
    AlreadyThere,
    Busy,
    Entity,
    Event,
    Kind,
    NotThere,
    Stale,
    Storage,
    StorageUnavailable,
    UnitOfWork,
)
from crmcore.values import Clock, now

__all__ = ["MESSAGE_CURSOR", "Keep", "MessageCursor", "Receiver", "Recognise"]

_LOG: Final = logging.getLogger(__name__)


@frozen(kw_only=True)
class MessageCursor(Entity):
    """How far a channel was read. Its id is the name of the channel.

    Attributes:
        value: the cursor, in the channel's own words.
        moved: when it moved last, in UTC.
    """

    value: str
    moved: datetime


MESSAGE_CURSOR = Kind("message-cursor", MessageCursor)
"""The kind of the cursors: a storage that a `Receiver` writes to knows it."""

Recognise = Callable[[UnitOfWork, IncomingMessage], tuple[str, str] | None]
"""What finds the kind and the id of the record that a message is about; None where it knows none."""

Keep = Callable[[IncomingMessage, Attachment], str]
"""What puts an attachment of a message where the app keeps files, and returns a reference to it."""


@frozen(kw_only=True)
class Receiver:
    """A worker that reads one channel for one tenant.

    A message becomes the event `message-received` once, by the id that its channel gives it, also where the process
    dies in between, or two read the same channel.

    Attributes:
        storage: where the events go; its kinds include `MESSAGE_CURSOR`.
        tenant: whose channel it is.
        name: the name of the channel.
        channel: the channel.
        clock: what says the time.
        recognise: what finds the record that a message is about, such as the customer who wrote it, as its kind and id;
            None for the one that the conversation is about.
        keep: what puts an attachment where the app keeps files, and returns a reference; None to keep it in the
            storage, as `MessageFile` records.
        largest: how many bytes of all attachments of a message together are kept; of others only the names.
    """

    storage: Storage
    tenant: str
    name: str
    channel: Channel
    clock: Clock = now
    recognise: Recognise | None = None
    keep: Keep | None = None
    largest: int = 25_000_000

    def run(self, until: Signal, *, limit: int = 100, pause: timedelta = timedelta(seconds=30)) -> None:
        """Read until a signal is set; the batch at hand is finished first.

        Args:
            until: the signal.
            limit: how many messages to read at once.
            pause: how long to wait when there is nothing to read, or what is needed cannot be reached.
        """
        while not until.is_set():
            more = False
            try:
                more = self._read(limit)[1].more
            except (Busy, StorageUnavailable, ChannelUnavailable) as error:
                _LOG.warning("%s cannot be read: %s", self.name, error)
            if not more:
                until.wait(pause.total_seconds())

    def run_once(self, limit: int = 100) -> tuple[Event, ...]:
        """Read what is new, up to a number of messages, and return the events that were written.

        Args:
            limit: how many messages at most.

        Raises:
            ChannelUnavailable: the channel cannot be read from.
            Busy, StorageUnavailable: the storage cannot be reached.
        """
        return self._read(limit)[0]

    def _read(self, limit: int) -> tuple[tuple[Event, ...], Batch]:
        with self.storage.begin(self.tenant, read_only=True) as work:
            cursor = self._cursor(work)
        batch = self.channel.receive(None if cursor is None else cursor.value, limit=limit)
        written = [self._written(message) for message in batch.messages]
        self._move(cursor, batch.cursor)
        return tuple(one for one in written if one is not None), batch

    def _cursor(self, work: UnitOfWork) -> MessageCursor | None:
        try:
            return work.get(MessageCursor, self.name)
        except NotThere:
            return None

    def _move(self, cursor: MessageCursor | None, value: str | None) -> None:
        if value is None or (cursor is not None and cursor.value == value):
            return
        try:
            with self.storage.begin(self.tenant) as work:
                if cursor is None:
                    work.add(MessageCursor(id=self.name, value=value, moved=self.clock()))
                else:
                    work.put(evolve(cursor, value=value, moved=self.clock()))
                work.commit()
        except (AlreadyThere, Stale):
            _LOG.info("another receiver moved the cursor of %s", self.name)

    def _written(self, message: IncomingMessage) -> Event | None:
        id_ = event_id("received", self.name, message.id)
        try:
            with self.storage.begin(self.tenant) as work:
                if _there(work, id_):
                    return None
                written = work.append(self._event(work, id_, message))
                work.commit()
        except AlreadyThere:
            return None
        return written

    def _event(self, work: UnitOfWork, id_: str, message: IncomingMessage) -> Event:
        before = conversation(work, self.name, message)
        about = self.recognise(work, message) if self.recognise is not None else None
        if about is None:
            about = ("", "") if before is None else (before.subject_kind, before.subject)
        try:
            customer, contact = whom(work, about)
        except InvalidCustomer:  # who was forgotten is nobody who is known
            about, customer, contact = ("", ""), None, None
        thread = id_ if before is None else before.payload["thread"]
        message = shortened(message, self.largest)
        filed = self._filed(id_, message)
        work.add(
            StoredMessage(
                id=id_,
                customer=customer,
                contact=contact,
                direction=MessageDirection.IN,
                channel=self.name,
                thread=thread,
                at=message.received_at,
                subject=message.subject,
                content=as_payload(filed),
            )
        )
        if self.keep is None:
            keep_files(work, id_, message.attachments)
        return Event(
            id=id_,
            name="message-received",
            actor=f"channel:{self.name}",
            at=self.clock(),
            subject_kind=about[0] if customer is None else CUSTOMER.name,
            subject=customer or about[1],
            payload={
                "channel": self.name,
                "thread": thread,
                "message": id_,
                **({"contact": contact} if contact else {}),
            },
            caused_by=None if before is None else before.id,
        )

    def _filed(self, id_: str, message: IncomingMessage) -> IncomingMessage:
        if self.keep is None:
            return evolve(message, attachments=referred(id_, message.attachments))
        return evolve(message, attachments=[self._put(message, one) for one in message.attachments])

    def _put(self, message: IncomingMessage, one: Attachment) -> Attachment:
        if self.keep is None or one.content is None:
            return one
        return evolve(one, content=None, reference=self.keep(message, one), size=len(one.content))


def _there(work: UnitOfWork, id_: str) -> bool:
    try:
        work.get(Event, id_)
    except NotThere:
        return False
    return True

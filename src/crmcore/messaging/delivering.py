"""The worker that empties the outbox: it claims, sends outside of any transaction, and writes down how it went."""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from threading import Event as Signal
from typing import Any, Final

from attrs import evolve, field, frozen

from crmcore.language import say
from crmcore.messaging.channels import Channel, Receipt
from crmcore.messaging.failures import InvalidMessage, Refused, Undelivered
from crmcore.messaging.files import FILE, read_file
from crmcore.messaging.identity import event_id
from crmcore.messaging.messages import Attachment, OutgoingMessage
from crmcore.messaging.notices import Notifier
from crmcore.messaging.payloads import as_payload, notice, outgoing
from crmcore.messaging.sending import MESSAGE_TOPIC, NOTICE_TOPIC
from crmcore.messaging.texts import one_line
from crmcore.storage import (
    PARCEL,
    AlreadyThere,
    Busy,
    Claim,
    Event,
    LeaseLost,
    Outbox,
    Parcel,
    ParcelState,
    StorageUnavailable,
)
from crmcore.values import new_id

__all__ = ["Contents", "Deliverer", "Delivery"]

Contents = Callable[[str], bytes]
"""What gives the bytes of an attachment that has a reference."""

_LOG: Final = logging.getLogger(__name__)
_LONGEST_REASON: Final = 1_000
_SETTLINGS: Final = 3


@frozen
class Delivery:
    """How far a parcel has come.

    Attributes:
        tenant: whose it is.
        parcel: it, as it is stored now.
    """

    tenant: str
    parcel: Parcel

    @property
    def delivered(self) -> bool:
        """Whether it is delivered."""
        return self.parcel.state is ParcelState.DELIVERED


@frozen(kw_only=True)
class Deliverer:
    """A worker that sends what lies in the outbox.

    Any number of them work side by side, in as many processes. One that is killed between sending and writing it down
    sends nothing more, but another one sends the same message with the same id.

    Attributes:
        outbox: the outbox: it knows the time, and how long to wait after a failure.
        channels: the channels by the names that messages were enqueued with.
        notifiers: the notifiers likewise.
        worker: who it is, among all workers.
        lease: how long it may take to send a batch; what has not begun by then is left to others.
        contents: what gives the bytes of attachments that the app refers to in its own words; None where none does.
        tenant: whose messages it sends; None for those of all tenants.
    """

    outbox: Outbox
    channels: Mapping[str, Channel] = field(factory=dict)
    notifiers: Mapping[str, Notifier] = field(factory=dict)
    worker: str
    lease: timedelta = timedelta(minutes=5)
    contents: Contents | None = None
    tenant: str | None = None

    def __attrs_post_init__(self) -> None:
        if not self.channels and not self.notifiers:
            raise ValueError("a deliverer needs a channel or a notifier")

    def run(self, until: Signal, *, batch: int = 10, pause: timedelta = timedelta(seconds=2)) -> None:
        """Deliver until a signal is set; the batch at hand is finished first.

        Args:
            until: the signal.
            batch: how many parcels to claim at once.
            pause: how long to wait when there is nothing to do, or the storage cannot be reached.
        """
        while not until.is_set():
            try:
                worked = self.run_once(batch)
            except (Busy, StorageUnavailable) as error:
                _LOG.warning("the outbox cannot be reached: %s", error)
                worked = ()
            if not worked:
                until.wait(pause.total_seconds())

    def run_once(self, batch: int = 10) -> tuple[Delivery, ...]:
        """Claim parcels that are due, deliver them, and return how far each has come.

        Args:
            batch: how many at most.

        Raises:
            Busy, StorageUnavailable: the storage cannot be reached.
        """
        topics = [*(MESSAGE_TOPIC + name for name in self.channels), *(NOTICE_TOPIC + name for name in self.notifiers)]
        claims = self.outbox.claim(batch, worker=self.worker, lease=self.lease, topics=topics, tenant=self.tenant)
        settled = (self._settled(claim) for claim in claims)
        return tuple(one for one in settled if one is not None)

    def _settled(self, claim: Claim) -> Delivery | None:
        if self.outbox.clock() >= claim.parcel.due:
            return None
        try:
            return Delivery(claim.tenant, self._tried(claim))
        except LeaseLost as error:
            _LOG.warning("%s", error)
            return None

    def _tried(self, claim: Claim) -> Parcel:
        try:
            receipt = self._sent(claim)
        except Undelivered as error:
            return self._delayed(claim, error)
        except Refused as error:
            return self._given_up(claim, error)
        except InvalidMessage as error:
            return self._given_up(claim, Refused(str(error)))
        except Exception as error:
            _LOG.exception("%s stopped", claim.parcel.topic)
            return self._delayed(claim, Undelivered(f"{type(error).__name__}: {error}"))
        return self._delivered(claim, receipt)

    def _sent(self, claim: Claim) -> Receipt:
        parcel = claim.parcel
        sort, _, name = parcel.topic.partition(".")
        if sort + "." == NOTICE_TOPIC:
            return self.notifiers[name].notify(notice(parcel.payload["notice"]))
        message = outgoing(parcel.payload["message"])
        attachments = [self._with_content(one, claim.tenant) for one in message.attachments]
        return self.channels[name].send(evolve(message, attachments=attachments))

    def _with_content(self, one: Attachment, tenant: str) -> Attachment:
        if one.reference is None:
            return one
        if one.reference.startswith(FILE):
            with self.outbox.storage.begin(tenant, read_only=True) as work:
                return evolve(one, content=read_file(work, one), reference=None, size=None)
        if self.contents is None:
            raise Undelivered(
                say(
                    "nobody here gives what lies at {reference}: give the deliverer `contents`", reference=one.reference
                )
            )
        return evolve(one, content=self.contents(one.reference), reference=None, size=None)

    def _delivered(self, claim: Claim, receipt: Receipt) -> Parcel:
        channel = claim.parcel.topic.partition(".")[2]
        more = {"receipt": one_line(receipt.id), "refused": [as_payload(one) for one in receipt.refused]}
        event = self._event(claim, "sent", event_id("sent", channel, receipt.id), more)
        for _ in range(_SETTLINGS):
            try:
                return self.outbox.delivered(claim, events=[event])
            except Busy:  # what is sent and not written down is sent again
                continue
            except AlreadyThere:  # a channel that calls two messages the same
                event = evolve(event, id=new_id())
        return self.outbox.delivered(claim, events=[event])

    def _delayed(self, claim: Claim, error: Undelivered) -> Parcel:
        if self.outbox.backoff.after(claim.parcel.attempts) is None:
            return self._given_up(claim, error)
        claim = Claim(claim.tenant, _without(claim.parcel, error))
        reason = _reason(error)
        event = self._event(claim, "delayed", new_id(), _told(error))
        return self.outbox.failed(claim, reason, retry_after=error.retry_after, events=[event])

    def _given_up(self, claim: Claim, error: Undelivered | Refused) -> Parcel:
        reason = _reason(error)
        event = self._event(claim, "undeliverable", new_id(), _told(error))
        return self.outbox.abandoned(claim, reason, events=[event])

    def _event(self, claim: Claim, what: str, id_: str, more: Mapping[str, Any]) -> Event:
        parcel = claim.parcel
        sort, _, channel = parcel.topic.partition(".")
        kind, subject = parcel.payload.get("about") or (PARCEL.name, parcel.id)
        return Event(
            id=id_,
            name=f"{sort}-{what}",
            actor=self.worker,
            at=self.outbox.clock(),
            subject_kind=kind,
            subject=subject,
            payload={"channel": channel, "thread": parcel.payload.get("thread", parcel.id), "id": parcel.id, **more},
            caused_by=parcel.payload.get("event"),
        )


def _reason(error: Undelivered | Refused) -> str:
    return one_line(error.reason)[:_LONGEST_REASON]


def _told(error: Undelivered | Refused) -> dict[str, Any]:
    told: dict[str, Any] = {"reason": _reason(error), "refused": [as_payload(one) for one in error.refused]}
    if isinstance(error, Undelivered):
        told["reached"] = [as_payload(one) for one in error.reached]
    return told


def _without(parcel: Parcel, error: Undelivered) -> Parcel:
    """Return a parcel whose message is for those alone who may still have it."""
    done = (*error.reached, *(one.address for one in error.refused))
    if not done:
        return parcel
    message: OutgoingMessage = outgoing(parcel.payload["message"])
    further = evolve(message, reached=dict.fromkeys((*message.reached, *done)))
    return evolve(parcel, payload={**parcel.payload, "message": as_payload(further)})

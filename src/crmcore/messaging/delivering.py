"""The worker that empties the outbox: it claims, sends outside of any transaction, and writes down how it went."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from threading import Event as Signal
from traceback import format_exception
from typing import Any, Final, TypeVar

from attrs import evolve, field, frozen

from crmcore.customers import consent_for
from crmcore.language import say
from crmcore.messaging.addresses import Address, Refusal
from crmcore.messaging.channels import Channel, Receipt
from crmcore.messaging.failures import InvalidMessage, Refused, Undelivered
from crmcore.messaging.files import FILE, read_file
from crmcore.messaging.identity import event_id
from crmcore.messaging.messages import Attachment, OutgoingMessage
from crmcore.messaging.notices import Notice, Notifier
from crmcore.messaging.payloads import notice, outgoing
from crmcore.messaging.records import StoredMessage, StoredNotice
from crmcore.messaging.sending import MESSAGE_TOPIC, NOTICE_TOPIC
from crmcore.messaging.texts import one_line, storable
from crmcore.storage import (
    PARCEL,
    AlreadyThere,
    Busy,
    Claim,
    Event,
    LeaseLost,
    NotThere,
    Outbox,
    Parcel,
    ParcelState,
    StorageUnavailable,
    UnitOfWork,
)
from crmcore.values import new_id

__all__ = ["Contents", "Deliverer", "Delivery"]

Contents = Callable[[str], bytes]
"""What gives the bytes of an attachment that has a reference."""

_LOG: Final = logging.getLogger(__name__)
_LONGEST_REASON: Final = 1_000
_SETTLINGS: Final = 3
_Kept = TypeVar("_Kept", StoredMessage, StoredNotice)


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

    def _lost(self, claim: Claim) -> Parcel:
        """Give up what stopped worker after worker, before any of them could write down how it went."""
        reason = say("{count} workers took it, and did not say how it went", count=claim.parcel.attempts - 1)
        event = self._event(claim, "undeliverable", new_id(), {})
        return self.outbox.abandoned(claim, reason, events=[event])

    def _settled(self, claim: Claim) -> Delivery | None:
        if self.outbox.clock() >= claim.parcel.due:
            return None
        try:
            lost = claim.parcel.attempts > self.outbox.backoff.attempts
            return Delivery(claim.tenant, self._lost(claim) if lost else self._tried(claim))
        except LeaseLost as error:
            _LOG.warning("%s", error)
            return None

    def _tried(self, claim: Claim) -> Parcel:
        everybody: tuple[Address, ...] = ()
        sort, _, name = claim.parcel.topic.partition(".")
        try:
            if sort + "." == NOTICE_TOPIC:
                receipt = self.notifiers[name].notify(self._notice(claim))
            else:
                message = self._message(claim, name)
                everybody = _everybody(message)
                receipt = self.channels[name].send(message)
        except Undelivered as error:
            return self._delayed(claim, error, everybody)
        except Refused as error:
            return self._given_up(claim, error, everybody)
        except InvalidMessage as error:
            return self._given_up(claim, Refused(str(error)), everybody)
        except (Busy, StorageUnavailable):  # nothing is sent yet: it is claimed again when the lease has run out
            raise
        except Exception as error:
            told = storable("".join(format_exception(error)))  # what it says may be what no log can write
            _LOG.error("%s stopped: %s", claim.parcel.topic, told)
            return self._delayed(claim, Undelivered(f"{type(error).__name__}: {error}"), everybody)
        return self._delivered(claim, receipt, everybody)

    def _notice(self, claim: Claim) -> Notice:
        with self.outbox.storage.begin(claim.tenant, read_only=True) as work:
            return notice(_kept(work, StoredNotice, claim.parcel.payload.get("notice")).content)

    def _message(self, claim: Claim, channel: str) -> OutgoingMessage:
        """Return the message of a parcel, for those whom it has not reached, if it may still be sent."""
        with self.outbox.storage.begin(claim.tenant, read_only=True) as work:
            kept = _kept(work, StoredMessage, claim.parcel.payload.get("message"))
            message = outgoing(kept.content)
            _refuse_without_consent(work, kept, {channel, *(one.channel for one in message.to)})
            files = [
                evolve(one, content=read_file(work, one), reference=None, size=None) if _is_kept(one) else one
                for one in message.attachments
            ]
        everybody = _everybody(message)
        reached = [everybody[place] for place in claim.parcel.payload.get("done", ())]
        return evolve(message, attachments=[self._with_content(one) for one in files], reached=reached)

    def _with_content(self, one: Attachment) -> Attachment:
        if one.reference is None:
            return one
        if self.contents is None:
            raise Undelivered(
                say(
                    "nobody here gives what lies at {reference}: give the deliverer `contents`", reference=one.reference
                )
            )
        return evolve(one, content=self.contents(one.reference), reference=None, size=None)

    def _delivered(self, claim: Claim, receipt: Receipt, everybody: Sequence[Address]) -> Parcel:
        channel = claim.parcel.topic.partition(".")[2]
        more = {
            "receipt": one_line(receipt.id),
            "refused": _places(everybody, (one.address for one in receipt.refused)),
        }
        event = self._event(claim, "sent", event_id("sent", channel, receipt.id), more)
        claim = Claim(claim.tenant, _with_reasons(claim.parcel, receipt.refused, everybody))
        for _ in range(_SETTLINGS):
            try:
                return self.outbox.delivered(claim, events=[event])
            except Busy:  # what is sent and not written down is sent again
                continue
            except AlreadyThere:  # a channel that calls two messages the same
                event = evolve(event, id=new_id())
        return self.outbox.delivered(claim, events=[event])

    def _delayed(self, claim: Claim, error: Undelivered, everybody: Sequence[Address]) -> Parcel:
        if self.outbox.backoff.after(claim.parcel.attempts) is None:
            return self._given_up(claim, error, everybody)
        parcel = _with_reasons(_without(claim.parcel, error, everybody), error.refused, everybody)
        event = self._event(claim, "delayed", new_id(), _told(error, everybody))
        settled = Claim(claim.tenant, parcel)
        return self.outbox.failed(settled, _reason(error), retry_after=error.retry_after, events=[event])

    def _given_up(self, claim: Claim, error: Undelivered | Refused, everybody: Sequence[Address]) -> Parcel:
        event = self._event(claim, "undeliverable", new_id(), _told(error, everybody))
        settled = Claim(claim.tenant, _with_reasons(claim.parcel, error.refused, everybody))
        return self.outbox.abandoned(settled, _reason(error), events=[event])

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
            payload={"channel": channel, "thread": parcel.payload.get("thread", parcel.id), sort: parcel.id, **more},
            caused_by=parcel.payload.get("event"),
        )


def _reason(error: Undelivered | Refused) -> str:
    return _short(error.reason)


def _short(reason: str) -> str:
    return one_line(reason)[:_LONGEST_REASON]


def _everybody(message: OutgoingMessage) -> tuple[Address, ...]:
    """Return all who are to have a message, each once: events and parcels name them by their places in it."""
    return tuple(dict.fromkeys((*message.to, *message.cc)))


def _places(everybody: Sequence[Address], some: Iterable[Address]) -> list[int]:
    return [everybody.index(one) for one in some if one in everybody]


def _told(error: Undelivered | Refused, everybody: Sequence[Address]) -> dict[str, Any]:
    """Return what an event tells of a failure; what the other side said stands in the parcel, as it may name people."""
    told: dict[str, Any] = {"refused": _places(everybody, (one.address for one in error.refused))}
    if isinstance(error, Undelivered):
        told["reached"] = _places(everybody, error.reached)
    return told


def _with_reasons(parcel: Parcel, refused: Iterable[Refusal], everybody: Sequence[Address]) -> Parcel:
    """Return a parcel that says why some recipients will not have its message, by their places."""
    said = {str(everybody.index(one.address)): _short(one.reason) for one in refused if one.address in everybody}
    if not said:
        return parcel
    return evolve(parcel, payload={**parcel.payload, "reasons": {**parcel.payload.get("reasons", {}), **said}})


def _without(parcel: Parcel, error: Undelivered, everybody: Sequence[Address]) -> Parcel:
    """Return a parcel whose message is for those alone who may still have it."""
    done = _places(everybody, (*error.reached, *(one.address for one in error.refused)))
    further = dict.fromkeys((*parcel.payload.get("done", ()), *done))
    return evolve(parcel, payload={**parcel.payload, "done": list(further)}) if done else parcel


def _is_kept(one: Attachment) -> bool:
    return one.reference is not None and one.reference.startswith(FILE)


def _kept(work: UnitOfWork, record: type[_Kept], id_: Any) -> _Kept:
    """Return the message or notice that a parcel refers to.

    Raises:
        InvalidMessage: it refers to none.
        Refused: it was erased.
    """
    try:
        kept = work.get(record, id_)
    except NotThere:
        raise InvalidMessage("payload", say("it refers to no message that is here")) from None
    if not kept.content:
        raise Refused(say("it was erased"))
    return kept


def _refuse_without_consent(work: UnitOfWork, kept: StoredMessage, channels: Iterable[str]) -> None:
    """Refuse a message that needs consent which the customer does not give, or no longer.

    Raises:
        Refused: nobody agrees to it.
    """
    if kept.purpose is None:
        return
    whose, about = kept.customer, kept.contact
    if whose is None or consent_for(work, whose, kept.purpose, channels=channels, contact=about) is None:
        raise Refused(say("the customer does not agree to {purpose}, or no longer", purpose=kept.purpose))

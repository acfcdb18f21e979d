"""Messages: what is sent to customers, and what they write."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from attrs import field, frozen

from crmcore.language import say
from crmcore.messaging.addresses import Address
from crmcore.messaging.failures import InvalidMessage
from crmcore.messaging.identity import an_id
from crmcore.messaging.texts import one_line, storable

__all__ = ["Attachment", "IncomingMessage", "OutgoingMessage"]

_MEDIA_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}")
_REPLY: Final = re.compile(r"(re|aw|sv|回复|回覆|答复)\s*[:：]", re.IGNORECASE)


def _addresses(given: Iterable[Address]) -> tuple[Address, ...]:
    return tuple(given)


def _ids(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(one_line, given))


def _maybe_one_line(given: str | None) -> str | None:
    return None if given is None else one_line(given)


def _maybe_storable(given: str | None) -> str | None:
    return None if given is None else storable(given)


def _lower(given: str) -> str:
    return given.lower()


@frozen
class Attachment:
    """A file that goes with a message.

    Attributes:
        name: the file's name; one line.
        media_type: what it is, such as `application/pdf`.
        content: its bytes; None where they lie elsewhere, or were not kept.
        reference: where they lie, in words of the app; None where they are here.
        size: how many bytes it has, where they are not here and somebody knows.

    Raises:
        InvalidMessage: the media type is none, or the bytes are here and elsewhere at once.
    """

    name: str = field(converter=one_line)
    media_type: str = field(default="application/octet-stream", converter=_lower)
    content: bytes | None = field(default=None, kw_only=True, repr=False)
    reference: str | None = field(default=None, kw_only=True)
    size: int | None = field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if _MEDIA_TYPE.fullmatch(self.media_type) is None:
            raise InvalidMessage("media_type", say("it looks like application/pdf"))
        if self.content is not None and self.reference is not None:
            raise InvalidMessage("attachment", say("give its content or a reference to it, not both"))


def _attachments(given: Iterable[Attachment]) -> tuple[Attachment, ...]:
    return tuple(given)


@frozen(kw_only=True)
class OutgoingMessage:
    """A message to send.

    Attributes:
        id: unique, from 1 to 100 letters, digits, _ and -. The receiver's side is told it, so that it can drop what
            arrives twice.
        to: whom it is for, at least one.
        cc: who is to know of it.
        sender: who sends it; None for the channel's own address.
        subject: what it is about; one line, breaks become spaces.
        text: what it says.
        html: the same with layout, for channels that can show it.
        attachments: files that go with it; each with its content or a reference.
        in_reply_to: the id of the message that it answers: of one of ours, or as its channel calls it.
        references: the ids of the messages before it in the conversation, the first one first.
        metadata: what the app wants to find again: mappings, lists and values, as JSON has them.
        reached: recipients who have it already, after an attempt that reached only some; they are left out.

    Raises:
        InvalidMessage: the id cannot be one, nobody is to have it, or an attachment has nothing to send.
    """

    id: str = field(validator=an_id)
    to: tuple[Address, ...] = field(converter=_addresses)
    cc: tuple[Address, ...] = field(default=(), converter=_addresses)
    sender: Address | None = None
    subject: str = field(default="", converter=one_line)
    text: str = ""
    html: str | None = None
    attachments: tuple[Attachment, ...] = field(default=(), converter=_attachments)
    in_reply_to: str | None = field(default=None, converter=_maybe_one_line)
    references: tuple[str, ...] = field(default=(), converter=_ids)
    metadata: Mapping[str, Any] = field(factory=dict)
    reached: tuple[Address, ...] = field(default=(), converter=_addresses)

    def __attrs_post_init__(self) -> None:
        if not self.to:
            raise InvalidMessage("to", say("somebody has to receive it"))
        for one in self.attachments:
            if one.content is None and one.reference is None:
                raise InvalidMessage("attachment", say("{name} has neither content nor a reference", name=one.name))

    @property
    def recipients(self) -> tuple[Address, ...]:
        """Whom it has still to reach, each once."""
        return tuple(dict.fromkeys(one for one in (*self.to, *self.cc) if one not in self.reached))


@frozen(kw_only=True)
class IncomingMessage:
    """A message that somebody wrote to the company. Whatever no storage keeps is replaced in its texts.

    Attributes:
        id: what its channel calls it; the same when it is seen again.
        sender: who wrote it; None where it does not say.
        to: whom it is for.
        cc: who is to know of it.
        subject: what it is about; one line.
        text: what it says.
        html: the same with layout; nothing in it is safe to show as it is.
        attachments: files that came with it.
        in_reply_to: the id of the message that it answers; one that we sent has the id that we gave it.
        references: the ids of the messages before it in the conversation, the first one first.
        received_at: when it came, in UTC.
        automatic: whether a program wrote it, such as a notice of absence or of failure: answer it with a program, and
            the two may never stop.
        metadata: what else the channel knows: mappings, lists and values, as JSON has them.

    Raises:
        InvalidMessage: the id is empty, or the instant is not in UTC.
    """

    id: str = field(converter=one_line)
    sender: Address | None
    to: tuple[Address, ...] = field(default=(), converter=_addresses)
    cc: tuple[Address, ...] = field(default=(), converter=_addresses)
    subject: str = field(default="", converter=one_line)
    text: str = field(default="", converter=storable)
    html: str | None = field(default=None, converter=_maybe_storable)
    attachments: tuple[Attachment, ...] = field(default=(), converter=_attachments)
    in_reply_to: str | None = field(default=None, converter=_maybe_one_line)
    references: tuple[str, ...] = field(default=(), converter=_ids)
    received_at: datetime
    automatic: bool = False
    metadata: Mapping[str, Any] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        if not self.id:
            raise InvalidMessage("id", say("it cannot be empty"))
        if self.received_at.tzinfo is not UTC:
            if self.received_at.tzinfo is None or self.received_at.utcoffset():
                raise InvalidMessage("received_at", say("it is an instant in UTC: give it with .astimezone(UTC)"))
            object.__setattr__(self, "received_at", self.received_at.astimezone(UTC))

    def reply(self, text: str, *, id: str, html: str | None = None) -> OutgoingMessage:  # noqa: A002 (as everywhere)
        """Return an answer to whoever wrote it, in the same conversation.

        Args:
            text: what the answer says.
            id: the id of the answer.
            html: the same with layout.

        Raises:
            InvalidMessage: the message does not say who wrote it.
        """
        if self.sender is None:
            raise InvalidMessage("sender", say("it does not say who wrote it"))
        return OutgoingMessage(
            id=id,
            to=[self.sender],
            subject=self.subject if _REPLY.match(self.subject) else f"Re: {self.subject}",
            text=text,
            html=html,
            in_reply_to=self.id,
            references=tuple(dict.fromkeys((*self.references, self.id))),
        )

"""What is kept of a message that is larger than an event can be, so that none holds up those behind it."""

from collections.abc import Iterable
from typing import Final

from attrs import evolve

from crmcore.messaging.addresses import Address
from crmcore.messaging.messages import Attachment, IncomingMessage
from crmcore.storage import as_text

__all__ = ["shortened"]

_TEXT: Final = 300_000
"""How many characters of a text are kept; two of them, and all the rest at its most, fit into one event."""

_LINE: Final = 500
_MOST: Final = 100
_METADATA: Final = 20_000


def shortened(message: IncomingMessage, largest: int) -> IncomingMessage:
    """Return a message without what is too large to be kept.

    Args:
        message: the message.
        largest: how many bytes all attachments together have at most; the content of others is left out.
    """
    return evolve(
        message,
        id=message.id[:_LINE],
        sender=None if message.sender is None else _address(message.sender),
        to=map(_address, message.to[:_MOST]),
        cc=map(_address, message.cc[:_MOST]),
        subject=message.subject[:_LINE],
        text=message.text[:_TEXT],
        html=None if message.html is None else message.html[:_TEXT],
        attachments=_attachments(message.attachments[:_MOST], largest),
        in_reply_to=message.in_reply_to and message.in_reply_to[:_LINE],
        references=[one[:_LINE] for one in message.references[-_MOST:]],
        metadata=message.metadata if len(as_text(message.metadata)) <= _METADATA else {},
    )


def _address(one: Address) -> Address:
    return evolve(one, channel=one.channel[:_LINE].strip(), value=one.value[:_LINE].strip(), name=one.name[:_LINE])


def _attachments(attachments: Iterable[Attachment], largest: int) -> tuple[Attachment, ...]:
    kept, room = [], largest
    for one in attachments:
        size = len(one.content or b"")
        fits = size <= room
        room -= size if fits else 0
        named = evolve(one, name=one.name[:_LINE], reference=one.reference and one.reference[:_LINE])
        kept.append(named if fits else evolve(named, content=None, size=size))
    return tuple(kept)

"""Files that go with messages, in the storage: apart from events, which are never removed, and in parts that fit.

A file is kept as several records where it is large. What refers to it are its reference and its size.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable
from typing import Final

from attrs import evolve, frozen

from crmcore.language import say
from crmcore.messaging.failures import InvalidMessage
from crmcore.messaging.messages import Attachment
from crmcore.storage import Entity, Kind, NotThere, UnitOfWork, WhenErased, personal, reference

__all__ = ["FILE", "MESSAGE_FILE", "MessageFile", "keep_files", "read_file", "referred"]

FILE: Final = "message-file:"
"""What the references of these files begin with."""

_PART: Final = 600_000
"""How many bytes are kept in one record: in base64, less than what every storage keeps in a field."""


@frozen(kw_only=True)
class MessageFile(Entity):
    """A file that goes with a message, or a part of it.

    Attributes:
        owner: the message, as it is stored.
        name: what the file is called.
        content: the bytes of this part, in base64.
    """

    owner: str = reference("message")
    name: str = personal()
    content: str = personal()


MESSAGE_FILE = Kind("message-file", MessageFile, when_erased=WhenErased.REMOVED)
"""The kind of the files: a storage in which messages are enqueued, or written down, knows it."""


def referred(owner: str, attachments: Iterable[Attachment]) -> tuple[Attachment, ...]:
    """Return attachments with references in place of their contents, as `keep_files` keeps them.

    Args:
        owner: whose they are: the id of a message, as it is stored.
        attachments: the attachments; those whose content is not here stay as they are.
    """
    return tuple(
        one
        if one.content is None
        else evolve(one, content=None, reference=f"{FILE}{owner}-{number}", size=len(one.content))
        for number, one in enumerate(attachments)
    )


def keep_files(work: UnitOfWork, owner: str, attachments: Iterable[Attachment]) -> None:
    """Keep the contents of attachments, which `referred` refers to; their message is stored already.

    Args:
        work: the unit of work.
        owner: whose they are: the id of the message, as it is stored.
        attachments: the attachments; of those whose content is not here, nothing is kept.
    """
    for number, one in enumerate(attachments):
        for part, start in enumerate(range(0, len(one.content or b""), _PART)):
            content = b64encode((one.content or b"")[start : start + _PART]).decode("ascii")
            work.add(MessageFile(id=f"{owner}-{number}-{part}", owner=owner, name=one.name, content=content))


def read_file(work: UnitOfWork, attachment: Attachment) -> bytes:
    """Return the content of an attachment that was kept.

    Args:
        work: a unit of work.
        attachment: one whose reference begins with `message-file:`.

    Raises:
        InvalidMessage: the file is not there any more.
    """
    file, size = (attachment.reference or "").removeprefix(FILE), attachment.size or 0
    try:
        parts = [work.get(MessageFile, f"{file}-{part}").content for part in range(-(-size // _PART))]
    except NotThere:
        raise InvalidMessage("attachment", say("the content of {name} is gone", name=attachment.name)) from None
    return b"".join(map(b64decode, parts))

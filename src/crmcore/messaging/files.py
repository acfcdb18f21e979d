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
from crmcore.storage import Entity, Kind, NotThere, UnitOfWork

__all__ = ["FILE", "MESSAGE_FILE", "MessageFile", "keep_files", "read_file"]

FILE: Final = "message-file:"
"""What the references of these files begin with."""

_PART: Final = 600_000
"""How many bytes are kept in one record: in base64, less than what every storage keeps in a field."""


@frozen(kw_only=True)
class MessageFile(Entity):
    """A file that goes with a message, or a part of it.

    Attributes:
        owner: the id of the message, or of the event that tells of it.
        name: what the file is called.
        content: the bytes of this part, in base64.
    """

    owner: str
    name: str
    content: str


MESSAGE_FILE = Kind("message-file", MessageFile, indexed=["owner"])
"""The kind of the files: a storage in which messages are enqueued, or written down, knows it."""


def keep_files(work: UnitOfWork, owner: str, attachments: Iterable[Attachment]) -> tuple[Attachment, ...]:
    """Keep the contents of attachments, and return the attachments with references to them.

    Args:
        work: the unit of work.
        owner: whose they are: the id of a message or an event.
        attachments: the attachments; those whose content is not here stay as they are.
    """
    return tuple(_kept(work, f"{owner}-{number}", owner, one) for number, one in enumerate(attachments))


def _kept(work: UnitOfWork, file: str, owner: str, one: Attachment) -> Attachment:
    if one.content is None:
        return one
    for part, start in enumerate(range(0, len(one.content), _PART)):
        content = b64encode(one.content[start : start + _PART]).decode("ascii")
        work.add(MessageFile(id=f"{file}-{part}", owner=owner, name=one.name, content=content))
    return evolve(one, content=None, reference=FILE + file, size=len(one.content))


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

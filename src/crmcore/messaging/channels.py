"""The port of a channel: what sends messages to customers, and brings what they write."""

from abc import ABC, abstractmethod
from enum import StrEnum
from types import TracebackType
from typing import ClassVar, Self

from attrs import frozen

from crmcore.language import say
from crmcore.messaging.addresses import Refusal
from crmcore.messaging.failures import ChannelUnavailable, Refused
from crmcore.messaging.messages import IncomingMessage, OutgoingMessage

__all__ = ["Batch", "Capability", "Channel", "Receipt"]


class Capability(StrEnum):
    """What not every channel can do. The contract's tests of it are skipped where it is not declared."""

    RECEIVES = "receives"
    """It brings what customers write."""
    ATTACHMENTS = "attachments"
    """Files go with a message; without it, a message that has some is refused."""
    THREADS = "threads"
    """A message says which one it answers; without it, each stands alone."""
    RECEIPTS = "receipts"
    """The receiver's side is told the id of a message, so that it can drop what arrives twice."""
    HTML = "html"
    """A message is shown with layout; without it, its plain text is."""


@frozen
class Receipt:
    """That a message was taken.

    Attributes:
        id: what the channel calls the message; an answer to it names it so.
        refused: recipients who will not have it, where others do.
    """

    id: str
    refused: tuple[Refusal, ...] = ()


@frozen
class Batch:
    """Some messages from outside.

    Attributes:
        messages: them, in the order in which they came.
        cursor: how far one has read with them: what to give to read on.
        more: whether there are more at once.
    """

    messages: tuple[IncomingMessage, ...]
    cursor: str | None
    more: bool = False


class Channel(ABC):
    """What sends messages to customers, and brings what they write. As a context manager it is closed at the end.

    A channel is used by one thread at a time. It keeps nothing that another process would miss: how far it was read is
    told by the cursor.

    Attributes:
        reaches: the sort of the addresses that it reaches, such as `email`.
        capabilities: what it can do beyond sending a text.
    """

    reaches: ClassVar[str]
    capabilities: ClassVar[frozenset[Capability]] = frozenset()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def send(self, message: OutgoingMessage) -> Receipt:
        """Send a message to those whom it has not reached yet; the same message may come again, with the same id.

        Raises:
            Undelivered: it may work later; or it reached only some, and the others may have it later.
            Refused: it will never work: nobody takes it, or the channel cannot send what it holds.
        """
        for one in message.recipients:
            if one.channel != self.reaches:
                raise Refused(say("{address} is no address of the sort {sort}", address=str(one), sort=self.reaches))
        if message.attachments and Capability.ATTACHMENTS not in self.capabilities:
            raise Refused(say("this channel sends no attachments"))
        for attachment in message.attachments:
            if attachment.content is None:
                raise Refused(
                    say("the content of {name} is not here: a reference cannot be sent", name=attachment.name)
                )
        return self.transmit(message)

    @abstractmethod
    def transmit(self, message: OutgoingMessage) -> Receipt:
        """Send a message that the channel can send, to its `recipients`.

        Raises:
            Undelivered, Refused: as `send`.
        """

    def receive(self, since: str | None = None, *, limit: int = 100) -> Batch:  # noqa: ARG002 (for those that receive)
        """Return messages from outside behind a cursor; they stay where they are.

        Args:
            since: the cursor of the batch before; None for the beginning. One that means nothing any more, because the
                server began anew, is the beginning too.
            limit: how many at most; at least 1.

        Raises:
            ChannelUnavailable: the channel cannot be read from, now or ever.
        """
        raise ChannelUnavailable(say("this channel only sends"))

    def close(self) -> None:  # noqa: B027 (many hold nothing open)
        """Let go of everything that is held open; once more does no harm."""

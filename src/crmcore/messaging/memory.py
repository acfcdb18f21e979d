"""A channel and a notifier in the memory of the process: the smallest of all, for tests and examples."""

from collections.abc import Iterable

from attrs import define, field

from crmcore.language import say
from crmcore.messaging.channels import Batch, Capability, Channel, Receipt
from crmcore.messaging.failures import ChannelUnavailable, Refused, Undelivered
from crmcore.messaging.messages import IncomingMessage, OutgoingMessage
from crmcore.messaging.notices import Notice, Notifier

__all__ = ["MemoryChannel", "MemoryNotifier"]


@define(eq=False, slots=False)
class MemoryChannel(Channel):
    """A channel in the memory of the process.

    Attributes:
        sent: what was sent, as it was taken.
        inbox: what is there to be received; whoever plays a customer appends to it.
        down: whether it fails, as a server does that cannot be reached.
    """

    sent: list[OutgoingMessage] = field(factory=list)
    inbox: list[IncomingMessage] = field(factory=list)
    down: bool = False

    reaches = "memory"
    capabilities = frozenset(Capability)

    def transmit(self, message: OutgoingMessage) -> Receipt:
        """Keep a message."""
        if self.down:
            raise Undelivered(say("it is down"))
        self.sent.append(message)
        return Receipt(message.id)

    def receive(self, since: str | None = None, *, limit: int = 100) -> Batch:
        """Return what is in the inbox behind a cursor."""
        if self.down:
            raise ChannelUnavailable(say("it is down"))
        start = int(since) if since is not None and since.isdecimal() else 0
        messages = tuple(self.inbox[start : start + limit])
        end = start + len(messages)
        return Batch(messages, str(end), more=end < len(self.inbox))


def _set(given: Iterable[str] | None) -> frozenset[str] | None:
    return None if given is None else frozenset(given)


@define(eq=False, slots=False)
class MemoryNotifier(Notifier):
    """A notifier in the memory of the process.

    Attributes:
        people: whom it reaches; None for everybody.
        told: the notices, as they were given.
        down: whether it fails, as a server does that cannot be reached.
    """

    people: frozenset[str] | None = field(default=None, converter=_set)
    told: list[Notice] = field(factory=list)
    down: bool = False

    def notify(self, notice: Notice) -> Receipt:
        """Keep a notice."""
        if self.down:
            raise Undelivered(say("it is down"))
        if self.people is not None and notice.person not in self.people:
            raise Refused(say("nobody knows how {person} is reached", person=notice.person))
        self.told.append(notice)
        return Receipt(notice.id)

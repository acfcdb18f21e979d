"""Mail as a channel."""

from attrs import define, evolve, field

from crmcore.messaging import Batch, Capability, Channel, IncomingMessage, OutgoingMessage, Receipt
from crmcore.values import Clock, now
from crmcore_email.composing import compose
from crmcore_email.imap import Found, read
from crmcore_email.parsing import parse
from crmcore_email.settings import EmailSettings
from crmcore_email.smtp import Sender

__all__ = ["EmailChannel"]


@define(eq=False, slots=False)
class EmailChannel(Channel):
    """Mail: sent by SMTP, read by IMAP.

    Attributes:
        settings: which servers, and whose name.
        clock: what says the time.
    """

    settings: EmailSettings
    clock: Clock = now
    _sender: Sender = field(init=False)

    reaches = "email"
    capabilities = frozenset(Capability)

    def __attrs_post_init__(self) -> None:
        self._sender = Sender(self.settings)

    def transmit(self, message: OutgoingMessage) -> Receipt:
        """Send a letter; its id becomes its Message-ID, so that who has it already can drop it."""
        letter = compose(message, sender=self.settings.sender, domain=self.settings.own_domain, at=self.clock())
        return Receipt(message.id, self._sender.send(letter, message.recipients))

    def receive(self, since: str | None = None, *, limit: int = 100) -> Batch:
        """Return letters behind a cursor; they stay in their folder, unread as before."""
        letters = read(self.settings, since, limit)
        messages = tuple(self._parsed(found) for found in letters.found)
        return Batch(messages, letters.cursor, more=letters.more)

    def _parsed(self, found: Found) -> IncomingMessage:
        message = parse(found.raw, received_at=found.received_at or self.clock(), domain=self.settings.own_domain)
        if found.size <= len(found.raw):
            return message
        return evolve(message, metadata={**message.metadata, "cut_at": len(found.raw), "size": found.size})

    def close(self) -> None:
        """Take leave of the servers."""
        self._sender.close()

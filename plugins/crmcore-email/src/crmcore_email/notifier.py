"""Mail as a notifier: to the people of the organization."""

from attrs import define, field

from crmcore.language import say
from crmcore.messaging import InvalidMessage, Notice, Notifier, OutgoingMessage, Receipt, Refused
from crmcore.values import Clock, now
from crmcore_email.composing import compose
from crmcore_email.settings import EmailNotifierSettings
from crmcore_email.smtp import Sender

__all__ = ["EmailNotifier"]


@define(eq=False, slots=False)
class EmailNotifier(Notifier):
    """Mail to the people of the organization.

    Attributes:
        settings: who is reached where, and which server sends.
        clock: what says the time.
    """

    settings: EmailNotifierSettings
    clock: Clock = now
    _sender: Sender = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._sender = Sender(self.settings.email)

    def notify(self, notice: Notice) -> Receipt:
        """Send a letter that says of itself that a program wrote it."""
        try:
            address = self.settings.address(notice.person, notice.name)
        except InvalidMessage as error:
            raise Refused(error.reason) from error
        if address is None:
            raise Refused(say("nobody has said where {person} is reached by mail", person=notice.person))
        email = self.settings.email
        message = OutgoingMessage(id=notice.id, to=[address], subject=notice.subject, text=notice.text)
        letter = compose(message, sender=email.sender, domain=email.own_domain, at=self.clock(), automatic=True)
        self._sender.send(letter, [address])
        return Receipt(notice.id)

    def close(self) -> None:
        """Take leave of the server."""
        self._sender.close()

"""A worker in a process of its own, which the tests kill: it delivers what lies in a database.

    python mail_worker.py URL SMTP-PORT WORKER MOMENT

At the moment `claimed` it stops before it sends, at `sent` after it, for as long as it is let; at `never` it works.
"""

import sys
from threading import Event as Signal

from attrs import frozen
from crmcore_email import EmailChannel, EmailSettings
from crmcore_sqlalchemy import SQLStorage
from letters import KINDS

from crmcore.messaging import Channel, Deliverer, OutgoingMessage, Receipt
from crmcore.storage import Outbox

__all__ = ["Halting"]


@frozen
class Halting(Channel):
    """A channel that says when it has come to a moment, and waits there to be killed."""

    channel: EmailChannel
    moment: str

    reaches = "email"
    capabilities = EmailChannel.capabilities

    def transmit(self, message: OutgoingMessage) -> Receipt:
        """Send, and halt before it or after it."""
        self._halt("claimed")
        receipt = self.channel.transmit(message)
        self._halt("sent")
        return receipt

    def _halt(self, moment: str) -> None:
        if moment == self.moment:
            sys.stdout.write(f"{moment}\n")
            sys.stdout.flush()
            Signal().wait()


def main(url: str, port: str, worker: str, moment: str) -> None:
    """Deliver what is due, once."""
    settings = EmailSettings(sender="CRM <crm@firma.example>", smtp=f"smtp://127.0.0.1:{port}")
    with SQLStorage.open(url, KINDS) as storage, EmailChannel(settings) as channel:
        channels = {"email": Halting(channel, moment)}
        Deliverer(outbox=Outbox(storage), channels=channels, worker=worker).run_once()


if __name__ == "__main__":
    main(*sys.argv[1:])

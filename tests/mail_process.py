"""A mail server in a process of its own: mail-devel, with letters in the mailboxes of those to whom they were sent.

mail-devel itself looks for recipients in the headers, and writes letters anew. A real server goes by the envelope, and
keeps every byte. Mailboxes of `nobody@` do not exist, and those of `full@` take nothing now.
"""

# ruff: noqa: ARG002 (aiosmtpd calls its handlers with all of these)

import asyncio
import sys
from argparse import Namespace
from datetime import datetime

from aiosmtpd.smtp import SMTP, Envelope, Session
from mail_devel import service
from mail_devel.__main__ import run
from mail_devel.smtp import MemoryHandler
from pymap.parsing.message import AppendMessage

__all__ = ["ByEnvelope", "encrypting"]

without_encryption = service.imap_context


class ByEnvelope(MemoryHandler):  # type: ignore[misc]  # mail-devel is untyped
    """Takes letters for the mailboxes that the envelope names."""

    async def handle_RCPT(  # noqa: N802 (as aiosmtpd calls it)
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        rcpt_options: list[str],
    ) -> str:
        """Say whether there is such a mailbox."""
        if address.startswith("nobody@"):
            return "550 5.1.1 no such user here"
        if address.startswith("full@"):
            return "452 4.2.2 mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (as above)
        """Put a letter into mailboxes."""
        assert isinstance(envelope.content, bytes)
        for address in envelope.rcpt_tos:
            mailbox = await (await self.mailboxes.get(address)).get_mailbox("INBOX")
            await mailbox.append(AppendMessage(envelope.content, datetime.now().astimezone(), frozenset()))
        return "250 OK"


async def encrypting(args: Namespace) -> Namespace:
    """Let reading be encrypted, too, where there is a certificate."""
    context: Namespace = await without_encryption(args)
    context.tls = bool(args.cert)
    return context


if __name__ == "__main__":
    service.MemoryHandler = ByEnvelope
    service.imap_context = encrypting
    asyncio.run(run(service.Service.parse(sys.argv[1:])))

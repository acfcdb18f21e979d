"""Mail keeps the contract of channels, between real servers."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email.message import EmailMessage

import pytest
from crmcore_email import EmailChannel, EmailSettings, parse
from mail_servers import PASSWORD, MailServer

from crmcore.messaging import Address, IncomingMessage
from crmcore.testing import ChannelContract, ChannelWitness, Delivered
from crmcore.values import new_id, now

COMPANY = "crm@firma.example"
PEOPLE = ("wang.wei@kunde.example", "zhao.min@kunde.example", "someone@else.example")


def settings(mail: MailServer, **given: str) -> EmailSettings:
    user = COMPANY.replace("@", "%40")
    fields = {
        "sender": f"客户部 <{COMPANY}>",
        "smtp": f"smtp://127.0.0.1:{mail.smtp}",
        "imap": f"imap://{user}:{PASSWORD}@127.0.0.1:{mail.imap}",
        "timeout": "20",
        **given,
    }
    return EmailSettings(**fields)


class Postman(ChannelWitness):
    """Somebody who looks into mailboxes, and posts letters."""

    def __init__(self, server: MailServer, channel: EmailChannel) -> None:
        self.server, self.channel = server, channel

    def delivered(self) -> Sequence[Delivered]:
        found = []
        for person in PEOPLE:
            for raw in self.server.letters(person):
                one = parse(raw, received_at=now())
                found.append((raw, person, one))
        return [
            Delivered(
                id=one.id.removesuffix("@firma.example"),
                recipients=frozenset({person}),
                subject=one.subject,
                text=one.text,
                html=one.html,
                attachments=one.attachments,
                in_reply_to=one.in_reply_to and one.in_reply_to.removesuffix("@firma.example"),
            )
            for _, person, one in found
        ]

    @contextmanager
    def outage(self) -> Iterator[None]:
        self.server.stop()
        yield
        self.server.start()

    def write(self, message: IncomingMessage) -> None:
        assert message.sender is not None
        letter = EmailMessage()
        letter["From"] = f"Wang Wei <{message.sender.value}>"
        letter["To"] = COMPANY
        letter["Subject"] = message.subject
        letter["Message-ID"] = f"<{new_id()}@kunde.example>"
        if message.in_reply_to:
            letter["In-Reply-To"] = f"<{message.in_reply_to}@firma.example>"
        letter.set_content(message.text)
        for file in message.attachments:
            main, _, sub = file.media_type.partition("/")
            letter.add_attachment(file.content or b"", maintype=main, subtype=sub, filename=file.name)
        self.server.post(letter, sender=message.sender.value, to=COMPANY)


class TestEmailChannel(ChannelContract):
    @pytest.fixture
    def channel(self, mail: MailServer) -> Iterator[EmailChannel]:
        mail.empty("someone@else.example")
        with EmailChannel(settings(mail)) as opened:
            yield opened

    @pytest.fixture
    def witness(self, mail: MailServer, channel: EmailChannel) -> ChannelWitness:
        return Postman(mail, channel)

    @pytest.fixture
    def recipient(self) -> Address:
        return Address("email", "wang.wei@kunde.example", "王伟")

    @pytest.fixture
    def other(self) -> Address:
        return Address("email", "zhao.min@kunde.example", "赵敏")

    @pytest.fixture
    def impossible(self) -> Address:
        return Address("email", "nobody@kunde.example", "没有人")

"""Mail keeps the contract of notifiers, over a real server."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from crmcore_email import EmailNotifier, EmailNotifierSettings, EmailSettings, parse
from mail_servers import MailServer

from crmcore.messaging import Notice, Refused
from crmcore.testing import NotifierContract, NotifierWitness, Told
from crmcore.values import now

PERSON, ADDRESS = "li.na", "na@firma.example"


class Colleague(NotifierWitness):
    """Somebody who looks into the mailbox of the person."""

    def __init__(self, server: MailServer) -> None:
        self.server = server

    def told(self) -> Sequence[Told]:
        letters = [parse(raw, received_at=now()) for raw in self.server.letters(ADDRESS)]
        assert all(one.automatic for one in letters), "a program that answers letters would answer a notice"
        return [Told(id=one.id, subject=one.subject, text=one.text) for one in letters]

    @contextmanager
    def outage(self) -> Iterator[None]:
        self.server.stop()
        yield
        self.server.start()


@pytest.fixture
def settings(mail: MailServer) -> EmailNotifierSettings:
    email = EmailSettings(sender="CRM <crm@firma.example>", smtp=f"smtp://127.0.0.1:{mail.smtp}")
    people = {PERSON: ADDRESS, "gone": "nobody@firma.example", "broken": "no mailbox"}
    return EmailNotifierSettings(email=email, people=people)


class TestEmailNotifier(NotifierContract):
    @pytest.fixture
    def notifier(self, settings: EmailNotifierSettings) -> Iterator[EmailNotifier]:
        with EmailNotifier(settings) as opened:
            yield opened

    @pytest.fixture
    def witness(self, mail: MailServer) -> NotifierWitness:
        return Colleague(mail)

    @pytest.fixture
    def person(self) -> str:
        return PERSON


@pytest.mark.parametrize(
    ("person", "says"), [("gone", "550"), ("broken", "no mailbox"), ("zhao.min", "nobody has said")]
)
def test_whoever_cannot_be_reached_is_told_why(settings: EmailNotifierSettings, person: str, says: str) -> None:
    with EmailNotifier(settings) as notifier, pytest.raises(Refused, match=says):
        notifier.notify(Notice(id="n1", person=person, subject="新客户"))

"""Reading by IMAP from a real server."""

from imaplib import IMAP4
from typing import Any

import pytest
from attrs import evolve
from crmcore_email import EmailChannel, EmailSettings
from mail_servers import PASSWORD, MailServer

from crmcore.messaging import ChannelUnavailable
from crmcore.values import now

COMPANY = "crm@firma.example"


@pytest.fixture
def settings(mail: MailServer) -> EmailSettings:
    return EmailSettings(
        sender=COMPANY,
        smtp=f"smtp://127.0.0.1:{mail.smtp}",
        imap=f"imap://crm%40firma.example:{PASSWORD}@127.0.0.1:{mail.imap}",
        timeout=20,
    )


def post(mail: MailServer, *letters: bytes) -> None:
    for letter in letters:
        mail.post(letter, sender="wang@kunde.example", to=COMPANY)


def test_what_is_read_stays_unread_for_others(mail: MailServer, settings: EmailSettings) -> None:
    post(mail, b"Subject: one\r\n\r\ntext")
    with EmailChannel(settings) as channel:
        channel.receive()
    with IMAP4("127.0.0.1", mail.imap) as client:
        client.login(COMPANY, PASSWORD)
        client.select("INBOX", readonly=True)
        assert client.search(None, "UNSEEN")[1] == [b"1"]


def test_a_letter_comes_when_the_server_got_it(mail: MailServer, settings: EmailSettings) -> None:
    before = now().replace(microsecond=0)
    post(mail, b"Date: Mon, 01 Jan 2001 00:00:00 +0000\r\n\r\ntext")
    with EmailChannel(settings) as channel:
        (message,) = channel.receive().messages
    assert before <= message.received_at <= now()


def test_every_byte_of_a_letter_is_read(mail: MailServer, settings: EmailSettings) -> None:
    post(
        mail,
        b"Content-Type: text/plain; charset=gbk\r\nSubject: "
        + "续约".encode("gbk")
        + b"\r\n\r\n"
        + "您好".encode("gbk"),
    )
    with EmailChannel(settings) as channel:
        (message,) = channel.receive().messages
    assert (message.subject, message.text) == ("续约", "您好")


def test_letters_that_were_removed_hold_up_nothing(mail: MailServer, settings: EmailSettings) -> None:
    with EmailChannel(settings) as channel:
        post(mail, b"Subject: one\r\n\r\n", b"Subject: two\r\n\r\n")
        cursor = channel.receive().cursor
        mail.empty(COMPANY)
        assert channel.receive(cursor).messages == ()
        post(mail, b"Subject: three\r\n\r\n")
        assert [one.subject for one in channel.receive(cursor).messages] == ["three"]


def test_a_folder_that_was_made_anew_is_read_from_its_beginning(mail: MailServer, settings: EmailSettings) -> None:
    with EmailChannel(settings) as channel:
        post(mail, b"Subject: one\r\n\r\n")
        validity, _, uid = (channel.receive().cursor or "").partition(":")
        assert len(channel.receive(f"{validity}:{uid}").messages) == 0
        assert len(channel.receive(f"{int(validity) + 1}:{uid}").messages) == 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"imap": None}, "only sends"),
        ({"folder": "no such folder/at all"}, "."),
        ({"imap": "imap://crm%40firma.example:wrong@127.0.0.1:{port}"}, "."),
        ({"imap": "imap+starttls://crm%40firma.example:x@127.0.0.1:{port}"}, "."),
        ({"imap": "imaps://crm%40firma.example:x@127.0.0.1:{port}"}, "SSL"),
        ({"imap": "imap://127.0.0.1:1"}, "refused"),
        ({"imap": "imap://127.0.0.1:{smtp}"}, "."),
    ],
)
def test_whoever_cannot_read_is_told_why(
    mail: MailServer, settings: EmailSettings, change: dict[str, str | None], says: str
) -> None:
    given: dict[str, Any] = {
        name: value and value.format(port=mail.imap, smtp=mail.smtp)
        for name, value in {"timeout": "3", **change}.items()
    }
    with EmailChannel(evolve(settings, **given)) as channel, pytest.raises(ChannelUnavailable, match=says) as caught:
        channel.receive()
    assert PASSWORD not in str(caught.value)

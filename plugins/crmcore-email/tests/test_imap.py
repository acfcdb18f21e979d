"""Reading by IMAP from a real server."""

import ssl
from datetime import UTC, date, datetime
from imaplib import IMAP4
from pathlib import Path
from typing import Any

import pytest
import trustme
from attrs import evolve
from crmcore_email import EmailChannel, EmailSettings
from imap_tools import MailBoxUnencrypted
from mail_servers import PASSWORD, MailServer, encrypted

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


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def test_a_password_goes_over_starttls_to_a_server_that_is_known(authority: trustme.CA, tmp_path: Path) -> None:
    certificate, key, trusted = (tmp_path / name for name in ("certificate.pem", "key.pem", "trusted.pem"))
    issued = authority.issue_cert("localhost")
    issued.cert_chain_pems[0].write_to_path(str(certificate))
    issued.private_key_pem.write_to_path(str(key))
    authority.cert_pem.write_to_path(str(trusted))
    server = MailServer(certificate, key)
    server.start()
    try:
        imap = f"imap+starttls://crm%40firma.example:{PASSWORD}@localhost:{server.imap}"
        settings = EmailSettings(
            sender=COMPANY, smtp=f"smtp://127.0.0.1:{server.smtp}", imap=imap, timeout=10, authority=trusted
        )
        post(server, b"Subject: one\r\n\r\ntext")
        with EmailChannel(settings) as channel:
            assert [one.subject for one in channel.receive().messages] == ["one"]
        stranger = EmailChannel(evolve(settings, authority=None))
        with stranger as channel, pytest.raises(ChannelUnavailable, match="certificate"):
            channel.receive()
    finally:
        server.stop()


def test_a_connection_may_be_encrypted_from_the_beginning(
    authority: trustme.CA, mail: MailServer, settings: EmailSettings, tmp_path: Path
) -> None:
    trusted = tmp_path / "trusted.pem"
    authority.cert_pem.write_to_path(str(trusted))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    post(mail, b"Subject: one\r\n\r\ntext")
    with encrypted(mail.imap, context) as port:
        imap: Any = f"imaps://crm%40firma.example:{PASSWORD}@localhost:{port}"
        with EmailChannel(evolve(settings, imap=imap, authority=trusted)) as channel:
            assert [one.subject for one in channel.receive().messages] == ["one"]
        stranger = EmailChannel(evolve(settings, imap=imap))
        with stranger as channel, pytest.raises(ChannelUnavailable, match="certificate"):
            channel.receive()


def test_what_came_before_a_day_is_not_read(mail: MailServer, settings: EmailSettings) -> None:
    with MailBoxUnencrypted("127.0.0.1", mail.imap).login(COMPANY, PASSWORD) as box:
        box.append(b"Subject: of old\r\n\r\ntext", "INBOX", dt=datetime(2001, 5, 1, tzinfo=UTC), flag_set=[])
        box.append(b"Subject: of today\r\n\r\ntext", "INBOX", dt=now(), flag_set=[])
    for day, subjects in ((None, ["of old", "of today"]), (date(2026, 1, 1), ["of today"]), (date(2999, 1, 1), [])):
        with EmailChannel(evolve(settings, not_before=day)) as channel:
            assert [one.subject for one in channel.receive().messages] == subjects


def test_a_folder_is_called_as_people_call_it(mail: MailServer, settings: EmailSettings) -> None:
    user, folder = COMPANY, "客户来信"
    with MailBoxUnencrypted("127.0.0.1", mail.imap).login(user, PASSWORD) as box:
        box.folder.create(folder)
        box.append(b"Subject: one\r\n\r\ntext", folder, dt=now(), flag_set=[])
    with EmailChannel(evolve(settings, folder=folder)) as channel:
        assert [one.subject for one in channel.receive().messages] == ["one"]


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

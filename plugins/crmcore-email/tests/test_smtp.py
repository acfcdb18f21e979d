"""Sending by SMTP to a server that answers as it likes: what may succeed later, and what never will."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import AuthResult
from attrs import evolve
from crmcore_email import EmailChannel, EmailSettings
from mail_servers import Scripted, free_port, listening

from crmcore.messaging import Address, OutgoingMessage, Refused, Undelivered

GOOD, BAD, SLOW, LOST = (Address("email", f"{name}@kunde.example") for name in ("good", "bad", "slow", "lost"))


def message(*to: Address, **fields: Any) -> OutgoingMessage:
    return OutgoingMessage(id="m1", to=to or [GOOD], subject="续约", text="您好", **fields)


def channel(port: int, scheme: str = "smtp", user: str = "", **given: Any) -> EmailChannel:
    url = f"{scheme}://{user}localhost:{port}"
    return EmailChannel(EmailSettings(sender="CRM <crm@firma.example>", smtp=url, timeout=10, **given))


@pytest.fixture
def script() -> Scripted:
    script = Scripted()
    script.answers = {
        BAD.value: "550 5.1.1 no such user",
        LOST.value: "553 5.1.3 no such domain",
        SLOW.value: "451 4.7.1 greylisted, come back later",
    }
    return script


@pytest.fixture
def opened(script: Scripted) -> Iterator[EmailChannel]:
    with listening(script) as port, channel(port) as opened:
        yield opened


def recipients(script: Scripted) -> list[list[str]]:
    return [one.rcpt_tos for one in script.taken]


def test_those_who_are_refused_for_ever_are_told_and_the_others_have_it(opened: EmailChannel, script: Scripted) -> None:
    receipt = opened.send(message(GOOD, BAD))
    assert [(one.address, one.reason) for one in receipt.refused] == [(BAD, "550 5.1.1 no such user")]
    assert recipients(script) == [[GOOD.value]]


def test_nobody_left_is_refused(opened: EmailChannel, script: Scripted) -> None:
    with pytest.raises(Refused, match="550") as caught:
        opened.send(message(BAD, LOST))
    assert {one.address for one in caught.value.refused} == {BAD, LOST}
    assert script.taken == []


def test_those_who_may_have_it_later_are_tried_later_and_alone(opened: EmailChannel, script: Scripted) -> None:
    with pytest.raises(Undelivered, match="greylisted") as caught:
        opened.send(message(GOOD, BAD, SLOW))
    assert caught.value.reached == (GOOD,)
    assert [one.address for one in caught.value.refused] == [BAD]
    script.answers[SLOW.value] = "250 OK"
    opened.send(message(GOOD, BAD, SLOW, reached=[GOOD, BAD]))
    assert recipients(script) == [[GOOD.value], [SLOW.value]]


def test_when_nobody_can_have_it_now_those_who_never_will_are_told(opened: EmailChannel, script: Scripted) -> None:
    with pytest.raises(Undelivered, match="greylisted") as caught:
        opened.send(message(BAD, SLOW))
    assert caught.value.reached == ()
    assert [one.address for one in caught.value.refused] == [BAD]
    assert script.taken == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("451 4.3.0 try again", Undelivered),
        ("452 4.3.1 no room", Undelivered),
        ("550 5.7.1 looks like spam", Refused),
        ("552 5.3.4 too large", Refused),
        ("554 \x00\xff broken", Refused),
    ],
)
def test_a_letter_that_is_not_taken_is_tried_again_or_not(
    opened: EmailChannel, script: Scripted, answer: str, error: type[Exception]
) -> None:
    script.data = [answer]
    with pytest.raises(error):
        opened.send(message())
    opened.send(message())
    assert len(script.taken) == 1


def test_one_connection_serves_many_letters(opened: EmailChannel, script: Scripted) -> None:
    for _ in range(5):
        opened.send(message())
    assert (len(script.taken), script.connections) == (5, 1)


def test_a_connection_that_was_cut_is_made_again(script: Scripted) -> None:
    port = free_port()
    with channel(port) as opened:
        with listening(script, port):
            opened.send(message())
        with pytest.raises(Undelivered):
            opened.send(message())
        with listening(script, port):
            opened.send(message())
            opened.send(message())
    assert (len(script.taken), script.connections) == (3, 2)


def test_one_mailbox_gets_it_once_under_however_many_names(opened: EmailChannel, script: Scripted) -> None:
    opened.send(message(evolve(GOOD, name="王伟"), evolve(GOOD, name="Wang Wei"), cc=[GOOD]))
    assert recipients(script) == [[GOOD.value]]


def test_a_name_and_a_subject_bring_no_recipient(opened: EmailChannel, script: Scripted) -> None:
    name = "x\r\nBcc: bcc@else.example\r\n\r\n.\r\nRCPT TO:<rcpt@else.example>"
    opened.send(evolve(message(evolve(GOOD, name=name)), subject=name, text=f".\r\n.\r\n{name}"))
    assert recipients(script) == [[GOOD.value]]
    assert b"\nBcc" not in (script.taken[0].original_content or b"").partition(b"\r\n\r\n")[0]


def test_a_mailbox_in_another_script_needs_a_server_that_takes_it(script: Scripted) -> None:
    li = Address("email", "李娜@kunde.example")
    with listening(script, enable_SMTPUTF8=True) as port, channel(port) as opened:
        opened.send(message(li))
    assert recipients(script) == [[li.value]]
    with (
        listening(script, enable_SMTPUTF8=False) as port,
        channel(port) as opened,
        pytest.raises(Refused, match="UTF8"),
    ):
        opened.send(message(li))


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusting(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@pytest.fixture
def context(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    return context


def let_in(server: object, session: object, envelope: object, mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (b"crm@firma.example", b"geheim: @/"), handled=False)


@pytest.fixture
def guarded(script: Scripted, context: ssl.SSLContext) -> Iterator[int]:
    """The port of a server that wants a password, over an encrypted connection."""
    options: dict[str, Any] = {"tls_context": context, "require_starttls": True, "authenticator": let_in}
    with listening(script, auth_required=True, **options) as port:
        yield port


USER = "crm%40firma.example:geheim%3A%20%40%2F@"


def test_a_password_goes_over_starttls_to_a_server_that_is_known(
    guarded: int, script: Scripted, trusting: Path
) -> None:
    with channel(guarded, "smtp+starttls", USER, authority=trusting) as opened:
        opened.send(message())
    assert recipients(script) == [[GOOD.value]]


@pytest.mark.parametrize(
    ("scheme", "user", "known", "says"),
    [
        ("smtp+starttls", "crm%40firma.example:wrong@", True, "535"),
        ("smtp+starttls", "", True, "530"),
        ("smtp+starttls", USER, False, "certificate"),
        ("smtp", "", True, "530"),
        ("smtps", USER, True, "SSL"),
    ],
)
def test_whoever_is_not_let_in_may_be_once_the_settings_are_mended(
    guarded: int, script: Scripted, trusting: Path, scheme: str, user: str, *, known: bool, says: str
) -> None:
    trusted = trusting if known else None
    with channel(guarded, scheme, user, authority=trusted) as opened, pytest.raises(Undelivered, match=says):
        opened.send(message())
    assert script.taken == []


def test_a_connection_may_be_encrypted_from_the_beginning(
    script: Scripted, context: ssl.SSLContext, trusting: Path
) -> None:
    with listening(script, ssl_context=context) as port:
        with channel(port, "smtps", authority=trusting) as opened:
            opened.send(message())
        with channel(port, "smtps") as opened, pytest.raises(Undelivered, match="certificate"):
            opened.send(message())
    assert recipients(script) == [[GOOD.value]]


def test_a_server_that_cannot_encrypt_gets_nothing(script: Scripted) -> None:
    refused = pytest.raises(Undelivered, match="STARTTLS")
    with listening(script) as port, channel(port, "smtp+starttls") as opened, refused:
        opened.send(message())
    assert script.taken == []


@contextmanager
def answering(*lines: bytes) -> Iterator[int]:
    """Let something listen that is no mail server: it says a few lines, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection, suppress(OSError):
                for line in lines:
                    connection.sendall(line)
                    connection.recv(1_000)

        thread = Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


@pytest.mark.parametrize(
    "lines",
    [
        (),
        (b"554 go away\r\n",),
        (b"421 too many\r\n",),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n",),
        (b"x" * 20_000 + b"\r\n",),
        (b"\xff\xfe\x00\r\n",),
        (b"220 hello\r\n", b"250 OK\r\n", b"421 closing\r\n"),
        (b"220 hello\r\n", b"250 OK\r\n", b"250 OK\r\n", b"421 closing\r\n"),
        (b"220 hello\r\n", b"250 OK\r\n", b"250 OK\r\n", b"250 OK\r\n", b"354 go\r\n"),
    ],
    ids=range(9),
)
def test_what_is_no_mail_server_or_hangs_up_is_tried_again(lines: tuple[bytes, ...]) -> None:
    with answering(*lines) as port, channel(port) as opened, pytest.raises(Undelivered) as caught:
        opened.send(message())
    assert caught.value.refused == ()


def test_a_host_that_does_not_exist_is_tried_again() -> None:
    settings = EmailSettings(sender="crm@firma.example", smtp="smtp://no-such-host.invalid", timeout=5)
    with EmailChannel(settings) as opened, pytest.raises(Undelivered):
        opened.send(message())

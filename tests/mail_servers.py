"""Mail servers that the tests start: one with mailboxes that are read by IMAP, and one that answers as it is told."""

# ruff: noqa: ARG002 (aiosmtpd calls its handlers with all of these)

import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from email.message import EmailMessage
from imaplib import IMAP4
from pathlib import Path
from smtplib import SMTP
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event as Signal
from threading import Thread
from typing import Any

from aiosmtpd import smtp
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session

__all__ = ["PASSWORD", "MailServer", "Scripted", "encrypted", "free_port", "listening"]

PASSWORD = "geheim"  # noqa: S105 (of a server that lives as long as a test)
_PATIENCE = 60
_PROGRAM = Path(__file__).with_name("mail_process.py")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Return once somebody listens on a port."""
    waited = Signal()
    for _ in range(_PATIENCE * 20):
        with closing(socket.socket()) as found:
            if found.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None, "the mail server ended"
        waited.wait(0.05)
    raise TimeoutError(port)


class MailServer:
    """A process with a mailbox for every address, which takes letters by SMTP and shows them by IMAP (mail-devel)."""

    def __init__(self, certificate: Path | None = None, key: Path | None = None) -> None:
        self.smtp, self.imap = free_port(), free_port()
        self._encrypted = [] if certificate is None else ["--cert", str(certificate), "--key", str(key)]
        self._encrypted += [] if certificate is None else ["--smtps-port", str(free_port())]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, with empty mailboxes."""
        ports = ["--smtp-port", str(self.smtp), "--imap-port", str(self.imap)]
        options = ["--host", "127.0.0.1", "--no-http", "--multi-user", "--password", PASSWORD]
        program = [sys.executable, "-W", "ignore", str(_PROGRAM), *options, *ports, *self._encrypted]
        self._process = subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for port in (self.smtp, self.imap):
            _wait(port, self._process)

    def stop(self) -> None:
        """Stop; what was in the mailboxes is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def letters(self, address: str) -> list[bytes]:
        """Return the letters in a mailbox, in order."""
        with IMAP4("127.0.0.1", self.imap) as client:
            client.login(address, PASSWORD)
            client.select("INBOX", readonly=True)
            found = [client.fetch(number.decode(), "(BODY.PEEK[])")[1][0] for number in _numbers(client)]
            return [bytes(one[1]) for one in found if isinstance(one, tuple)]

    def empty(self, address: str) -> None:
        """Remove all letters from a mailbox."""
        with IMAP4("127.0.0.1", self.imap) as client:
            client.login(address, PASSWORD)
            client.select("INBOX")
            for number in _numbers(client):
                client.store(number.decode(), "+FLAGS", "\\Deleted")
            client.expunge()

    def post(self, letter: EmailMessage | bytes, *, sender: str, to: str) -> None:
        """Put a letter into a mailbox, as a mail server of somebody else does."""
        with SMTP("127.0.0.1", self.smtp) as client:
            client.sendmail(sender, [to], letter if isinstance(letter, bytes) else letter.as_bytes())


@contextmanager
def encrypted(port: int, context: ssl.SSLContext) -> Iterator[int]:
    """Let a server that does not encrypt be reached by TLS, inside a `with` block; give the port for it."""

    class Relay(StreamRequestHandler):
        def handle(self) -> None:
            server = socket.create_connection(("127.0.0.1", port))
            with server, suppress(OSError), context.wrap_socket(self.request, server_side=True) as client:
                back = Thread(target=_relay, args=(server, client))
                back.start()
                _relay(client, server)
                server.shutdown(socket.SHUT_RDWR)
                back.join()

    with ThreadingTCPServer(("127.0.0.1", 0), Relay) as relay:
        Thread(target=relay.serve_forever, daemon=True).start()
        yield int(relay.server_address[1])
        relay.shutdown()


def _relay(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)


def _numbers(client: IMAP4) -> list[bytes]:
    return list(client.search(None, "ALL")[1][0].split())


class Scripted:
    """What a server in this process does: it takes letters, unless it is told to answer something else.

    Attributes:
        taken: the envelopes that it took.
        answers: what it says to a recipient, by the address.
        data: what it says to the next letters, one after another; nothing takes them.
    """

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.answers: dict[str, str] = {}
        self.data: list[str] = []
        self.connections = 0

    async def handle_EHLO(  # noqa: N802 (as aiosmtpd calls it)
        self, server: smtp.SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Count the connections."""
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802 (as aiosmtpd calls it)
        self, server: smtp.SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer whether a recipient is taken."""
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: smtp.SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (as above)
        """Answer whether a letter is taken."""
        answer = self.data.pop(0) if self.data else "250 OK"
        if answer.startswith("2"):
            self.taken.append(envelope)
        return answer


@contextmanager
def listening(script: Scripted, port: int | None = None, **options: Any) -> Iterator[int]:
    """Let a server answer as a script says, inside a `with` block; give its port.

    Args:
        script: what it answers.
        port: where it listens; None for a free port.
        options: what aiosmtpd takes besides.
    """
    controller = Controller(script, hostname="127.0.0.1", port=port or free_port(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()

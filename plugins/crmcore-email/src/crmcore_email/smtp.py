"""Sending by SMTP, and telling what may succeed later from what never will."""

import smtplib
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

from attrs import define, field

from crmcore.language import say
from crmcore.messaging import Address, Refusal, Refused, Undelivered
from crmcore_email.composing import Letter, mailbox
from crmcore_email.settings import EmailSettings, Security

__all__ = ["Sender", "trusted"]

_WHO_ARE_YOU: Final = 530
_Answer = tuple[int, bytes]


def trusted(settings: EmailSettings) -> ssl.SSLContext:
    """Return what a server's certificate is looked through with."""
    return ssl.create_default_context(cafile=settings.authority)


@define(eq=False)
class Sender:
    """A connection that is kept as long as it lasts.

    Attributes:
        settings: the server, and how to enter it.
    """

    settings: EmailSettings
    _open: smtplib.SMTP | None = field(default=None, init=False)

    def send(self, letter: Letter, recipients: Sequence[Address]) -> tuple[Refusal, ...]:
        """Send a letter, and return those of the recipients who will never have it.

        Raises:
            Undelivered: the server cannot be reached, or does not take it now, or not for everybody.
            Refused: the server will never take it, or not for anybody.
        """
        boxes: dict[str, Address] = {}
        for one in recipients:
            boxes.setdefault(mailbox(one), one)
        options = ["SMTPUTF8"] if letter.international else []
        try:
            connection = self._connected()
            if letter.international and not connection.has_extn("smtputf8"):
                raise Refused(say("the server takes no addresses of other scripts (SMTPUTF8)"))
            said = connection.sendmail(mailbox(self.settings.sender), list(boxes), letter.data, options)
        except smtplib.SMTPRecipientsRefused as error:
            self._drop()
            return _sorted(boxes, {**dict.fromkeys(boxes, _UNASKED), **error.recipients}, reached=False)
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            self._drop()
            reason = _words((error.smtp_code, _bytes(error.smtp_error)))
            if _temporary(error.smtp_code) or error.smtp_code == _WHO_ARE_YOU:
                raise Undelivered(reason) from error
            raise Refused(reason) from error
        except (OSError, smtplib.SMTPException, ValueError) as error:
            self._drop()
            raise Undelivered(_reason(error)) from error
        return _sorted(boxes, said, reached=True)

    def close(self) -> None:
        """Take leave of the server."""
        connection, self._open = self._open, None
        if connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                connection.quit()

    def _drop(self) -> None:
        connection, self._open = self._open, None
        if connection is not None:
            with suppress(OSError):
                connection.close()

    def _connected(self) -> smtplib.SMTP:
        """Return the connection, or another one where it was cut."""
        if self._open is not None:
            with suppress(OSError, smtplib.SMTPException):
                if self._open.rset()[0] == 250:
                    return self._open
            self._drop()
        self._open = self._connect()
        return self._open

    def _connect(self) -> smtplib.SMTP:
        server, timeout = self.settings.smtp, self.settings.timeout
        connection: smtplib.SMTP
        if server.security is Security.TLS:
            context = trusted(self.settings)
            connection = smtplib.SMTP_SSL(server.host, server.port, timeout=timeout, context=context)
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=timeout)
        try:
            if server.security is Security.STARTTLS:
                connection.starttls(context=trusted(self.settings))
            if server.user:
                connection.login(server.user, server.password)
            connection.ehlo_or_helo_if_needed()
        except BaseException:
            connection.close()
            raise
        return connection


_UNASKED: Final[_Answer] = (450, b"not asked")


def _sorted(boxes: Mapping[str, Address], said: Mapping[str, _Answer], *, reached: bool) -> tuple[Refusal, ...]:
    """Return those who are refused for ever, unless others may be reached later or nobody is.

    Args:
        boxes: all recipients by their mailboxes.
        said: what the server said of those whom it did not take.
        reached: whether the others have the letter.
    """
    refused = tuple(Refusal(boxes[box], _words(answer)) for box, answer in said.items() if not _temporary(answer[0]))
    waiting = [answer for answer in said.values() if _temporary(answer[0])]
    if waiting:
        done = [one for box, one in boxes.items() if box not in said] if reached else []
        told = next((answer for answer in waiting if answer is not _UNASKED), waiting[0])
        raise Undelivered(_words(told), None, done, refused)
    if len(refused) == len(boxes):
        raise Refused(refused[0].reason, refused)
    return refused


def _temporary(code: int) -> bool:
    return 400 <= code < 500


def _words(answer: _Answer) -> str:
    code, text = answer
    return f"{code} {_bytes(text).decode('utf-8', 'replace')}"


def _bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "replace")


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _words((error.smtp_code, _bytes(error.smtp_error)))
    return f"{type(error).__name__}: {error}"

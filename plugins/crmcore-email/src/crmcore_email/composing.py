"""Messages as letters: headers that any program reads and nobody can add to, and a body with all that goes with it."""

import re
from collections.abc import Iterable
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from attrs import frozen

from crmcore.language import say
from crmcore.messaging import Address, Attachment, OutgoingMessage, Refused, one_line, storable
from crmcore_email.identifiers import message_id

__all__ = ["Letter", "compose", "mailbox"]

_LOCAL: Final = re.compile(r"[^\s()<>\[\]:;@\\,\"\x00-\x1f]{1,64}")
_DOMAIN: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*", re.IGNORECASE)
_PLAIN: Final = re.compile(r"[ -~]{0,60}")
_PLAIN_NAME: Final = re.compile(r"[A-Za-z0-9 ._'-]{1,60}")
_POLICY: Final = SMTP.clone(cte_type="7bit")
_MOST_REFERENCES: Final = 20
_WIDTH: Final = 75


@frozen
class Letter:
    """A letter, ready to be sent.

    Attributes:
        id: its Message-ID, without brackets.
        data: its bytes.
        international: whether it names addresses that only a server with SMTPUTF8 takes.
    """

    id: str
    data: bytes
    international: bool


def mailbox(address: Address) -> str:
    """Return an address as mail servers take it: a domain of another script as they know it (IDNA).

    Raises:
        Refused: it is no address of a mailbox.
    """
    local, _, domain = address.value.rpartition("@")
    try:
        ascii_domain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError:
        ascii_domain = ""
    if _LOCAL.fullmatch(local) is None or _DOMAIN.fullmatch(ascii_domain) is None:
        raise Refused(say("{address} is no address of a mailbox", address=address.value))
    return f"{local}@{ascii_domain}"


def compose(message: OutgoingMessage, *, sender: Address, domain: str, at: datetime, automatic: bool = False) -> Letter:
    """Return the letter that says what a message says.

    Args:
        message: the message; the content of its attachments is there.
        sender: who sends it, unless the message says so itself.
        domain: what stands behind the `@` of its Message-ID.
        at: when it is written.
        automatic: whether a program wrote it, so that programs that answer do not.

    Raises:
        Refused: one of its addresses is none.
    """
    id_ = message_id(message.id, domain) or message.id
    people = [message.sender or sender, *message.to, *message.cc]
    international = not all(mailbox(one).isascii() for one in people)
    headers = [
        ("From", _people([message.sender or sender])),
        ("To", _people(message.to)),
        ("Cc", _people(message.cc)),
        ("Subject", _text("Subject", message.subject)),
        ("Date", format_datetime(at)),
        ("Message-ID", f"<{id_}>"),
        ("In-Reply-To", _ids([message.in_reply_to] if message.in_reply_to else [], domain)),
        ("References", _ids(message.references or filter(None, [message.in_reply_to]), domain)),
        ("Auto-Submitted", "auto-generated" if automatic else ""),
    ]
    written = "".join(f"{name}: {value}\r\n" for name, value in headers if value)
    return Letter(id_, written.encode() + _body(message).as_bytes(policy=_POLICY), international)


def _people(people: Iterable[Address]) -> str:
    return ",\r\n ".join(_person(one) for one in people)


def _person(one: Address) -> str:
    if not one.name:
        return f"<{mailbox(one)}>"
    name = f'"{one.name}"' if _PLAIN_NAME.fullmatch(one.name) else _words(one.name)
    return f"{name}\r\n <{mailbox(one)}>"


def _text(header: str, text: str) -> str:
    plain = _PLAIN.fullmatch(text) is not None and "=?" not in text
    return text if plain else _words(text, first=_WIDTH - len(header))


def _words(text: str, *, first: int = _WIDTH) -> str:
    """Return a text as encoded words (RFC 2047), which hold nothing but letters, digits and a few harmless signs."""
    return Header(one_line(text), "utf-8", maxlinelen=_WIDTH, header_name=" " * (_WIDTH - first)).encode(linesep="\r\n")


def _ids(ids: Iterable[str], domain: str) -> str:
    whole = [one for one in (message_id(id_, domain) for id_ in ids) if one]
    if len(whole) > _MOST_REFERENCES:
        whole = [whole[0], *whole[1 - _MOST_REFERENCES :]]
    return "\r\n ".join(f"<{one}>" for one in whole)


def _body(message: OutgoingMessage) -> EmailMessage:
    body = EmailMessage(policy=_POLICY)
    body.set_content(storable(message.text))
    if message.html is not None:
        body.add_alternative(storable(message.html), subtype="html")
    for one in message.attachments:
        main, _, sub = _sort(one).partition("/")
        body.add_attachment(one.content or b"", maintype=main, subtype=sub, filename=one.name or "attachment")
    return body


def _sort(one: Attachment) -> str:
    """Return the media type of a file; letters and what has parts are only bytes, which nobody takes apart."""
    return "application/octet-stream" if one.media_type.startswith(("message/", "multipart/")) else one.media_type

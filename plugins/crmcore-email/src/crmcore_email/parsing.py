"""Letters from outside as messages. None is refused, however it is broken: what cannot be taken apart is kept whole."""

import mimetypes
import re
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from typing import Any, Final

from attrs import define, field

from crmcore.messaging import Attachment, IncomingMessage, InvalidMessage
from crmcore_email.charsets import decoded
from crmcore_email.headers import READABLE, addresses, attempted, header, readable
from crmcore_email.identifiers import named, named_ids
from crmcore_email.markup import text_of

__all__ = ["parse"]

_MOST_PARTS: Final = 500
_LONGEST_NAME: Final = 200
_META: Final = re.compile(rb"<meta[^<>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{1,40})", re.IGNORECASE)
_BULK: Final = {"bulk", "junk", "list", "auto_reply", "auto-reply"}


def parse(raw: bytes, *, received_at: datetime, domain: str = "") -> IncomingMessage:
    """Return the message that a letter holds.

    Args:
        raw: the letter, as the server has it.
        received_at: when it came, in UTC.
        domain: what stands behind our own ids in Message-IDs: an answer to one of ours names it as we did.
    """
    message, parts = _taken_apart(raw) or _whole(raw)
    references = named_ids(header(message, "references"), domain)
    answered = named_ids(header(message, "in-reply-to"), domain)
    if not references and not answered:
        answered = named_ids(parts.returned, domain)
    senders = (addresses(message, name) for name in ("from", "sender", "reply-to", "return-path"))
    return IncomingMessage(
        id=named(header(message, "message-id"), raw),
        sender=next((found[0] for found in senders if found), None),
        to=addresses(message, "to"),
        cc=addresses(message, "cc"),
        subject=readable(header(message, "subject")),
        text=parts.read,
        html="\n".join(parts.pages) or None,
        attachments=parts.files,
        in_reply_to=answered[0] if answered else None,
        references=references,
        received_at=received_at,
        automatic=_automatic(message),
        metadata=_told(message),
    )


_Read = tuple["Message[str, str]", "_Parts"]


def _taken_apart(raw: bytes) -> _Read | None:
    """Return the parts of a letter; None for one with so many that nobody means them, or that breaks the parser."""
    if raw.lower().count(b"boundary") > _MOST_PARTS:
        return None

    def taken() -> _Read | None:
        message, parts = message_from_bytes(raw, policy=READABLE), _Parts()
        parts.take(message)
        return message, parts

    return attempted(taken, None)


def _whole(raw: bytes) -> _Read:
    """Return a letter as one file, under its headers."""
    headers = attempted(lambda: BytesHeaderParser(policy=READABLE).parsebytes(raw), Message())
    return headers, _Parts(files=[Attachment("message.eml", "message/rfc822", content=raw)])


def _automatic(message: "Message[str, str]") -> bool:
    """Whether a program wrote it (RFC 3834, and what others write)."""
    submitted = header(message, "auto-submitted").lower()
    return (
        (submitted not in ("", "no"))
        or header(message, "precedence").lower() in _BULK
        or bool(header(message, "list-id") or header(message, "x-autoreply") or header(message, "x-autorespond"))
        or header(message, "return-path").replace(" ", "") == "<>"
        or header(message, "content-type").lower().startswith("multipart/report")
    )


def _told(message: "Message[str, str]") -> dict[str, Any]:
    """Return what else is worth knowing of a letter."""
    told: dict[str, Any] = {}
    answers = addresses(message, "reply-to")
    if answers:
        told["reply_to"] = [one.value for one in answers]
    written = header(message, "date")
    if written:
        told["date"] = written[:_LONGEST_NAME]
    return told


@define
class _Parts:
    """What a letter consists of.

    Attributes:
        texts: its plain texts.
        pages: its texts with layout.
        files: its other parts.
        returned: the Message-ID of the letter that a report gives back.
    """

    texts: list[str] = field(factory=list)
    pages: list[str] = field(factory=list)
    files: list[Attachment] = field(factory=list)
    returned: str = ""

    @property
    def read(self) -> str:
        """The text: the plain one or, without one, that of the pages."""
        return "\n".join(self.texts) if any(self.texts) else "\n".join(map(text_of, self.pages))

    def take(self, message: "Message[str, str]") -> None:
        """Take the parts of a letter."""
        report = attempted(message.get_content_type, "") == "multipart/report"
        for part in _leaves(message):
            self._take(part)
            if report and not self.returned:
                self.returned = _returned(part)

    def _take(self, part: "Message[str, str]") -> None:
        name, sort = _name(part), attempted(part.get_content_type, "application/octet-stream")
        if sort.startswith("multipart/"):  # without any part
            sort = "text/plain"
        disposition = attempted(part.get_content_disposition, None)
        if name or disposition == "attachment" or sort not in ("text/plain", "text/html"):
            self.files.append(_file(part, name, sort, len(self.files) + 1))
            return
        data = _content(part)
        if sort == "text/html":
            meta = _META.search(data[:2_000])
            self.pages.append(_text(data, _charset(part) or (meta[1].decode() if meta else None)))
        else:
            self.texts.append(_text(data, _charset(part)))


def _leaves(message: "Message[str, str]") -> Iterator["Message[str, str]"]:
    """Yield the parts that hold something, in their order; a letter in a letter is one part."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        inside = part.get_payload()
        if isinstance(inside, list) and part.get_content_maintype() == "multipart":
            waiting.extend(one for one in reversed(inside) if isinstance(one, Message))
        else:
            yield part


def _text(data: bytes, charset: str | None) -> str:
    text = decoded(data, charset).replace("\r\n", "\n").replace("\r", "\n")
    return text.removesuffix("\n")


def _charset(part: "Message[str, str]") -> str | None:
    given = attempted(lambda: part.get_param("charset"), None)
    return given[2] if isinstance(given, tuple) else given


def _content(part: "Message[str, str]") -> bytes:
    inside = part.get_payload()
    if isinstance(inside, list):
        return b"\n".join(attempted(one.as_bytes, b"") for one in inside if isinstance(one, Message))
    data = attempted(lambda: part.get_payload(decode=True), None)
    return data if isinstance(data, bytes) else str(inside or "").encode("utf-8", "surrogateescape")


def _file(part: "Message[str, str]", name: str, sort: str, number: int) -> Attachment:
    ending = mimetypes.guess_extension(sort) or ""
    try:
        return Attachment(name or f"attachment-{number}{ending}", sort, content=_content(part))
    except InvalidMessage:
        return Attachment(name or f"attachment-{number}", content=_content(part))


def _name(part: "Message[str, str]") -> str:
    """Return the name of a file, without the folders that a hostile one names; empty where it has none."""
    given = attempted(lambda: part.get_param("filename", header="content-disposition") or part.get_param("name"), None)
    if isinstance(given, tuple):  # charset, language and what is written in it (RFC 2231)
        given = decoded(given[2].encode("latin-1", "replace"), given[0])
    name = re.split(r"[/\\]", readable(str(given or "").strip("\"'")))[-1].strip()
    if len(name) <= _LONGEST_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    ending = dot + ending if stem and len(ending) < _LONGEST_NAME // 10 else ""
    return name[: _LONGEST_NAME - len(ending)] + ending


def _returned(part: "Message[str, str]") -> str:
    """Return the Message-ID of the letter that a part of a report gives back (RFC 3462); empty where it is none."""
    if part.get_content_type() not in ("message/rfc822", "text/rfc822-headers"):
        return ""
    back = attempted(lambda: BytesHeaderParser(policy=READABLE).parsebytes(_content(part)), Message())
    return header(back, "message-id")

"""Reading by IMAP: letters stay where they are, unread as before; how far one has read is told by their UIDs."""

import imaplib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Final

from attrs import frozen
from imap_tools import AND, BaseMailBox, ImapToolsError, MailBox, MailBoxUnencrypted, U

from crmcore.language import say
from crmcore.messaging import ChannelUnavailable
from crmcore_email.headers import instant
from crmcore_email.settings import EmailSettings, Security, Server
from crmcore_email.smtp import trusted

__all__ = ["Found", "Letters", "read"]

_LARGEST: Final = 50_000_000
"""How many bytes of a letter are read at most."""

_CURSOR: Final = re.compile(r"(\d{1,10}):(\d{1,10})")
_INTERNAL_DATE: Final = re.compile(rb'INTERNALDATE "([^"]{1,40})"')
_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d{1,20})")


@frozen
class Found:
    """A letter that was found.

    Attributes:
        raw: its bytes; only the first ones of a very large one.
        received_at: when the server got it, in UTC; None where it does not say.
        size: how many bytes it has.
    """

    raw: bytes
    received_at: datetime | None
    size: int


@frozen
class Letters:
    """Some letters of a folder.

    Attributes:
        found: them, in the order in which they came.
        cursor: how far one has read with them.
        more: whether there are more.
    """

    found: tuple[Found, ...]
    cursor: str
    more: bool


def read(settings: EmailSettings, since: str | None, limit: int) -> Letters:
    """Return letters behind a cursor.

    Args:
        settings: the server, and the folder.
        since: the cursor; one of a folder that was made anew is the beginning.
        limit: how many at most.

    Raises:
        ChannelUnavailable: the server cannot be reached, or does not let us read.
    """
    if settings.imap is None:
        raise ChannelUnavailable(say("no server to read from is set: this channel only sends"))
    try:
        with _opened(settings, settings.imap) as box:
            box.login(settings.imap.user, settings.imap.password, initial_folder=None)
            box.folder.set(settings.folder, readonly=True)
            return _read(box, settings, since, limit)
    except (OSError, imaplib.IMAP4.error, ImapToolsError, ValueError, LookupError) as error:
        raise ChannelUnavailable(f"{type(error).__name__}: {error}") from error


@contextmanager
def _opened(settings: EmailSettings, server: Server) -> Iterator[BaseMailBox]:
    """Give a connection to a server, encrypted as it has to be, and leave it closed whatever happens."""
    box: BaseMailBox
    if server.security is Security.TLS:
        context = trusted(settings)
        box = MailBox(server.host, server.port, timeout=settings.timeout, ssl_context=context)
    else:
        box = MailBoxUnencrypted(server.host, server.port, timeout=settings.timeout)
    try:
        if server.security is Security.STARTTLS:
            box.client.starttls(ssl_context=trusted(settings))
        yield box
        box.logout()
    finally:
        with suppress(OSError):
            box.client.shutdown()


def _read(box: BaseMailBox, settings: EmailSettings, since: str | None, limit: int) -> Letters:
    validity = int(box.folder.status(settings.folder, ["UIDVALIDITY"])["UIDVALIDITY"])
    known = _CURSOR.fullmatch(since or "")
    last = int(known[2]) if known and int(known[1]) == validity else 0
    wanted = AND(uid=U(str(last + 1), "*"), date_gte=settings.not_before)  # any day, where it is None
    found = map(int, box.uids(wanted))
    uids = sorted(uid for uid in found if uid > last)  # where none is newer, the last of all is found
    letters = tuple(_fetched(box, uids[:limit]))
    if uids:
        last = uids[:limit][-1]
    return Letters(letters, f"{validity}:{last}", more=len(uids) > limit)


def _fetched(box: BaseMailBox, uids: Sequence[int]) -> Iterator[Found]:
    for uid in uids:
        status, parts = box.client.uid("FETCH", str(uid), f"(INTERNALDATE RFC822.SIZE BODY.PEEK[]<0.{_LARGEST}>)")
        if status != "OK":
            raise ChannelUnavailable(say("the server does not give letter {uid}: {words}", uid=uid, words=str(parts)))
        for part in parts:
            if isinstance(part, tuple):  # others are what closes a letter; a letter that is gone has none
                said = b" ".join(one for one in (part[0], *_closing(parts)) if isinstance(one, bytes))
                date, size = _INTERNAL_DATE.search(said), _SIZE.search(said)
                received = instant(date[1].decode("ascii", "replace")) if date else None
                yield Found(part[1], received, int(size[1]) if size else len(part[1]))
                break


def _closing(parts: Sequence[object]) -> list[object]:
    return [one for one in parts if isinstance(one, bytes)]

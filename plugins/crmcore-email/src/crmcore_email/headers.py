"""Headers of letters as text and addresses, however they are written: encoded, raw, broken, or meant to break us."""

import binascii
import quopri
import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.policy import Compat32
from email.utils import getaddresses, parsedate_to_datetime
from typing import TYPE_CHECKING, Final, TypeVar

from crmcore.messaging import Address, InvalidMessage, one_line
from crmcore_email.charsets import decoded

if TYPE_CHECKING:
    from email.message import Message

__all__ = ["READABLE", "addresses", "attempted", "header", "instant", "readable"]

_WORD: Final = re.compile(r"=\?([^?\s]{1,40})\?([bBqQ])\?([^?]*)\?=")
_FOLD: Final = re.compile(r"\r?\n(?=[ \t])")
_LONGEST: Final = 65_536
_MOST_ADDRESSES: Final = 1_000
_Result = TypeVar("_Result")


def attempted(what: Callable[[], _Result], otherwise: _Result) -> _Result:
    """Return what a function of the standard library returns, or something else where hostile input breaks it."""
    try:
        return what()
    except Exception:  # they raise whatever comes up, RecursionError among it
        return otherwise


def header(message: "Message[str, str]", name: str) -> str:
    """Return a header as it is written, on one line and in any charset; empty where there is none."""
    return str(message.get(name, ""))


class _Readable(Compat32):
    """Gives headers as one line; raw bytes in them are read in the charset that they seem to have."""

    def header_fetch_parse(self, name: str, value: str) -> str:  # noqa: ARG002 (as the parser calls it)
        unfolded = _FOLD.sub("", str(value)[:_LONGEST])
        return one_line(decoded(unfolded.encode("utf-8", "surrogateescape"))) if unfolded else ""


READABLE: Final = _Readable()
"""How letters are read: as leniently as the standard library can."""


def readable(value: str) -> str:
    """Return a header with its encoded words decoded (RFC 2047), also those that cut characters in two."""
    return one_line("".join(_pieces(value)))


def _pieces(value: str) -> Iterator[str]:
    """Yield texts: words of one charset that follow one another are joined before they are decoded."""
    place, charset, data = 0, "", b""
    for word in _WORD.finditer(value):
        between = value[place : word.start()]
        if data and (between.strip() or word[1].lower() != charset):
            yield decoded(data, charset)
            data = b""
        if between.strip() or not place:
            yield between
        charset, data = _charset(word[1]), data + _bytes(word[2], word[3])
        place = word.end()
    if data:
        yield decoded(data, charset)
    yield value[place:]


def _charset(named: str) -> str:
    return named.partition("*")[0].lower()  # RFC 2231 lets a language follow


def _bytes(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if encoding in "qQ":
        return quopri.decodestring(data, header=True)
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    try:
        return b64decode(kept + b"=" * (-len(kept) % 4))
    except binascii.Error:
        return b64decode(kept[: len(kept) // 4 * 4])


def addresses(message: "Message[str, str]", name: str) -> tuple[Address, ...]:
    """Return the addresses in a header, with their names; what is no address is left out."""
    value = header(message, name)
    none: list[tuple[str, str]] = []
    pairs = attempted(lambda: getaddresses([value]), none)
    if not any(address for _, address in pairs):
        pairs = [("", found) for found in re.findall(r"[^\s<>,;:\"()]{1,200}@[^\s<>,;:\"()]{1,200}", value)[:1]]
    found = (_address(shown, value) for shown, value in pairs[:_MOST_ADDRESSES])
    return tuple(one for one in found if one is not None)


def _address(name: str, value: str) -> Address | None:
    if "@" not in value.strip("@"):
        return None
    try:
        return Address("email", one_line(value), readable(name).strip("'\" "))
    except InvalidMessage:
        return None


def instant(text: str) -> datetime | None:
    """Return the instant that a letter or a server writes, in UTC; None for what is none."""
    found = attempted(lambda: parsedate_to_datetime(text), None)
    if found is None:
        return None
    return attempted(lambda: (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC), None)

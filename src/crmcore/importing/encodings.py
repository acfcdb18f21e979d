"""Which encoding a text file is in, decided by all of its bytes, with the reason.

The encodings that customers' files come in are few, and each has rules that bytes of another one break: this needs no
statistics of languages, and gives a reason that people can check. UTF-8 is proven by its own redundancy. Chinese text
in GB18030 or Big5 is told from the rest, and the two from each other, by how many characters are in everyday use:
both character sets keep those in a part of their own (GB 2312 level 1, Big5 level 1), which text of another encoding
misses. What remains is Windows-1252, in which every byte but five is a character.
"""

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from attrs import frozen

from crmcore.language import say
from crmcore.organization.spreadsheets import UnreadableSheet

__all__ = ["Encoding", "checked_encoding", "encoding_of"]

_CHUNK: Final = 1 << 18
_SAMPLE: Final = 1 << 16
_LARGEST_SAMPLE_LINE: Final = 2_000
_ENOUGH: Final = 0.6
_IN_TABLES: Final = ",;\t|\n"
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@frozen
class Encoding:
    """An encoding, and what speaks for it.

    Attributes:
        name: as Python calls it.
        because: the reason: a phrase.
    """

    name: str
    because: str


def encoding_of(path: Path) -> Encoding:
    """Return the encoding of a text file.

    Raises:
        UnreadableSheet: it is no text, or UTF-8 with some bytes that are not.
        OSError: it cannot be read.
    """
    with path.open("rb") as stream:
        head = stream.read(_SAMPLE)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return Encoding(name, say("the file begins with its byte order mark"))
    if b"\0" in head:
        return _with_zeros(path, head)
    first = _undecodable(path, "utf-8")
    if first is None:
        reason = say("all bytes are valid UTF-8")
        return Encoding("utf-8-sig", reason if _beyond_ascii(path) else say("every character is ASCII"))
    sample = _beyond_ascii(path)
    _refuse_damaged(path, sample, first)
    scores = {name: _everyday(sample, name) for name in ("gb18030", "cp950") if _undecodable(path, name) is None}
    best = max(scores, key=lambda name: scores[name], default="")
    if best and scores[best] >= _ENOUGH:
        share = round(scores[best] * 100)
        reason = say("{share}% of its characters beyond ASCII are everyday Chinese in it", share=share)
        return Encoding(best, reason)
    western = "cp1252" if _undecodable(path, "cp1252") is None else "latin-1"
    return Encoding(western, say("it is neither UTF-8 nor everyday Chinese in GB18030 or Big5"))


def checked_encoding(path: Path, name: str) -> Encoding:
    """Return an encoding that somebody chose.

    Raises:
        UnreadableSheet: there is no such encoding.
    """
    try:
        known = codecs.lookup(name)
    except LookupError:
        reason = say("there is no encoding {name}", name=repr(name[:40]))
        mend = say("name one such as utf-8, gb18030, big5 or cp1252")
        raise UnreadableSheet(str(path), reason, mend) from None
    chosen = {"utf-8": "utf-8-sig", "big5": "cp950", "gb2312": "gb18030", "gbk": "gb18030"}.get(known.name, known.name)
    return Encoding(chosen, say("as you say"))


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _undecodable(path: Path, encoding: str) -> int | None:
    """Return the offset of the first byte that an encoding does not have; None when it decodes the whole file."""
    decoder = codecs.getincrementaldecoder(encoding)()
    before = 0
    for chunk in _chunks(path):
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            return before - pending + error.start
        before += len(chunk)
    pending = len(decoder.getstate()[0])
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return before - pending
    return None


def _beyond_ascii(path: Path) -> bytes:
    """Return lines that hold more than ASCII, some 64 kB of them."""
    found, size = [], 0
    with path.open("rb") as stream:
        while size < _SAMPLE and (line := stream.readline(_CHUNK)):
            if not line.isascii():
                found.append(line[:_LARGEST_SAMPLE_LINE])
                size += len(found[-1])
    return b"".join(found)


def _everyday(sample: bytes, encoding: str) -> float:
    """Return the share of the characters beyond ASCII that are in everyday use among those who write an encoding."""
    text = sample.decode(encoding, "ignore")
    beyond = [character for character in text if not character.isascii()]
    return sum(_common(character, encoding) for character in beyond) / len(beyond) if beyond else 0.0


def _common(character: str, encoding: str) -> bool:
    narrow = "gb2312" if encoding == "gb18030" else encoding
    try:
        lead = character.encode(narrow)[0]
    except UnicodeEncodeError:
        return False
    if encoding == "gb18030":
        return lead in (0xA1, 0xA3) or 0xB0 <= lead <= 0xD7
    return 0xA1 <= lead <= 0xA2 or 0xA4 <= lead <= 0xC6


def _refuse_damaged(path: Path, sample: bytes, first: int) -> None:
    """Refuse a file that is UTF-8 but for some bytes: in another encoding all of its letters would be wrong."""
    text = sample.decode("utf-8", "replace")
    beyond = [character for character in text if not character.isascii()]
    if beyond.count("\ufffd") * 5 > len(beyond):
        return
    line = 1
    seen = 0
    for chunk in _chunks(path):
        line += chunk[: max(first - seen, 0)].count(b"\n")
        seen += len(chunk)
    reason = say("the file is UTF-8, but line {line} holds bytes that are not", line=line)
    raise UnreadableSheet(str(path), reason, say("mend that line, or name the encoding"))


def _with_zeros(path: Path, head: bytes) -> Encoding:
    """Return which UTF-16 a file without a byte order mark is in: ASCII characters have a zero as their other half."""
    name = "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be"
    text = head[: len(head) // 2 * 2].decode(name, "ignore")
    if any(letter in text for letter in _IN_TABLES) and _undecodable(path, name) is None:
        half = {"half": say("second") if name == "utf-16-le" else say("first")}
        return Encoding(name, say("the {half} byte of many pairs is zero, as in UTF-16", **half))
    reason = say("the file is no plain text")
    raise UnreadableSheet(str(path), reason, say("save it as CSV in UTF-8"))

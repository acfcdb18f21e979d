"""Bytes of letters as text, in whichever charset they are: as they declare, as they do not, and as they do in error."""

import codecs
from collections.abc import Mapping
from typing import Final

from crmcore.messaging import storable

__all__ = ["decoded"]

_WIDER: Final[Mapping[str, str]] = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "ascii": "utf-8",
    "iso8859-1": "cp1252",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
}
"""What writers mean who name a charset, but use characters that only a wider one has."""

_FAMILIES: Final = (
    "utf-8",
    "utf-16",
    "utf-32",
    "iso8859",
    "iso2022",
    "cp",
    "gb",
    "big5",
    "hz",
    "euc_",
    "shift_",
    "koi8",
)


def decoded(data: bytes, charset: str | None = None) -> str:
    """Return bytes as a text that can be stored. No bytes are refused: what cannot be read is replaced.

    Args:
        data: the bytes.
        charset: the charset that they declare, if they do.
    """
    codec = _codec(charset)
    for candidate in (codec, None if codec else _guessed(data)):
        if candidate:
            text = _strict(data, candidate)
            if text is not None:
                return storable(text)
    return storable(data.decode(_guessed(data) or codec or "utf-8", errors="replace"))


def _codec(charset: str | None) -> str | None:
    """Return the codec of a charset; None for what is none. Only those of texts: others can do anything."""
    try:
        name = codecs.lookup((charset or "").strip(" '\"\t")).name
    except (LookupError, ValueError):
        return None
    name = _WIDER.get(name, name)
    return name if name.startswith(_FAMILIES) else None


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeError:
        return None


def _guessed(data: bytes) -> str | None:
    """Return the codec that bytes seem to have: UTF-8, or the Chinese one in which their characters are common."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if _strict(data, "utf-8") is not None:
        return "utf-8-sig"
    candidates = [name for name in ("gb18030", "big5hkscs") if _strict(data, name) is not None]
    return max(candidates, key=lambda name: _common(data, name), default=None)


def _common(data: bytes, codec: str) -> float:
    """Return which part of the Chinese characters is among the common ones of a codec.

    In both standards the common characters stand first: in GB 2312 they begin with B0 to D7, in Big5 with A4 to C6.
    Punctuation stands before them.
    """
    first, last, second = (0xA1, 0xD7, 0xA1) if codec == "gb18030" else (0xA1, 0xC6, 0x40)
    count = common = place = 0
    while place < len(data) - 1:
        if data[place] < 0x80:
            place += 1
            continue
        count += 1
        common += first <= data[place] <= last and data[place + 1] >= second
        place += 2
    return common / max(count, 1)

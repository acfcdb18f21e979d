"""Texts that come from outside, made so that they can be stored, and put into one line of a letter."""

import re
from typing import Final

__all__ = ["one_line", "storable"]

_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")
_BREAKS: Final = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029]+")
_REPLACEMENT: Final = "\ufffd"


def storable(text: str) -> str:
    """Return a text with a replacement character for whatever no storage keeps: NUL, and half characters."""
    return _UNSTORABLE.sub(_REPLACEMENT, text)


def one_line(text: str) -> str:
    """Return a text as one line: a space for each break and control character, so that none begins another header."""
    return storable(_BREAKS.sub(" ", text)).strip()

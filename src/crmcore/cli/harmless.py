"""Text that others wrote, made harmless: what a terminal or a reader could be fooled with becomes a visible escape."""

import re
from typing import Final

__all__ = ["HOSTILE", "visible"]

HOSTILE: Final = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # control characters, and with them every terminal escape and line break
    "\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # unseen, or reorder text
    "\ud800-\udfff"  # halves of characters: bytes that could not be decoded
    "\ufffe\uffff"  # no characters at all, and forbidden in XML
    "\U000e0000-\U000e007f"  # letters that nobody sees
    "]"
)
"""Characters that are never shown as they are. Joiners inside words and emoji (U+200C, U+200D) stay."""


def visible(text: str) -> str:
    r"""Return the text in one line, with `\x1b` for an escape character, `\n` for a line break, and so on."""
    return HOSTILE.sub(lambda match: match[0].encode("unicode_escape").decode(), text)

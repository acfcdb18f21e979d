"""White space as editors and version control want it: tidy ends of lines, one kind of them, and one at the end."""

import re
from typing import Final

__all__ = ["tidied"]

_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_TRAILING: Final = re.compile(r"[ \t]+(?=\r\n|\r|\n|\Z)")


def tidied(text: str, *, table: bool = False) -> str:
    """Return a text with tidy white space; a text that says something else then is not for here.

    Args:
        text: the text of a file.
        table: whether it is a table: there white space can be a cell, and only the last line end is mended.
    """
    ends = _LINE_END.findall(text)
    usual = max(("\n", "\r\n", "\r"), key=ends.count)
    if not table:
        text = _LINE_END.sub(usual, _TRAILING.sub("", text))
        text = text.rstrip("\r\n")
    return text if not text or text.endswith(("\n", "\r")) else text + usual

"""The text of a cell, without what nobody can see in it."""

import re
from typing import Final

from crmcore.language import say
from crmcore.organization.spreadsheets.grids import address
from crmcore.organization.spreadsheets.refusing import UnreadableSheet

__all__ = ["LONGEST_CELL", "cleaned", "one_line", "printable"]

LONGEST_CELL: Final = 32_767
"""How many characters a cell of a spreadsheet can hold."""

_UNSEEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_WIDTHLESS: Final = str.maketrans("", "", "\u200b\ufeff\u2060")
_SPACE: Final = re.compile(r"\s+")


def cleaned(file: str, text: str, row: int, column: int) -> str:
    """Return the text of a cell without space around it.

    Args:
        file: the file, for messages.
        text: the text.
        row: the row of the cell, from 0.
        column: the column of the cell, from 0.

    Raises:
        UnreadableSheet: the text is longer than a cell can be, or holds control characters.
    """
    if len(text) > LONGEST_CELL:
        reason = say("the cell holds {length} characters; {most} are possible", length=len(text), most=LONGEST_CELL)
        raise UnreadableSheet(file, reason, say("shorten the cell"), address(row, column))
    text = text.strip()
    if text.isprintable():
        return text
    text = text.translate(_WIDTHLESS).strip()
    unseen = _UNSEEN.search(text)
    if unseen is not None:
        character = f"U+{ord(unseen[0]):04X}"
        reason = say("the cell holds the invisible character {character}", character=character)
        raise UnreadableSheet(file, reason, say("type the cell anew"), address(row, column))
    return text


def one_line(text: str) -> str:
    """Return a text with single spaces instead of line breaks and runs of space."""
    return _SPACE.sub(" ", text).strip()


def printable(text: str) -> str:
    """Return a text that any cell can hold: what nobody can see becomes space."""
    return one_line(_UNSEEN.sub(" ", text))[:LONGEST_CELL]

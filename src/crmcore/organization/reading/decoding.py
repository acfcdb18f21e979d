"""From bytes to text: which encoding, and whether it is text at all."""

import codecs
import re
from typing import Final

from crmcore.language import say
from crmcore.organization.faults import Faults
from crmcore.values import Place

__all__ = ["decoded", "position", "without_control_characters"]

_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_SAVE: Final = say("save the file as UTF-8")
_WIDE: Final = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def position(text: str, offset: int) -> tuple[int, int]:
    """Return the line and column, both from 1, of an offset in a text."""
    line = text.count("\n", 0, offset) + 1
    return line, offset - (text.rfind("\n", 0, offset) + 1) + 1


def decoded(data: bytes, file: str, faults: Faults, *, table: bool = False) -> str | None:
    """Return the text of a file; None, with a fault, when it is none.

    Args:
        data: the bytes of the file.
        file: its name.
        faults: where what is wrong is added.
        table: whether it is a table: those may be GB18030, as spreadsheets in China write them.
    """
    if data.startswith(_WIDE):
        faults.add(Place(file), say("the file is UTF-16 or UTF-32; UTF-8 is wanted"), _SAVE)
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        chinese = _chinese(data)
        if chinese is not None and table:
            text = chinese
        else:
            before = data[: error.start].decode("utf-8-sig")
            line, column = position(before, len(before))
            found = say("the file is not UTF-8: found the byte {byte}", byte=f"0x{data[error.start]:02x}")
            if chinese is not None:
                found = say("the file is not UTF-8: it looks like GB18030 or GBK")
            faults.add(Place(file, line, column), found, _SAVE)
            return None
    return text if without_control_characters(text, file, faults) else None


def without_control_characters(text: str, file: str, faults: Faults) -> bool:
    """Say whether a text holds printable characters only; add a fault where it does not."""
    match = _CONTROL.search(text)
    if match is None:
        return True
    character = f"U+{ord(match[0]):04X}"
    found = say("the file is no plain text: it holds the control character {character}", character=character)
    faults.add(Place(file, *position(text, match.start())), found, say("remove it, or name another file"))
    return False


def _chinese(data: bytes) -> str | None:
    """Return the text if the bytes are Chinese in GB18030 or GBK, by most of it being in everyday use."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    foreign = [character for character in text if not character.isascii()][:2000]
    everyday = sum(1 for character in foreign if _everyday(character))
    return text if everyday * 2 > len(foreign) else None


def _everyday(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True

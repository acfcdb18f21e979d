"""Phone numbers as people write them: full-width and Chinese digits, labels, extensions, several in one field."""

import re
import unicodedata
from typing import Final

from attrs import frozen

__all__ = ["PhoneText", "phone_text", "several_numbers"]

_LABEL: Final = re.compile(
    r"^(?:(?:联系|办公|移动|固定)?电话|手机号?码?|座机|固话|传真|热线|telephone|phone|mobile|cell|tel|mob|fax|tel:)"
    r"(?:号码)?\s*[:.]?\s*(?=[+(\d零〇一二三四五六七八九幺])",
    re.IGNORECASE,
)
_DASHES: Final = re.compile("[‐‑‒–—―−﹣－~_ー]")
_CHINESE_DIGITS: Final = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
_EXTENSION: Final = re.compile(
    r"(?<=[\d)\s])\s*(?:;ext=|转分机|转接|转|轉|分机号?|內線|内线|extension|ext|x|#)\s*[:.]?\s*(?P<digits>\d{1,7})\)?$",
    re.IGNORECASE,
)
_BEHIND_A_DASH: Final = re.compile(r"^(?P<number>(?:\+?86[ -]?)?\(?0?\d{2,3}\)?[ -]?\d{7,8})-(?P<digits>\d{1,6})$")
_BETWEEN_NUMBERS: Final = re.compile(r"\s*(?:[/,;、|\n]|或者?|\bor\b)\s*")
_DIGITS_OF_ONE: Final = 5
_CONTEXT: Final = ";phone-context="


@frozen
class PhoneText:
    """A phone number as it was written, tidied.

    Attributes:
        number: in ASCII, without label and extension.
        extension: digits that are dialled after it; empty for none.
    """

    number: str
    extension: str = ""


def phone_text(text: str, region: str) -> PhoneText:
    """Tidy a phone number without judging it.

    Args:
        text: as somebody typed it.
        region: where a number without a country code lies; in China an extension may stand behind a dash.
    """
    tidy = "".join(letter for letter in unicodedata.normalize("NFKC", text) if unicodedata.category(letter) != "Cf")
    tidy = _LABEL.sub("", _DASHES.sub("-", tidy).strip())
    dashed = re.search("[0-9]{3}", tidy) is not None  # beside digits, 一 is typed for a dash
    tidy = tidy.replace("一", "-") if dashed else tidy.translate(_CHINESE_DIGITS)
    if found := _EXTENSION.search(tidy):
        return PhoneText(tidy[: found.start()].strip(), found["digits"])
    if region == "CN" and (found := _BEHIND_A_DASH.match(tidy)):
        return PhoneText(found["number"], found["digits"])
    return PhoneText(tidy)


def several_numbers(number: str) -> str:
    """Return the first number of a text that has several; empty where it has one."""
    if _CONTEXT in number:
        return ""
    parts = [part for part in _BETWEEN_NUMBERS.split(number) if part]
    long = [part for part in parts if sum(letter.isdigit() for letter in part) >= _DIGITS_OF_ONE]
    return long[0] if len(parts) > 1 and len(long) > 1 else ""

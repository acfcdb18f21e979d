"""Texts as they are compared: without what people write differently and mean the same."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

__all__ = ["digits", "folded", "has_han", "soundex", "words"]

_SILENT_CHARACTERS: Final = "'’‘`´ʼ.·・"  # written or not: O'Neill, St. John, 阿里·巴巴
_SILENT: Final = str.maketrans("", "", _SILENT_CHARACTERS)
_HAN: Final = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_ASCII_WORD: Final = re.compile(r"[a-z0-9]+")
_NO_DIGIT: Final = re.compile(r"[^0-9]+")
_CODES: Final = {
    letter: code
    for code, letters in {"1": "bfpv", "2": "cgjkqsxz", "3": "dt", "4": "l", "5": "mn", "6": "r"}.items()
    for letter in letters
}


class _Marks(dict[int, int | None]):
    """What `str.translate` makes of each character: nothing of marks and of what is silent, else the character."""

    def __missing__(self, code: int) -> int | None:
        left_out = unicodedata.combining(chr(code)) or chr(code) in _SILENT_CHARACTERS
        return self.setdefault(code, None if left_out else code)


class _Words(dict[int, int]):
    """What `str.translate` makes of each character: a space of what belongs to no word."""

    def __missing__(self, code: int) -> int:
        return self.setdefault(code, code if chr(code).isalnum() else ord(" "))


_WITHOUT_MARKS: Final = _Marks()
_IN_WORDS: Final = _Words()


def folded(text: str) -> str:
    """Return a text in one width and case, without accents and punctuation, with single spaces.

    Args:
        text: any text; Chinese characters stay as they are.
    """
    if text.isascii():  # the same, sooner
        return " ".join(_ASCII_WORD.findall(text.lower().translate(_SILENT)))
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    composed = unicodedata.normalize("NFC", plain.translate(_WITHOUT_MARKS))
    return " ".join(composed.translate(_IN_WORDS).split())


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text, folded."""
    return tuple(folded(text).split())


def digits(text: str) -> str:
    """Return the decimal digits of a text, in ASCII, whatever script they are written in."""
    if text.isascii():
        return _NO_DIGIT.sub("", text)
    return "".join(str(unicodedata.decimal(character)) for character in text if character.isdecimal())


def has_han(text: str) -> bool:
    """Tell whether a text has a Chinese character."""
    return _HAN.search(text) is not None


@lru_cache(maxsize=65_536)
def soundex(word: str) -> str:
    """Return how a word sounds, in a letter and three digits (American Soundex, US National Archives).

    Args:
        word: folded; what has no Latin letter is returned as it is.
    """
    letters = [letter for letter in word if "a" <= letter <= "z"]
    if not letters:
        return word
    code, last = letters[0], _CODES.get(letters[0], "")
    for letter in letters[1:]:
        sound = _CODES.get(letter, "")
        if sound and sound != last:
            code += sound
        if letter not in "hw":
            last = sound
    return f"{code:0<4}"[:4]

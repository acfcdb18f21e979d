"""Chinese names in Latin letters: to sort them as a telephone book does, and to find 王伟 under Wang Wei."""

import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from importlib import import_module
from typing import Any, Final

from crmcore.customers.identity.names import HAN, PersonName, split_name, without_accents
from crmcore.customers.identity.surnames import COMPOUND_SURNAMES, READINGS, SURNAMES
from crmcore.errors import MissingExtra
from crmcore.language import say

__all__ = ["pinyin_key", "romanized", "sort_key"]

_WORD: Final = re.compile(rf"(?:{HAN.pattern})+|(?:(?!{HAN.pattern})[^\W\d_])+")
_UMLAUT: Final = re.compile(r"(?<=[nl])(?:ü|u:)|(?<=l)yu|(?<=\bn)yu")  # chanyu has a syllable that ends in n
_MANY: Final = 1 << 16


def romanized(name: str, *, family_first: bool = False) -> str:
    """Return a Chinese name in Latin letters, as a passport has it but for the order: 王伟 → `Wei Wang`.

    Surnames are read as surnames: 曾 Zeng, 单 Shan, 仇 Qiu. A name that is not in Chinese characters stays as it is.

    Args:
        name: as somebody typed it; a title is taken off.
        family_first: whether the family name comes first.

    Raises:
        MissingExtra: pypinyin, of the extra `chinese`, is not installed.
    """
    parts = split_name(name)
    if not parts.chinese:
        return parts.full
    family, given = (part.replace("v", "ü").capitalize() for part in _syllables(parts))
    return " ".join(filter(None, (family, given) if family_first else (given, family)))


def sort_key(name: str) -> tuple[str, str, str]:
    """Return what sorts names as people look them up: by the sound of the family name, then of the given name.

    Args:
        name: Chinese or Western, as somebody typed it.

    Raises:
        MissingExtra: the name is Chinese, and pypinyin, of the extra `chinese`, is not installed.
    """
    parts = split_name(name)
    family, given = (
        _syllables(parts) if parts.chinese else (without_accents(parts.family), without_accents(parts.given))
    )
    return family, given, parts.full


def pinyin_key(name: str) -> str:
    """Return what a Chinese name and its transcriptions have in common: 王伟, Wang Wei and Wei WANG are `wang wei`.

    Two names with one key sound alike, which is no proof that they are one: 王伟 and 王薇 have the same. A given name
    in two syllables (`Ouyang Na Na`) is put together, where the word before or behind it is a surname. `lü`, `lyu` and
    `lv` are one. Empty where there is no letter.

    Args:
        name: Chinese or Western, as somebody typed it.

    Raises:
        MissingExtra: the name is Chinese, and pypinyin, of the extra `chinese`, is not installed.
    """
    parts = split_name(name)
    if parts.chinese:
        return " ".join(sorted(filter(None, _syllables(parts))))
    return " ".join(sorted(_joined(_words(parts))))


def _words(parts: PersonName) -> list[str]:
    """Return the words of a Western name, in small letters, in the order in which they were written."""
    names = (parts.family, parts.given) if parts.family_first else (parts.given, parts.family)
    text = " ".join(names).casefold().replace("-", "").replace("'", "").replace("’", "")
    spelt = (_in_latin(word) for word in _WORD.findall(text))
    return without_accents(_UMLAUT.sub("v", " ".join(spelt))).split()


def _in_latin(word: str) -> str:
    """Return a word in Latin letters; one of characters in a Western name is itself a name: `David 王伟`."""
    return " ".join(_syllables(split_name(word))) if HAN.match(word) else word


def _joined(words: Sequence[str]) -> Sequence[str]:
    """Put the syllables of a given name together, where the first or the last word is a Chinese surname."""
    if len(words) > 2:
        for surnames in _surnames():
            if words[0] in surnames:
                return words[0], "".join(words[1:])
            if words[-1] in surnames:
                return words[-1], "".join(words[:-1])
    return words


@cache
def _surnames() -> tuple[frozenset[str], ...]:
    """Return how Chinese surnames sound, the compound ones first; none where no library tells."""
    try:
        return tuple(frozenset(map(_surname, surnames)) for surnames in (COMPOUND_SURNAMES, SURNAMES))
    except MissingExtra:
        return ()


def _syllables(parts: PersonName) -> tuple[str, str]:
    """Return how the family name and the given name of a Chinese name sound, each in one word."""
    return _surname(parts.family), _given(parts.given.replace("·", ""))


@lru_cache(maxsize=_MANY)
def _surname(family: str) -> str:
    return READINGS.get(family) or "".join(_pinyin()(family))


@lru_cache(maxsize=_MANY)
def _given(given: str) -> str:
    return "".join(_pinyin()(given))


@cache
def _pinyin() -> Callable[[str], list[str]]:
    try:
        library: Any = import_module("pypinyin")  # an extra, and only for Chinese names
    except ImportError:
        raise MissingExtra(say("reading a Chinese name"), "pypinyin", "chinese") from None
    read: Callable[[str], list[str]] = library.lazy_pinyin
    return read

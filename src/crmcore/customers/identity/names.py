"""Names of people: which part is the family's, what is only a form of address, and a key to compare them by."""

import re
import unicodedata
from typing import Final

from attrs import field, frozen

from crmcore.customers.identity.surnames import COMPOUND_SURNAMES, SURNAMES
from crmcore.customers.identity.titles import is_suffix, without_chinese_title, without_western_titles
from crmcore.language import Language

__all__ = ["HAN", "PersonName", "person_key", "split_name", "without_accents"]

HAN: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f〇々]")
"""A Chinese character."""

_IN_HAN: Final = re.compile(rf"(?:{HAN.pattern}|·)*")
"""A text of Chinese characters, with or without middle dots."""

_MIDDLE_DOT: Final = re.compile(r"\s*[·•‧∙・･．]\s*")
_FURTHER: Final = re.compile(r"[(\[【{][^()\[\]【】{}]*[)\]】}]|(?<=\S)\s*[/|].*$")
_SPACE: Final = re.compile(r"\s+")
_PARTICLE_WORDS: Final = (
    "van von der den de del della di da das dos du la le los al el bin ibn ben ter ten zu zur af av y e st"
)
_PARTICLES: Final = frozenset(_PARTICLE_WORDS.split())
_SINGLE: Final = 4  # characters of the longest name whose first one is taken for a surname


@frozen
class PersonName:
    """The name of a person in parts.

    Attributes:
        family: the family name; empty where it cannot be told, or where there is none.
        given: the given names; empty where only the family name is known, as of 王总.
        title: the form of address that was taken off: `总`, `Dr.`.
        suffix: what stands behind a Western name: `Jr.`, `PhD`.
        family_first: whether the family name was written first.
    """

    family: str
    given: str
    title: str = field(default="", kw_only=True)
    suffix: str = field(default="", kw_only=True)
    family_first: bool = field(default=False, kw_only=True)

    @property
    def chinese(self) -> bool:
        """Whether it is written in Chinese characters alone, with or without a middle dot."""
        return _IN_HAN.fullmatch(self.family + self.given) is not None

    @property
    def full(self) -> str:
        """The name as its bearer writes it, without title."""
        return self.displayed("en")

    def displayed(self, language: Language) -> str:
        """Return the name in the order of a language, without title.

        Args:
            language: `zh` puts the family name first, `en` the given name. A Chinese name in characters, and one
                transcribed with a middle dot, keep their order in every language.
        """
        if self.chinese:
            between = "·" if not self.family_first and self.family and self.given else ""
            first, last = (self.family, self.given) if self.family_first else (self.given, self.family)
            return f"{first}{between}{last}"
        first, last = (self.family, self.given) if language == "zh" else (self.given, self.family)
        return " ".join(filter(None, (first, last, self.suffix)))


def split_name(name: str) -> PersonName:
    """Take a name apart.

    Chinese: the family name is the first character, or the first two where they are a compound surname (欧阳修). Names
    of five characters or more, and of four that begin with no known surname, are left whole. Names with a middle
    dot are transcribed ones, whose last part is taken for the family's. Western: `Smith, John`; otherwise the last
    word and the particles before it (`Ludwig van Beethoven`); `Wang Wei` is read in the Western order, since nothing
    tells which is meant.

    Args:
        name: as somebody typed it, with any width of characters and spaces, with or without title. What stands in
            brackets, or behind a stroke (`王伟/Wei Wang`), is left out.
    """
    text = _MIDDLE_DOT.sub("·", _SPACE.sub(" ", unicodedata.normalize("NFKC", name)).strip())
    text = _FURTHER.sub("", text).strip() or text
    squeezed = text.replace(" ", "")
    if squeezed and _IN_HAN.fullmatch(squeezed):
        return _chinese(squeezed.strip("·"))
    return _western(text)


def _chinese(name: str) -> PersonName:
    rest, title = without_chinese_title(name)
    if "·" in rest:
        given, _, family = rest.rpartition("·")
        return PersonName(family, given, title=title)
    length = _of_family(rest)
    return PersonName(rest[:length], rest[length:], title=title, family_first=True)


def _of_family(name: str) -> int:
    """Return how many characters of a Chinese name are the family's."""
    if name[:2] in COMPOUND_SURNAMES:
        return 2
    if len(name) > _SINGLE or (len(name) == _SINGLE and name[0] not in SURNAMES):
        return 0
    return 1


def _western(text: str) -> PersonName:
    family, comma, behind = text.partition(",")
    given = behind.replace(",", " ").split()
    if comma and family.split() and not all(is_suffix(word) for word in given):
        words, titles, suffixes = without_western_titles(given)
        return _named(family.split(), words, titles, suffixes, family_first=True)
    words, titles, suffixes = without_western_titles(text.replace(",", " ").split())
    start = max(len(words) - 1, 0)
    while start > 1 and words[start - 1].casefold() in _PARTICLES:
        start -= 1
    return _named(words[start:], words[:start], titles, suffixes, family_first=False)


def _named(
    family: list[str], given: list[str], titles: list[str], suffixes: list[str], *, family_first: bool
) -> PersonName:
    title, suffix = " ".join(titles), " ".join(suffixes)
    return PersonName(" ".join(family), " ".join(given), title=title, suffix=suffix, family_first=family_first)


def person_key(name: str) -> str:
    """Return what two spellings of one person's name have in common, to compare them by.

    Titles, width, case, accents, spaces and punctuation do not count; nor does the order of Western words, so that
    `Smith, John` is `John Smith`. Characters are kept: 王伟 and Wang Wei have different keys, and the same
    `pinyin_key`. Empty where there is no letter.
    """
    parts = split_name(name)
    if parts.chinese:
        return f"{parts.family}{parts.given}" if parts.family_first else f"{parts.given}{parts.family}"
    words = re.findall(r"[^\W_]+", without_accents(f"{parts.given} {parts.family}").replace("'", "").replace("-", ""))
    return " ".join(sorted(words))


def without_accents(text: str) -> str:
    """Return a text in small letters without marks: `Müller` → `muller`, `Łódź` → `lodz`."""
    folded = text.casefold().translate(_LETTERS)
    if folded.isascii():  # which has no marks
        return folded
    plain = "".join([letter for letter in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(letter)])
    return unicodedata.normalize("NFC", plain)


_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "’": "'"}
)

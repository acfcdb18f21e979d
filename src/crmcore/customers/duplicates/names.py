"""Comparing names: of people part by part in any order, of companies as a whole."""

from collections.abc import Iterator, Sequence
from itertools import repeat

from crmcore.customers.duplicates.agreements import Agreement, Evidence
from crmcore.customers.duplicates.distances import Distances
from crmcore.customers.duplicates.numbering import numbers_differ
from crmcore.customers.duplicates.preparing import Company, Person

__all__ = ["companies", "people"]

_CLOSE, _ALIKE = 0.92, 0.75
_COMPANY_CLOSE, _COMPANY_ALIKE = 0.9, 0.7
_SHORTEST_CLOSE = 3  # letters of a word of which a slip of the pen leaves something


def people(one: Person, other: Person, measure: Distances) -> Iterator[Evidence]:
    """Yield what two names of people say, a piece of evidence for each part that both have.

    Parts are paired so that the most alike come together: the order does not count, and a part that only one of them
    has says nothing. A name in Chinese characters and one in Latin letters are compared by their pinyin; where nothing
    can read the characters they say nothing.
    """
    if one.han != other.han:
        yield from _transcribed(one, other, measure)
    elif one.han:
        yield from _chinese(one, other)
    else:
        for part, another, likeness in _paired(one.parts, other.parts, measure):
            yield Evidence("name", _of_parts(part, another, likeness), part, another, likeness)


def _transcribed(one: Person, other: Person, measure: Distances) -> Iterator[Evidence]:
    """Yield what a name in Chinese characters and one in Latin letters say."""
    chinese, latin = (one, other) if one.han else (other, one)
    characters = dict(zip(chinese.sounds, chinese.parts, strict=False))
    letters = _divided(latin.sounds, chinese.sounds) if chinese.sounds else ()
    for sound, word, likeness in _paired(chinese.sounds, letters, measure):
        agreement = Agreement.PINYIN if sound == word else _of_parts(sound, word, likeness)
        yield Evidence("name.pinyin", agreement, characters.get(sound, sound), word, likeness)


def _divided(parts: Sequence[str], like: Sequence[str]) -> Sequence[str]:
    """Return the parts of a name put together as those of another with fewer, where that is possible."""
    if len(parts) <= len(like):
        return parts
    for cut in range(1, len(parts)):
        for divided in ([parts[0], "".join(parts[1:])], ["".join(parts[:cut]), "".join(parts[cut:])]):
            if sorted(divided) == sorted(like):
                return divided
    return parts


def _chinese(one: Person, other: Person) -> Iterator[Evidence]:
    """Yield what two names in Chinese characters say: the family name, then the given name."""
    sounds = zip(one.sounds, other.sounds, strict=False) if one.sounds and other.sounds else repeat(("", "-"))
    for part, another, (sound, heard) in zip(one.parts, other.parts, sounds, strict=False):
        if part == another:
            yield Evidence("name", Agreement.EXACT, part, another)
        else:
            agreement = Agreement.PINYIN if sound == heard else Agreement.DIFFERENT
            yield Evidence("name", agreement, part, another)


def _paired(parts: Sequence[str], others: Sequence[str], measure: Distances) -> Iterator[tuple[str, str, float]]:
    """Yield pairs of parts with how alike they are, the most alike first, each part once."""
    likeness = {
        (row, column): _likeness(part, another, measure)
        for row, part in enumerate(parts)
        for column, another in enumerate(others)
    }
    rows: set[int] = set()
    columns: set[int] = set()
    for row, column in sorted(likeness, key=lambda at: (-likeness[at], *sorted((parts[at[0]], others[at[1]])))):
        if row not in rows and column not in columns:
            rows.add(row)
            columns.add(column)
            yield parts[row], others[column], likeness[row, column]


def _likeness(part: str, another: str, measure: Distances) -> float:
    if part == another:
        return 1.0
    return min(measure.words(part, another), 0.999)


def _of_parts(part: str, another: str, likeness: float) -> Agreement:
    if part == another:
        return Agreement.EXACT
    shorter, longer = sorted((part, another), key=len)
    if len(shorter) == 1:
        return Agreement.INITIAL if longer.startswith(shorter) else Agreement.DIFFERENT
    if likeness >= _CLOSE and len(shorter) >= _SHORTEST_CLOSE:
        return Agreement.CLOSE
    return Agreement.ALIKE if likeness >= _ALIKE else Agreement.DIFFERENT


def companies(one: Company, other: Company, measure: Distances) -> Evidence | None:
    """Return what two names of companies say; None where one is Chinese and the other is no transcription of it."""
    if one.text == other.text:
        return Evidence("company", Agreement.EXACT, one.text, other.text)
    if one.key and one.key == other.key:
        return Evidence("company", Agreement.FORM, one.text, other.text)
    if one.han != other.han:
        same = bool(one.sound) and one.sound == other.sound
        return Evidence("company", Agreement.PINYIN, one.text, other.text) if same else None
    likeness = (measure.letters if one.han else measure.texts)(one.key, other.key)
    if one.bare == other.bare:
        likeness = max(likeness, _COMPANY_ALIKE)  # the same but for the place
    if numbers_differ(one.key, other.key, measure):
        likeness = 0.0  # another branch, floor or shop
    for agreement, least in ((Agreement.CLOSE, _COMPANY_CLOSE), (Agreement.ALIKE, _COMPANY_ALIKE)):
        if likeness >= least:
            return Evidence("company", agreement, one.text, other.text, likeness)
    return Evidence("company", Agreement.DIFFERENT, one.text, other.text, likeness)

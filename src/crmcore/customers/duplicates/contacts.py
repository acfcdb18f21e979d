"""Comparing ways to reach somebody, identifiers, dates of birth and other texts."""

from datetime import date

from crmcore.customers.duplicates.agreements import Agreement, Evidence
from crmcore.customers.duplicates.distances import Distances
from crmcore.customers.duplicates.numbering import numbers_differ
from crmcore.customers.duplicates.preparing import TAIL, sound
from crmcore.customers.duplicates.texts import digits, has_han

__all__ = ["births", "emails", "identifiers", "phones", "texts"]

_CLOSE_EMAIL, _CLOSE, _ALIKE = 0.92, 0.9, 0.75
_SHORTEST_LOCAL = 5  # characters before the @ that several people hardly have by chance
_SHORTEST_IDENTIFIER = 6
_NATIONAL = 10  # digits of a whole number, to which only the code of the country may be added


def phones(one: str, other: str, measure: Distances) -> Evidence:
    """Return what two phone numbers say.

    Args:
        one: digits alone.
        other: digits alone.
        measure: how slips are counted.
    """
    shorter, longer = sorted((one, other), key=len)
    if one == other or (len(shorter) >= _NATIONAL and longer.endswith(shorter)):
        return Evidence("phone", Agreement.EXACT, shorter, shorter)
    if min(len(one), len(other)) >= TAIL and one[-TAIL:] == other[-TAIL:]:
        agreement = Agreement.TAIL
    elif min(len(one), len(other)) >= TAIL and measure.edits(one, other, 1) <= 1:
        agreement = Agreement.CLOSE
    else:
        agreement = Agreement.DIFFERENT
    return Evidence("phone", agreement, one, other)


def emails(one: str, other: str, measure: Distances) -> Evidence:
    """Return what two e-mail addresses say.

    Args:
        one: in small letters.
        other: in small letters.
        measure: how likeness is measured.
    """
    if one == other:
        return Evidence("email", Agreement.EXACT, one, other)
    (local, _, domain), (other_local, _, other_domain) = one.rpartition("@"), other.rpartition("@")
    if domain == other_domain:  # colleagues: what stands before the @ decides
        slip = (
            min(len(local), len(other_local)) >= _SHORTEST_LOCAL
            and digits(local) == digits(other_local)  # sales1@ and sales2@ are two
            and measure.edits(local, other_local, 1) <= 1
        )
        return Evidence("email", Agreement.CLOSE if slip else Agreement.DIFFERENT, one, other)
    same = local == other_local
    likeness = measure.words(domain, other_domain) if same else measure.words(one, other)
    if likeness >= _CLOSE_EMAIL:
        return Evidence("email", Agreement.CLOSE, one, other, likeness)
    if same and len(local) >= _SHORTEST_LOCAL:
        return Evidence("email", Agreement.LOCAL, one, other)
    return Evidence("email", Agreement.DIFFERENT, one, other)


def identifiers(scheme: str, one: str, other: str, measure: Distances) -> Evidence:
    """Return what two identifiers of one scheme say; one slip of the pen in a long one is close."""
    if one == other:
        agreement = Agreement.EXACT
    elif min(len(one), len(other)) >= _SHORTEST_IDENTIFIER and measure.edits(one, other, 1) <= 1:
        agreement = Agreement.CLOSE
    else:
        agreement = Agreement.DIFFERENT
    return Evidence(f"identifier.{scheme}", agreement, one, other)


def births(one: date, other: date, measure: Distances) -> Evidence:
    """Return what two dates of birth say: the same, two of year, month and day the same, a slip, the same year."""
    text, another = one.isoformat(), other.isoformat()
    same = sum((one.year == other.year, one.month == other.month, one.day == other.day))
    swapped = (one.year, one.month, one.day) == (other.year, other.day, other.month)
    if one == other:
        agreement = Agreement.EXACT
    elif swapped or same == 2 or measure.edits(text, another, 1) <= 1:
        agreement = Agreement.PARTS
    else:
        agreement = Agreement.YEAR if one.year == other.year else Agreement.DIFFERENT
    return Evidence("born", agreement, text, another)


def texts(field: str, one: str, other: str, measure: Distances) -> Evidence | None:
    """Return what two texts say, such as streets or cities; two with different numbers are different.

    One in Chinese characters and one without say something only where they are the same pinyin.

    Args:
        field: of which.
        one: folded.
        other: folded.
        measure: how likeness is measured.
    """
    if one == other:
        return Evidence(field, Agreement.EXACT, one, other)
    if has_han(one) != has_han(other):
        same = bool(sound(one)) and sound(one) == sound(other)
        return Evidence(field, Agreement.PINYIN, one, other) if same else None
    likeness = measure.texts(one, other)
    if likeness < _ALIKE or numbers_differ(one, other, measure):
        return Evidence(field, Agreement.DIFFERENT, one, other, likeness)
    return Evidence(field, Agreement.CLOSE if likeness >= _CLOSE else Agreement.ALIKE, one, other, likeness)

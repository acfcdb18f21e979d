"""The unified social credit code of China (统一社会信用代码, GB 32100-2015), which every organization there has.

Eighteen characters: who registered it (1), what it is (1), where (6, GB/T 2260), its organization code (9, GB 11714),
and a check character. The letters I, O, S, V and Z are not used.
"""

import re
from collections.abc import Iterator
from typing import Final

from attrs import frozen

from crmcore.customers.identity.failures import InvalidIdentifier
from crmcore.customers.identity.identifiers import Identifier, IdentifierKind, compact
from crmcore.customers.identity.regions import region
from crmcore.errors import UnknownName
from crmcore.language import Phrase, say

__all__ = ["Uscc", "uscc"]

_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES: Final = {letter: value for value, letter in enumerate(_ALPHABET)}
_POWERS: Final = tuple(pow(3, place, 31) for place in range(17))
_LENGTH: Final = 18
_REGION: Final = slice(2, 8)
_ORGANIZATION: Final = slice(8, 17)
_REGISTRATION_NUMBER: Final = 15
_ORGANIZATION_CODE: Final = 9
_REGISTERED_BY: Final = frozenset("123456789ANY")
_MISREAD: Final = str.maketrans({"O": "0", "I": "1", "Z": "2", "S": "5", "V": "U"})
_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714-1997, of the organization code


@frozen
class Uscc(Identifier):
    """A unified social credit code."""

    @property
    def region_code(self) -> str:
        """The code of the division where the organization was registered first; it may be no more."""
        return self.value[_REGION]

    @property
    def organization_code(self) -> str:
        """The organization code (组织机构代码), which was a number of its own before."""
        return self.value[_ORGANIZATION]


def uscc(text: str) -> Uscc:
    """Return a unified social credit code in its normal form.

    Args:
        text: as somebody typed it, in any width, with spaces or hyphens.

    Raises:
        InvalidIdentifier: it cannot be one; the error says which character is wrong, where that can be told, and
            what an older number is good for.
    """
    number = compact(text)
    problem, suggestion = _problem(number)
    if problem is not None:
        raise InvalidIdentifier(IdentifierKind.USCC, text, problem, suggestion)
    return Uscc(IdentifierKind.USCC, number)


def _problem(number: str) -> tuple[Phrase | None, str]:
    """Return what is wrong with a code, and what may be meant."""
    if len(number) != _LENGTH:
        return _wrong_length(number), ""
    if strange := next(((place, letter) for place, letter in enumerate(number, 1) if letter not in _ALPHABET), None):
        place, letter = strange
        reason = say("character {place}, {letter!r}, is never used in one", place=place, letter=letter)
        meant = number.translate(_MISREAD)
        return reason, meant if set(meant) <= set(_ALPHABET) and _right(meant) else ""
    if not re.fullmatch("[0-9]{6}", number[_REGION]):
        place = next(place for place, letter in enumerate(number[_REGION], 3) if not letter.isdigit())
        return say("character {place} has to be a digit: 3 to 8 are the code of a region", place=place), ""
    if number[-1] != _check_character(number):
        return _wrong_check(number)
    return None, ""


def _wrong_length(number: str) -> Phrase:
    if len(number) == _REGISTRATION_NUMBER and number.isdigit():
        return say(
            "15 digits are a registration number, as it was used until 2015; the code of 18 characters cannot be "
            "computed from it: it stands on the business licence of today"
        )
    if len(number) == _ORGANIZATION_CODE:
        return say("9 characters are an organization code; it is characters 9 to 17 of the code that is wanted")
    return say("it has {count} characters, not 18", count=len(number))


def _wrong_check(number: str) -> tuple[Phrase, str]:
    meant = list(_one_step_away(number))
    if len(meant) == 1:
        wrong = [place for place, (one, other) in enumerate(zip(number, meant[0], strict=True), 1) if one != other]
        if len(wrong) == 1:
            return say("its characters do not agree; number {place} looks wrong", place=wrong[0]), meant[0]
        return say(
            "its characters do not agree; {first} and {next} look swapped", first=wrong[0], next=wrong[1]
        ), meant[0]
    if _organization_check(number[_ORGANIZATION]) != number[16]:
        return say("its characters do not agree; one of 9 to 17, the organization code, is wrong"), ""
    return say("its characters do not agree; one of 1 to 8, or the last, is wrong"), ""


def _one_step_away(number: str) -> Iterator[str]:
    """Yield the codes that differ in one character or by a swap of two neighbours, and are right in all their parts."""
    for place, letter in enumerate(number):
        for other in _ALPHABET:
            if other != letter and _right(candidate := number[:place] + other + number[place + 1 :]):
                yield candidate
    for place in range(_LENGTH - 1):
        one, other = number[place], number[place + 1]
        if one != other and _right(candidate := number[:place] + other + one + number[place + 2 :]):
            yield candidate


def _right(number: str) -> bool:
    return (
        number[-1] == _check_character(number)
        and number[16] == _organization_check(number[_ORGANIZATION])
        and number[0] in _REGISTERED_BY
        and _is_region(number[_REGION])
    )


def _is_region(code: str) -> bool:
    try:
        region(code)
    except UnknownName:
        return False
    return True


def _check_character(number: str) -> str:
    """Return the last character (GB 32100-2015, appendix A): its weights are the powers of 3, modulo 31."""
    total = sum(_VALUES[letter] * weight for letter, weight in zip(number, _POWERS, strict=False))
    return _ALPHABET[-total % 31]


def _organization_check(code: str) -> str:
    """Return the last character of an organization code (GB 11714-1997): its letters count from A = 10."""
    total = sum(int(letter, 36) * weight for letter, weight in zip(code, _WEIGHTS, strict=False))
    return "0123456789X"[-total % 11]

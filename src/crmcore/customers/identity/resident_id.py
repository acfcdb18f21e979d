"""The number of the resident identity card of China (公民身份号码, GB 11643-1999).

It is personal data, and tells a birthday: it is only checked here, shown masked, and never put whole into a message.
"""

import re
from datetime import date
from typing import Final, Literal

from attrs import field, frozen

from crmcore.customers.identity.failures import InvalidIdentifier
from crmcore.customers.identity.identifiers import Identifier, IdentifierKind, compact
from crmcore.customers.identity.regions import region
from crmcore.errors import UnknownName
from crmcore.language import Phrase, say

__all__ = ["ResidentId", "resident_id"]

_NUMBER: Final = re.compile(r"[0-9]{17}[0-9X]|[0-9]{15}")
_LENGTHS: Final = (18, 15)
_BEGINNING: Final = 3
_END: Final = 4


@frozen
class ResidentId(Identifier):
    """The number of a resident identity card.

    Attributes:
        value: all of its 18 characters; a number of 15 is written as the 18 into which it was renewed.
        shown: masked: the first three and the last four characters.
    """

    value: str = field(repr=False)

    @property
    def born(self) -> date:
        """The day of birth."""
        return date.fromisoformat(self.value[6:14])

    @property
    def sex(self) -> Literal["female", "male"]:
        """The sex, as the last digit before the check character tells it."""
        return "male" if int(self.value[16]) % 2 else "female"

    @property
    def region_code(self) -> str:
        """The code of the division where the number was given out; it may be no more, and in no list."""
        return self.value[:6]


def resident_id(text: str, *, today: date | None = None) -> ResidentId:
    """Return the number of a resident identity card in its normal form.

    Args:
        text: as somebody typed it: 18 characters, or the 15 of a card from before October 1999.
        today: a day after which nobody can be born; None does not ask.

    Raises:
        InvalidIdentifier: it cannot be one; the number in it is masked.
    """
    number = compact(text)
    if (problem := _problem(number, today)) is not None:
        raise InvalidIdentifier(IdentifierKind.RESIDENT_ID, _masked(number), problem)
    whole = _renewed(number)
    return ResidentId(IdentifierKind.RESIDENT_ID, whole, shown=_masked(whole))


def _problem(number: str, today: date | None) -> Phrase | None:
    if not _NUMBER.fullmatch(number):
        if len(number) not in _LENGTHS:
            return say("it has {count} characters, not 18", count=len(number))
        return say("it has something else than digits, or than an X at its end")
    whole = _renewed(number)
    try:
        region(whole[:2])
    except UnknownName:
        return say("there is no province {code}", code=whole[:2])
    try:
        born = date.fromisoformat(whole[6:14])
    except ValueError:
        return say("characters 7 to 14 are no day")
    if today is not None and born > today:
        return say("nobody is born in the future")
    if whole[-1] != _check_character(whole):
        return say("its characters do not agree: one of them is wrong")
    return None


def _renewed(number: str) -> str:
    if len(number) == _LENGTHS[0]:
        return number
    whole = f"{number[:6]}19{number[6:]}"
    return whole + _check_character(whole)


def _check_character(number: str) -> str:
    """Return the last character (ISO 7064, MOD 11-2): the weights are the powers of 2 modulo 11."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(number[:17]))
    return "10X98765432"[total % 11]


def _masked(number: str) -> str:
    """Return a number of which the beginning and the end can be read, if they are not most of it."""
    if len(number) < min(_LENGTHS):
        return "*" * len(number)
    return number[:_BEGINNING] + "*" * (len(number) - _BEGINNING - _END) + number[-_END:]

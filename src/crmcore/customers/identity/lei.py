"""The legal entity identifier (ISO 17442): twenty characters, by which the financial world knows a company."""

import re
from typing import Final

from crmcore.customers.identity.failures import InvalidIdentifier
from crmcore.customers.identity.identifiers import Identifier, IdentifierKind, compact
from crmcore.language import say

__all__ = ["lei"]

_LENGTH: Final = 20
_FORM: Final = re.compile(r"[0-9A-Z]{18}[0-9]{2}")


def lei(text: str) -> Identifier:
    """Return a legal entity identifier in its normal form.

    Args:
        text: as somebody typed it.

    Raises:
        InvalidIdentifier: it cannot be one.
    """
    number = compact(text)
    if len(number) != _LENGTH:
        reason = say("it has {count} characters, not 20", count=len(number))
    elif not _FORM.fullmatch(number):
        reason = say("it has 18 letters and digits, and two digits behind them")
    elif int("".join(str(int(letter, 36)) for letter in number)) % 97 != 1:  # ISO 7064, MOD 97-10
        reason = say("its characters do not agree: one of them is wrong")
    else:
        return Identifier(IdentifierKind.LEI, number)
    raise InvalidIdentifier(IdentifierKind.LEI, text, reason)

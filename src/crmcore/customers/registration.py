"""The number of a customer in a public register: one that looks like a Chinese one has to be right."""

import re
from typing import Final

from crmcore.customers.identity import IdentifierKind, identified
from crmcore.customers.identity.identifiers import compact
from crmcore.customers.records import CustomerType

__all__ = ["registration_number"]

_LIKE_USCC: Final = re.compile("[0-9A-Z]{18}")
_LIKE_RESIDENT_ID: Final = re.compile("[0-9]{17}[0-9X]")


def registration_number(text: str | None, customer_type: CustomerType) -> str | None:
    """Return a number as it is stored: a USCC (统一社会信用代码) or resident identity number in its normal form.

    Args:
        text: as somebody typed it; None for none. Numbers of other registers stay as they are.
        customer_type: 18 letters and digits are the USCC of an organization, or the identity number of a person.

    Raises:
        InvalidIdentifier: it looks like one of the two and cannot be one.
    """
    if text is None or not text.strip():
        return None
    number = compact(text)
    if customer_type is CustomerType.ORGANIZATION and _LIKE_USCC.fullmatch(number):
        return identified(IdentifierKind.USCC, text).value
    if customer_type is CustomerType.PERSON and _LIKE_RESIDENT_ID.fullmatch(number):
        return identified(IdentifierKind.RESIDENT_ID, text).value
    return text.strip()

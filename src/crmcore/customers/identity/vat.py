"""VAT numbers, as tax offices of many countries give them out; their rules are known to python-stdnum."""

import re
from importlib import import_module
from typing import Any, Final

from crmcore.customers.identity.failures import InvalidIdentifier
from crmcore.customers.identity.identifiers import Identifier, IdentifierKind, compact
from crmcore.errors import MissingExtra
from crmcore.language import say

__all__ = ["vat_number"]

_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_SAME: Final = {"EL": "GR", "XI": "GB"}  # Greece writes EL, Northern Ireland XI


def vat_number(text: str, *, country: str = "") -> Identifier:
    """Return a VAT number in its normal form, the country in front.

    Args:
        text: as somebody typed it.
        country: its country (ISO 3166, two letters), where the number does not begin with it.

    Raises:
        InvalidIdentifier: it cannot be one, or its country is not told, or has no number of which rules are known.
        MissingExtra: python-stdnum, of the extra `identifiers`, is not installed.
    """
    number = compact(text)
    prefix = country.upper() if country and not number.startswith(country.upper()) else number[:2]
    if not _COUNTRY.fullmatch(prefix):
        reason = say("it does not begin with the two letters of a country, such as DE")
        raise InvalidIdentifier(IdentifierKind.VAT, text, reason)
    try:
        stdnum: Any = import_module("stdnum")  # an extra
    except ImportError:
        raise MissingExtra(say("checking a VAT number"), "python-stdnum", "identifiers") from None
    rules: Any = stdnum.get_cc_module(_SAME.get(prefix, prefix).lower(), "vat")
    if rules is None:
        raise InvalidIdentifier(IdentifierKind.VAT, text, say("no rules are known for the country {code}", code=prefix))
    found = next((one for one in (number.removeprefix(prefix), number) if rules.is_valid(one)), None)  # CHE is Swiss
    if found is None:
        raise InvalidIdentifier(IdentifierKind.VAT, text, say("it breaks the rules of {code}", code=prefix))
    return Identifier(IdentifierKind.VAT, prefix + str(rules.compact(found)).removeprefix(prefix))

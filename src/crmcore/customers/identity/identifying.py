"""One door for all kinds of identifiers: the kind is data, as in a column of a file that is imported."""

from collections.abc import Callable, Mapping
from typing import Final

from crmcore.customers.identity.identifiers import Identifier, IdentifierKind
from crmcore.customers.identity.lei import lei
from crmcore.customers.identity.resident_id import resident_id
from crmcore.customers.identity.uscc import uscc
from crmcore.customers.identity.vat import vat_number
from crmcore.errors import UnknownName, nearest

__all__ = ["identified"]

_READERS: Final[Mapping[str, Callable[[str], Identifier]]] = {
    IdentifierKind.USCC: uscc,
    IdentifierKind.RESIDENT_ID: resident_id,
    IdentifierKind.LEI: lei,
    IdentifierKind.VAT: vat_number,
}


def identified(kind: IdentifierKind | str, text: str) -> Identifier:
    """Return an identifier in its normal form.

    Args:
        kind: what it should be.
        text: as somebody typed it.

    Raises:
        InvalidIdentifier: it cannot be one.
        UnknownName: there is no such kind.
        MissingExtra: a library that knows its rules is not installed.
    """
    if kind not in _READERS:
        raise UnknownName("kind of identifier", kind, nearest(kind, [str(known) for known in IdentifierKind]))
    return _READERS[kind](text)

"""Identifiers of companies and people, each checked by the rules of whoever gives it out."""

import unicodedata
from enum import StrEnum

from attrs import field, frozen

__all__ = ["Identifier", "IdentifierKind", "compact"]


class IdentifierKind(StrEnum):
    """What gives out an identifier, and to whom."""

    USCC = "uscc"
    RESIDENT_ID = "resident-id"
    LEI = "lei"
    VAT = "vat"


@frozen
class Identifier:
    """An identifier that can be right: its characters agree with each other. Whether it was given out, nobody asked.

    Attributes:
        kind: what gives it out.
        value: as it is stored and compared: capital letters and digits.
        shown: as it is shown to people: masked where it is personal.
    """

    kind: IdentifierKind
    value: str
    shown: str = field(kw_only=True)

    @shown.default
    def _as_it_is(self) -> str:
        return self.value


def compact(text: str) -> str:
    """Return an identifier in capital letters of one width, without the spaces, hyphens and dots that people type."""
    letters = unicodedata.normalize("NFKC", text).upper()
    return "".join(letter for letter in letters if not letter.isspace() and letter not in "-–—.·")

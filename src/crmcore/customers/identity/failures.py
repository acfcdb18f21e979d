"""What can be wrong with an identifier."""

from typing import ClassVar

from crmcore.errors import InvalidText
from crmcore.language import say

__all__ = ["InvalidIdentifier"]


class InvalidIdentifier(InvalidText):
    """An identifier cannot be right. Ask for it again, or take the suggestion.

    Its `kind` is `country`, `uscc`, `resident-id`, `lei` or `vat`.
    """

    code: ClassVar[str] = "invalid-identifier"

    def _named(self) -> str:
        names = {
            "country": say("country"),
            "uscc": say("unified social credit code"),
            "resident-id": say("resident identity number"),
            "lei": say("legal entity identifier"),
            "vat": say("VAT number"),
        }
        return names.get(self.kind, self.kind)

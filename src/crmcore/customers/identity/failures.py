"""What can be wrong with an identifier."""

from typing import ClassVar

from crmcore.errors import CrmError
from crmcore.language import say, told

__all__ = ["InvalidIdentifier"]


class InvalidIdentifier(CrmError):
    """An identifier cannot be right. Ask for it again, or take the suggestion.

    Attributes:
        kind: what it should be: `uscc`, `resident-id`, `lei`, `vat`.
        text: what was given; masked where it is personal.
        reason: what is wrong with it: a phrase, which reads as English.
        suggestion: what may be meant; empty where nobody can tell.
    """

    code: ClassVar[str] = "invalid-identifier"

    def __init__(self, kind: str, text: str, reason: str, suggestion: str = "") -> None:
        self.kind = kind
        self.text = text
        self.reason = reason
        self.suggestion = suggestion
        super().__init__(kind, text, reason, suggestion)

    def __str__(self) -> str:
        problem = say("{text!r} is no {kind}: {reason}", text=self.text, kind=_name(self.kind), reason=self.reason)
        if not self.suggestion:
            return told(problem)
        return told(say("{text}; did you mean {suggestion!r}?", text=problem, suggestion=self.suggestion))


def _name(kind: str) -> str:
    names = {
        "uscc": say("unified social credit code"),
        "resident-id": say("resident identity number"),
        "lei": say("legal entity identifier"),
        "vat": say("VAT number"),
    }
    return names.get(kind, kind)

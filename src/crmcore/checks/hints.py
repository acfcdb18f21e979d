"""The question at the end of a message about a name that does not exist."""

from crmcore.language import say

__all__ = ["hint"]


def hint(suggestion: str | None) -> str:
    """Return the question whether the nearest name was meant; nothing where none is near."""
    return say('; did you mean "{suggestion}"?', suggestion=suggestion) if suggestion is not None else ""

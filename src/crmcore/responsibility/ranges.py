"""A range of numbers in words."""

from typing import Any

from crmcore.language import Phrase, say

__all__ = ["range_in_words"]


def range_in_words(start: Any, stop: Any) -> Phrase:
    """Return a range such as `from 1 to below 500`.

    Args:
        start: the first number that belongs to it; None when it has no beginning.
        stop: the first number above that no longer does; None when it has no end.
    """
    if stop is None:
        return say("any") if start is None else say("from {start}", start=start)
    if start is None:
        return say("below {stop}", stop=stop)
    return say("from {start} to below {stop}", start=start, stop=stop)

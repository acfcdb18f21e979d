"""Numbers inside texts: houses of one street, shops of one chain."""

import re
from typing import Final

from crmcore.customers.duplicates.distances import Distances

__all__ = ["numbers_differ"]

_NUMBER: Final = re.compile(r"\d+")


def numbers_differ(one: str, other: str, measure: Distances) -> bool:
    """Tell whether two texts have numbers, and none in common nor one that is a slip of the pen away from another.

    Args:
        one: a text, folded.
        other: another.
        measure: how slips are counted.
    """
    numbers, others = set(_NUMBER.findall(one)), set(_NUMBER.findall(other))
    if not numbers or not others or numbers & others:
        return False
    return not any(
        min(len(number), len(another)) > 2 and measure.edits(number, another, 1) <= 1
        for number in numbers
        for another in others
    )

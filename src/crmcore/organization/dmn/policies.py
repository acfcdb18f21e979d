"""Hit policies: which of the rules that match gives the answer of a decision table."""

from enum import StrEnum
from typing import Final

__all__ = ["AGGREGATIONS", "HitPolicy"]


class HitPolicy(StrEnum):
    """What happens where several rules match, as a DMN file names it."""

    UNIQUE = "UNIQUE"
    ANY = "ANY"
    PRIORITY = "PRIORITY"
    FIRST = "FIRST"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"
    COLLECT = "COLLECT"

    @property
    def lists(self) -> bool:
        """Whether every rule that matches has a part in the answer."""
        return self in (HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER, HitPolicy.COLLECT)

    @property
    def by_output(self) -> bool:
        """Whether it makes a difference which outputs two rules have."""
        return self in (HitPolicy.ANY, HitPolicy.PRIORITY)

    @property
    def ordered(self) -> bool:
        """Whether the order of the output values decides."""
        return self in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER)


AGGREGATIONS: Final = ("SUM", "COUNT", "MIN", "MAX")
"""What COLLECT can make of the outputs of the rules that match."""

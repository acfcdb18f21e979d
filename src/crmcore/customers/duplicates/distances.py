"""How alike two texts are, measured by rapidfuzz, which the extra `duplicates` installs."""

from contextlib import suppress
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from crmcore.errors import MissingExtra
from crmcore.language import say

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Distances", "can_compare", "distances"]

_LONGEST: Final = 200  # characters of a text that are looked at


class Distances:
    """The measures, looked up once."""

    def __init__(self, distance: Any, fuzz: Any) -> None:
        """Take the modules of rapidfuzz; `distances` does."""
        self._jaro_winkler: Callable[..., float] = distance.JaroWinkler.normalized_similarity
        self._osa: Callable[..., int] = distance.OSA.distance
        self._sorted_ratio: Callable[..., float] = fuzz.token_sort_ratio
        self._ratio: Callable[..., float] = fuzz.ratio

    def words(self, one: str, other: str) -> float:
        """Return how alike two words are: the similarity of Jaro and Winkler, from 0 to 1, the same either way."""
        if one > other:  # the measure is not quite symmetric
            one, other = other, one
        return self._jaro_winkler(one[:_LONGEST], other[:_LONGEST])

    def texts(self, one: str, other: str) -> float:
        """Return how alike two texts are, from 0 to 1: as they stand, or with their words in order."""
        if one > other:
            one, other = other, one
        one, other = one[:_LONGEST], other[:_LONGEST]
        return max(self._jaro_winkler(one, other), self._sorted_ratio(one, other) / 100)

    def letters(self, one: str, other: str) -> float:
        """Return how large a share of the characters two texts have in common, from 0 to 1, in whatever order."""
        return self._ratio("".join(sorted(one[:_LONGEST])), "".join(sorted(other[:_LONGEST]))) / 100

    def edits(self, one: str, other: str, most: int) -> int:
        """Return how many characters to add, drop, replace or swap with their neighbour; beyond `most`, `most` + 1."""
        return self._osa(one[:_LONGEST], other[:_LONGEST], score_cutoff=most)


@cache
def distances() -> Distances:
    """Return the measures.

    Raises:
        MissingExtra: rapidfuzz, of the extra `duplicates`, is not installed.
    """
    try:
        distance: Any = import_module("rapidfuzz.distance")
        fuzz: Any = import_module("rapidfuzz.fuzz")
    except ImportError:
        raise MissingExtra(say("finding duplicates"), "rapidfuzz", "duplicates") from None
    return Distances(distance, fuzz)


def can_compare() -> bool:
    """Tell whether rapidfuzz is installed, without which nothing can be compared."""
    with suppress(MissingExtra):
        return bool(distances())
    return False

"""Who was entered more than once: customers of the same name, whatever else is known of them."""

from collections.abc import Iterable
from itertools import combinations

from crmcore.customers.duplicates import Duplicates, Pair, Profile, compare

__all__ = ["same_name"]


def same_name(profiles: Iterable[Profile]) -> Duplicates:
    """Find the customers that have the same first name among their names, to the letter."""
    named: dict[str, list[Profile]] = {}
    for profile in profiles:
        for name in profile.names[:1]:
            named.setdefault(name, []).append(profile)
    clusters = [some for some in named.values() if len(some) > 1]
    pairs = [Pair(one.id, other.id, compare(one, other)) for some in clusters for one, other in combinations(some, 2)]
    return Duplicates(tuple(tuple(one.id for one in some) for some in clusters), tuple(pairs))

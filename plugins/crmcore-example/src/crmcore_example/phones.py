"""A scorer for those who know their customers by their phones: who has one in common with another is the same."""

from collections import defaultdict
from collections.abc import Iterable

from crmcore.customers.duplicates import Duplicates, Profile, prepared

__all__ = ["same_phone"]


def same_phone(profiles: Iterable[Profile]) -> Duplicates:
    """Put the customers together that have the same first phone."""
    by_phone: defaultdict[str, list[str]] = defaultdict(list)
    for profile in map(prepared, profiles):
        if profile.tails:
            by_phone[profile.tails[0]].append(profile.id)
    return Duplicates(clusters=tuple(tuple(ids) for ids in by_phone.values() if len(ids) > 1), pairs=())

"""Blocking: which pairs of many profiles are worth comparing, so that not each is compared with each."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

from crmcore.customers.duplicates.keys import keys_of
from crmcore.customers.duplicates.preparing import Prepared
from crmcore.customers.duplicates.texts import soundex

__all__ = ["pairs"]

_DECISIVE: Final = ("i", "e", "p")  # identifiers, e-mail addresses and phones: no pair that shares one is ever left out
_MOST: Final = 50  # profiles that share a key
_MOST_OF_TWO: Final = 12  # profiles that share two traits


def pairs(profiles: Sequence[Prepared]) -> set[tuple[int, int]]:
    """Return the pairs of profiles that share a key, or two traits, by their places, the smaller first.

    Keys that many share are no reason to compare, but for identifiers, e-mail addresses and phones, of which every
    pair that shares one is returned.

    Args:
        profiles: prepared.
    """
    found: set[tuple[int, int]] = set()
    blocks: defaultdict[str, list[int]] = defaultdict(list)
    for place, ready in enumerate(profiles):
        for key in keys_of(ready):
            blocks[key].append(place)
    for key, members in blocks.items():
        if len(members) <= _MOST or key[1] in _DECISIVE:
            found.update(combinations(members, 2))
    couples: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for place, ready in enumerate(profiles):
        for couple in combinations(sorted(set(_traits(ready))), 2):
            couples[couple].append(place)
    for members in couples.values():
        if len(members) <= _MOST_OF_TWO:
            found.update(combinations(members, 2))
    return found


def _traits(ready: Prepared) -> Iterator[str]:
    """Yield what a profile has in common with some others."""
    kind = ready.profile.kind[0]
    yield from (f"{kind}name {soundex(part)}" for person in ready.people for part in person.sounds or person.parts)
    yield from (f"{kind}name {soundex(word)}" for company in ready.companies for word in company.key.split())
    yield from (f"{kind}local {email.rpartition('@')[0]}" for email in ready.emails)
    yield from (f"{kind}domain {domain}" for domain in ready.domains)
    yield from (f"{kind}{scheme} {value}" for scheme, value in ready.identifiers.items())
    yield from (f"{kind}{part} {text}" for part, text in ready.address.items())
    yield from (f"{kind}{name} {text}" for name, text in ready.more.items())
    if ready.born:
        yield f"{kind}born {ready.born}"
        yield f"{kind}year {ready.born.year}"
        yield f"{kind}day {ready.born.month} {ready.born.day}"

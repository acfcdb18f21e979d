"""Recognising a customer while it is entered: ask an index for those that share a key, and compare only these."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from attrs import frozen

from crmcore.customers.duplicates.comparing import Match, evidence, matched, weighed
from crmcore.customers.duplicates.keys import keys, keys_of
from crmcore.customers.duplicates.preparing import Prepared, prepared
from crmcore.customers.duplicates.profiles import Profile
from crmcore.customers.duplicates.settings import Settings

__all__ = ["Candidates", "Fetch", "Lookup", "Recognized", "alike", "candidates", "recognize", "shared"]

Lookup = Callable[[Sequence[str], int], Mapping[str, Sequence[str]]]
"""What an index answers: `lookup(keys, limit)` gives for each key ids of customers that have it, at most `limit`."""

Fetch = Callable[[Sequence[str]], Iterable[Profile]]
"""What reads the profiles of customers by their ids."""

_MOST: Final = 50


@frozen
class Candidates:
    """Customers that are worth comparing with one that is entered.

    Attributes:
        ids: of them, those that share the most and the rarest keys first.
        common: keys that too many share to tell customers apart; to give more, such as a phone, makes up for them.
    """

    ids: tuple[str, ...]
    common: tuple[str, ...] = ()


@frozen
class Recognized:
    """A customer that is probably the one that is entered.

    Attributes:
        id: of it.
        match: how likely, and why.
    """

    id: str
    match: Match


def candidates(profile: Profile, lookup: Lookup, *, most: int = _MOST) -> Candidates:
    """Return the customers that share a key with a profile, itself left out.

    A key that more than `most` share is skipped. Where all keys that anybody shares are so common, those that share
    several of them come first, as far as the index told.

    Args:
        profile: of the customer that is entered.
        lookup: the index of keys.
        most: how many customers of a key, and of all keys together, are compared; 1 or more.
    """
    return shared(profile.id, keys(profile), lookup, most=most)


def shared(own: str, asked: Sequence[str], lookup: Lookup, *, most: int = _MOST) -> Candidates:
    """Return the customers that share one of some keys, as `candidates` does, which makes the keys.

    Args:
        own: the id of the customer that is entered, which is left out.
        asked: its keys.
        lookup: the index of keys.
        most: how many customers of a key, and of all keys together, are compared; 1 or more.
    """
    found = lookup(asked, most + 1) if asked else {}
    sharing = {key: [id for id in found.get(key, ()) if id != own] for key in asked}  # noqa: A001 (a customer's)
    common = tuple(key for key, ids in sharing.items() if len(ids) > most)
    telling = {key: ids for key, ids in sharing.items() if ids and key not in common}
    rarity: defaultdict[str, float] = defaultdict(float)
    for ids in sharing.values():
        for each in ids:
            rarity[each] += 1 / len(ids)
    among = {each for ids in (telling or sharing).values() for each in ids}
    return Candidates(tuple(sorted(among, key=lambda each: (-rarity[each], each))[:most]), common)


def recognize(
    profile: Profile, lookup: Lookup, fetch: Fetch, settings: Settings | None = None, *, most: int = _MOST
) -> tuple[Recognized, ...]:
    """Return the customers that a profile probably is, the likeliest first.

    Args:
        profile: of the customer that is entered.
        lookup: the index of keys.
        fetch: what reads profiles by id; those that are gone are left out.
        settings: what each agreement is worth, and the least score; None for the defaults.
        most: how many customers are compared; 1 or more.

    Raises:
        MissingExtra: rapidfuzz, of the extra `duplicates`, is not installed.
    """
    settings = settings or Settings()
    entered = prepared(profile)
    ids = shared(profile.id, keys_of(entered), lookup, most=most).ids
    return alike(entered, map(prepared, fetch(ids) if ids else ()), settings)


def alike(entered: Prepared, others: Iterable[Prepared], settings: Settings) -> tuple[Recognized, ...]:
    """Return which of some customers a profile probably is, the likeliest first.

    Args:
        entered: the profile, prepared.
        others: those of the customers.
        settings: what each agreement is worth, and the least score.

    Raises:
        MissingExtra: rapidfuzz, of the extra `duplicates`, is not installed.
    """
    likely = []
    for other in others:
        found = evidence(entered, other, settings) if other.profile.kind is entered.profile.kind else ()
        if found and weighed(found, settings)[1] >= settings.threshold:
            likely.append(Recognized(other.id, matched(found, settings)))
    return tuple(sorted(likely, key=lambda each: (-each.match.score, -each.match.weight, each.id)))

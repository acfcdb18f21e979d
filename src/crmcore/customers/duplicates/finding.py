"""Finding duplicates among many profiles, in memory: block, compare, learn, cluster."""

from collections.abc import Iterable, Sequence
from itertools import combinations
from random import Random
from typing import Final

from attrs import evolve, frozen

from crmcore.customers.duplicates.agreements import Evidence
from crmcore.customers.duplicates.blocking import pairs
from crmcore.customers.duplicates.clustering import clusters
from crmcore.customers.duplicates.comparing import Match, evidence, matched, weighed
from crmcore.customers.duplicates.failures import RepeatedProfile
from crmcore.customers.duplicates.learning import frequencies, learned
from crmcore.customers.duplicates.preparing import Prepared, prepared
from crmcore.customers.duplicates.profiles import Profile
from crmcore.customers.duplicates.settings import Settings

__all__ = ["Duplicates", "Pair", "find_duplicates"]

_CHANCE: Final = 20_000  # pairs chosen at random

_Compared = dict[tuple[int, int], tuple[Evidence, ...]]  # what pairs say, by the places of the two


@frozen
class Pair:
    """Two customers that are probably one.

    Attributes:
        one: the id of the first, in the order in which the profiles were given.
        other: the id of the other.
        match: how likely, and why.
    """

    one: str
    other: str
    match: Match


@frozen
class Duplicates:
    """The duplicates among many customers.

    Attributes:
        clusters: the ids of customers that are probably one, each cluster and all of them in the order of the profiles.
        pairs: the pairs inside the clusters that were compared and reach the threshold, the likeliest first.
        settings: what each agreement was worth, learned or given, to compare further customers in the same way; None
            from a scorer that keeps that to itself.
    """

    clusters: tuple[tuple[str, ...], ...]
    pairs: tuple[Pair, ...]
    settings: Settings | None = None


def find_duplicates(profiles: Iterable[Profile], settings: Settings | None = None, *, learn: bool = True) -> Duplicates:
    """Find the customers that were entered more than once.

    Args:
        profiles: of all customers, at most some ten thousand; the plugin crmcore-splink finds them among millions.
        settings: what each agreement is worth, or where learning starts; None for the defaults.
        learn: whether to learn from the profiles what each agreement is worth. Nothing needs to be labelled.

    Raises:
        RepeatedProfile: two profiles have one id.
        MissingExtra: rapidfuzz, of the extra `duplicates`, is not installed.
    """
    ready = [prepared(profile) for profile in profiles]
    _refuse_repeated(ready)
    settings = settings or Settings()
    compared = {pair: evidence(ready[pair[0]], ready[pair[1]], settings) for pair in sorted(pairs(ready))}
    if learn and len(ready) > 1:
        settings = _learned(ready, compared, settings)
    return _found(ready, compared, settings)


def _refuse_repeated(ready: Sequence[Prepared]) -> None:
    seen: set[str] = set()
    for each in ready:
        if each.id in seen:
            raise RepeatedProfile(each.id)
        seen.add(each.id)


def _learned(ready: Sequence[Prepared], compared: _Compared, start: Settings) -> Settings:
    """Learn the odds, then how common values are: among customers, so that one entered five times counts once."""
    total = len(ready) * (len(ready) - 1) // 2
    first = learned(compared.values(), _by_chance(ready, total, start), total, start)
    groups = _clustered(ready, compared, first)
    grouped = {member for group in groups for member in group}
    customers = [[ready[member] for member in group] for group in groups]
    customers += [[each] for place, each in enumerate(ready) if place not in grouped]
    return evolve(first, frequencies=frequencies(customers, first))


def _by_chance(ready: Sequence[Prepared], total: int, settings: Settings) -> list[tuple[Evidence, ...]]:
    """Return what pairs chosen at random say, the same ones each time; all pairs where they are few."""
    every, random = range(len(ready)), Random(0)  # noqa: S311 (no secret)
    chosen = combinations(every, 2) if total <= _CHANCE else (random.sample(every, 2) for _ in range(_CHANCE))
    pairs = ((ready[one], ready[other]) for one, other in chosen)
    return [evidence(one, other, settings) for one, other in pairs if one.profile.kind is other.profile.kind]


def _clustered(ready: Sequence[Prepared], compared: _Compared, settings: Settings) -> list[list[int]]:
    weights = {pair: weighed(found, settings) for pair, found in compared.items()}

    def between(one: int, other: int) -> float:
        known = weights.get((one, other))
        return (known or weighed(evidence(ready[one], ready[other], settings), settings))[0]

    likely = ((weight, *pair) for pair, (weight, score) in weights.items() if score >= settings.threshold)
    return clusters(likely, between)


def _found(ready: Sequence[Prepared], compared: _Compared, settings: Settings) -> Duplicates:
    groups = _clustered(ready, compared, settings)
    home = {member: place for place, group in enumerate(groups) for member in group}
    inside = [
        Pair(ready[one].id, ready[other].id, matched(found, settings))
        for (one, other), found in compared.items()
        if one in home and home[one] == home.get(other)
    ]
    likely = (pair for pair in inside if pair.match.score >= settings.threshold)
    return Duplicates(
        clusters=tuple(tuple(ready[member].id for member in group) for group in groups),
        pairs=tuple(sorted(likely, key=lambda pair: -pair.match.score)),
        settings=settings,
    )

"""Finding duplicates: Splink learns from the profiles, compares and puts together; crmcore takes apart what must be."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from crmcore.customers.duplicates import (
    RULED_OUT,
    Agreement,
    Duplicates,
    Evidence,
    Match,
    Pair,
    Prepared,
    Profile,
    ProfileKind,
    Reason,
    RepeatedProfile,
    Settings,
    clusters,
    described,
    prepared,
)
from crmcore_splink.comparing import Compared
from crmcore_splink.linking import linked

__all__ = ["find_duplicates"]


def find_duplicates(profiles: Iterable[Profile], settings: Settings | None = None) -> Duplicates:
    """Find the customers that were entered more than once.

    Splink learns from the profiles what each agreement is worth; nothing needs to be labelled. Of several names of a
    customer the first is compared.

    Args:
        profiles: of all customers.
        settings: of which the threshold and the official identifiers hold; None for the defaults.

    Raises:
        RepeatedProfile: two profiles have one id.
    """
    settings = settings or Settings()
    ready = [prepared(profile) for profile in profiles]
    _refuse_repeated(ready)
    place = {each.id: at for at, each in enumerate(ready)}
    found: list[Pair] = []
    groups: list[tuple[str, ...]] = []
    for kind in ProfileKind:
        some = [each for each in ready if each.profile.kind is kind]
        if len(some) > 1:
            inside, together = _of_one_kind(some, settings)
            found += inside
            groups += together
    return Duplicates(
        clusters=tuple(sorted(groups, key=lambda group: place[group[0]])),
        pairs=tuple(sorted(found, key=lambda pair: -pair.match.score)),
    )


def _refuse_repeated(ready: Sequence[Prepared]) -> None:
    seen: set[str] = set()
    for each in ready:
        if each.id in seen:
            raise RepeatedProfile(each.id)
        seen.add(each.id)


def _of_one_kind(some: Sequence[Prepared], settings: Settings) -> tuple[list[Pair], list[tuple[str, ...]]]:
    """Return the pairs and the clusters of profiles of one kind.

    Splink's clusters are what links connect; each is then looked at on its own, and comes apart where its pairs
    contradict each other.
    """
    matches: dict[tuple[int, int], Match] = {}
    members: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for cluster, one, other, match in _matches(some, settings):
        matches[one, other] = match
        members[cluster].append((one, other))
    groups = []
    for pairs in members.values():
        likely = [(matches[pair].weight, *pair) for pair in pairs if matches[pair].score >= settings.threshold]
        groups += clusters(likely, lambda one, other: _between(some, matches, (one, other), settings))
    home = {member: at for at, group in enumerate(groups) for member in group}
    found = [
        Pair(some[one].id, some[other].id, match)
        for (one, other), match in matches.items()
        if match.score >= settings.threshold and one in home and home[one] == home.get(other)
    ]
    return found, [tuple(some[member].id for member in group) for group in groups]


def _between(
    some: Sequence[Prepared], matches: dict[tuple[int, int], Match], pair: tuple[int, int], settings: Settings
) -> float:
    """Return the weight of a pair; nothing is known of one that was not compared, but whether it is ruled out."""
    if pair in matches:
        return matches[pair].weight
    one, other = (some[place].identifiers for place in pair)
    apart = any(one[scheme] != other[scheme] for scheme in settings.official & one.keys() & other.keys())
    return RULED_OUT if apart else 0.0


def _matches(some: Sequence[Prepared], settings: Settings) -> Iterator[tuple[int, int, int, Match]]:
    """Yield each compared pair inside a cluster of Splink's: the cluster, the two places, and the match."""
    comparisons, rows = linked(some, settings.threshold)
    for row in rows:
        reasons = tuple(sorted(_reasons(comparisons, row, settings), key=lambda reason: -abs(reason.weight)))
        ruled_out = any(reason.weight == RULED_OUT for reason in reasons)
        score, weight = (0.0, RULED_OUT) if ruled_out else (row["match_probability"], row["match_weight"])
        one, other = sorted((row["unique_id_l"], row["unique_id_r"]))
        yield row["cluster_id"], one, other, Match(score, reasons, weight)


def _reasons(comparisons: Iterable[Compared], row: dict[str, Any], settings: Settings) -> Iterator[Reason]:
    for each in comparisons:
        level = row[f"gamma_{each.name}"]
        if level < 0:  # one of the two has no value
            continue
        agreement = each.agreements[level]
        one, other = (
            _shown(row[f"{each.name}_{side}"], agreement, row[f"{each.name}_{opposite}"])
            for side, opposite in ("lr", "rl")
        )
        weight = row[f"mw_{each.name}"] + row.get(f"mw_tf_adj_{each.name}", 0.0)
        if agreement is Agreement.DIFFERENT and settings.is_official(each.field):
            weight = RULED_OUT
        yield Reason(each.field, agreement, weight, described(Evidence(each.field, agreement, one, other)))


def _shown(value: Any, agreement: Agreement, other: Any) -> str:
    """Return a value as it is shown: of several the one that both have, else the first."""
    if isinstance(value, str):
        return value
    both = sorted(set(value) & set(other)) if agreement is Agreement.EXACT else []
    return str(both[0] if both else value[0])

"""Clusters: pairs put together, so that a chain of weak links joins no two customers that contradict each other."""

from collections.abc import Callable, Iterable

__all__ = ["clusters"]


def clusters(links: Iterable[tuple[float, int, int]], between: Callable[[int, int], float]) -> list[list[int]]:
    """Put together what belongs together, the strongest links first.

    Two clusters become one where the mean weight of all pairs between them is above zero, whichever link proposes it
    (agglomerative clustering by average linkage). So one link does not join two clusters whose other members
    contradict each other, and a single bad record does not keep apart two that agree.

    Args:
        links: pairs that were found, each with its weight in bits; weights of zero and below are left out.
        between: the weight of any pair, the smaller place first; hugely negative where the two can never be one.

    Returns:
        The clusters of two and more, each sorted, by their first members.
    """
    home: dict[int, list[int]] = {}
    sums: dict[tuple[int, int], float] = {}
    apart: dict[tuple[int, int], tuple[int, int]] = {}  # clusters that were kept apart, with how large they were
    for weight, one, other in sorted(links, key=lambda link: (-link[0], link[1:])):
        if weight <= 0:
            break
        left, right = sorted((home.setdefault(one, [one]), home.setdefault(other, [other])))
        sizes = (len(left), len(right))
        if left is right or apart.get((left[0], right[0])) == sizes:
            continue
        if sum(_remembered(sums, between, a, b) for a in left for b in right) > 0:
            left.extend(right)
            for member in right:
                home[member] = left
        else:
            apart[left[0], right[0]] = sizes
    different = {id(cluster): sorted(cluster) for cluster in home.values() if len(cluster) > 1}
    return sorted(different.values())


def _remembered(
    sums: dict[tuple[int, int], float], between: Callable[[int, int], float], one: int, other: int
) -> float:
    pair = (one, other) if one < other else (other, one)
    if pair not in sums:
        sums[pair] = between(*pair)
    return sums[pair]

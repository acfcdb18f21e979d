"""What is put together."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from crmcore.customers.duplicates.clustering import clusters

MEMBERS = range(6)
WEIGHTS = st.fixed_dictionaries(
    {pair: st.sampled_from([-1e6, -20.0, -3.0, 0.0, 2.0, 5.0, 20.0]) for pair in combinations(MEMBERS, 2)}
)


def put_together(weights: dict[tuple[int, int], float]) -> list[list[int]]:
    return clusters(((weight, *pair) for pair, weight in weights.items()), lambda one, other: weights[one, other])


def test_a_chain_of_weak_links_joins_no_two_that_contradict_each_other() -> None:
    assert put_together({(0, 1): 5.0, (1, 2): 4.0, (0, 2): -9.0}) == [[0, 1]]


def test_two_that_agree_stay_together_although_a_bad_record_is_between() -> None:
    assert put_together({(0, 1): 9.0, (1, 2): 5.0, (0, 2): -1.0}) == [[0, 1, 2]]


def test_the_strongest_links_come_first() -> None:
    assert put_together({(0, 1): 3.0, (1, 2): 8.0, (0, 2): -9.0}) == [[1, 2]]


def test_what_is_ruled_out_is_apart_however_much_agrees_around_it() -> None:
    strong = dict.fromkeys(combinations(range(30), 2), 20.0)
    apart = put_together({**strong, (0, 29): -1e6})
    assert not any({0, 29} <= set(cluster) for cluster in apart)


@given(WEIGHTS)
def test_each_is_in_one_cluster_at_the_most_and_all_are_in_order(weights: dict[tuple[int, int], float]) -> None:
    found = put_together(weights)
    members = [member for cluster in found for member in cluster]
    assert len(members) == len(set(members))
    assert all(len(cluster) > 1 and cluster == sorted(cluster) for cluster in found)
    assert found == sorted(found)


@given(WEIGHTS)
def test_each_cluster_holds_together_by_its_mean(weights: dict[tuple[int, int], float]) -> None:
    for cluster in put_together(weights):
        assert sum(weights[pair] for pair in combinations(cluster, 2)) > 0


@given(WEIGHTS)
def test_two_clusters_that_a_link_proposes_are_apart_for_a_reason(weights: dict[tuple[int, int], float]) -> None:
    found = put_together(weights)
    alone = [[member] for member in MEMBERS if not any(member in cluster for cluster in found)]
    for one, other in combinations([*found, *alone], 2):
        between = [weights[tuple(sorted((a, b)))] for a in one for b in other]  # type: ignore[index]
        if len(one) == len(other) == 1:
            assert between[0] <= 0


@given(WEIGHTS)
def test_where_nothing_contradicts_clusters_are_what_links_connect(weights: dict[tuple[int, int], float]) -> None:
    weights = {pair: max(weight, 0.0) for pair, weight in weights.items()}
    reach = {member: {member} for member in MEMBERS}
    for _ in MEMBERS:
        for (one, other), weight in weights.items():
            if weight > 0:
                reach[one] = reach[other] = reach[one] | reach[other]
                for member in reach[one]:
                    reach[member] = reach[one]
    expected = {frozenset(group) for group in reach.values() if len(group) > 1}
    assert {frozenset(cluster) for cluster in put_together(weights)} == expected

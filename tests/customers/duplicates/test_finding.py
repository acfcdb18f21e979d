"""Duplicates among many."""

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from known_duplicates import Known, fake1000, febrl, quality, restaurants
from profile_strategies import lists_of_profiles

from crmcore.customers.duplicates import Profile, RepeatedProfile, Settings, compare, find_duplicates

TYPED_TWICE = [
    Profile("a", names=("王伟",), phones=("13800138000",)),
    Profile("b", names=("李娜",), phones=("13900139000",)),
    Profile("c", names=("Wang Wei",), phones=("+86 138 0013 8000",), emails=("wei@acme.cn",)),
    Profile("d", names=("Wei Wang",), emails=("wei@acme.cn",)),
]


def test_clusters_and_pairs_tell_who_was_entered_more_than_once() -> None:
    found = find_duplicates(TYPED_TWICE)
    assert found.clusters == (("a", "c", "d"),)
    assert {(pair.one, pair.other) for pair in found.pairs} >= {("a", "c"), ("c", "d")}
    assert str(found.pairs[0].match.reasons[0]).startswith(("phone: the same", "e-mail: the same"))


def test_what_is_learned_serves_to_compare_further_customers() -> None:
    found = find_duplicates(TYPED_TWICE)
    assert found.settings is not None
    assert compare(TYPED_TWICE[0], TYPED_TWICE[2], found.settings).score == 1


def test_two_companies_with_credit_codes_of_their_own_stay_apart_though_a_third_has_none() -> None:
    codes = ("91440300708461136T", "91330100799655058B")
    one, other = (
        Profile(code, "organization", names=("晨光软件有限公司",), phones=("4008001234",), identifiers={"uscc": code})
        for code in codes
    )
    between = Profile("without", "organization", names=("晨光软件",), phones=("4008001234",))
    (cluster,) = find_duplicates([one, between, other]).clusters
    assert len(cluster) == 2
    assert "without" in cluster


def test_two_profiles_of_one_id_are_refused() -> None:
    with pytest.raises(RepeatedProfile, match="'a'"):
        find_duplicates([Profile("a"), Profile("b"), Profile("a")])


def test_nothing_is_found_in_nothing() -> None:
    assert find_duplicates([]).clusters == ()
    assert find_duplicates([TYPED_TWICE[0]]).clusters == ()


@settings(max_examples=50, deadline=None)
@given(lists_of_profiles(10))
def test_nobody_is_in_two_clusters_and_every_pair_is_inside_one(profiles: list[Profile]) -> None:
    found = find_duplicates(profiles)
    members = [member for cluster in found.clusters for member in cluster]
    assert len(members) == len(set(members))
    inside = {frozenset(pair) for cluster in found.clusters for pair in combinations(cluster, 2)}
    assert {frozenset((pair.one, pair.other)) for pair in found.pairs} <= inside


@settings(max_examples=50, deadline=None)
@given(lists_of_profiles(10))
def test_without_learning_a_pair_is_found_as_it_is_compared(profiles: list[Profile]) -> None:
    by_id = {profile.id: profile for profile in profiles}
    for pair in find_duplicates(profiles, learn=False).pairs:
        assert pair.match == compare(by_id[pair.one], by_id[pair.other])
        assert pair.match.score >= Settings().threshold


def test_febrl_1_and_3_are_found(shared_data: Path) -> None:
    for number in (1, 3):
        assert _f1(febrl(shared_data, number)) >= 0.98


def test_the_restaurants_of_two_guides_are_found(shared_data: Path) -> None:
    assert _f1(restaurants(shared_data)) >= 0.90


def test_people_that_are_badly_misspelt_are_found(shared_data: Path) -> None:
    assert _f1(fake1000(shared_data)) >= 0.85


def test_the_weights_that_hold_where_nothing_was_learned_find_them_too(shared_data: Path) -> None:
    assert _f1(febrl(shared_data, 1), learn=False) >= 0.98
    assert _f1(restaurants(shared_data), learn=False) >= 0.90
    assert _f1(fake1000(shared_data), learn=False) >= 0.85


def _f1(known: Known, *, learn: bool = True) -> float:
    return quality(find_duplicates(known.profiles, learn=learn).clusters, known).f1

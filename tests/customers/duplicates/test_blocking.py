"""Which pairs are compared."""

from itertools import combinations

from hypothesis import given, settings
from profile_strategies import lists_of_profiles

from crmcore.customers.duplicates import Profile
from crmcore.customers.duplicates.blocking import pairs
from crmcore.customers.duplicates.preparing import prepared


@settings(max_examples=40, deadline=None)
@given(lists_of_profiles(8))
def test_no_pair_with_the_same_address_phone_or_identifier_is_lost(profiles: list[Profile]) -> None:
    ready = [prepared(profile) for profile in profiles]
    found = pairs(ready)
    for (place, one), (another, other) in combinations(enumerate(ready), 2):
        if one.profile.kind is other.profile.kind and (
            set(one.emails) & set(other.emails)
            or set(one.phones) & set(other.phones)
            or set(one.identifiers.items()) & set(other.identifiers.items())
        ):
            assert (place, another) in found


@settings(max_examples=40, deadline=None)
@given(lists_of_profiles(8))
def test_a_pair_is_two_profiles_of_one_kind_in_order(profiles: list[Profile]) -> None:
    for one, other in pairs([prepared(profile) for profile in profiles]):
        assert 0 <= one < other < len(profiles)
        assert profiles[one].kind is profiles[other].kind


def test_a_phone_that_very_many_share_still_joins_them_all() -> None:
    ready = [prepared(Profile(str(number), phones=("4001234567",))) for number in range(100)]
    assert len(pairs(ready)) == 100 * 99 // 2


def test_what_very_many_share_is_no_reason_to_compare() -> None:
    ready = [prepared(Profile(str(number), names=("王伟",), address={"city": "北京"})) for number in range(100)]
    assert pairs(ready) == set()

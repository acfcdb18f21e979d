"""Recognising a customer while it is entered."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from attrs import evolve
from hypothesis import given, settings
from profile_strategies import lists_of_profiles, profiles

from crmcore.customers.duplicates import Profile, candidates, compare, keys, recognize
from crmcore.customers.duplicates.preparing import prepared


class Index:
    """An index of keys as a storage has one."""

    def __init__(self, stored: Iterable[Profile]) -> None:
        self.profiles = {profile.id: profile for profile in stored}
        self.ids: defaultdict[str, list[str]] = defaultdict(list)
        self.fetched = 0
        for profile in self.profiles.values():
            for key in keys(profile):
                self.ids[key].append(profile.id)

    def lookup(self, asked: Sequence[str], limit: int) -> Mapping[str, Sequence[str]]:
        return {key: self.ids[key][:limit] for key in asked if key in self.ids}

    def fetch(self, ids: Sequence[str]) -> Iterable[Profile]:
        self.fetched += len(ids)
        return [self.profiles[each] for each in ids if each in self.profiles]


WEI = Profile("wei", names=("王伟",), phones=("13800138000",), emails=("wei@acme.cn",))
OTHERS = [Profile(f"other {number}", names=(f"Noah Watson{number}",)) for number in range(100)]


def test_a_customer_is_recognized_with_the_reasons() -> None:
    index = Index([WEI, *OTHERS])
    (found,) = recognize(Profile("", names=("Wang Wei",), phones=("+86 138 0013 8000",)), index.lookup, index.fetch)
    assert found.id == "wei"
    assert found.match == compare(WEI, Profile("", names=("Wang Wei",), phones=("+86 138 0013 8000",)))
    assert index.fetched == 1


def test_nobody_is_recognized_by_nothing() -> None:
    index = Index([WEI, *OTHERS])
    assert recognize(Profile(""), index.lookup, index.fetch) == ()
    assert recognize(Profile("", names=("Zebedee Quux",)), index.lookup, index.fetch) == ()


def test_a_customer_that_is_changed_is_not_its_own_duplicate() -> None:
    index = Index([WEI])
    assert recognize(evolve(WEI, names=("王玮",)), index.lookup, index.fetch) == ()


def test_a_customer_that_the_index_has_and_the_storage_has_not_is_left_out() -> None:
    index = Index([WEI])
    del index.profiles["wei"]
    assert recognize(evolve(WEI, id=""), index.lookup, index.fetch) == ()


def test_a_name_that_many_have_is_skipped_where_something_else_tells() -> None:
    index = Index([WEI, *(Profile(f"namesake {number}", names=("王伟",)) for number in range(200))])
    found = candidates(evolve(WEI, id=""), index.lookup, most=20)
    assert found.ids == ("wei",)
    assert found.common


def test_where_all_that_is_known_is_common_the_most_alike_come_first() -> None:
    namesakes = [Profile(f"namesake {number}", names=("Watson",)) for number in range(30)]
    hosts = [Profile(f"host {number}", phones=("4001234567",)) for number in range(30)]
    both = Profile("both", names=("Watson",), phones=("4001234567",))
    index = Index([*namesakes[:10], *hosts[:10], both, *namesakes[10:], *hosts[10:]])
    found = candidates(evolve(both, id=""), index.lookup, most=20)
    assert found.ids[0] == "both"
    assert len(found.ids) == 20


@settings(max_examples=40, deadline=None)
@given(lists_of_profiles(6), profiles(""))
def test_whoever_has_the_same_address_or_phone_is_among_the_candidates(stored: list[Profile], new: Profile) -> None:
    found = candidates(new, Index(stored).lookup).ids
    ready = prepared(new)
    for other in map(prepared, stored):
        if other.profile.kind is new.kind and (
            set(ready.emails) & set(other.emails) or set(ready.phones) & set(other.phones)
        ):
            assert other.id in found


@settings(max_examples=40, deadline=None)
@given(lists_of_profiles(6), profiles(""))
def test_who_is_recognized_is_what_comparing_with_the_candidates_says(stored: list[Profile], new: Profile) -> None:
    index = Index(stored)
    expected = {
        each: compare(new, index.profiles[each])
        for each in candidates(new, index.lookup).ids
        if compare(new, index.profiles[each]).score >= 0.5
    }
    found = recognize(new, index.lookup, index.fetch)
    assert {each.id: each.match for each in found} == expected
    assert [each.match.score for each in found] == sorted((each.match.score for each in found), reverse=True)

"""How alike texts are, and what is said where nothing can tell."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.customers.duplicates import Profile, compare
from crmcore.customers.duplicates.distances import distances
from crmcore.customers.duplicates.numbering import numbers_differ
from crmcore.errors import MissingExtra

TEXTS = st.text(alphabet="abc 王伟1", max_size=8)


@given(TEXTS, TEXTS)
def test_likeness_is_the_same_either_way_from_0_to_1(one: str, other: str) -> None:
    measure = distances()
    for likeness in (measure.words, measure.texts, measure.letters):
        assert likeness(one, other) == likeness(other, one)
        assert 0 <= likeness(one, other) <= 1
        assert likeness(one, one) == 1


@given(TEXTS, TEXTS)
def test_edits_are_counted_up_to_the_most(one: str, other: str) -> None:
    measure = distances()
    assert measure.edits(one, other, 1) == measure.edits(other, one, 1)
    assert (measure.edits(one, other, 1) == 0) == (one == other)
    assert measure.edits(one, other, 1) == min(measure.edits(one, other, 100), 2)


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("27 high street", "28 high street", True),
        ("27 high street", "high street 27", False),
        ("12224 ventura", "12242 ventura", False),
        ("high street", "28 high street", False),
        ("floor 2 27 high street", "27 high street", False),
    ],
)
def test_numbers_tell_houses_apart(one: str, other: str, differ: bool) -> None:
    assert numbers_differ(one, other, distances()) is differ


def test_without_the_library_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidfuzz.distance", None)
    distances.cache_clear()
    with pytest.raises(MissingExtra, match=r"finding duplicates needs rapidfuzz.*pip install 'crmcore\[duplicates\]'"):
        compare(Profile("a", names=("Noah",)), Profile("b", names=("Noha",)))
    distances.cache_clear()

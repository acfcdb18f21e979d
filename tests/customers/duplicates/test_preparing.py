"""Profiles made ready to be compared."""

import sys
from datetime import date

import pytest
from hypothesis import given, settings
from profile_strategies import profiles

from crmcore.customers.duplicates import Profile, compare, keys, prepared
from crmcore.customers.duplicates.preparing import sound
from crmcore.customers.identity import romanization


def test_values_are_normalised_and_what_is_empty_is_left_out() -> None:
    ready = prepared(
        Profile(
            "a",
            names=("  ", "Watson, Noah"),
            phones=("+44 (113) 396-0000 ext. 12", "0113 396", "12", "+441133960000"),
            emails=(" Noah@Firm.co", "noah@firm.co", ""),
            domains=("https://firm.co", "gmail.com"),
            address={"city": " LEEDS ", "street": ""},
            born=date(1990, 3, 4),
            identifiers={"vat": "GB 123-456", "crm": " "},
        )
    )
    assert [person.parts for person in ready.people] == [("noah", "watson")]
    assert ready.phones == ("441133960000", "113396")
    assert ready.tails == ("33960000", "113396")
    assert ready.emails == ("noah@firm.co",)
    assert ready.domains == ("firm.co",)
    assert ready.address == {"city": "leeds"}
    assert ready.identifiers == {"vat": "gb123456"}


@settings(deadline=None)
@given(profiles())
def test_whatever_is_entered_is_made_ready(profile: Profile) -> None:
    ready = prepared(profile)
    assert not (ready.people and ready.companies)
    assert all(person.parts for person in ready.people)
    assert all((*ready.phones, *ready.emails, *ready.domains, *ready.address.values(), *ready.identifiers.values()))


def test_chinese_is_read_and_latin_letters_stay() -> None:
    assert sound("北京") == sound("Bei Jing") == "beijing"


@pytest.fixture
def without_pypinyin(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.setitem(sys.modules, "pypinyin", None)
    cached = (romanization._pinyin, romanization._surname, romanization._given, romanization._surnames)
    for function in cached:
        function.cache_clear()
    yield
    for function in cached:
        function.cache_clear()


@pytest.mark.usefixtures("without_pypinyin")
def test_without_pypinyin_chinese_names_are_compared_by_their_characters() -> None:
    one, other = (Profile(name, names=("令狐冲霄",)) for name in "ab")  # a name that no other test has read
    assert set(keys(one)) == set(keys(other)) != set()
    assert compare(one, other).reasons
    assert compare(one, Profile("c", names=("Linghu Chongxiao",))).reasons == ()

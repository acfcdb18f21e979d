"""Keys: what two profiles of one customer share in an index."""

from datetime import date

import pytest
from hypothesis import given, settings
from profile_strategies import profiles

from crmcore.customers.duplicates import LONGEST_KEY, Profile, keys
from crmcore.customers.duplicates.preparing import prepared


def person(name: str, **fields: object) -> Profile:
    return Profile("a", names=(name,), **fields)  # type: ignore[arg-type]


def company(name: str, **fields: object) -> Profile:
    return Profile("a", "organization", names=(name,), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (person("王伟"), person("Wei WANG")),
        (person("王伟"), person("汪薇")),
        (person("Smith, John"), person("john smith")),
        (person("Jon Smyth"), person("John Smith")),
        (person("J. Smith", born=date(1990, 3, 4)), person("Jane Miller Smith", born=date(1990, 3, 4))),
        (person("J. Smith", emails=("j@firm.co",)), person("Jo Smith", emails=("jo.smith@firm.co",))),
        (person("Li", phones=("+86 138 0013 8000",)), person("Wang", phones=("13800138000",))),
        (person("Li", emails=("A@b.co ",)), person("Wang", emails=("a@B.co",))),
        (person("Li", identifiers={"crm": "A-100 200"}), person("Wang", identifiers={"crm": "a100200"})),
        (
            person("Li", address={"street": "27 Long Lane", "city": "Leeds"}),
            person("Wang", address={"street": "Long Lane, 27", "city": "Leeds"}),
        ),
        (
            person("Li", address={"street": "文三路100号", "city": "杭州"}),
            person("Wang", address={"street": "文三路 100 号 5 楼", "city": "杭州"}),
        ),
        (company("腾讯科技有限公司"), company("Tengxun Keji Co., Ltd.")),
        (company("腾讯科技有限公司"), company("腾讯科技股份公司")),
        (company("深圳市腾讯计算机系统有限公司"), company("腾讯计算机系统（深圳）有限公司")),
        (company("深圳腾讯计算机系统有限公司"), company("腾讯计算机系统有限公司")),
        (company("Acme Machine Tools Ltd."), company("ACME Machine")),
        (company("Acme", domains=("https://www.acme.com",)), company("The Other", emails=("info@acme.com",))),
    ],
    ids=str,
)
def test_two_ways_to_write_one_customer_share_a_key(one: Profile, other: Profile) -> None:
    assert set(keys(one)) & set(keys(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (person("王伟"), person("李娜")),
        (person("Acme"), company("Acme")),
        (person("Li", emails=("li@gmail.com",)), person("Liu Wang", emails=("liu@gmail.com",))),
        (company("Acme", emails=("acme@qq.com",)), company("Hamilton", emails=("hamilton@qq.com",))),
    ],
    ids=str,
)
def test_what_says_nothing_is_no_key(one: Profile, other: Profile) -> None:
    assert not set(keys(one)) & set(keys(other))


@settings(deadline=None)
@given(profiles())
def test_keys_are_few_short_and_of_the_kind(profile: Profile) -> None:
    found = keys(profile)
    assert len(found) == len(set(found)) <= 40
    assert all(1 < len(key) <= LONGEST_KEY and key[0] == profile.kind[0] for key in found)


@settings(deadline=None)
@given(profiles())
def test_who_can_be_identified_has_a_key(profile: Profile) -> None:
    ready = prepared(profile)
    if ready.phones or ready.emails or ready.identifiers or ready.people or ready.companies:
        assert keys(profile)


def test_an_everyday_customer_has_about_ten_keys() -> None:
    profile = person(
        "Noah Watson",
        phones=("+441133960000",),
        emails=("noah@firm.co",),
        born=date(1990, 3, 4),
        address={"street": "27 Long Lane", "city": "Leeds", "postcode": "LS1 4AP"},
    )
    assert len(keys(profile)) <= 12

"""What two profiles say of each other."""

from datetime import date
from typing import Any

import pytest
from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from profile_strategies import COMPANIES, DATES, DOMAINS, EMAILS, NAMES, PHONES, TEXTS, profiles

from crmcore.customers.duplicates import Agreement, Frequencies, Match, Profile, ProfileKind, Settings, compare
from crmcore.customers.duplicates.preparing import prepared
from crmcore.language import speaking


def person(**fields: object) -> Profile:
    return Profile("a", **fields)  # type: ignore[arg-type]


def company(**fields: object) -> Profile:
    return Profile("a", "organization", **fields)  # type: ignore[arg-type]


def agreements(match: Match) -> dict[str, Agreement]:
    return {reason.field: reason.agreement for reason in match.reasons}


@pytest.mark.parametrize(
    ("one", "other", "field", "agreement"),
    [
        ("Noah Watson", "WATSON, Noah", "name", Agreement.EXACT),
        ("José Núñez", "Jose Nunez", "name", Agreement.EXACT),
        ("Ｎｏａｈ　Watson", "Noah Watson", "name", Agreement.EXACT),
        ("王伟", "王伟先生", "name", Agreement.EXACT),
        ("王伟", "汪薇", "name", Agreement.PINYIN),
        ("王伟", "Wang Wei", "name.pinyin", Agreement.PINYIN),
        ("Wei WANG", "王伟", "name.pinyin", Agreement.PINYIN),
        ("欧阳娜娜", "Ouyang Na Na", "name.pinyin", Agreement.PINYIN),
        ("曾国强", "Guoqiang Zeng", "name.pinyin", Agreement.PINYIN),
        ("李娜", "Wang Wei", "name.pinyin", Agreement.DIFFERENT),
        ("Harrison", "Harrisson", "name", Agreement.CLOSE),
        ("Harris", "Hsrir", "name", Agreement.ALIKE),
        ("Jackson", "J.", "name", Agreement.INITIAL),
        ("Jackson", "Kirk", "name", Agreement.DIFFERENT),
        ("王伟", "李娜", "name", Agreement.DIFFERENT),
    ],
)
def test_names_of_people_agree_as_people_would_say(one: str, other: str, field: str, agreement: Agreement) -> None:
    match = compare(person(names=(one,)), person(names=(other,)))
    assert agreements(match) == {field: agreement}


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [
        ("腾讯科技有限公司", "腾讯科技 有限公司", Agreement.FORM),
        ("腾讯科技有限公司", "腾讯科技股份有限公司", Agreement.FORM),
        ("Acme Ltd.", "ACME", Agreement.FORM),
        ("Acme, Inc.", "acme inc", Agreement.EXACT),
        ("腾讯科技有限公司", "Tengxun Keji Co., Ltd.", Agreement.PINYIN),
        ("深圳市腾讯计算机系统有限公司", "腾讯计算机系统（深圳）有限公司", Agreement.FORM),
        ("华南腾讯计算机系统有限公司", "腾讯华南计算机系统有限公司", Agreement.CLOSE),
        ("Hamilton Instruments", "Hamiltn Instruments", Agreement.CLOSE),
        ("Shop 12", "Shop 34", Agreement.DIFFERENT),
        ("华为", "小米", Agreement.DIFFERENT),
    ],
)
def test_names_of_companies_agree_as_people_would_say(one: str, other: str, agreement: Agreement) -> None:
    assert agreements(compare(company(names=(one,)), company(names=(other,)))) == {"company": agreement}


def test_a_chinese_name_and_an_english_one_that_is_no_transcription_say_nothing() -> None:
    assert compare(company(names=("腾讯",)), company(names=("Tencent",))).reasons == ()


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [
        ("+86 138 0013 8000", "13800138000", Agreement.EXACT),
        ("310/246-1501", "310-246-1501", Agreement.EXACT),
        ("１３８００１３８０００", "13800138000", Agreement.EXACT),
        ("010-62345678 ext. 12", "010-62345678", Agreement.EXACT),
        ("010-62345678", "021-62345678", Agreement.TAIL),
        ("13800138000", "13800138001", Agreement.CLOSE),
        ("13800138000", "13912345678", Agreement.DIFFERENT),
    ],
)
def test_phones_agree_by_their_digits(one: str, other: str, agreement: Agreement) -> None:
    assert agreements(compare(person(phones=(one,)), person(phones=(other,)))) == {"phone": agreement}


@pytest.mark.parametrize(
    ("one", "other", "field", "agreement"),
    [
        ("Noah@Example.org ", "noah@example.org", "email", Agreement.EXACT),
        ("noah.watson@example.org", "noah.watsn@example.org", "email", Agreement.CLOSE),
        ("noah.watson@example.org", "noah.watson@exmaple.org", "email", Agreement.CLOSE),
        ("noah.watson@gmail.com", "noah.watson@firm.co", "email", Agreement.LOCAL),
        ("info@gmail.com", "info@firm.co", "email", Agreement.DIFFERENT),
        ("sales201@firm.co", "sales202@firm.co", "email", Agreement.DIFFERENT),
        ("li@firm.co", "wang@firm.co", "domain", Agreement.EXACT),
    ],
)
def test_mail_agrees_by_its_address_or_by_its_domain(one: str, other: str, field: str, agreement: Agreement) -> None:
    assert agreements(compare(person(emails=(one,)), person(emails=(other,))))[field] is agreement


@pytest.mark.parametrize("domain", ["gmail.com", "qq.com", "163.com", "vip.sina.com"])
def test_a_domain_of_mail_for_everybody_is_no_employer(domain: str) -> None:
    match = compare(person(emails=(f"li@{domain}",)), person(emails=(f"noah@{domain}",), domains=(domain,)))
    assert agreements(match) == {"email": Agreement.DIFFERENT}


def test_a_web_site_agrees_with_the_domain_of_the_mail() -> None:
    match = compare(company(domains=("https://www.Acme.com/en",)), company(emails=("info@acme.com",)))
    assert agreements(match) == {"domain": Agreement.EXACT}


def test_the_domain_of_the_same_address_is_not_counted_again() -> None:
    assert "domain" not in agreements(compare(person(emails=("li@acme.com",)), person(emails=("li@acme.com",))))


@pytest.mark.parametrize(
    ("other", "agreement"),
    [
        (date(1990, 3, 4), Agreement.EXACT),
        (date(1990, 4, 3), Agreement.PARTS),
        (date(1990, 3, 14), Agreement.PARTS),
        (date(1980, 3, 4), Agreement.PARTS),
        (date(1990, 11, 23), Agreement.YEAR),
        (date(1951, 12, 31), Agreement.DIFFERENT),
    ],
)
def test_dates_of_birth_agree_by_their_parts(other: date, agreement: Agreement) -> None:
    match = compare(person(born=date(1990, 3, 4)), person(born=other))
    assert agreements(match) == {"born": agreement}


def test_houses_of_one_street_are_different_addresses() -> None:
    one, other = ({"street": f"{number} Ventura Boulevard"} for number in (12224, 14016))
    assert agreements(compare(person(address=one), person(address=other))) == {"address.street": Agreement.DIFFERENT}


@pytest.mark.parametrize(
    ("other", "expected"),
    [("Beijing", {"address.city": Agreement.PINYIN}), ("Peking", {}), ("上海", {"address.city": Agreement.DIFFERENT})],
)
def test_a_city_in_another_script_agrees_by_its_pinyin_or_says_nothing(other: str, expected: object) -> None:
    match = compare(person(address={"city": "北京"}), person(address={"city": other}))
    assert agreements(match) == expected


def test_the_value_that_agrees_counts_where_there_are_several() -> None:
    one = person(emails=("old@firm.co", "noah@new.co"), phones=("13800138000", "13900139000"))
    other = person(emails=("noah@new.co",), phones=("13900139000", "13700137000"))
    assert agreements(compare(one, other)) == {"email": Agreement.EXACT, "phone": Agreement.EXACT}


def test_a_shared_phone_of_two_names_is_no_proof() -> None:
    one, other = person(names=("Jim Kirk",), phones=("13800138000",)), person(names=("Li Na",), phones=("13800138000",))
    assert compare(one, other).score < 0.5
    assert compare(one, evolve(other, names=())).score == 1


def test_another_credit_code_rules_a_company_out_whatever_else_agrees() -> None:
    one = company(names=("腾讯科技有限公司",), emails=("info@tencent.com",), identifiers={"uscc": "91440300708461136T"})
    assert compare(one, evolve(one, identifiers={"uscc": "91330100799655058B"})).score == 0


def test_another_id_of_a_shop_does_not_rule_a_customer_out() -> None:
    one = person(names=("Noah Watson",), emails=("noah@firm.co",), identifiers={"taobao": "tb100200"})
    assert compare(one, evolve(one, identifiers={"taobao": "tb993377"})).score > 0.9


def test_a_person_is_no_organization() -> None:
    one = person(names=("Acme",), emails=("info@acme.com",))
    assert compare(one, evolve(one, kind=ProfileKind.ORGANIZATION)).score == 0


def test_a_common_name_says_less_than_a_rare_one() -> None:
    known = Settings(frequencies={"name": Frequencies({"王": 0.07, "澹台": 0.00001, "伟": 0.01}, rarest=1e-6)})
    common, rare = (compare(*(person(names=(name,)),) * 2, known).weight for name in ("王伟", "澹台伟"))
    assert rare - common > 10


def test_where_there_are_fewer_customers_less_is_enough() -> None:
    one = person(names=("Noah Watson",))
    assert compare(one, one, Settings(prior=1 / 1_000)).score > 0.9
    assert compare(one, one, Settings(prior=1 / 1_000_000)).score < 0.1


def test_reasons_are_told_in_english_and_in_chinese() -> None:
    one = person(names=("王伟",), phones=("13800138000",), address={"city": "北京"})
    other = person(names=("Wang Wei",), phones=("13800138000",), address={"city": "上海"})
    reasons = compare(one, other).reasons
    assert [str(reason) for reason in reasons] == [
        "phone: the same: 13800138000",
        "name: the same pinyin: wang, 王",
        "name: the same pinyin: wei, 伟",
        "address (city): different: 上海, 北京",
    ]
    with speaking("zh"):
        assert str(reasons[1]) == "名称：拼音相同：wang、王"


@settings(deadline=None)
@given(profiles(), profiles())
def test_the_score_is_a_probability_the_same_either_way(one: Profile, other: Profile) -> None:
    match = compare(one, other)
    assert 0 <= match.score <= 1
    assert compare(other, one) == match


@settings(deadline=None)
@given(profiles())
def test_equal_profiles_with_a_value_that_identifies_are_certainly_one(one: Profile) -> None:
    ready = prepared(one)
    assume(ready.phones or ready.emails or ready.identifiers or ready.companies)
    assert compare(one, evolve(one, id="another")).score == 1


MISSING = {
    "names": st.sampled_from([(name,) for name in (*NAMES, *COMPANIES)]),
    "phones": st.sampled_from([(phone,) for phone in PHONES]),
    "emails": st.sampled_from([(email,) for email in EMAILS]),
    "domains": st.sampled_from([(domain,) for domain in DOMAINS]),
    "born": st.sampled_from(DATES),
    "address": st.sampled_from([{"city": text} for text in TEXTS]),
    "identifiers": st.sampled_from([{"taobao": text} for text in TEXTS]),
    "more": st.sampled_from([{"position": text} for text in TEXTS]),
}


@settings(deadline=None)
@given(profiles(), profiles(), st.data())
def test_a_value_that_the_other_lacks_neither_helps_nor_harms(
    one: Profile, other: Profile, data: st.DataObject
) -> None:
    field = data.draw(st.sampled_from(sorted(MISSING)))
    fields = ("emails", "domains") if field in {"emails", "domains"} else (field,)  # a domain is in an address too
    lacking: Any = {each: getattr(Profile("nobody"), each) for each in fields}
    one, other = evolve(one, **lacking), evolve(other, **lacking)
    given_more: Any = {field: data.draw(MISSING[field])}
    fuller = evolve(one, **given_more)
    assert compare(fuller, other) == compare(one, other)

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.customers.contact_points import InvalidContactPoint, Phone, PhoneType, phone
from crmcore.language import speaking


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "138 0013 8000",
        "1 3-8-0-0-1-3-8-0-0-0",
        "１３８－００１３－８０００",
        "一三八零零一三八零零零",
        "幺三八〇〇幺三八〇〇〇",
        "手机：138-0013-8000",
        "Mobile: +86 138.0013.8000",
        "+86 (0)138 0013 8000",
        "(+86)13800138000",
        "0086 13800138000",
        "86-13800138000",
        "\u202a+8613800138000\u202c",
        "tel:+86-138-0013-8000",
    ],
)
def test_a_mobile_number_is_one_however_it_is_written(text: str) -> None:
    number = phone(text)
    assert (number.value, number.type, number.region) == ("+8613800138000", PhoneType.MOBILE, "CN")
    assert (number.national, number.international) == ("138 0013 8000", "+86 138 0013 8000")
    assert number.mobile
    assert not number.service


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("010-62345678 转 8001", "+861062345678;ext=8001"),
        ("010-62345678转分机8001", "+861062345678;ext=8001"),
        ("（010）62345678-8001", "+861062345678;ext=8001"),
        ("021 6234 5678 ext. 12", "+862162345678;ext=12"),
        ("+86 21 6234 5678 x12", "+862162345678;ext=12"),
        ("010一62345678", "+861062345678"),
        ("0571-8888 8888", "+8657188888888"),
    ],
)
def test_a_fixed_line_may_have_an_extension(text: str, value: str) -> None:
    number = phone(text)
    assert (number.value, number.type) == (value, PhoneType.FIXED)
    assert number.extension == value.partition(";ext=")[2]


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("400-800-1234", "+864008001234", PhoneType.SHARED_COST),
        ("4008001234 转 2", "+864008001234;ext=2", PhoneType.SHARED_COST),
        ("800-810-1234", "+868008101234", PhoneType.TOLL_FREE),
        ("95588", "95588;phone-context=+86", PhoneType.SHORT),
        ("１００８６", "10086;phone-context=+86", PhoneType.SHORT),
    ],
)
def test_a_service_number_is_known_as_one(text: str, value: str, kind: PhoneType) -> None:
    number = phone(text)
    assert (number.value, number.type, number.service) == (value, kind, True)
    assert phone(value) == number


def test_the_country_of_a_number_without_country_code_is_an_assumption() -> None:
    assert phone("020 7946 0958", region="GB").value == "+442079460958"
    assert phone("020 7946 0958", region="GB").assumed
    assert phone("020 7946 0958").region == "CN"
    assert not phone("+44 20 7946 0958").assumed
    assert phone("0086 138 0013 8000", region="US").value == "+8613800138000"


@pytest.mark.parametrize(
    ("text", "region", "reason", "suggestion"),
    [
        ("62345678", "CN", "the area code is missing", ""),
        ("1380013800", "CN", "a mobile number of China has 11 digits, not 10", ""),
        ("138001380000", "CN", "a mobile number of China has 11 digits, not 12", ""),
        ("442079460958", "CN", "a missing country code", "+44 20 7946 0958"),
        ("13800138000", "", "the country code is missing", "+86 138 0013 8000"),
        ("010-62345678/13800138000", "CN", "several numbers", "010-62345678"),
        ("13800138000、13900139000", "CN", "several numbers", "13800138000"),
        ("+1 800 FLOWERS", "CN", "something else than a number", ""),
        ("+44 20", "CN", "too few digits for GB", ""),
        ("110", "CN", "an emergency number", ""),
        ("1234567;phone-context=+86", "CN", "no such short number in CN", ""),
        ("12", "ZZ", "'ZZ' is no country", ""),
        ("暂无", "CN", "no digits", ""),
        ("", "CN", "no digits", ""),
        ("1" * 200, "CN", "too long", ""),
    ],
)
def test_a_refusal_says_what_is_wrong_and_what_may_be_meant(
    text: str, region: str, reason: str, suggestion: str
) -> None:
    with pytest.raises(InvalidContactPoint, match=reason) as refused:
        phone(text, region=region)
    assert refused.value.suggestion == suggestion


def test_the_published_facts_on_mobile_numbers_hold(shared_data: Path) -> None:
    facts = json.loads((shared_data / "china-regions-ids" / "id_phone_facts.json").read_text(encoding="utf-8"))
    assert len(facts["mobile"]) == 18
    for fact in facts["mobile"]:
        spaced = " " in fact["number"]  # the expression behind the facts refuses spaces, which people type
        assert is_mobile(fact["number"]) == (fact["matches_all_mobile_regex"] or spaced), fact


def is_mobile(text: str) -> bool:
    try:
        return phone(text).mobile
    except InvalidContactPoint:
        return False


def test_the_published_examples_of_twenty_countries_hold(shared_data: Path) -> None:
    examples = json.loads((shared_data / "contact-points" / "phone_examples.json").read_text(encoding="utf-8"))
    assert len(examples) == 80
    for example in examples:
        if not example["valid"]:
            with pytest.raises(InvalidContactPoint):
                phone(example["e164"])
            with pytest.raises(InvalidContactPoint):
                phone(example["national"], region=example["region"])
            continue
        for number in (phone(example["e164"]), phone(example["national"], region=example["region"])):
            assert number.value == example["e164"]
            assert (number.national, number.international) == (example["national"], example["international"])
            assert number.type.upper().replace("-", "_").replace("FIXED", "FIXED_LINE") == example["type"]


@settings(deadline=None)
@given(st.integers(0, 99_999_999), st.sampled_from(["138", "139", "150", "186", "199"]), st.integers(0, 9_999_999))
def test_every_separator_may_stand_anywhere(rest: int, start: str, places: int) -> None:
    digits = f"{start}{rest:08}"
    written = "".join(
        digit + " -."[places >> place & 1] * (places >> place & 2 > 0) for place, digit in enumerate(digits)
    )
    assert phone(written.rstrip(" -.")).value == f"+86{digits}"


def test_two_numbers_that_differ_in_the_extension_are_two() -> None:
    assert phone("010-62345678").key != phone("010-62345678-1").key
    assert isinstance(phone("010-62345678-1"), Phone)


def test_a_number_is_shown_as_people_of_a_country_write_it() -> None:
    number = phone("010-62345678转8001")
    assert number.displayed("CN") == "010 6234 5678 ext. 8001"
    assert number.displayed("GB") == number.shown == "+86 10 6234 5678 ext. 8001"
    with speaking("zh"):
        assert number.displayed() == "010 6234 5678 转 8001"
        assert phone(number.displayed()) == number

import json
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from stdnum import lei as stdnum_lei
from stdnum.cn import ric as stdnum_ric
from stdnum.cn import uscc as stdnum_uscc

from crmcore.customers.identity import (
    Identifier,
    IdentifierKind,
    InvalidIdentifier,
    ResidentId,
    identified,
    lei,
    resident_id,
    uscc,
    vat_number,
)
from crmcore.customers.identity.regions.table import region_table
from crmcore.errors import MissingExtra, UnknownName
from crmcore.language import speaking

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
REAL = ("91110000600037341L", "91440300708461136T", "91310000775785552L")
COUNTIES = sorted(code for code in region_table().known if not code.endswith("00"))


def valid(kind: str, text: str) -> bool:
    try:
        identified(kind, text)
    except InvalidIdentifier as refused:
        assert refused.reason
        assert str(refused)
        with speaking("zh"):
            assert str(refused)
        return False
    return True


@pytest.mark.parametrize(
    "text", ["91110000600037341L", " 9111 0000 6000 3734-1l ", "９１１１００００６０００３７３４１Ｌ"]
)
def test_a_code_is_read_in_any_width_and_spacing(text: str) -> None:
    code = uscc(text)
    assert (code.value, code.region_code, code.organization_code) == ("91110000600037341L", "110000", "600037341")


@pytest.mark.parametrize(
    ("text", "reason", "suggestion"),
    [
        ("9111O000600037341L", "character 5, 'O', is never used", "91110000600037341L"),
        ("91110000600073341L", "13 and 14 look swapped", "91110000600037341L"),
        ("9144030070846I136T", "character 14, 'I', is never used", "91440300708461136T"),
        ("911100006000373L", "it has 16 characters, not 18", ""),
        ("110000600037341", "registration number", ""),
        ("600037341", "9 characters are an organization code", ""),
        ("91A10000600037341L", "character 3 has to be a digit", ""),
        ("", "it has 0 characters", ""),
    ],
)
def test_a_wrong_code_says_what_is_wrong_and_what_may_be_meant(text: str, reason: str, suggestion: str) -> None:
    with pytest.raises(InvalidIdentifier, match=reason) as refused:
        uscc(text)
    assert refused.value.suggestion == suggestion


@settings(deadline=None)  # it tries several hundred codes
@given(st.sampled_from(REAL), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_a_single_wrong_character_is_always_found_and_never_mended_to_something_wrong(
    code: str, place: int, letter: str
) -> None:
    wrong = code[:place] + letter + code[place + 1 :]
    assume(wrong != code)
    with pytest.raises(InvalidIdentifier) as refused:
        uscc(wrong)
    if refused.value.suggestion:
        assert valid("uscc", refused.value.suggestion)


@settings(deadline=None)
@given(st.from_regex(r"[1-9][0-9]{7}[0-9A-HJ-NP-RTUWXY]{9}", fullmatch=True), st.sampled_from(ALPHABET))
def test_codes_are_judged_as_another_library_judges_them(start: str, last: str) -> None:
    right = start + stdnum_uscc.calc_check_digit(start)
    assert valid("uscc", right)
    assert valid("uscc", start + last) == stdnum_uscc.is_valid(start + last)


def test_the_published_facts_on_resident_numbers_hold(shared_data: Path) -> None:
    facts = json.loads((shared_data / "china-regions-ids" / "id_phone_facts.json").read_text(encoding="utf-8"))
    assert len(facts["ids"]) == 3
    for fact in facts["ids"]:
        expected = fact.get("valid", fact.get("valid_15_digit"))
        assert valid("resident-id", fact["id"]) == expected
        if "birth" in fact:
            assert resident_id(fact["id"]).born.isoformat() == fact["birth"]
        if "sex" in fact:
            assert resident_id(fact["id"]).sex == fact["sex"]


@settings(deadline=None)
@given(
    st.sampled_from(COUNTIES),
    st.dates(date(1940, 1, 1), date(2020, 12, 31)),
    st.integers(0, 999),
    st.sampled_from("0123456789X"),
)
def test_resident_numbers_are_judged_as_another_library_judges_their_check_character(
    county: str, born: date, sequence: int, last: str
) -> None:
    start = f"{county}{born:%Y%m%d}{sequence:03}"
    right = stdnum_ric.calc_check_digit(start + "0")
    assert valid("resident-id", start + last) == (last == right)
    number = resident_id(start + right)
    assert (number.born, number.region_code) == (born, county)
    assert number.sex == ("male" if sequence % 2 else "female")


def test_a_number_of_15_digits_is_the_18_into_which_it_was_renewed() -> None:
    old = resident_id("431389760616601")
    assert old == resident_id(old.value)
    assert old.born == date(1976, 6, 16)


def test_a_resident_number_is_never_shown_whole() -> None:
    number = resident_id("371001198010082394")
    assert number.shown == "371***********2394"
    assert "19801008" not in repr(number)
    for wrong in ("371001198010082393", "37100119801008239", "371001198013082394", "1980100", "A" * 30):
        with pytest.raises(InvalidIdentifier) as refused:
            resident_id(wrong)
        assert wrong not in str(refused.value)
        assert wrong not in repr(refused.value)


def test_nobody_is_born_after_today() -> None:
    with pytest.raises(InvalidIdentifier, match="in the future"):
        resident_id("371001198010082394", today=date(1980, 10, 7))
    assert isinstance(resident_id("371001198010082394", today=date(1980, 10, 8)), ResidentId)


@settings(deadline=None)
@given(st.from_regex(r"[0-9A-Z]{18}", fullmatch=True), st.integers(0, 99))
def test_legal_entities_are_judged_as_another_library_judges_them(start: str, check: int) -> None:
    assert valid("lei", f"{start}{check:02}") == stdnum_lei.is_valid(f"{start}{check:02}")


def test_a_legal_entity_is_known_by_its_number() -> None:
    assert lei("5493 001K JTII GC8Y 1R12").value == "5493001KJTIIGC8Y1R12"


@pytest.mark.parametrize(
    ("text", "country", "value"),
    [
        ("DE 136 695 976", "", "DE136695976"),
        ("136695976", "de", "DE136695976"),
        ("EL094259216", "", "EL094259216"),
        ("CHE-107.787.577 IVA", "", "CHE107787577IVA"),
        ("FR 40 303265045", "", "FR40303265045"),
        ("GB 980 7806 84", "GB", "GB980780684"),
    ],
)
def test_a_vat_number_begins_with_its_country(text: str, country: str, value: str) -> None:
    number = vat_number(text, country=country)
    assert number == Identifier(IdentifierKind.VAT, value)
    assert vat_number(number.value) == number


@pytest.mark.parametrize(
    ("text", "reason"), [("136695976", "two letters of a country"), ("XX1", "no rules"), ("DE136695977", "rules of DE")]
)
def test_a_wrong_vat_number_says_why(text: str, reason: str) -> None:
    with pytest.raises(InvalidIdentifier, match=reason):
        vat_number(text)


def test_without_the_library_a_vat_number_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "stdnum", None)
    with pytest.raises(MissingExtra, match=r"pip install 'crmcore\[identifiers\]'"):
        vat_number("DE136695976")


def test_a_kind_that_there_is_not_is_refused() -> None:
    with pytest.raises(UnknownName, match="did you mean 'uscc'"):
        identified("usc", "91110000600037341L")


@settings(deadline=None)  # the first VAT number imports the rules of its country
@given(st.sampled_from(list(IdentifierKind)), st.text() | st.from_regex(r"[0-9A-Z]{15,20}"))
def test_whatever_is_typed_is_read_into_its_normal_form_or_refused(kind: IdentifierKind, text: str) -> None:
    if valid(kind, text):
        first = identified(kind, text)
        assert identified(kind, first.value) == first

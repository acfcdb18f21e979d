import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.customers.contact_points import ContactKind, InvalidContactPoint, Phone, normalised
from crmcore.errors import UnknownName
from crmcore.language import speaking

HOSTILE = st.text() | st.text("0123456789+-() ;ext=转#x@.:/?&％＠，。<>\"'\\\x00\u202e\ud800", max_size=40)
PLAUSIBLE = (
    st.emails()
    | st.from_regex(r"\+?[0-9() -]{5,20}(转[0-9]{1,4})?", fullmatch=True)
    | st.from_regex(r"(https?://)?[a-z]{1,10}(\.[a-z]{2,5}){1,3}(/[a-z]{0,5})?", fullmatch=True)
)


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(list(ContactKind)), HOSTILE | PLAUSIBLE, st.sampled_from(["CN", "US", "GB", "IT", ""]))
def test_whatever_is_typed_is_made_normal_once_and_for_all_or_refused_in_words(
    kind: ContactKind, text: str, region: str
) -> None:
    try:
        value = normalised(kind, text, region=region)
    except InvalidContactPoint as refused:
        for language in ("en", "zh"):
            with speaking(language):
                assert str(refused)
        if refused.suggestion:
            assert normalised(kind, refused.suggestion, region=region or "CN")
        return
    assert value.kind == kind
    again = normalised(kind, value.value, region=region)
    assert (again.value, again.key, again.shown) == (value.value, value.key, value.shown)


def test_a_kind_that_there_is_not_is_refused() -> None:
    with pytest.raises(UnknownName, match="there is no kind of contact point 'fone'; did you mean 'phone'"):
        normalised("fone", "13800138000")


def test_a_kind_may_be_a_word() -> None:
    assert isinstance(normalised("phone", "13800138000"), Phone)


def test_the_large_libraries_are_imported_only_when_somebody_asks() -> None:
    program = (
        "import sys, crmcore, crmcore.customers.contact_points, crmcore.customers.identity\n"
        "print({'phonenumbers', 'email_validator', 'idna', 'pypinyin', 'stdnum'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.customers.contact_points import PUBLIC_MAIL_DOMAINS, Email, InvalidContactPoint, email
from crmcore.customers.contact_points.mail_domains import likely_domain


@pytest.mark.parametrize(
    ("text", "value", "key"),
    [
        ("Wei.Wang@Example.COM", "Wei.Wang@example.com", "wei.wang@example.com"),
        ("  wei@example.com　", "wei@example.com", "wei@example.com"),
        ("mailto:wei@example.com", "wei@example.com", "wei@example.com"),
        ("ｗｅｉ＠ｅｘａｍｐｌｅ．ｃｏｍ", "wei@example.com", "wei@example.com"),
        ("wei@qq。com", "wei@qq.com", "wei@qq.com"),
        ("王伟@例子.中国", "王伟@例子.中国", "王伟@xn--fsqu00a.xn--fiqs8s"),
        ("Wei.Wang+news@gmail.com", "Wei.Wang+news@gmail.com", "weiwang@gmail.com"),
        ("wei@googlemail.com", "wei@googlemail.com", "wei@gmail.com"),
        ("wei+news@example.com", "wei+news@example.com", "wei+news@example.com"),
        ("+@gmail.com", "+@gmail.com", "+@gmail.com"),
    ],
)
def test_an_address_has_a_normal_form_and_a_mailbox(text: str, value: str, key: str) -> None:
    address = email(text)
    assert (address.value, address.key) == (value, key)


@pytest.mark.parametrize("text", ["王伟 <wei@example.com>", '"王伟" <wei@example.com>', "王伟<wei@example.com>"])
def test_a_name_may_stand_before_an_address_and_is_no_part_of_it(text: str) -> None:
    assert email(text) == email("wei@example.com")
    assert email(text).name == "王伟"


def test_an_address_that_everybody_can_have_tells_no_company() -> None:
    assert email("wei@qq.com").public
    assert not email("wei@example.com").public


@pytest.mark.parametrize(
    ("text", "reason", "suggestion"),
    [
        ("wei@gmail.con", "no domain ends in 'con'", "wei@gmail.com"),
        ("wei@example.cmo", "no domain ends in 'cmo'", "wei@example.com"),
        ("wei@gmial.con", "no domain ends in 'con'", "wei@gmail.com"),
        ("wei@qq,com", "no dot", "wei@qq.com"),
        ("wei@qq", "no dot", "wei@qq.com"),
        ("wei at example.com", "the @ is missing", "wei@example.com"),
        ("wei#example.com", "the @ is missing", "wei@example.com"),
        ("wei", "the @ is missing", ""),
        ("wei @example.com", "a space inside", "wei@example.com"),
        ("wei@example..com", "a dot too many", "wei@example.com"),
        ("a@example.com;b@example.com", "several addresses", ""),
        ("@example.com", "nothing before the @", ""),
        ("wei@", "nothing behind the @", ""),
        ("wei@[127.0.0.1]", "by its number", ""),
        ("wei@printer.local", "reserved", ""),
        ("w\u200bei@example.com", "cannot be seen", "wei@example.com"),
        ("w" * 65 + "@example.com", "too long", ""),
        ("w" * 2000, "too long", ""),
        ("", "the @ is missing", ""),
    ],
)
def test_a_refusal_says_what_is_wrong_and_what_may_be_meant(text: str, reason: str, suggestion: str) -> None:
    with pytest.raises(InvalidContactPoint, match=reason) as refused:
        email(text)
    assert refused.value.suggestion == suggestion


@pytest.mark.parametrize(
    ("text", "likely"),
    [
        ("wei@gmial.com", "wei@gmail.com"),
        ("wei@gmail.co", "wei@gmail.com"),
        ("wei@hotmai.com", "wei@hotmail.com"),
        ("wei@163.co", "wei@163.com"),
        ("wei@qq.com", ""),
        ("wei@aq.com", ""),
        ("wei@email.com", ""),
        ("wei@example.com", ""),
    ],
)
def test_an_address_that_may_be_misspelt_is_taken_and_says_what_is_likely(text: str, likely: str) -> None:
    assert email(text).value == text
    assert email(text).likely == likely


@pytest.mark.parametrize("domain", sorted(PUBLIC_MAIL_DOMAINS))
def test_no_well_known_domain_is_taken_for_a_misspelt_one(domain: str) -> None:
    assert likely_domain(domain) == ("", False)


@settings(deadline=None)
@given(
    st.sampled_from(["gmail.com", "hotmail.com", "outlook.com", "yahoo.com"]),
    st.integers(0, 8),
    st.sampled_from(["swap", "drop", "double"]),
)
def test_one_slip_in_a_well_known_domain_is_noticed(domain: str, at: int, slip: str) -> None:
    at = min(at, domain.index(".") - 2)
    slipped = {
        "swap": domain[:at] + domain[at + 1] + domain[at] + domain[at + 2 :],
        "drop": domain[:at] + domain[at + 1 :],
        "double": domain[:at] + domain[at] + domain[at:],
    }[slip]
    if slipped not in PUBLIC_MAIL_DOMAINS:
        assert likely_domain(slipped)[0] == domain


@pytest.fixture(scope="module")
def cases(shared_data: Path) -> Any:
    return json.loads((shared_data / "contact-points" / "email_validator_cases.json").read_text(encoding="utf-8"))


def normal_form(text: str) -> str | None:
    try:
        return email(text).value
    except InvalidContactPoint:
        return None


@pytest.mark.parametrize("group", ["test_email_valid", "test_email_valid_intl_local_part"])
def test_every_published_right_address_has_its_published_normal_form(cases: Any, group: str) -> None:
    for row in cases[group]["rows"]:
        address = email(row["args"][0])
        wanted = row["validated"]
        assert address.value == wanted["normalized"]
        assert (address.local, address.domain, address.ascii_domain) == (
            wanted["local_part"],
            wanted["domain"],
            wanted["ascii_domain"],
        )


def test_every_published_address_that_needs_quotes_has_its_published_normal_form(cases: Any) -> None:
    for row in cases["test_email_valid_only_if_quoted_local_part"]["rows"]:
        text, local = row["args"]
        assert email(text).local == local


@pytest.mark.parametrize(
    "group", ["test_email_invalid_syntax", "test_email_invalid_syntax_strict", "test_email_invalid_reserved_domain"]
)
def test_every_published_wrong_address_is_refused(cases: Any, group: str) -> None:
    named = "A display name and angle brackets around the email address are not permitted here."
    for row in cases[group]["rows"]:
        text, *message = row["args"]
        # A name before the address is refused by an option of the library that we do not use.
        assert normal_form(text) == ("me@example.com" if message == [named] else None), row


def test_every_published_unsafe_character_is_refused(cases: Any) -> None:
    for row in cases["test_email_unsafe_character"]["rows"]:
        for text in (f"{row['args'][0]}wei@example.com", f"wei@{row['args'][0]}example.com"):
            assert normal_form(text) is None


def test_the_published_addresses_without_dot_are_refused_and_those_in_other_scripts_are_taken(cases: Any) -> None:
    one, other = (row["args"][0] for row in cases["test_email_invalid_character_smtputf8_off"]["rows"])
    assert normal_form(one) is None
    assert normal_form(other) == other  # the library refuses other scripts only where they are switched off


def test_the_groups_of_cases_are_all_held(cases: Any) -> None:
    assert sum(len(group["rows"]) for group in cases.values()) == 136


@settings(deadline=None)
@given(st.emails())
def test_an_address_of_the_standard_keeps_its_mailbox(text: str) -> None:
    try:
        address = email(text)
    except InvalidContactPoint:
        return
    assert isinstance(address, Email)
    assert email(address.value) == address
    assert address.key.endswith(f"@{address.ascii_domain}") or address.ascii_domain == "googlemail.com"

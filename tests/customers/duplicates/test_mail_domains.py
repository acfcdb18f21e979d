"""Which domain is a company's."""

import pytest

from crmcore.customers.duplicates.mail_domains import FREE_MAIL, company_domain


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("acme.com", "acme.com"),
        (" https://WWW.Acme.com:8080/about?x=1 ", "acme.com"),
        ("acme.com.", "acme.com"),
        ("腾讯.中国", "腾讯.中国"),
        ("gmail.com", ""),
        ("http://qq.com/", ""),
        ("localhost", ""),
        ("", ""),
    ],
)
def test_a_domain_is_bare_and_nothing_where_anybody_can_have_it(text: str, domain: str) -> None:
    assert company_domain(text) == domain


def test_free_mail_is_written_as_it_is_compared() -> None:
    assert all(domain == domain.casefold().strip() and "." in domain for domain in FREE_MAIL)

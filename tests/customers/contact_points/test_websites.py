import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.provisional import domains, urls

from crmcore.customers.contact_points import InvalidContactPoint, registrable_domain, website


@pytest.mark.parametrize(
    ("text", "value", "key", "domain"),
    [
        ("Example.com", "https://example.com", "example.com", "example.com"),
        ("http://www.Example.com:80/", "http://www.example.com", "example.com", "example.com"),
        ("ｗｗｗ．ｑｑ．ｃｏｍ", "https://www.qq.com", "qq.com", "qq.com"),
        ("https://shop.example.com.cn/a/", "https://shop.example.com.cn/a/", "shop.example.com.cn/a", "example.com.cn"),
        ("example.com:8080/x?y=1#z", "https://example.com:8080/x?y=1", "example.com:8080/x?y=1", "example.com"),
        ("例子.中国", "https://xn--fsqu00a.xn--fiqs8s", "xn--fsqu00a.xn--fiqs8s", "xn--fsqu00a.xn--fiqs8s"),
        ("www.baidu.com。", "https://www.baidu.com", "baidu.com", "baidu.com"),
    ],
)
def test_a_web_address_has_a_normal_form_and_a_domain(text: str, value: str, key: str, domain: str) -> None:
    site = website(text)
    assert (site.value, site.key, site.domain) == (value, key, domain)


def test_a_web_address_is_shown_in_its_own_script() -> None:
    assert website("https://例子.中国/关于").shown == "例子.中国/关于"


@pytest.mark.parametrize(
    ("text", "reason", "suggestion"),
    [
        ("wei@example.com", "an email address", ""),
        ("ftp://example.com", "not with ftp", ""),
        ("https://user:secret@example.com", "password", ""),
        ("javascript:alert(1)", "no web address has", ""),
        ("localhost:80", "no name of a host", ""),
        ("http://192.168.1.1", "no name of a host", ""),
        ("example", "no name of a host", ""),
        ("xn--0.com", "no name of a host", ""),
        ("https//example.com", "no name of a host", "https://example.com"),
        ("www,example,com", "no name of a host", "www.example.com"),
        ("www.example .com", "a space", "www.example.com"),
        ("example.com:99999", "no port 99999", ""),
        ("a" * 3000, "too long", ""),
        ("", "empty", ""),
    ],
)
def test_a_refusal_says_what_is_wrong_and_what_may_be_meant(text: str, reason: str, suggestion: str) -> None:
    with pytest.raises(InvalidContactPoint, match=reason) as refused:
        website(text)
    assert refused.value.suggestion == suggestion


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("www.example.com", "example.com"),
        ("a.b.example.co.uk", "example.co.uk"),
        ("shop.example.gov.cn", "example.gov.cn"),
        ("x.example.bj.cn", "example.bj.cn"),
        ("x.example.bj.de", "bj.de"),
        ("example.com", "example.com"),
        ("com.example.org", "example.org"),
    ],
)
def test_the_domain_that_was_registered_is_known_without_a_list_from_the_network(host: str, domain: str) -> None:
    assert registrable_domain(host) == domain


@settings(deadline=None)
@given(domains())
def test_a_host_lies_in_its_domain(host: str) -> None:
    assert host.casefold().endswith(registrable_domain(host))


@settings(deadline=None)
@given(urls() | st.text())
def test_a_web_address_is_made_normal_once_and_for_all(text: str) -> None:
    try:
        site = website(text)
    except InvalidContactPoint:
        return
    assert website(site.value) == site
    assert website(site.shown).key == site.key

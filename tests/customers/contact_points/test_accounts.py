import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.customers.contact_points import ContactKind, InvalidContactPoint, account
from crmcore.customers.contact_points.account_rules import ACCOUNT_RULES
from crmcore.language import speaking

EXTERNAL = "wmqfasd1e19278asdasdAAAAAAAAAAAA"


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("wecom", "ZhangSan", "ZhangSan"),
        ("wecom", "zhang.san@corp", "zhang.san@corp"),
        ("wecom-external", EXTERNAL, EXTERNAL),
        ("wechat", "微信号：Wei_Wang88", "Wei_Wang88"),
        ("wechat-openid", "oRrdQt5uQ4yp-yZMEYXfYQkYQ_Xg", "oRrdQt5uQ4yp-yZMEYXfYQkYQ_Xg"),
        ("qq", "ＱＱ：12345678", "12345678"),
        ("dingtalk", "manager4220", "manager4220"),
        ("feishu", "ou_7dab8a3d3cdcc9da365777c7ad535d62", "ou_7dab8a3d3cdcc9da365777c7ad535d62"),
        ("feishu", "g6964gd3", "g6964gd3"),
        ("weibo", "@李宁官方", "李宁官方"),
        ("weibo", "https://weibo.com/u/1234567890?from=x", "1234567890"),
        ("linkedin", "https://cn.linkedin.com/in/wei-wang/details/", "in/wei-wang"),
        ("linkedin", "wei-wang", "in/wei-wang"),
        ("linkedin", "linkedin.com/company/acme", "company/acme"),
        ("x", "https://twitter.com/Jack/status/1", "Jack"),
        ("youtube", "youtube.com/@acme", "@acme"),
        ("youtube", "acme", "@acme"),
        ("tiktok", "https://www.tiktok.com/@acme", "acme"),
        ("zhihu", "https://www.zhihu.com/people/wei/answers", "people/wei"),
        ("bilibili", "https://space.bilibili.com/123?x=1", "123"),
        ("telegram", "t.me/durov", "durov"),
        ("github", "github.com/pytest-dev/pytest", "pytest-dev"),
    ],
)
def test_an_account_is_read_from_its_name_or_its_address(kind: str, text: str, value: str) -> None:
    assert account(ContactKind(kind), text).value == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("wecom", "张三"),
        ("wecom", "z" * 65),
        ("wecom-external", EXTERNAL[:-1]),
        ("wechat", "13800138000"),
        ("wechat", "wei"),
        ("qq", "0123456"),
        ("feishu", "ou_123"),
        ("linkedin", "https://www.linkedin.com/feed/"),
        ("x", "https://example.com/jack"),
        ("github", "-acme"),
        ("facebook", "facebook.com"),
        ("youtube", ""),
    ],
)
def test_what_no_account_is_called_is_refused_in_both_languages(kind: str, text: str) -> None:
    with pytest.raises(InvalidContactPoint) as refused:
        account(ContactKind(kind), text)
    english = str(refused.value)
    with speaking("zh"):
        assert str(refused.value) != english


def test_capital_letters_make_a_difference_only_where_the_network_says_so() -> None:
    assert account(ContactKind.WECHAT, "WeiWang").key == account(ContactKind.WECHAT, "weiwang").key
    assert (
        account(ContactKind.WECOM_EXTERNAL, EXTERNAL).key != account(ContactKind.WECOM_EXTERNAL, EXTERNAL.lower()).key
    )


@settings(deadline=None)
@given(st.sampled_from(sorted(ACCOUNT_RULES)), st.data())
def test_an_account_is_found_again_on_the_web(kind: ContactKind, data: st.DataObject) -> None:
    name = data.draw(st.from_regex(ACCOUNT_RULES[kind].pattern, fullmatch=True))
    try:
        one = account(kind, name)
    except InvalidContactPoint:
        return  # a name that turns into another when its letters are made one width
    if one.url and one.value == name:
        assert account(kind, one.url).key == one.key

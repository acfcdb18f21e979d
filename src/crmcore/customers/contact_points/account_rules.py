"""What an account looks like in each messenger and social network, by their own rules."""

import re
from collections.abc import Mapping
from typing import Final

from attrs import field, frozen

from crmcore.customers.contact_points.values import ContactKind
from crmcore.language import Phrase, say

__all__ = ["ACCOUNT_RULES", "AccountRule"]


def _unicode_pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression)


def _pattern(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.ASCII)


@frozen
class AccountRule:
    """What an account looks like in one network.

    Attributes:
        pattern: what the whole of its name looks like.
        form: the same in words.
        folded: whether capital letters make no difference.
        hosts: the web sites on whose addresses accounts are named.
        path: what the path there looks like, without slashes around; its group `name` is the account.
        url: the address of an account, with `{name}` in it; empty for none.
    """

    pattern: re.Pattern[str] = field(converter=_pattern)
    form: Phrase
    folded: bool = field(default=True, kw_only=True)
    hosts: tuple[str, ...] = field(default=(), kw_only=True)
    path: re.Pattern[str] = field(default="@?(?P<name>[^/]+)(?:/.*)?", converter=_unicode_pattern, kw_only=True)
    url: str = field(default="", kw_only=True)


_MEMBER: Final = say("a letter or digit, and up to 63 letters, digits, _, -, @ or . behind it")

ACCOUNT_RULES: Final[Mapping[ContactKind, AccountRule]] = {
    ContactKind.WECOM: AccountRule(r"[0-9A-Za-z][0-9A-Za-z_.@-]{0,63}", _MEMBER),
    ContactKind.WECOM_EXTERNAL: AccountRule(
        r"w[mo][0-9A-Za-z_-]{30}", say("32 letters, digits, _ or -, the first two wm or wo"), folded=False
    ),
    ContactKind.WECHAT: AccountRule(
        r"[A-Za-z][0-9A-Za-z_-]{5,19}",
        say("a letter, and 5 to 19 letters, digits, _ or - behind it; a number by which somebody is found is a phone"),
    ),
    ContactKind.WECHAT_OPENID: AccountRule(r"[0-9A-Za-z_-]{28}", say("28 letters, digits, _ or -"), folded=False),
    ContactKind.QQ: AccountRule(r"[1-9][0-9]{4,10}", say("5 to 11 digits, the first no 0")),
    ContactKind.DINGTALK: AccountRule(r"[0-9A-Za-z][0-9A-Za-z_.@-]{0,63}", _MEMBER, folded=False),
    ContactKind.FEISHU: AccountRule(
        r"(?:ou|on)_[0-9a-f]{32}|(?!ou_|on_)[0-9A-Za-z][0-9A-Za-z_-]{0,63}",
        say("ou_ or on_ and 32 digits or letters from a to f, or the id that the company gave"),
        folded=False,
    ),
    ContactKind.WEIBO: AccountRule(
        r"[0-9]{5,11}|(?![0-9]+$)(?u:[\w-]{2,30})",
        say("5 to 11 digits, or a name of 2 to 30 letters, digits, _ or -"),
        hosts=("weibo.com", "weibo.cn"),
        path="(?:(?:u|n)/)?(?P<name>[^/]+)(?:/.*)?",
        url="https://weibo.com/{name}",
    ),
    ContactKind.DOUYIN: AccountRule(
        r"[0-9A-Za-z_.-]{2,120}",
        say("letters, digits, _, - or ."),
        folded=False,
        hosts=("douyin.com",),
        path="user/(?P<name>[^/]+)",
        url="https://www.douyin.com/user/{name}",
    ),
    ContactKind.XIAOHONGSHU: AccountRule(
        r"[0-9A-Za-z_]{4,24}",
        say("4 to 24 letters, digits or _"),
        hosts=("xiaohongshu.com",),
        path="user/profile/(?P<name>[^/]+)",
        url="https://www.xiaohongshu.com/user/profile/{name}",
    ),
    ContactKind.BILIBILI: AccountRule(
        r"[1-9][0-9]{0,19}",
        say("digits, the first no 0"),
        hosts=("bilibili.com",),
        url="https://space.bilibili.com/{name}",
    ),
    ContactKind.ZHIHU: AccountRule(
        r"(?:people|org)/[0-9A-Za-z_-]{2,80}",
        say("people/ or org/ and letters, digits, _ or - behind it"),
        hosts=("zhihu.com",),
        path="(?P<name>(?:people|org)/[^/]+)(?:/.*)?",
        url="https://www.zhihu.com/{name}",
    ),
    ContactKind.LINKEDIN: AccountRule(
        r"(?:in|company|school|showcase)/(?u:[\w%.-]{2,100})",
        say("in/, company/, school/ or showcase/ and a name behind it"),
        hosts=("linkedin.com", "linkedin.cn"),
        path="(?P<name>(?:in|company|school|showcase)/[^/]+)(?:/.*)?",
        url="https://www.linkedin.com/{name}",
    ),
    ContactKind.X: AccountRule(
        r"[0-9A-Za-z_]{1,15}",
        say("1 to 15 letters, digits or _"),
        hosts=("x.com", "twitter.com"),
        url="https://x.com/{name}",
    ),
    ContactKind.FACEBOOK: AccountRule(
        r"[0-9A-Za-z.]{5,50}",
        say("5 to 50 letters, digits or dots"),
        hosts=("facebook.com", "fb.com"),
        url="https://www.facebook.com/{name}",
    ),
    ContactKind.INSTAGRAM: AccountRule(
        r"[0-9A-Za-z._]{1,30}",
        say("1 to 30 letters, digits, _ or dots"),
        hosts=("instagram.com",),
        url="https://www.instagram.com/{name}",
    ),
    ContactKind.YOUTUBE: AccountRule(
        r"channel/UC[0-9A-Za-z_-]{22}|@[0-9A-Za-z_.-]{3,30}",
        say("@ and 3 to 30 letters, digits, _, - or dots behind it, or channel/ and its id"),
        folded=False,
        hosts=("youtube.com",),
        path="(?P<name>channel/[^/]+|@[^/]+)(?:/.*)?",
        url="https://www.youtube.com/{name}",
    ),
    ContactKind.TIKTOK: AccountRule(
        r"[0-9A-Za-z_.]{2,24}",
        say("2 to 24 letters, digits, _ or dots"),
        hosts=("tiktok.com",),
        url="https://www.tiktok.com/@{name}",
    ),
    ContactKind.TELEGRAM: AccountRule(
        r"[A-Za-z][0-9A-Za-z_]{4,31}",
        say("a letter, and 4 to 31 letters, digits or _ behind it"),
        hosts=("t.me", "telegram.me"),
        url="https://t.me/{name}",
    ),
    ContactKind.GITHUB: AccountRule(
        r"[0-9A-Za-z](?:-?[0-9A-Za-z]){0,38}",
        say("1 to 39 letters, digits or single hyphens between them"),
        hosts=("github.com",),
        url="https://github.com/{name}",
    ),
}
"""What an account looks like, by kind."""

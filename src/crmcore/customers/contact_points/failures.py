"""What can be wrong with a contact point."""

from typing import ClassVar

from crmcore.errors import InvalidText
from crmcore.language import say

__all__ = ["InvalidContactPoint"]


class InvalidContactPoint(InvalidText):
    """A phone number, an address or another contact point cannot be right. Ask for it again, or take the suggestion.

    Its `kind` is one such as `phone` or `email`.
    """

    code: ClassVar[str] = "invalid-contact-point"

    def _named(self) -> str:
        return _name(self.kind)


def _name(kind: str) -> str:
    names = {
        "phone": say("phone number"),
        "email": say("email address"),
        "web": say("web address"),
        "address": say("postal address"),
    }
    return names.get(kind) or say("{network} account", network=_network(kind))


def _network(kind: str) -> str:
    names = {
        "wecom": say("WeCom"),
        "wecom-external": say("external WeCom"),
        "wechat": say("WeChat"),
        "wechat-openid": say("WeChat OpenID"),
        "dingtalk": say("DingTalk"),
        "feishu": say("Feishu"),
        "weibo": say("Weibo"),
        "douyin": say("Douyin"),
        "xiaohongshu": say("Xiaohongshu"),
        "zhihu": say("Zhihu"),
    }
    return names.get(kind, kind)

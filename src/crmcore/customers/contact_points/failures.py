"""What can be wrong with a contact point."""

from typing import ClassVar

from crmcore.errors import CrmError
from crmcore.language import say, told

__all__ = ["InvalidContactPoint"]

_LONGEST = 120


class InvalidContactPoint(CrmError):
    """A phone number, an address or another contact point cannot be right. Ask for it again, or take the suggestion.

    Attributes:
        kind: what it should be, such as `phone` or `email`.
        text: what was given.
        reason: what is wrong with it, and how to mend it: a phrase, which reads as English.
        suggestion: what may be meant; empty where nobody can tell.
    """

    code: ClassVar[str] = "invalid-contact-point"

    def __init__(self, kind: str, text: str, reason: str, suggestion: str = "") -> None:
        self.kind = kind
        self.text = text
        self.reason = reason
        self.suggestion = suggestion
        super().__init__(kind, text, reason, suggestion)

    def __str__(self) -> str:
        shown = self.text if len(self.text) <= _LONGEST else f"{self.text[:_LONGEST]}…"
        problem = say("{text!r} is no {kind}: {reason}", text=shown, kind=_name(self.kind), reason=self.reason)
        if not self.suggestion:
            return told(problem)
        return told(say("{text}; did you mean {suggestion!r}?", text=problem, suggestion=self.suggestion))


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

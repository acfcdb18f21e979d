"""A contact point in its normal form: one way by which a customer can be reached."""

from enum import StrEnum

from attrs import frozen

__all__ = ["ContactKind", "ContactValue"]


class ContactKind(StrEnum):
    """By what a customer is reached."""

    PHONE = "phone"
    EMAIL = "email"
    WEB = "web"
    ADDRESS = "address"
    WECOM = "wecom"
    WECOM_EXTERNAL = "wecom-external"
    WECHAT = "wechat"
    WECHAT_OPENID = "wechat-openid"
    QQ = "qq"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    WEIBO = "weibo"
    DOUYIN = "douyin"
    XIAOHONGSHU = "xiaohongshu"
    BILIBILI = "bilibili"
    ZHIHU = "zhihu"
    LINKEDIN = "linkedin"
    X = "x"
    FACEBOOK = "facebook"
    INSTAGRAM = "instagram"
    YOUTUBE = "youtube"
    TIKTOK = "tiktok"
    TELEGRAM = "telegram"
    GITHUB = "github"


@frozen
class ContactValue:
    """A contact point in its normal form. Whether somebody is reached by it, nobody asked.

    Attributes:
        kind: by what.
        value: as it is stored: made normal once more, it stays as it is.
        key: as it is compared: two contact points with one kind and one key reach the same.
        shown: as it is shown to people.
    """

    kind: ContactKind
    value: str
    key: str
    shown: str

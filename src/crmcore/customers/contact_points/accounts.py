"""Accounts in messengers and social networks: WeCom, WeChat, DingTalk, Feishu, LinkedIn, Weibo and others."""

import re
import unicodedata
from typing import Final

from attrs import field, frozen

from crmcore.customers.contact_points.account_rules import ACCOUNT_RULES, AccountRule
from crmcore.customers.contact_points.failures import InvalidContactPoint
from crmcore.customers.contact_points.values import ContactKind, ContactValue
from crmcore.customers.contact_points.web_addresses import web_parts
from crmcore.language import say

__all__ = ["Account", "account"]

_LABEL: Final = re.compile(r"^[^\W\d_][\w ]{0,15}:\s*(?!/)")
_LONGEST: Final = 500
_PREFIXES: Final = {ContactKind.LINKEDIN: "in/", ContactKind.ZHIHU: "people/", ContactKind.YOUTUBE: "@"}


@frozen
class Account(ContactValue):
    """An account in a messenger or a social network.

    Attributes:
        value: its name there, without @ in front, except where the network itself has it (YouTube).
        key: in small letters where capital ones make no difference.
        url: where it is seen in the web; empty for messengers.
    """

    url: str = field(kw_only=True)


def account(kind: ContactKind, text: str) -> Account:
    """Return an account in its normal form.

    Args:
        kind: of which messenger or network.
        text: as somebody typed it: its name, with a label or an @ before it, or its address in the web.

    Raises:
        InvalidContactPoint: no account there has such a name.
        KeyError: the kind is none of accounts.
    """
    rule = ACCOUNT_RULES[kind]
    name = _name(kind, rule, text)
    if name is None:
        reason = say("it is the address of something else; write the name of the account, or its own address")
        raise InvalidContactPoint(kind, text, reason)
    if not rule.pattern.fullmatch(name):
        raise InvalidContactPoint(kind, text, say("it consists of {form}", form=rule.form))
    url = rule.url.format(name=name) if rule.url else ""
    return Account(kind, name, name.casefold() if rule.folded else name, name, url=url)


def _name(kind: ContactKind, rule: AccountRule, text: str) -> str | None:
    """Return what a text names as an account; None for a web address that names none."""
    tidy = unicodedata.normalize("NFKC", text[: _LONGEST + 1]).strip()
    tidy = "".join(letter for letter in tidy if unicodedata.category(letter) != "Cf")
    parts = web_parts(tidy)
    if parts is not None and any(_is_at(parts.host, host) for host in rule.hosts):
        found = rule.path.fullmatch(parts.path.strip("/"))
        return found["name"] if found else None
    if "://" in tidy:
        return None
    name = _LABEL.sub("", tidy)
    prefix = _PREFIXES.get(kind, "")
    bare = name.removeprefix("@")
    return prefix + bare if prefix and "/" not in bare else bare


def _is_at(host: str, site: str) -> bool:
    return host.casefold() == site or host.casefold().endswith(f".{site}")

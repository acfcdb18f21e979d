"""Mail domains that everybody has an address at, and how they are misspelt."""

from typing import Final

__all__ = ["PUBLIC_MAIL_DOMAINS", "likely_domain", "without_tag"]

_PUBLIC: Final = (
    "qq.com foxmail.com vip.qq.com 163.com 126.com yeah.net vip.163.com vip.126.com 188.com sina.com sina.cn "
    "vip.sina.com sohu.com tom.com 139.com 189.cn wo.cn aliyun.com 21cn.com gmail.com googlemail.com outlook.com "
    "hotmail.com live.com live.cn msn.com hotmail.co.uk hotmail.fr outlook.de yahoo.com yahoo.cn yahoo.com.cn "
    "yahoo.co.jp yahoo.co.uk yahoo.fr yahoo.de yahoo.co.in ymail.com rocketmail.com icloud.com me.com mac.com "
    "aol.com mail.com email.com gmx.com gmx.de gmx.net web.de t-online.de freenet.de proton.me protonmail.com "
    "pm.me zoho.com zohomail.com yandex.com yandex.ru mail.ru bk.ru inbox.ru list.ru rambler.ru naver.com "
    "daum.net hanmail.net kakao.com orange.fr free.fr laposte.net wanadoo.fr libero.it virgilio.it alice.it "
    "terra.com.br uol.com.br bol.com.br hey.com fastmail.com tutanota.com hushmail.com comcast.net verizon.net "
    "att.net sbcglobal.net bellsouth.net cox.net charter.net btinternet.com sky.com bigpond.com optusnet.com.au "
    "seznam.cz wp.pl o2.pl onet.pl interia.pl rediffmail.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp"
)
PUBLIC_MAIL_DOMAINS: Final = frozenset(_PUBLIC.split())
"""Domains whose addresses say nothing of where somebody works."""

_MISSPELT: Final = ("gmail.com", "hotmail.com", "outlook.com", "yahoo.com", "icloud.com", "foxmail.com", "aliyun.com")
_SHORT: Final = ("qq.com", "163.com", "126.com", "139.com", "sina.com", "sohu.com")
_NO_TOP_LEVELS: Final = {
    "con": "com",
    "cmo": "com",
    "ocm": "com",
    "vom": "com",
    "xom": "com",
    "comm": "com",
    "coom": "com",
    "cpm": "com",
    "com1": "com",
    "nte": "net",
    "ent": "net",
    "nett": "net",
    "ogr": "org",
    "orgg": "org",
    "cnn": "cn",
}
_WITH_TAGS: Final = frozenset(
    ("gmail.com", "outlook.com", "hotmail.com", "live.com", "icloud.com", "me.com", "fastmail.com", "proton.me")
)


def likely_domain(domain: str) -> tuple[str, bool]:
    """Return the domain that a misspelt one stands for, and whether it is impossible as it is.

    Args:
        domain: in small ASCII letters.

    Returns:
        The likely domain, empty where nothing seems wrong; and True where no domain can end as this one does.
    """
    if domain in PUBLIC_MAIL_DOMAINS:
        return "", False
    name, _, top = domain.rpartition(".")
    mended = f"{name}.{_NO_TOP_LEVELS[top]}" if top in _NO_TOP_LEVELS else domain
    if mended in PUBLIC_MAIL_DOMAINS:
        return mended, True
    near = [known for known in _MISSPELT if _one_step_apart(mended, known)]
    near += [
        known for known in _SHORT if domain != known and _one_step_apart(domain, known) and _same_name(domain, known)
    ]
    likely = near[0] if near else mended
    return ("" if likely == domain else likely), mended != domain


def without_tag(local: str, domain: str) -> str:
    """Return the part before the @ of an address by which its mailbox is known, where the provider's rules are known.

    Args:
        local: in small letters; `wei+news` at a provider that lets people add tags is `wei`.
        domain: in small ASCII letters.
    """
    if domain not in _WITH_TAGS:
        return local
    bare = local.partition("+")[0] or local
    return (bare.replace(".", "") or bare) if domain == "gmail.com" else bare


def _same_name(one: str, other: str) -> bool:
    return one.partition(".")[0] == other.partition(".")[0]


def _one_step_apart(one: str, other: str) -> bool:
    """Whether one letter was added, left out or changed, or two neighbours swapped."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, wanted = one[start:], other[start:]
    swapped = len(rest) > 1 and rest[1] + rest[0] + rest[2:] == wanted
    return swapped or rest[1:] == wanted[1:] or rest[1:] == wanted or rest == wanted[1:]

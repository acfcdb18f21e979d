"""Domains of mail that anybody can have: to share one says nothing about an employer."""

import re
from typing import Final

__all__ = ["FREE_MAIL", "company_domain"]

_FREE: Final = """
126.com 139.com 163.com 188.com 189.cn 21cn.com 263.net aliyun.com aol.com bigpond.com bk.ru btinternet.com
comcast.net daum.net duck.com fastmail.com foxmail.com free.fr freenet.de gmail.com gmx.at gmx.ch gmx.com gmx.de
gmx.net googlemail.com hanmail.net hey.com hotmail.co.jp hotmail.co.uk hotmail.com hotmail.de hotmail.fr
icloud.com inbox.ru laposte.net libero.it list.ru live.cn live.co.uk live.com mac.com mail.com mail.ru me.com
msn.com nate.com naver.com orange.fr outlook.com outlook.de outlook.fr pm.me proton.me protonmail.com qq.com
rediffmail.com rocketmail.com sbcglobal.net sina.cn sina.com sina.com.cn sohu.com t-online.de tom.com
tutanota.com ukr.net verizon.net vip.126.com vip.163.com vip.qq.com vip.sina.com wanadoo.fr web.de wo.cn ya.ru
yahoo.ca yahoo.cn yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.au yahoo.com.br yahoo.com.cn
yahoo.com.hk yahoo.com.tw yahoo.de yahoo.es yahoo.fr yahoo.it yandex.com yandex.ru yeah.net ymail.com zoho.com
"""

FREE_MAIL: Final = frozenset(_FREE.split())
"""Where mail is given to anybody."""

_SCHEME: Final = re.compile(r"^[a-z][a-z0-9+.-]*://")


def company_domain(text: str) -> str:
    """Return the domain of a company: small, without scheme, path and `www.`; empty for one that anybody can have.

    Args:
        text: a domain, or the address of a web site.
    """
    bare = _SCHEME.sub("", text.strip().casefold()).split("/")[0].split(":")[0].rstrip(".").removeprefix("www.")
    return "" if bare in FREE_MAIL or "." not in bare else bare

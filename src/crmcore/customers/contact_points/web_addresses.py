"""The parts of an address in the web, and the domain that somebody registered.

Written here, not taken from `urllib`: the core imports no module that can reach a network.
"""

import re
from typing import Final

from attrs import frozen

__all__ = ["WebParts", "ascii_host", "registrable_domain", "web_parts"]

_URL: Final = re.compile(
    r"(?:(?:(?P<scheme>[a-z][a-z0-9+.-]*):)?//)?(?P<user>[^/?#@]*@)?(?P<host>[^/?#:@\s\\]+)(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[^?#\s\\]*)?(?P<query>\?[^#\s\\]*)?(?P<fragment>#\S*)?",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_LONGEST_HOST: Final = 253
_SECOND_LEVELS: Final = frozenset(
    "ac co com edu go gob gov gouv gv id ind info ltd me mil ne net nhs nic nom or org plc pro sch school web".split()  # noqa: SIM905 (as a table)
)
_PROVINCES_IN_CN: Final = frozenset(
    "ah bj cq fj gd gs gx gz ha hb he hi hk hl hn jl js jx ln mo nm nx qh sc sd sh sn sx tj tw xj xz yn zj".split()  # noqa: SIM905 (as above)
)


@frozen
class WebParts:
    """An address in the web, taken apart.

    Attributes:
        scheme: in small letters; empty where none was written.
        user: what stands before an @; empty for nothing.
        host: as it was written.
        port: digits; empty for none.
        path: with its slash in front; empty for none.
        query: with its question mark in front; empty for none.
    """

    scheme: str
    user: str
    host: str
    port: str
    path: str
    query: str


def web_parts(text: str) -> WebParts | None:
    """Take an address in the web apart; None where it is none."""
    found = _URL.fullmatch(text)
    if found is None:
        return None
    parts = found.groupdict(default="")
    return WebParts(
        parts["scheme"].casefold(), parts["user"], parts["host"], parts["port"], parts["path"], parts["query"]
    )


def ascii_host(host: str) -> str:
    """Return the name of a host in small ASCII letters; empty where it can be none, or has no dot."""
    import idna  # noqa: PLC0415 (its tables are large)

    bare = host.rstrip(".。")
    try:
        name = bare if bare.isascii() else idna.encode(bare, uts46=True).decode("ascii")
    except (idna.IDNAError, ValueError):
        return ""
    name = name.casefold()
    labels = name.split(".")
    sound = len(labels) > 1 and len(name) <= _LONGEST_HOST and all(map(_LABEL.fullmatch, labels))
    if not sound or not re.search("[a-z]", labels[-1]):
        return ""
    return name if _readable(name) else ""


def _readable(name: str) -> bool:
    """Whether what looks like Punycode is some."""
    import idna  # noqa: PLC0415 (as above)

    if "xn--" not in name:
        return True
    try:
        return idna.encode(idna.decode(name)).decode("ascii") == name
    except (idna.IDNAError, ValueError):
        return False


def registrable_domain(host: str) -> str:
    """Return the domain of a host that somebody registered: `shop.example.com.cn` → `example.com.cn`.

    It knows the second levels that countries use (`com.cn`, `co.uk`) and the provinces of `.cn`, not the list of all
    suffixes, which changes from week to week: a host of a hosting service gives the service's domain.

    Args:
        host: in ASCII.
    """
    labels = host.casefold().rstrip(".").split(".")
    top, second = labels[-1], labels[-2] if len(labels) > 1 else ""
    country = len(top) == 2 or top.startswith("xn--")
    two_levels = country and (second in _SECOND_LEVELS or (top == "cn" and second in _PROVINCES_IN_CN))
    return ".".join(labels[-3:] if two_levels else labels[-2:])

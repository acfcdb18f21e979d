"""Web sites: their normal form, and the domain by which they tell a company."""

import unicodedata
from typing import Final

from attrs import field, frozen

from crmcore.customers.contact_points.failures import InvalidContactPoint
from crmcore.customers.contact_points.values import ContactKind, ContactValue
from crmcore.customers.contact_points.web_addresses import WebParts, ascii_host, registrable_domain, web_parts
from crmcore.language import Phrase, say

__all__ = ["Website", "website"]

_LONGEST: Final = 2000
_PORTS: Final = {"http": "80", "https": "443"}
_HIGHEST_PORT: Final = 65535


@frozen
class Website(ContactValue):
    """A web site.

    Attributes:
        value: the address with its scheme, the host in ASCII, without fragment.
        key: the host without `www.`, and the path: `http` and `https` are one.
        shown: without scheme, in the script of the host.
        host: in ASCII.
        domain: the domain that was registered, in ASCII, as `registrable_domain` tells it.
    """

    host: str = field(kw_only=True)
    domain: str = field(kw_only=True)


def website(text: str) -> Website:
    """Return a web address in its normal form; without a scheme, `https` is taken.

    Args:
        text: as somebody typed it.

    Raises:
        InvalidContactPoint: it can be no address of a web site.
    """
    tidy = "".join(letter for letter in text.strip() if unicodedata.category(letter) != "Cf")
    tidy = unicodedata.normalize("NFKC", tidy) if "://" not in tidy else tidy
    parts = web_parts(tidy) if len(tidy) <= _LONGEST else None
    host = ascii_host(parts.host) if parts else ""
    problem = _problem(tidy, parts, host)
    if parts is None or problem is not None:
        raise InvalidContactPoint(ContactKind.WEB, text, problem or "", _suggestion(tidy))
    scheme = parts.scheme or "https"
    port = f":{parts.port}" if parts.port and parts.port != _PORTS[scheme] else ""
    path = parts.path if parts.path != "/" or parts.query else ""
    rest = f"{port}{path}{parts.query}"
    return Website(
        ContactKind.WEB,
        f"{scheme}://{host}{rest}",
        f"{host.removeprefix('www.')}{port}{path.rstrip('/')}{parts.query}",
        f"{_shown(host)}{rest}",
        host=host,
        domain=registrable_domain(host),
    )


def _problem(text: str, parts: WebParts | None, host: str) -> Phrase | None:
    if not text:
        return say("it is empty")
    if len(text) > _LONGEST:
        return say("it is too long")
    if parts is None:
        return say("it has a space, or another character that no web address has")
    if parts.scheme not in ("", "http", "https"):
        return say("a web site begins with https:// or http://, not with {scheme}", scheme=parts.scheme)
    if parts.user:
        return say("it has an @: an email address, or a password that does not belong here")
    if not host:
        return say("{host!r} is no name of a host", host=parts.host)
    if parts.port and int(parts.port) > _HIGHEST_PORT:
        return say("there is no port {port}", port=parts.port)
    return None


def _suggestion(text: str) -> str:
    mended = "".join(unicodedata.normalize("NFKC", text).split()).translate(str.maketrans("，。\\", "../"))
    mended = mended.replace(",", ".") if "." not in mended else mended
    mended = mended.replace("http//", "http://").replace("https//", "https://").replace(":///", "://")
    parts = web_parts(mended) if mended != text else None
    right = parts is not None and _problem(mended, parts, ascii_host(parts.host)) is None
    return mended if right else ""


def _shown(host: str) -> str:
    import idna  # noqa: PLC0415 (its tables are large)

    return idna.decode(host) if "xn--" in host else host

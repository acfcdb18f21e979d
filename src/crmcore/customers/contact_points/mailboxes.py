"""Email addresses by the rules of mail, as email-validator knows them."""

import re
import unicodedata
from typing import Final

from email_validator import EmailNotValidError, ValidatedEmail, validate_email

from crmcore.customers.contact_points.emails import Email
from crmcore.customers.contact_points.failures import InvalidContactPoint
from crmcore.customers.contact_points.mail_domains import PUBLIC_MAIL_DOMAINS, likely_domain, without_tag
from crmcore.customers.contact_points.values import ContactKind
from crmcore.language import Phrase, say

__all__ = ["read_email"]

_AROUND: Final = " \t\u3000\xa0"
_LONGEST: Final = 1000
_LONGEST_LOCAL: Final = 64  # RFC 5321, 4.5.3.1.1
_NAMED: Final = re.compile(r"(?P<name>[^<>@]*[^\x00-\x7f][^<>@]*?)\s*<(?P<address>[^<>]+)>")
_FULL_WIDTH_AT: Final = "＠"
_SEPARATORS: Final = str.maketrans({",": ".", "，": ".", "。": ".", "、": ".", "；": ".", ";": "."})
_INSTEAD_OF_AT: Final = re.compile(r"\s*(?:\(at\)|\[at\]|（at）|\bat\b|#|\*)\s*", re.IGNORECASE)
_BARE_PROVIDERS: Final = {
    "gmail": "gmail.com",
    "qq": "qq.com",
    "163": "163.com",
    "126": "126.com",
    "outlook": "outlook.com",
}


def read_email(text: str) -> Email:
    """Return an email address in its normal form; see `email`."""
    if len(text) > _LONGEST:
        raise InvalidContactPoint(ContactKind.EMAIL, text, say("it is too long"))
    tidy = text.strip(_AROUND)
    tidy = tidy[7:] if tidy[:7].casefold() == "mailto:" else tidy
    if "@" not in tidy and _FULL_WIDTH_AT in tidy:
        tidy = unicodedata.normalize("NFKC", tidy)
    found, name = _validated(tidy), ""
    if found is None and (named := _NAMED.fullmatch(tidy)):  # a name in characters, which the library wants in quotes
        found, name = _validated(named["address"]), named["name"].strip('" ')
    if found is None:
        raise InvalidContactPoint(ContactKind.EMAIL, text, _problem(tidy), _suggestion(tidy))
    ascii_domain = found.ascii_domain.casefold()
    likely, impossible = likely_domain(ascii_domain)
    meant = f"{found.local_part}@{likely}" if likely else ""
    if impossible:
        reason = say("no domain ends in {top!r}", top=ascii_domain.rpartition(".")[2])
        raise InvalidContactPoint(ContactKind.EMAIL, text, reason, meant)
    return Email(
        ContactKind.EMAIL,
        found.normalized,
        _mailbox(found.local_part, ascii_domain),
        found.normalized,
        local=found.local_part,
        domain=found.domain,
        ascii_domain=ascii_domain,
        public=ascii_domain in PUBLIC_MAIL_DOMAINS,
        name=found.display_name or name,
        likely=meant,
    )


def _mailbox(local: str, domain: str) -> str:
    domain = "gmail.com" if domain == "googlemail.com" else domain
    return f"{without_tag(local.casefold(), domain)}@{domain}"


def _validated(text: str) -> ValidatedEmail | None:
    try:
        found = validate_email(text, check_deliverability=False, allow_quoted_local=True, allow_display_name=True)
    except (EmailNotValidError, ValueError):
        return None
    return found if len(found.local_part) <= _LONGEST_LOCAL else None


def _problem(text: str) -> Phrase:
    """Return why a text is no address, and what to do; the library says it in English alone."""
    local, at, domain = text.rpartition("@")
    if not at:
        return say("the @ is missing")
    if not local.strip():
        return say("there is nothing before the @")
    if not domain.strip():
        return say("there is nothing behind the @")
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn") for letter in text):
        return say("it has a character that cannot be seen; type it anew")
    if re.search(r"\s", text):
        return say("it has a space inside")
    if domain.startswith("["):
        return say("it names a machine by its number; write the name of a domain")
    if "." not in domain and "。" not in domain and "．" not in domain:
        return say("the domain has no dot; write it whole, such as example.com")
    if ".." in text or text.startswith(".") or local.endswith(".") or domain.endswith(".") or domain.startswith("."):
        return say("it has a dot too many")
    if len(text) > 254 or len(local) > _LONGEST_LOCAL:
        return say("it is too long")
    if "@" in local and '"' not in local:
        return say("it has several addresses, or an @ too many")
    if re.search(r"\.(arpa|invalid|local|localhost|onion|test)$", domain, re.IGNORECASE):
        return say("its domain is reserved, and gets no mail")
    return say("it has a character that no address has in that place")


def _suggestion(text: str) -> str:
    """Return an address that differs from what was typed by a usual slip; empty where none does."""
    mended = unicodedata.normalize("NFKC", text)
    mended = "".join(letter for letter in mended if unicodedata.category(letter) != "Cf")
    if "@" not in mended:
        mended = _INSTEAD_OF_AT.sub("@", mended, count=1)
    mended = re.sub(r"\s+", "", mended).translate(_SEPARATORS)
    mended = re.sub(r"\.{2,}", ".", mended).replace("@.", "@").replace(".@", "@").strip(".<>()\"'")
    local, _, domain = mended.rpartition("@")
    mended = f"{local}@{_BARE_PROVIDERS.get(domain.casefold(), domain)}"
    found = _validated(mended) if mended != text else None
    if found is None:
        return ""
    likely, _ = likely_domain(found.ascii_domain.casefold())
    return f"{found.local_part}@{likely}" if likely else found.normalized

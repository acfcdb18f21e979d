"""Settings: which servers, whose name, and who in the organization is reached where."""

from collections.abc import Iterable, Mapping
from datetime import date
from email.utils import parseaddr
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import unquote, urlsplit

from attrs import field, fields, frozen

from crmcore.language import say
from crmcore.messaging import Address, InvalidMessage, InvalidSetting, one_line

__all__ = ["PREFIX", "EmailNotifierSettings", "EmailSettings", "Security", "Server"]

PREFIX: Final = "CRMCORE_EMAIL_"
"""What the variables of the environment begin with."""

_NAME: Final = "email"


class Security(StrEnum):
    """How a connection is encrypted."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


_SCHEMES: Final[Mapping[str, tuple[str, Security, int]]] = {
    "smtp": ("smtp", Security.NONE, 25),
    "smtp+starttls": ("smtp", Security.STARTTLS, 587),
    "smtps": ("smtp", Security.TLS, 465),
    "imap": ("imap", Security.NONE, 143),
    "imap+starttls": ("imap", Security.STARTTLS, 143),
    "imaps": ("imap", Security.TLS, 993),
}


@frozen
class Server:
    """A server, and how to enter it.

    Attributes:
        host: its name.
        port: its port.
        security: how the connection is encrypted.
        user: who enters; empty where it needs nobody.
        password: with which password.
    """

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def parse(cls, url: str, *, protocol: str) -> Self:
        """Read a URL such as `smtp+starttls://user:password@mail.firma.example:587`.

        Args:
            url: the URL; user and password are percent-encoded.
            protocol: `smtp` or `imap`.

        Raises:
            InvalidSetting: it is no such URL, or would send a password in the clear.
        """
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise InvalidSetting(_NAME, protocol, say("it is no URL")) from None
        known = [name for name, (of, _, _) in _SCHEMES.items() if of == protocol]
        if parts.scheme not in known or not host or parts.path.strip("/") or parts.query or parts.fragment:
            example = f"{known[1]}://user:password@mail.firma.example"
            raise InvalidSetting(_NAME, protocol, say("a URL such as {example} is wanted", example=example))
        _, security, usual = _SCHEMES[parts.scheme]
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        if not (user + password).isascii():
            raise InvalidSetting(
                _NAME, protocol, say("user and password are of ASCII characters: servers take no others")
            )
        server = cls(host, port or usual, security, user, password)
        if server.password and security is Security.NONE and not _here(host):
            reason = say("a password is not sent without encryption: begin with {known}", known=" or ".join(known[1:]))
            raise InvalidSetting(_NAME, protocol, reason)
        return server


def _here(host: str) -> bool:
    """Whether a host is this machine, whose conversations with itself nobody hears."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _address(value: Any) -> Address:
    """Return the address that people write as `CRM <crm@firma.example>`."""
    if isinstance(value, Address):
        return value
    name, address = parseaddr(value)
    try:
        if address.count("@") == 1 and address.strip("@") == address and value == one_line(value):
            return Address("email", address, name)
    except InvalidMessage:
        pass
    raise InvalidSetting(_NAME, "sender", say("an address such as {example} is wanted", example="crm@firma.example"))


def _smtp(value: Any) -> Server:
    return value if isinstance(value, Server) else Server.parse(value, protocol="smtp")


def _imap(value: Any) -> Server | None:
    return value if value is None or isinstance(value, Server) else Server.parse(value, protocol="imap")


def _seconds(value: Any) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = 0
    if not 0 < seconds <= _LONGEST:
        raise InvalidSetting(_NAME, "timeout", say("it is a number of seconds, from more than 0 to 600"))
    return seconds


_LONGEST: Final = 600


def _day(value: Any) -> date | None:
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        reason = say("a day such as {example} is wanted", example="2026-11-23")
        raise InvalidSetting(_NAME, "not_before", reason) from None


def _path(value: Any) -> Path | None:
    return Path(value) if value else None


@frozen(kw_only=True)
class EmailSettings:
    """What the channel needs.

    Attributes:
        sender: the company's address, as `CRM <crm@firma.example>`: letters come from it, and failures go to it.
        smtp: the server that sends: `smtp+starttls://user:password@host`, `smtps://…`, or `smtp://…` unencrypted.
        imap: the server to read from: `imaps://user:password@host`, `imap+starttls://…`; None for a channel that only
            sends.
        folder: the folder to read.
        not_before: letters that the server got before this day are not read; None for all that there are.
        domain: what stands behind the `@` of Message-IDs; empty for that of the sender. It has to stay the same:
            answers are recognised by it.
        timeout: how long to wait for a server, in seconds, from more than 0 to 600.
        authority: a file with the certificates to trust, for a server with one of the company's own; None for those
            that the system trusts.

    Raises:
        InvalidSetting: one of them cannot be used.
    """

    sender: Address = field(converter=_address)
    smtp: Server = field(converter=_smtp)
    imap: Server | None = field(default=None, converter=_imap)
    folder: str = "INBOX"
    not_before: date | None = field(default=None, converter=_day)
    domain: str = ""
    timeout: float = field(default=30.0, converter=_seconds)
    authority: Path | None = field(default=None, converter=_path)

    @property
    def own_domain(self) -> str:
        """What stands behind the `@` of Message-IDs."""
        return self.domain or self.sender.value.rpartition("@")[2]

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read CRMCORE_EMAIL_SENDER and _SMTP, and of the others, from _IMAP to _AUTHORITY, those that are set.

        Raises:
            InvalidSetting: one is missing, or cannot be used.
        """
        given = _given(environment, [one.name for one in fields(cls)])
        for name in ("sender", "smtp"):
            if name not in given:
                raise InvalidSetting(_NAME, name, say("{variable} is not set", variable=PREFIX + name.upper()))
        return cls(**given)


def _given(environment: Mapping[str, str], names: Iterable[str]) -> dict[str, Any]:
    return {name: environment[variable] for name in names if environment.get(variable := PREFIX + name.upper())}


@frozen(kw_only=True)
class EmailNotifierSettings:
    """What the notifier needs.

    Attributes:
        email: what the channel needs; its `imap` is not used.
        people: the addresses of people of the organization, by their ids.
        everybody_at: the domain where everybody else has an address that begins with the id, so that `li.na` is reached
            at `li.na@firma.example`; empty where only those are reached who are named.
    """

    email: EmailSettings
    people: Mapping[str, str] = field(factory=dict)
    everybody_at: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the variables of the channel, CRMCORE_EMAIL_PEOPLE, and CRMCORE_EMAIL_EVERYBODY_AT.

        CRMCORE_EMAIL_PEOPLE looks like `li.na=na@firma.example, wang.wei=wang@firma.example`.

        Raises:
            InvalidSetting: one is missing, or cannot be used.
        """
        given = _given(environment, ("people", "everybody_at"))
        people = {}
        for pair in filter(None, map(str.strip, given.get("people", "").split(","))):
            person, is_, address = pair.partition("=")
            if not is_:
                wanted = say("{example} is wanted", example="li.na=na@firma.example, wang.wei=wang@firma.example")
                raise InvalidSetting(_NAME, "people", wanted)
            people[person.strip()] = address.strip()
        email = EmailSettings.from_environment(environment)
        return cls(email=email, people=people, everybody_at=given.get("everybody_at", ""))

    def address(self, person: str, name: str) -> Address | None:
        """Return where somebody is reached; None where nobody has said."""
        value = self.people.get(person) or (f"{person}@{self.everybody_at}" if self.everybody_at else "")
        return Address("email", value, name) if value else None

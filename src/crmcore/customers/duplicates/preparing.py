"""Profiles made ready to be compared: each value normalised once, however often it is compared."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache, partial
from typing import Final

from attrs import frozen

from crmcore.customers.duplicates.mail_domains import company_domain
from crmcore.customers.duplicates.profiles import Profile, ProfileKind
from crmcore.customers.duplicates.texts import digits, folded, has_han
from crmcore.customers.identity import person_key, pinyin_key, romanized, split_company_name, split_name
from crmcore.customers.identity.names import HAN
from crmcore.errors import MissingExtra

__all__ = ["TAIL", "Company", "Person", "Prepared", "prepared", "sound"]

_MANY: Final = 8_192
_NOTHING: Final[Mapping[str, str]] = {}
_IN_HAN: Final = re.compile(rf"(?:{HAN.pattern}|[·|\s])+")
"""What is written in Chinese characters alone; of other names of companies, nothing is read aloud."""
_EXTENSION: Final = re.compile(r"(?:ext\.?|x|转|分机|#|;ext=)\s*\d+\s*$", re.IGNORECASE)
_SHORTEST_PHONE: Final = 5

TAIL: Final = 8
"""How many of the last digits of a phone number tell it from others, whatever stands before them."""


@frozen
class Person:
    """The name of a person.

    Attributes:
        key: the whole name as it is compared.
        parts: its words; for a Chinese name the family name and the given name.
        sounds: the same in pinyin, part by part for a Chinese name; empty where nothing can read its characters.
        han: whether it is in Chinese characters.
    """

    key: str
    parts: tuple[str, ...]
    sounds: tuple[str, ...]
    han: bool


@frozen
class Company:
    """The name of a company.

    Attributes:
        text: the whole name, folded.
        key: without its legal form.
        bare: without its place too.
        sound: the name without form and place in Latin letters; empty where nothing can read its Chinese characters.
        han: whether it is in Chinese characters.
    """

    text: str
    key: str
    bare: str
    sound: str
    han: bool


@frozen
class Prepared:
    """A profile as it is compared. The names of the attributes are those of the profile."""

    profile: Profile
    people: tuple[Person, ...]
    companies: tuple[Company, ...]
    phones: tuple[str, ...]
    emails: tuple[str, ...]
    domains: tuple[str, ...]
    address: Mapping[str, str]
    born: date | None
    identifiers: Mapping[str, str]
    more: Mapping[str, str]

    @property
    def tails(self) -> tuple[str, ...]:
        """The last digits of its phones, by which they are known whatever stands before them."""
        return tuple(dict.fromkeys(phone[-TAIL:] for phone in self.phones))

    @property
    def id(self) -> str:
        """The id of the customer."""
        return self.profile.id


def prepared(profile: Profile) -> Prepared:
    """Return a profile as it is compared."""
    is_person = profile.kind is ProfileKind.PERSON
    emails = _each(_email, profile.emails)
    sites = (*profile.domains, *[email.rpartition("@")[2] for email in emails])
    return Prepared(
        profile,
        people=tuple(person for person in map(_person, profile.names) if person.parts) if is_person else (),
        companies=() if is_person else tuple(company for company in map(_company, profile.names) if company.text),
        phones=_each(_phone, profile.phones),
        emails=emails,
        domains=_each(company_domain, sites),
        address=_texts(profile.address),
        born=profile.born,
        identifiers=_texts(profile.identifiers, between=""),
        more=_texts(profile.more),
    )


def _each(normal: Callable[[str], str], texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(normal, texts)))) if texts else ()


def _texts(fields: Mapping[str, str], between: str = " ") -> Mapping[str, str]:
    if not fields:
        return _NOTHING
    return {name: text for name, given in fields.items() if (text := between.join(folded(given).split()))}


def _email(text: str) -> str:
    return "".join(text.split()).casefold()


def _phone(text: str) -> str:
    number = digits(_EXTENSION.sub("", text)).lstrip("0")
    return number if len(number) >= _SHORTEST_PHONE else ""


def _person(name: str) -> Person:
    split = split_name(name)
    key = person_key(name)
    if split.chinese and key:
        sounds = _read(partial(romanized, family_first=True), name).casefold().replace("ü", "v")
        parts = tuple(filter(None, (split.family, split.given.replace("·", ""))))
        return Person(key, parts, tuple(sounds.split()), han=True)
    return Person(key, tuple(key.split()), tuple(_read(pinyin_key, name).split()), han=False)


def _company(name: str) -> Company:
    parts = split_company_name(name)
    bare = parts.key(place=False)
    heard = sound(bare) if _IN_HAN.fullmatch(bare) else folded(bare).replace(" ", "")
    return Company(folded(name), parts.key(), bare, heard, han=has_han(bare))


@lru_cache(maxsize=_MANY)
def sound(text: str) -> str:
    """Return a text in Latin letters without spaces; empty where nothing can read its Chinese characters."""
    spelt = _read(partial(romanized, family_first=True), text) if has_han(text) else text
    return folded(spelt).replace(" ", "")


def _read(reading: Callable[[str], str], name: str) -> str:
    """Return a name in pinyin; empty where it is Chinese and nothing that can read it is installed."""
    try:
        return reading(name)
    except MissingExtra:
        return ""

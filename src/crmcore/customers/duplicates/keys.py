"""Keys: few, selective strings of a profile, of which two profiles of one customer nearly always share one.

A storage keeps them in a table of tenant, key and customer. Whoever enters a customer asks for those that share a key,
and so reads a handful among a million.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from crmcore.customers.duplicates.preparing import Company, Prepared, prepared
from crmcore.customers.duplicates.profiles import Profile
from crmcore.customers.duplicates.texts import soundex

__all__ = ["LONGEST_KEY", "keys", "keys_of", "proving"]

LONGEST_KEY: Final = 100
"""Characters of the longest key."""

_HEADS: Final = "oh:"  # what the keys of how companies' names begin, begin with
_HEAD: Final = 4  # characters of a Chinese company name that tell it from most others
_TOWN: Final = re.compile(r"^.{2,4}?[省市县](?=.{2})")
_TWO: Final = 2  # characters of the names of most towns
_NUMBER: Final = re.compile(r"\d+")
_WORD: Final = re.compile(r"[^\W\d]+")
_LONGEST_PARTS: Final = 4  # parts of a name of which initials are taken


def keys(profile: Profile) -> tuple[str, ...]:
    """Return the keys of a profile, the most selective first.

    They do not depend on any setting, so that those that are stored stay right. Names in Chinese characters need
    pypinyin to share a key with their transcriptions: who installs it later makes the stored keys anew.

    Args:
        profile: of a customer that is stored, or that is being entered.
    """
    return keys_of(prepared(profile))


def keys_of(ready: Prepared) -> tuple[str, ...]:
    """Return the keys of a prepared profile."""
    return tuple(dict.fromkeys(f"{ready.profile.kind[0]}{key}"[:LONGEST_KEY] for key in _keys(ready)))


def proving(ready: Prepared, asked: Sequence[str]) -> tuple[str, ...]:
    """Return those keys of a profile of which whoever shares one can be likelier than not the same customer.

    Of a company of which only the name is known, how the name begins is none of them: who shares nothing else has a
    name that is close at best, which alone makes no two the same. Many names begin alike, so that much is spared.

    Args:
        ready: the profile, prepared.
        asked: its keys.
    """
    if ready.phones or ready.emails or ready.domains or ready.address or ready.identifiers or ready.more:
        return tuple(asked)
    return tuple(key for key in asked if not key.startswith(_HEADS))


def _keys(ready: Prepared) -> Iterator[str]:
    yield from (f"i:{scheme}:{value}" for scheme, value in sorted(ready.identifiers.items()))
    yield from (f"e:{email}" for email in ready.emails)
    if ready.phones:
        yield from (f"p:{tail}" for tail in ready.tails)
    if ready.people:
        yield from _of_people(ready)
    if ready.companies:
        yield from _of_companies(ready)
    if ready.address:
        yield from _of_address(ready)


def _of_people(ready: Prepared) -> Iterator[str]:
    """Yield the name, alone and with what narrows a common one; the initials with the date of birth or the employer."""
    names = [person.sounds or person.parts for person in ready.people]
    initials = sorted({part[0] for name in names for part in name[:_LONGEST_PARTS]})
    if ready.born:
        yield from (f"b:{ready.born.isoformat()}:{initial}" for initial in initials)
    yield from (f"d:{domain}:{initial}" for domain in ready.domains for initial in initials)
    for name in names:
        whole, heard = "".join(sorted("".join(name))), " ".join(sorted(map(soundex, name)))
        yield from (f"n:{heard}:{part}:{place}" for part, place in _places(ready))
        yield f"n:{whole}"
        if len(name) > 1:
            yield f"s:{heard}"


def _places(ready: Prepared) -> Iterable[tuple[str, str]]:
    return [(part, ready.address[part]) for part in ("postcode", "city") if part in ready.address]


def _of_companies(ready: Prepared) -> Iterator[str]:
    yield from (f"d:{domain}" for domain in ready.domains)
    for company in ready.companies:
        yield f"n:{company.sound or company.bare}"
        yield from (f"h:{head}" for head in _heads(company))


def _heads(company: Company) -> Iterator[str]:
    """Yield how the name of a company begins: what stays where words behind are left out or written differently.

    A Chinese name may begin with a town; so what follows it, or the first two characters, is a beginning too.
    """
    if company.han:
        name = _TOWN.sub("", company.bare.replace(" ", ""))
        yield from filter(None, (name[:_HEAD], name[_TWO : _TWO + _HEAD]))
    else:
        yield " ".join(soundex(word) for word in company.bare.split()[:2])


def _of_address(ready: Prepared) -> Iterator[str]:
    """Yield the number and the longest word of the street, with the town."""
    street = ready.address.get("street", "")
    number = ready.address.get("house") or next(iter(_NUMBER.findall(street)), "")
    longest = max(_WORD.findall(street), key=lambda word: (len(word), word), default="")
    if number and longest:
        yield f"a:{number}:{soundex(longest)}:{next((place for _, place in _places(ready)), '')}"

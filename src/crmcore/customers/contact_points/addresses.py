"""Postal addresses: the Chinese ones by their regions, those of other countries as they were written, but tidy."""

import unicodedata
from typing import Final

from attrs import field, frozen

from crmcore.customers.contact_points.chinese_addresses import ChineseAddress, chinese_address, is_chinese_address
from crmcore.customers.contact_points.failures import InvalidContactPoint
from crmcore.customers.contact_points.values import ContactKind, ContactValue
from crmcore.customers.identity import RegionLevel
from crmcore.language import say

__all__ = ["PostalAddress", "postal_address"]

_LONGEST: Final = 1000
_CHINA: Final = "CN"
_ROUNDS: Final = 10


@frozen
class PostalAddress(ContactValue):
    """A postal address.

    Attributes:
        value: in one line; of a Chinese one the regions in full, the street, and the postcode.
        key: the same without spaces and punctuation, in small letters, without postcode.
        country: ISO 3166, two letters.
        region_code: of the smallest division that it names, by GB/T 2260; empty where none can be told.
        province: the name of its province, in full; empty for none. So are city and county.
        city: empty also where the county is right below the province, as in Shanghai.
        county: the district or county.
        street: the rest, in one line.
        postcode: six digits; empty for none, and for other countries, where it stays in the street.
        candidates: the codes of the divisions that it may mean, where it may mean several.
    """

    country: str = field(kw_only=True)
    region_code: str = field(default="", kw_only=True)
    province: str = field(default="", kw_only=True)
    city: str = field(default="", kw_only=True)
    county: str = field(default="", kw_only=True)
    street: str = field(kw_only=True)
    postcode: str = field(default="", kw_only=True)
    candidates: tuple[str, ...] = field(default=(), kw_only=True)


def postal_address(text: str, *, region: str = _CHINA) -> PostalAddress:
    """Return a postal address in its normal form.

    Args:
        text: as somebody typed it, in one line or in several.
        region: the country (ISO 3166, two letters) where it lies.

    Raises:
        InvalidContactPoint: it is empty, or names a city in a province where it does not lie.
    """
    if len(text) > _LONGEST:
        raise InvalidContactPoint(ContactKind.ADDRESS, text, say("it is too long"))
    lines = [" ".join(line.split()) for line in unicodedata.normalize("NFKC", text).splitlines()]
    chinese = region == _CHINA and is_chinese_address(text)
    line = (" " if chinese else ", ").join(line.strip(", ") for line in lines if line.strip(", "))
    if not any(letter.isalnum() for letter in line):
        raise InvalidContactPoint(ContactKind.ADDRESS, text, say("it is empty"))
    if not chinese:
        return _plain(line, region)
    address = _chinese(text, chinese_address(line))
    for _ in range(_ROUNDS):  # what a postcode or the name of the country hid may tell more
        further = _chinese(text, chinese_address(address.value))
        if further == address:
            break
        address = further
    return address if is_chinese_address(address.value) else _plain(address.value, region)


def _plain(line: str, country: str) -> PostalAddress:
    return PostalAddress(ContactKind.ADDRESS, line, _key(line), line, country=country, street=line)


def _chinese(text: str, parts: ChineseAddress) -> PostalAddress:
    names = {one.level: one.name for one in parts.regions}
    regions = "".join(names.values())
    if parts.elsewhere is not None:
        city, province = parts.elsewhere, parts.regions[-1].name
        home = chinese_address(city.name + parts.street.removeprefix(city.name))
        reason = say("{city} does not lie in {province}", city=city.name, province=province)
        meant = "".join(one.name for one in home.regions) + home.street
        raise InvalidContactPoint(ContactKind.ADDRESS, text, reason, meant)
    line = regions + parts.street
    value = f"{line} {parts.postcode}" if parts.postcode else line
    return PostalAddress(
        ContactKind.ADDRESS,
        value,
        _key(line),
        value,
        country=_CHINA,
        region_code=parts.regions[-1].code if parts.regions else "",
        province=names.get(RegionLevel.PROVINCE, ""),
        city=names.get(RegionLevel.CITY, ""),
        county=names.get(RegionLevel.COUNTY, ""),
        street=parts.street,
        postcode=parts.postcode,
        candidates=tuple(one.code for one in parts.candidates),
    )


def _key(line: str) -> str:
    return "".join(letter for letter in line.casefold() if letter.isalnum())

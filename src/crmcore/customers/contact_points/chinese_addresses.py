"""A Chinese address in one line, taken apart: 浙江省杭州市西湖区文三路 90 号, 310012."""

import re
import unicodedata
from typing import Final

from attrs import field, frozen

from crmcore.customers.identity import Region, RegionLevel, find_regions, is_region_name, region, region_path

__all__ = ["ChineseAddress", "chinese_address", "is_chinese_address"]

_HAN: Final = r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
_BETWEEN_HAN: Final = re.compile(rf"(?<={_HAN})[\s,，]+(?={_HAN})")
_COUNTRY: Final = re.compile(r"^(?:(?:中华人民共和国|中國|中国)(?:大陆)?[\s,，]*)+(?=\S)")
_POSTCODES: Final = (
    re.compile(r"[\s,，;；(（]*(?:邮政编码|邮编)?[\s:：]*(?<!\d)(?P<code>[0-9]{6})[)）]?$"),
    re.compile(r"^(?:邮政编码|邮编)?[\s:：]*(?P<code>[0-9]{6})(?!\d)[\s,，;；]*(?=\S)"),
)
_HEADINGS: Final = re.compile(r"^(?:(?:市辖区|省直辖县级行政区划|自治区直辖县级行政区划)\s*)+(?=.)")
_A_STREET: Final = re.compile(
    r"^[东西南北中上下前后内外新老一二三四五六七八九十\d]{0,3}(?:大道|公路|大街|街道|路|街|巷|弄|胡同|道|桥|里\d)"
)
_LONGEST: Final = 16
_SHORTEST: Final = 2


@frozen
class ChineseAddress:
    """A Chinese address in parts.

    Attributes:
        regions: from the province down, as far as the address tells; empty where it names none, or may mean several.
        candidates: the regions that it may mean, where it may mean several.
        street: the rest.
        postcode: six digits; empty for none.
        elsewhere: a city that is named behind a province in which it does not lie; None for none.
    """

    regions: tuple[Region, ...]
    candidates: tuple[Region, ...]
    street: str
    postcode: str = field(kw_only=True)
    elsewhere: Region | None = field(kw_only=True)


def is_chinese_address(text: str) -> bool:
    """Whether an address is written in Chinese characters."""
    return re.search(_HAN, text) is not None


def chinese_address(text: str) -> ChineseAddress:
    """Take a Chinese address apart.

    The names of the regions may be short (杭州西湖区), and levels may be left out, where what remains is one region:
    西湖区 alone is none, because several cities have one. Regions that are no more are known too.

    Args:
        text: as somebody typed it.
    """
    tidy = " ".join(unicodedata.normalize("NFKC", text).split())
    tidy, postcode = _without_postcode(tidy)
    whole = _COUNTRY.sub("", _BETWEEN_HAN.sub("", tidy))
    found: tuple[Region, ...] = ()
    rest = whole
    while step := _step(found, rest):
        found, rest = step
        rest = _HEADINGS.sub("", rest.lstrip(" ,"))
    if len(found) != 1:
        return ChineseAddress((), found, whole, postcode=postcode, elsewhere=None)
    path = _path(found[0])
    return ChineseAddress(path, (), rest, postcode=postcode, elsewhere=_elsewhere(path, rest))


def _without_postcode(text: str) -> tuple[str, str]:
    for pattern in _POSTCODES:
        found = pattern.search(text)
        if found is not None and (rest := (text[: found.start()] + text[found.end() :]).strip(" ,")):
            return rest, found["code"]
    return text, ""


def _step(above: tuple[Region, ...], text: str) -> tuple[tuple[Region, ...], str] | None:
    """Return the regions, below those found so far, that a text begins with, and the rest; None where it does not."""
    if above and all(one.level is RegionLevel.COUNTY for one in above):
        return None
    own = {(one.name, one.short) for one in above}
    for length in range(min(_LONGEST, len(text)), _SHORTEST - 1, -1):
        name, rest = text[:length], text[length:]
        if not is_region_name(name):
            continue
        inside = _inside(above, name)
        if inside and not (all(one.name != name for one in inside) and _A_STREET.match(rest)):
            return inside, rest
        if own and rest and all(name in names for names in own):
            return above, rest  # said twice: 北京市北京市朝阳区
    return None


def _inside(above: tuple[Region, ...], name: str) -> tuple[Region, ...]:
    found = find_regions(name)
    inside = tuple(one for one in found if _lies_in(one, above))
    if inside:
        return tuple(
            one for one in inside if not any(upper in _path(one)[:-1] for upper in inside)
        )  # 吉林 the province
    once = [one for one in find_regions(name, historic=True) if one.last is not None and _lies_in(one, above)]
    latest = max(once, key=lambda one: one.last or 0, default=None)
    return () if latest is None or not above else (latest,)


def _lies_in(one: Region, above: tuple[Region, ...]) -> bool:
    if not above:
        return True
    codes = {upper.code for upper in above}
    return any(step.code in codes for step in _path(one)[:-1])


def _path(one: Region) -> tuple[Region, ...]:
    return (*region_path(one.parent), one) if one.parent else (one,)


def _elsewhere(path: tuple[Region, ...], rest: str) -> Region | None:
    """Return the city that a text begins with though it lies in another province; None for none, or for a street."""
    if path[-1].level is not RegionLevel.PROVINCE:
        return None
    for length in range(min(_LONGEST, len(rest)), _SHORTEST, -1):
        cities = [
            one for one in find_regions(rest[:length]) if one.level is RegionLevel.CITY and one.name == rest[:length]
        ]
        if len(cities) == 1 and not _A_STREET.match(rest[length:]) and cities[0].parent != path[-1].code:
            return region(cities[0].code)
    return None

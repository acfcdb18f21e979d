"""Places in the names of companies: 上海 in 上海晨光, China in Microsoft (China)."""

from collections.abc import Mapping
from functools import cache
from typing import Final

from crmcore.customers.identity.regions import RegionLevel, regions_below

__all__ = ["leading_place", "place_of"]

_SHORTEST: Final = 2  # characters of the shortest name
_COUNTRIES: Final = ("中国", "中國", "china", "prc", "p.r.c.")
_ROMANIZED: Final = (
    "beijing tianjin shanghai chongqing hebei shanxi liaoning jilin heilongjiang jiangsu zhejiang anhui fujian "
    "jiangxi shandong henan hubei hunan guangdong guangxi hainan sichuan guizhou yunnan tibet shaanxi gansu "
    "qinghai ningxia xinjiang hongkong macau taiwan taipei shenzhen guangzhou dongguan foshan zhuhai hangzhou "
    "ningbo wenzhou nanjing suzhou wuxi changzhou wuhan chengdu xian qingdao jinan yantai dalian shenyang "
    "changchun harbin xiamen fuzhou changsha zhengzhou hefei nanchang kunming guiyang nanning haikou lanzhou "
    "urumqi"
)
_IN_LATIN: Final = {"hong kong": "hongkong", "macao": "macau", **{name: name for name in _ROMANIZED.split()}}


def place_of(text: str) -> str:
    """Return the short name of the region or country that a text is; empty where it is none."""
    if text in _COUNTRIES:
        return "china"
    if text in _IN_LATIN:
        return _IN_LATIN[text]
    place, rest = leading_place(text)
    return "" if rest else place


def leading_place(text: str) -> tuple[str, str]:
    """Return the short name of the province or city that a text begins with, and the rest.

    Of a province and a city of it, the city is the place. Empty and the text, where it begins with neither.
    """
    place, rest = _first(text)
    if place:
        further, behind = _first(rest)
        if further in _cities_of().get(place, ()):
            return further, behind
    return place, rest


def _first(text: str) -> tuple[str, str]:
    places = _places()
    if text[:_SHORTEST] not in _beginnings():
        return "", text
    for length in range(min(_longest(), len(text)), _SHORTEST - 1, -1):
        if place := places.get(text[:length]):
            return place, text[length:]
    return "", text


@cache
def _places() -> Mapping[str, str]:
    """Return the short name of each province and city by its names."""
    found = [*regions_below(), *(city for province in regions_below() for city in regions_below(province.code))]
    named = [one for one in found if one.level is not RegionLevel.COUNTY]
    return {name: one.short for one in named for name in (one.name, one.short)}


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(name[:_SHORTEST] for name in _places())


@cache
def _longest() -> int:
    return max(map(len, _places()))


@cache
def _cities_of() -> Mapping[str, frozenset[str]]:
    return {one.short: frozenset(city.short for city in regions_below(one.code)) for one in regions_below()}

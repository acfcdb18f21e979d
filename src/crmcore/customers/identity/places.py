"""Places in the names of companies: 上海 in 上海晨光, China in Microsoft (China)."""

import re
from collections.abc import Mapping
from typing import Final

__all__ = ["leading_place", "place_of"]

_PROVINCES: Final = (
    "北京市 天津市 河北省 山西省 内蒙古自治区 辽宁省 吉林省 黑龙江省 上海市 江苏省 浙江省 安徽省 福建省 "
    "江西省 山东省 河南省 湖北省 湖南省 广东省 广西壮族自治区 海南省 重庆市 四川省 贵州省 云南省 西藏自治区 "
    "陕西省 甘肃省 青海省 宁夏回族自治区 新疆维吾尔自治区 台湾省 香港特别行政区 澳门特别行政区"
)
_COUNTRIES: Final = ("中国", "中國", "china", "prc")
_ENDS: Final = re.compile(r"(?:壮族|回族|维吾尔)?自治区$|特别行政区$|[省市]$")


def _short(name: str) -> str:
    return _ENDS.sub("", name)


_PLACES: Final[Mapping[str, str]] = {
    **{name: _short(name) for name in _PROVINCES.split()},
    **{_short(name): _short(name) for name in _PROVINCES.split()},
}


def place_of(text: str) -> str:
    """Return the short name of the region or country that a text is; empty where it is none."""
    if text in _COUNTRIES:
        return "china"
    return _PLACES.get(text, "")


def leading_place(text: str) -> tuple[str, str]:
    """Return the short name of the region that a text begins with, and the rest; empty and the text where none does."""
    for length in range(min(8, len(text)), 1, -1):
        if place := _PLACES.get(text[:length]):
            return place, text[length:]
    return "", text

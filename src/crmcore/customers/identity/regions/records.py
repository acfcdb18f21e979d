"""One division of China: a province, a city or a county, as it is or was."""

import re
from enum import StrEnum
from typing import Final

from attrs import field, frozen

__all__ = ["Region", "RegionLevel", "short_name"]

_NATIONALITIES: Final = (
    "各 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 "
    "景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 "
    "裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺"
)
_PEOPLES: Final = (
    "|".join(f"{people}族" for people in _NATIONALITIES.split()) + "|蒙古|维吾尔|哈萨克|柯尔克孜|塔吉克|锡伯"
)
_END: Final = re.compile(rf"(?:{_PEOPLES})*自治[区州县旗]$|特别行政区$|(?:新区|地区|林区|矿区)$|[省市区县盟旗]$")
_KIND: Final = re.compile(r"(?:自治|)[区州县旗]$")
_SHORTEST: Final = 2


class RegionLevel(StrEnum):
    """How large a division is: 省级, 地级, 县级."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


@frozen
class Region:
    """One division of China by GB/T 2260, under one of its names.

    Attributes:
        code: six digits: two each for province, city and county.
        name: in full, `上海市`.
        parent: the code of the division above; empty for a province. A county that belongs to no city is under its
            province.
        first: the first year whose published list has the name; None where those of 1980 have it.
        last: the last one; None while it is valid.
        zone: whether it is a development zone, which has a code in the statistics, and is no division of GB/T 2260.
    """

    code: str
    name: str
    parent: str = ""
    first: int | None = field(default=None, kw_only=True)
    last: int | None = field(default=None, kw_only=True)
    zone: bool = field(default=False, kw_only=True)

    @property
    def level(self) -> RegionLevel:
        """Whether it is a province, a city or a county, or as large as one."""
        if self.code.endswith("0000"):
            return RegionLevel.PROVINCE
        return RegionLevel.CITY if self.code.endswith("00") else RegionLevel.COUNTY

    @property
    def short(self) -> str:
        """Its name as people say it: `上海`, `内蒙古`, `延边`."""
        return self.name if self.zone else short_name(self.name)

    def valid_in(self, year: int) -> bool:
        """Whether the lists of a year have it."""
        return (self.first is None or self.first <= year) and (self.last is None or year <= self.last)


def short_name(name: str) -> str:
    """Return the name of a division as people say it, without what kind it is; whole where little would be left."""
    shorter = (_END.sub("", name), _KIND.sub("", name))
    return next((short for short in shorter if len(short) >= _SHORTEST), name)

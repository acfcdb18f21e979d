"""Regions by code and by name. A name is no key: where several regions have it, all of them are the answer."""

import re
from functools import lru_cache
from typing import Final

from crmcore.customers.identity.regions.records import Region
from crmcore.customers.identity.regions.table import region_table
from crmcore.errors import UnknownName, nearest

__all__ = ["find_regions", "is_region_name", "region", "region_path", "regions_below"]

_CODE: Final = re.compile(r"(\d{2}|\d{4}|\d{6})(?:0{3}|0{6})?", re.ASCII)
_DIGITS: Final = 6
_MANY: Final = 1 << 13


def region(code: str, *, year: int | None = None) -> Region:
    """Return the division that has a code.

    Args:
        code: two, four or six digits by GB/T 2260, or the nine or twelve of the statistics that end in zeros.
        year: for the name that it had in a year; by default the present one, or the last that it had.

    Raises:
        UnknownName: no division has the code, or had it in that year.
    """
    found = _CODE.fullmatch(code)
    digits = found[1].ljust(_DIGITS, "0") if found else ""
    candidates = region_table().known.get(digits, ())
    if year is not None:
        candidates = tuple(candidate for candidate in candidates if candidate.valid_in(year))
    if not candidates:
        raise UnknownName("region", code, nearest(code, region_table().current))
    return candidates[-1]


def find_regions(name: str, *, within: str = "", historic: bool = False) -> tuple[Region, ...]:
    """Return every division that has a name, in the order of their codes; none where there is none.

    Args:
        name: in full or as people say it: `朝阳区`, `上海`. Where a division has exactly this name, those that are only
            called so are left out: `吉林市` is one city, `吉林` a province and a city.
        within: the code of a division in which it has to lie.
        historic: whether divisions that are no more are wanted too, under their full names.
    """
    table = region_table()
    found = table.named.get(name, ())
    exact = tuple(candidate for candidate in found if candidate.name == name) or found
    if historic:
        exact = tuple(sorted((*exact, *table.once.get(name, ())), key=lambda region: region.code))
    if not within:
        return exact
    above = region(within).code
    return tuple(candidate for candidate in exact if any(step.code == above for step in region_path(candidate.code)))


def is_region_name(name: str) -> bool:
    """Whether a division is called so, in full or as people say it, or was once, in full."""
    table = region_table()
    return name in table.named or name in table.once


@lru_cache(maxsize=_MANY)
def region_path(code: str) -> tuple[Region, ...]:
    """Return the divisions from the province down to one, itself the last: 浙江省, 杭州市, 西湖区.

    Raises:
        UnknownName: no division has the code.
    """
    steps = [region(code)]
    while steps[0].parent:
        steps.insert(0, region(steps[0].parent))
    return tuple(steps)


def regions_below(code: str = "", *, zones: bool = False) -> tuple[Region, ...]:
    """Return the valid divisions right below one, in the order of their codes.

    Args:
        code: of the division; empty for the provinces.
        zones: whether development zones are wanted too.

    Raises:
        UnknownName: no division has the code.
    """
    below = region_table().children.get(region(code).code if code else "", ())
    return tuple(child for child in below if zones or not child.zone)

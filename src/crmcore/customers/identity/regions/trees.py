"""China as a tree of names, as the dimensions of an organization file take it."""

from collections import Counter
from functools import cache
from typing import Any

from crmcore.customers.identity.regions.finding import region, regions_below
from crmcore.customers.identity.regions.records import Region, RegionLevel
from crmcore.customers.identity.regions.table import region_table

__all__ = ["region_label", "region_tree"]


def region_tree(*, depth: RegionLevel = RegionLevel.CITY, within: str = "", zones: bool = False) -> dict[str, Any]:
    """Return the divisions as nested mappings and lists, as a dimension's `tree:` and `Tree.of` take them.

    Each name is the division's label, which no other has. A division without anything below it has None.

    Args:
        depth: the smallest divisions that are wanted. Counties that belong to no city stand among the cities of their
            province, so that everybody lives somewhere; a province without cities, such as Shanghai, is not divided.
        within: the code of a division whose inside is wanted, at least one level of it; empty for all of China.
        zones: whether development zones are wanted too.

    Raises:
        UnknownName: no division has the code.
    """
    inside = regions_below(within, zones=zones)
    if not within and depth is RegionLevel.PROVINCE:
        return dict.fromkeys(region_label(one.code) for one in inside)
    return {region_label(one.code): _branch(one, depth, zones) for one in inside}


def region_label(code: str) -> str:
    """Return the name by which a tree has a division: its own, or with its parent's where others have it too.

    Args:
        code: of a division: 110105 is `北京市朝阳区`, 310115 `浦东新区`.

    Raises:
        UnknownName: no division has the code.
    """
    one = region(code)
    return region(one.parent).name + one.name if one.name in _shared() and one.parent else one.name


def _branch(one: Region, depth: RegionLevel, zones: bool) -> Any:
    below = regions_below(one.code, zones=zones)
    if depth is not RegionLevel.COUNTY and all(child.level is RegionLevel.COUNTY for child in below):
        return None
    branches = {region_label(child.code): _branch(child, depth, zones) for child in below}
    return branches if any(branches.values()) else list(branches) or None


@cache
def _shared() -> frozenset[str]:
    """Return the names that several valid divisions have."""
    counts = Counter(region.name for region in region_table().current.values())
    return frozenset(name for name, count in counts.items() if count > 1)

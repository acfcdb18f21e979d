"""China as a tree of names, as the dimensions of an organization file take it."""

from collections import Counter
from functools import cache
from typing import Any, Final

from crmcore.customers.identity.regions.finding import region, regions_below
from crmcore.customers.identity.regions.records import Region, RegionLevel
from crmcore.customers.identity.regions.table import region_table

__all__ = ["region_label", "region_tree"]

_DEPTHS: Final = (RegionLevel.PROVINCE, RegionLevel.CITY, RegionLevel.COUNTY)


def region_tree(*, depth: RegionLevel = RegionLevel.CITY, within: str = "", zones: bool = False) -> dict[str, Any]:
    """Return the divisions as nested mappings and lists, as a dimension's `tree:` and `Tree.of` take them.

    Each name is the division's label, which no other has. A division without anything below it has None.

    Args:
        depth: the smallest divisions that are wanted.
        within: the code of a division whose inside is wanted; empty for all of China.
        zones: whether development zones are wanted too.

    Raises:
        UnknownName: no division has the code.
    """
    deepest = _DEPTHS.index(depth)
    return {region_label(below.code): _branch(below, deepest, zones) for below in regions_below(within, zones=zones)}


def region_label(code: str) -> str:
    """Return the name by which a tree has a division: its own, or with its parent's where others have it too.

    Args:
        code: of a division: 110105 is `北京市朝阳区`, 310115 `浦东新区`.

    Raises:
        UnknownName: no division has the code.
    """
    one = region(code)
    return region(one.parent).name + one.name if one.name in _shared() and one.parent else one.name


def _branch(one: Region, deepest: int, zones: bool) -> Any:
    below = [child for child in regions_below(one.code, zones=zones) if _DEPTHS.index(child.level) <= deepest]
    branches = {region_label(child.code): _branch(child, deepest, zones) for child in below}
    if any(branches.values()):
        return branches
    return list(branches) or None


@cache
def _shared() -> frozenset[str]:
    """Return the names that several valid divisions have."""
    counts = Counter(region.name for region in region_table().current.values())
    return frozenset(name for name, count in counts.items() if count > 1)

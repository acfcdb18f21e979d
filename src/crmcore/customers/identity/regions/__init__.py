"""Regions of China by GB/T 2260: codes, names, and the tree that they make; also those that are no more."""

from crmcore.customers.identity.regions.finding import find_regions, is_region_name, region, region_path, regions_below
from crmcore.customers.identity.regions.records import Region, RegionLevel, short_name
from crmcore.customers.identity.regions.trees import region_label, region_tree

__all__ = [
    "Region",
    "RegionLevel",
    "find_regions",
    "is_region_name",
    "region",
    "region_label",
    "region_path",
    "region_tree",
    "regions_below",
    "short_name",
]

"""Who somebody is and where: names, regions, and what different spellings of them have in common."""

from crmcore.customers.identity.companies import CompanyName, company_key, split_company_name
from crmcore.customers.identity.legal_forms import LegalForm
from crmcore.customers.identity.names import PersonName, person_key, split_name
from crmcore.customers.identity.regions import (
    Region,
    RegionLevel,
    find_regions,
    region,
    region_label,
    region_path,
    region_tree,
    regions_below,
)
from crmcore.customers.identity.romanization import pinyin_key, romanized, sort_key

__all__ = [
    "CompanyName",
    "LegalForm",
    "PersonName",
    "Region",
    "RegionLevel",
    "company_key",
    "find_regions",
    "person_key",
    "pinyin_key",
    "region",
    "region_label",
    "region_path",
    "region_tree",
    "regions_below",
    "romanized",
    "sort_key",
    "split_company_name",
    "split_name",
]

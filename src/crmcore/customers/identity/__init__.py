"""Who somebody is and where: names, identifiers, regions, and what different spellings of them have in common."""

from crmcore.customers.identity.companies import CompanyName, company_key, split_company_name
from crmcore.customers.identity.countries import country_code
from crmcore.customers.identity.failures import InvalidIdentifier
from crmcore.customers.identity.identifiers import Identifier, IdentifierKind
from crmcore.customers.identity.identifying import identified
from crmcore.customers.identity.legal_forms import LegalForm
from crmcore.customers.identity.lei import lei
from crmcore.customers.identity.names import PersonName, person_key, split_name
from crmcore.customers.identity.regions import (
    Region,
    RegionLevel,
    find_regions,
    is_region_name,
    region,
    region_label,
    region_path,
    region_tree,
    regions_below,
)
from crmcore.customers.identity.resident_id import ResidentId, resident_id
from crmcore.customers.identity.romanization import pinyin_key, romanized, sort_key
from crmcore.customers.identity.uscc import Uscc, uscc
from crmcore.customers.identity.vat import vat_number

__all__ = [
    "CompanyName",
    "Identifier",
    "IdentifierKind",
    "InvalidIdentifier",
    "LegalForm",
    "PersonName",
    "Region",
    "RegionLevel",
    "ResidentId",
    "Uscc",
    "company_key",
    "country_code",
    "find_regions",
    "identified",
    "is_region_name",
    "lei",
    "person_key",
    "pinyin_key",
    "region",
    "region_label",
    "region_path",
    "region_tree",
    "regions_below",
    "resident_id",
    "romanized",
    "sort_key",
    "split_company_name",
    "split_name",
    "uscc",
    "vat_number",
]

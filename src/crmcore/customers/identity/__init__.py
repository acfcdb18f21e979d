"""Who somebody is: names of people and companies, and what they have in common with other spellings of them."""

from crmcore.customers.identity.companies import CompanyName, company_key, split_company_name
from crmcore.customers.identity.legal_forms import LegalForm
from crmcore.customers.identity.names import PersonName, person_key, split_name
from crmcore.customers.identity.romanization import pinyin_key, romanized, sort_key

__all__ = [
    "CompanyName",
    "LegalForm",
    "PersonName",
    "company_key",
    "person_key",
    "pinyin_key",
    "romanized",
    "sort_key",
    "split_company_name",
    "split_name",
]

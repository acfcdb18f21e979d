"""The contract of storages, the kinds of records that it stores, and the machine that compares them with a dict."""

from crmcore.testing.storages.contract import StorageContract
from crmcore.testing.storages.deliveries import Ticking
from crmcore.testing.storages.given import Open, Witness
from crmcore.testing.storages.model import StorageMachine
from crmcore.testing.storages.samples import (
    COMPANY,
    KINDS,
    PERSON,
    START,
    Company,
    Person,
    Tier,
    company,
    event,
    parcel,
    person,
)
from crmcore.testing.storages.values import companies

__all__ = [
    "COMPANY",
    "KINDS",
    "PERSON",
    "START",
    "Company",
    "Open",
    "Person",
    "StorageContract",
    "StorageMachine",
    "Ticking",
    "Tier",
    "Witness",
    "companies",
    "company",
    "event",
    "parcel",
    "person",
]

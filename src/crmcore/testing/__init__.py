"""For tests: an app's own organization, random ones and their customers, a clock, and the contracts of plugins."""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crmcore.testing.asserting import assert_holds
    from crmcore.testing.channels import ChannelContract, ChannelWitness, Delivered
    from crmcore.testing.checks import CheckContract
    from crmcore.testing.clocks import FakeClock, numbered_ids
    from crmcore.testing.customer_strategies import NewCustomer, customers
    from crmcore.testing.notifiers import NotifierContract, NotifierWitness, Told
    from crmcore.testing.organization_strategies import organizations
    from crmcore.testing.storages import StorageContract

__all__ = [
    "ChannelContract",
    "ChannelWitness",
    "CheckContract",
    "Delivered",
    "FakeClock",
    "NewCustomer",
    "NotifierContract",
    "NotifierWitness",
    "StorageContract",
    "Told",
    "assert_holds",
    "customers",
    "numbered_ids",
    "organizations",
]

_HOMES: Final["Mapping[str, str]"] = {
    "ChannelContract": "channels",
    "ChannelWitness": "channels",
    "CheckContract": "checks",
    "Delivered": "channels",
    "NotifierContract": "notifiers",
    "NotifierWitness": "notifiers",
    "StorageContract": "storages",
    "Told": "notifiers",
    "FakeClock": "clocks",
    "NewCustomer": "customer_strategies",
    "assert_holds": "asserting",
    "customers": "customer_strategies",
    "numbered_ids": "clocks",
    "organizations": "organization_strategies",
}


def __getattr__(name: str) -> Any:
    """Bring in what is asked for: every test run loads the plugin of pytest, and few need more."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    try:
        home = import_module(f"crmcore.testing.{_HOMES[name]}")
    except ModuleNotFoundError as error:
        if error.name not in {"hypothesis", "pytest"}:
            raise
        message = f"{name} needs {error.name}: pip install 'crmcore[testing]'"
        raise ModuleNotFoundError(message, name=error.name) from error
    return getattr(home, name)

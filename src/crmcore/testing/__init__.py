"""For tests: an app's own organization as a fixture and an assertion, and the contracts that plugins have to keep."""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crmcore.testing.asserting import assert_holds
    from crmcore.testing.channels import ChannelContract, ChannelWitness, Delivered
    from crmcore.testing.checks import CheckContract
    from crmcore.testing.notifiers import NotifierContract, NotifierWitness, Told

__all__ = [
    "ChannelContract",
    "ChannelWitness",
    "CheckContract",
    "Delivered",
    "NotifierContract",
    "NotifierWitness",
    "Told",
    "assert_holds",
]

_HOMES: Final["Mapping[str, str]"] = {
    "ChannelContract": "channels",
    "ChannelWitness": "channels",
    "CheckContract": "checks",
    "Delivered": "channels",
    "NotifierContract": "notifiers",
    "NotifierWitness": "notifiers",
    "Told": "notifiers",
    "assert_holds": "asserting",
}


def __getattr__(name: str) -> Any:
    """Bring in what is asked for: every test run loads the plugin of pytest, and few need more."""
    if name in _HOMES:
        return getattr(import_module(f"crmcore.testing.{_HOMES[name]}"), name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)

"""Mail for crmcore: a channel that sends by SMTP and reads by IMAP, and a notifier of the organization's people."""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from crmcore.language import bring_catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crmcore_email.channel import EmailChannel
    from crmcore_email.notifier import EmailNotifier
    from crmcore_email.parsing import parse
    from crmcore_email.settings import EmailNotifierSettings, EmailSettings, Security, Server

__all__ = [
    "EmailChannel",
    "EmailNotifier",
    "EmailNotifierSettings",
    "EmailSettings",
    "Security",
    "Server",
    "parse",
]

_HOMES: Final["Mapping[str, str]"] = {
    "EmailChannel": "channel",
    "EmailNotifier": "notifier",
    "EmailNotifierSettings": "settings",
    "EmailSettings": "settings",
    "Security": "settings",
    "Server": "settings",
    "parse": "parsing",
}

bring_catalogue(__name__)


def __getattr__(name: str) -> Any:
    """Bring in what is asked for: whoever only asks what the plugin adds starts without the libraries of mail."""
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    message = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(message)

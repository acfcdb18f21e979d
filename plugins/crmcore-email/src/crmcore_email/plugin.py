"""The plugin: mail as a channel, and as a notifier. The rest is imported when one of them is opened."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from crmcore.messaging import Capability
from crmcore.plugins import Channel, Notifier, hookimpl
from crmcore_email.settings import EmailNotifierSettings, EmailSettings

if TYPE_CHECKING:
    from crmcore_email.channel import EmailChannel
    from crmcore_email.notifier import EmailNotifier

__all__ = ["CRMCORE_CONTRACT", "crmcore_channels", "crmcore_notifiers"]

CRMCORE_CONTRACT = 1
"""The version of the hooks that the plugin is written for."""


@hookimpl
def crmcore_channels() -> Iterable[Channel]:
    """Yield the channel."""
    can = frozenset(Capability)
    yield Channel("email", _channel, EmailSettings, can, summary="mail: sends by SMTP, reads by IMAP")


@hookimpl
def crmcore_notifiers() -> Iterable[Notifier]:
    """Yield the notifier."""
    yield Notifier("email", _notifier, EmailNotifierSettings, summary="mail to the people of the organization")


def _channel(settings: EmailSettings) -> "EmailChannel":
    from crmcore_email.channel import EmailChannel  # noqa: PLC0415 (only for whoever opens one)

    return EmailChannel(settings)


def _notifier(settings: EmailNotifierSettings) -> "EmailNotifier":
    from crmcore_email.notifier import EmailNotifier  # noqa: PLC0415 (only for whoever opens one)

    return EmailNotifier(settings)

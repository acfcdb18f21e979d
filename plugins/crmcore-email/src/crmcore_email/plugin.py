"""The plugin: mail as a channel, and as a notifier. Each hook imports what it adds when it is asked."""

from collections.abc import Iterable

from crmcore.language import say
from crmcore.plugins import Channel, Notifier, hookimpl

__all__ = ["CRMCORE_CONTRACT", "crmcore_channels", "crmcore_notifiers"]

CRMCORE_CONTRACT = 1
"""The version of the hooks that the plugin is written for."""


@hookimpl
def crmcore_channels() -> Iterable[Channel]:
    """Yield the channel."""
    from crmcore_email.channel import EmailChannel  # noqa: PLC0415 (only for whoever asks for channels)
    from crmcore_email.settings import EmailSettings  # noqa: PLC0415 (as above)

    summary = say("mail: sent by SMTP, read by IMAP")
    yield Channel("email", EmailChannel, EmailSettings, capabilities=EmailChannel.capabilities, summary=summary)


@hookimpl
def crmcore_notifiers() -> Iterable[Notifier]:
    """Yield the notifier."""
    from crmcore_email.notifier import EmailNotifier  # noqa: PLC0415 (only for whoever asks for notifiers)
    from crmcore_email.settings import EmailNotifierSettings  # noqa: PLC0415 (as above)

    yield Notifier("email", EmailNotifier, EmailNotifierSettings, say("mail to the people of the organization"))

"""Mail for crmcore: a channel that sends by SMTP and reads by IMAP, and a notifier of the organization's people."""

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

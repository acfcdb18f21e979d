"""The plugin as crmcore finds it."""

import subprocess
import sys

from crmcore_email import EmailChannel, EmailNotifier, EmailNotifierSettings, EmailSettings, plugin

from crmcore.messaging import Capability
from crmcore.plugins import Registry


def registry() -> Registry:
    registry = Registry()
    registry.register(plugin, name="email", distribution="crmcore-email")
    return registry


def test_it_is_found_by_its_entry_point() -> None:
    found = Registry.installed({"CRMCORE_PLUGINS": "email"})
    assert "email" in [one.name for one in found.plugins]
    assert found.failures == ()


def test_it_adds_a_channel_that_opens_with_its_settings() -> None:
    record = registry().channels["email"]
    assert record.settings is EmailSettings
    assert record.capabilities == frozenset(Capability)
    settings = record.settings(sender="crm@firma.example", smtp="smtp://localhost")
    with record.open(settings) as channel:
        assert isinstance(channel, EmailChannel)


def test_it_adds_a_notifier_that_opens_with_its_settings() -> None:
    record = registry().notifiers["email"]
    assert record.settings is EmailNotifierSettings
    email = EmailSettings(sender="crm@firma.example", smtp="smtp://localhost")
    with record.open(record.settings(email=email)) as notifier:
        assert isinstance(notifier, EmailNotifier)


def test_whoever_only_asks_what_is_there_waits_for_no_library_of_mail() -> None:
    program = (
        "import sys, crmcore_email.plugin; sys.exit(any(name in sys.modules for name in ('imap_tools', 'smtplib')))"
    )
    subprocess.run([sys.executable, "-c", program], check=True)

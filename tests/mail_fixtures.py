"""What the tests of mail share: a mail server in a process of its own."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mail_servers import MailServer

__all__ = ["mail", "running"]


@pytest.fixture(scope="session")
def running() -> "Iterator[MailServer]":
    """A mail server, for the whole run."""
    from mail_servers import MailServer  # noqa: PLC0415 (only for a test that asks)

    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def mail(running: "MailServer") -> "MailServer":
    """The mail server, with empty mailboxes."""
    for address in ("crm@firma.example", "wang.wei@kunde.example", "zhao.min@kunde.example", "na@firma.example"):
        running.empty(address)
    return running

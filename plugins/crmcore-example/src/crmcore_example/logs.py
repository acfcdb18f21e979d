"""An observer that writes what happens to the log of the program."""

import logging
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from crmcore.storage import Event

__all__ = ["log"]

_LOG: Final = logging.getLogger("crmcore_example")


def log(event: "Event") -> None:
    """Write one event, without its payload, which may hold personal data."""
    _LOG.info("%s did %s to %s %s", event.actor, event.name, event.subject_kind, event.subject)

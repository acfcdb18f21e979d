"""Ids of messages, and of the events that tell of them: found again without a search, and never written twice."""

import re
from hashlib import sha256
from typing import Any, Final

from crmcore.language import say
from crmcore.messaging.failures import InvalidMessage
from crmcore.messaging.texts import storable

__all__ = ["an_id", "event_id", "event_ids"]

_ID: Final = re.compile("[A-Za-z0-9_-]{1,100}")


def an_id(_: object, attribute: Any, value: str) -> None:
    """Refuse what cannot be the id of a message that we send: it becomes part of what other systems read."""
    if not isinstance(value, str) or _ID.fullmatch(value) is None:
        raise InvalidMessage(attribute.name, say("it is 1 to 100 letters, digits, _ and -"))


def event_id(what: str, channel: str, message: str) -> str:
    """Return the id of the event that tells of a message: the same wherever it is asked for.

    Args:
        what: what happened with it: `queued`, `sent` or `received`.
        channel: the name of the channel.
        message: what the channel calls the message; of any length.
    """
    named = "\0".join((channel, storable(message)))
    return f"{what}-{sha256(named.encode()).hexdigest()[:40]}"


def event_ids(channel: str, message: str) -> tuple[str, ...]:
    """Return the ids of all events that may have brought a message into a conversation."""
    return tuple(event_id(what, channel, message) for what in ("queued", "sent", "received"))

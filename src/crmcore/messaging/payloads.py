"""Messages as the mappings, lists and values of JSON: what parcels and events carry, and back without loss."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, TypeVar

import attrs

from crmcore.language import say
from crmcore.messaging.addresses import Address
from crmcore.messaging.failures import InvalidMessage
from crmcore.messaging.messages import Attachment, IncomingMessage, OutgoingMessage
from crmcore.messaging.notices import Notice

__all__ = ["as_payload", "incoming", "notice", "outgoing"]

_Message = TypeVar("_Message", OutgoingMessage, IncomingMessage, Notice)


def as_payload(message: "attrs.AttrsInstance") -> dict[str, Any]:
    """Return a message, or a part of one, as JSON has it; the bytes of attachments in base64."""
    return attrs.asdict(message, value_serializer=_plain)


def outgoing(payload: Mapping[str, Any]) -> OutgoingMessage:
    """Return the message to send that a payload holds.

    Raises:
        InvalidMessage: it holds none, or one of a newer program.
    """
    return _made(OutgoingMessage, payload)


def incoming(payload: Mapping[str, Any]) -> IncomingMessage:
    """Return the message from outside that a payload holds.

    Raises:
        InvalidMessage: it holds none, or one of a newer program.
    """
    return _made(IncomingMessage, payload)


def notice(payload: Mapping[str, Any]) -> Notice:
    """Return the notice that a payload holds.

    Raises:
        InvalidMessage: it holds none, or one of a newer program.
    """
    return _made(Notice, payload)


def _plain(_: object, __: object, value: Any) -> Any:
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, datetime) else value


def _made(kind: type[_Message], payload: Mapping[str, Any]) -> _Message:
    try:
        return kind(**{name: _READ.get(name, _same)(value) for name, value in payload.items()})
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise InvalidMessage(
            "payload", say("it holds no message that this program knows: {error}", error=str(error))
        ) from error


def _same(value: Any) -> Any:
    return value


def _address(given: Mapping[str, str] | None) -> Address | None:
    return None if given is None else Address(**given)


def _addresses(given: list[Mapping[str, str]]) -> list[Address]:
    return [Address(**one) for one in given]


def _attachments(given: list[Mapping[str, Any]]) -> list[Attachment]:
    return [
        Attachment(**{**one, "content": None if one["content"] is None else b64decode(one["content"], validate=True)})
        for one in given
    ]


_READ: Final[Mapping[str, Callable[[Any], Any]]] = {
    "sender": _address,
    "to": _addresses,
    "cc": _addresses,
    "reached": _addresses,
    "attachments": _attachments,
    "received_at": datetime.fromisoformat,
}

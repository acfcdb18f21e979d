"""Addresses: where somebody is reached."""

from typing import Any

from attrs import field, frozen

from crmcore.language import say
from crmcore.messaging.failures import InvalidMessage
from crmcore.messaging.texts import one_line

__all__ = ["Address", "Refusal"]


def _one_line_alone(_: object, attribute: Any, value: str) -> None:
    if not isinstance(value, str) or not value or value != one_line(value):
        raise InvalidMessage(attribute.name, say("it is one line of text without control characters, and not empty"))


@frozen
class Address:
    """Where somebody is reached.

    Attributes:
        channel: what sort of address it is, such as `email`, `phone` or `wecom`.
        value: the address, as the channel writes it.
        name: whose it is, as people read it; one line, breaks become spaces.

    Raises:
        InvalidMessage: the sort or the address is empty, or has breaks or control characters.
    """

    channel: str = field(validator=_one_line_alone)
    value: str = field(validator=_one_line_alone)
    name: str = field(default="", converter=one_line)

    def __str__(self) -> str:
        return f"{self.name} <{self.value}>" if self.name else self.value


@frozen
class Refusal:
    """A recipient who was refused.

    Attributes:
        address: whom the message will not reach.
        reason: what the receiver's side said.
    """

    address: Address
    reason: str = field(converter=one_line)

"""Notices: what people of the organization are told, and the port of whatever tells them."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from attrs import field, frozen

from crmcore.language import say
from crmcore.messaging.channels import Receipt
from crmcore.messaging.failures import InvalidMessage
from crmcore.messaging.identity import an_id
from crmcore.messaging.texts import one_line

__all__ = ["Notice", "Notifier"]


@frozen(kw_only=True)
class Notice:
    """What somebody of the organization is told.

    Attributes:
        id: unique, from 1 to 100 letters, digits, _ and -; whoever is told twice can tell by it.
        person: the id of the person.
        name: the person's name, as people read it.
        subject: what it is about; one line, breaks become spaces.
        text: what it says.
        metadata: what a notifier may need besides: mappings, lists and values, as JSON has them.

    Raises:
        InvalidMessage: the id cannot be one, or the person is not named.
    """

    id: str = field(validator=an_id)
    person: str
    name: str = field(default="", converter=one_line)
    subject: str = field(converter=one_line)
    text: str = ""
    metadata: Mapping[str, Any] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        if not self.person:
            raise InvalidMessage("person", say("somebody has to receive it"))


class Notifier(ABC):
    """What tells people of the organization. As a context manager it is closed at the end.

    It finds out itself how a person is reached: by its settings, or by asking another system.
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @abstractmethod
    def notify(self, notice: Notice) -> Receipt:
        """Tell somebody; the same notice may come again, with the same id.

        Raises:
            Undelivered: it may work later.
            Refused: it will never work: nobody knows how the person is reached.
        """

    def close(self) -> None:  # noqa: B027 (many hold nothing open)
        """Let go of everything that is held open; once more does no harm."""

"""What can go wrong with messages: a class for each thing that a caller can do about it."""

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from crmcore.errors import CrmError
from crmcore.language import say, told

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crmcore.messaging.addresses import Address, Refusal

__all__ = ["ChannelUnavailable", "InvalidMessage", "InvalidSetting", "MessagingError", "Refused", "Undelivered"]


class MessagingError(CrmError):
    """Anything that goes wrong with messages, channels and notifiers."""

    code: ClassVar[str] = "messaging-error"


class InvalidMessage(MessagingError):
    """A message cannot be one. Mend the part.

    Attributes:
        part: which part of it.
        reason: what is wrong, and what is allowed.
    """

    code: ClassVar[str] = "invalid-message"

    def __init__(self, part: str, reason: str) -> None:
        self.part, self.reason = part, reason
        super().__init__(part, reason)

    def __str__(self) -> str:
        return told(say("the {part} of a message cannot be used: {reason}", part=self.part, reason=self.reason))


class InvalidSetting(MessagingError):
    """A channel or a notifier cannot be opened with its settings. Mend the setting.

    Attributes:
        channel: which channel or notifier.
        setting: the setting that is wrong.
        reason: what is wrong, and what is allowed.
    """

    code: ClassVar[str] = "invalid-setting"

    def __init__(self, channel: str, setting: str, reason: str) -> None:
        self.channel, self.setting, self.reason = channel, setting, reason
        super().__init__(channel, setting, reason)

    def __str__(self) -> str:
        return told(
            say(
                "the setting {setting} of {channel} cannot be used: {reason}",
                setting=self.setting,
                channel=self.channel,
                reason=self.reason,
            )
        )


class Undelivered(MessagingError):
    """A message could not be delivered, or not to everybody, and may be later. Send it again after a while.

    Attributes:
        reason: what went wrong.
        retry_after: how long to wait at least, if the receiver says so.
        reached: the recipients who have the message; they need it no more.
        refused: those who will never have it.
    """

    code: ClassVar[str] = "undelivered"

    def __init__(
        self,
        reason: str,
        retry_after: timedelta | None = None,
        reached: "Iterable[Address]" = (),
        refused: "Iterable[Refusal]" = (),
    ) -> None:
        self.reason, self.retry_after = reason, retry_after
        self.reached, self.refused = tuple(reached), tuple(refused)
        super().__init__(reason, retry_after, self.reached, self.refused)

    def __str__(self) -> str:
        return told(say("not delivered yet: {reason}", reason=self.reason))


class Refused(MessagingError):
    """A message will never be delivered as it is. Change it, or give it up.

    Attributes:
        reason: what is wrong with it.
        refused: the recipients who will not have it; empty where it lies with the message itself.
    """

    code: ClassVar[str] = "refused"

    def __init__(self, reason: str, refused: "Iterable[Refusal]" = ()) -> None:
        self.reason, self.refused = reason, tuple(refused)
        super().__init__(reason, self.refused)

    def __str__(self) -> str:
        return told(say("refused: {reason}", reason=self.reason))


class ChannelUnavailable(MessagingError):
    """A channel cannot be read from: the server is down, or does not let us in. Try again later, or mend the settings.

    Attributes:
        reason: what went wrong.
    """

    code: ClassVar[str] = "channel-unavailable"

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)

    def __str__(self) -> str:
        return told(self.reason)

"""What the values of a column are, and how they are written: guessed, shown, and changed by those who know."""

from enum import StrEnum
from typing import Any, Final, Literal

from attrs import evolve, frozen

from crmcore.language import Phrase, say
from crmcore.organization.spreadsheets.dates import DateOrder

__all__ = ["Format", "ValueType", "Wrong"]


class ValueType(StrEnum):
    """What a value is."""

    TEXT = "text"
    WHOLE = "whole"
    DECIMAL = "decimal"
    MONEY = "money"
    DAY = "day"
    INSTANT = "instant"
    YES_NO = "yes-no"
    PHONE = "phone"
    EMAIL = "email"
    USCC = "uscc"

    @property
    def words(self) -> Phrase:
        """What it is called."""
        return _WORDS[self]


_WORDS: Final = {
    ValueType.TEXT: say("text"),
    ValueType.WHOLE: say("a whole number"),
    ValueType.DECIMAL: say("a number"),
    ValueType.MONEY: say("an amount of money"),
    ValueType.DAY: say("a day"),
    ValueType.INSTANT: say("an instant"),
    ValueType.YES_NO: say("yes or no"),
    ValueType.PHONE: say("a phone number"),
    ValueType.EMAIL: say("an email address"),
    ValueType.USCC: say("a unified social credit code"),
}

_MARKS: Final = {".": say("point"), ",": say("comma")}
_ORDERS: Final = {"day-first": say("the day first"), "month-first": say("the month first")}


@frozen
class Wrong:
    """Why a value is not what its column wants.

    Attributes:
        found: what is wrong: a phrase.
        mend: how to mend it: a phrase; empty where nothing is to be said.
    """

    found: Phrase
    mend: str = ""


@frozen
class Format:
    """What the values of a column are, and how they are written.

    Attributes:
        type: what they are.
        decimal: what stands before decimals; empty where no value has any, or nobody can tell.
        dates: what comes first in days whose year comes last; None where there are none, or nobody can tell.
        currency: of money without a sign of its own, by its three letters (ISO 4217); empty where each value says it.
        timezone: of instants without an offset, such as `Asia/Shanghai`.
    """

    type: ValueType = ValueType.TEXT
    decimal: Literal["", ".", ","] = ""
    dates: DateOrder | None = None
    currency: str = ""
    timezone: str = "UTC"

    def phrase(self) -> Phrase:
        """Return it as people read it."""
        words = self.type.words
        if self.dates is not None:
            return say("{type}, {order}", type=words, order=_ORDERS[self.dates])
        if self.decimal:
            return say("{type}, {mark} before decimals", type=words, mark=_MARKS[self.decimal])
        return words

    def with_type(self, type: ValueType, **changes: Any) -> "Format":  # noqa: A002 (a column has a type)
        """Return it for values of another type."""
        return evolve(self, type=type, **changes)

"""What can go wrong when duplicates are looked for."""

from typing import ClassVar

from crmcore.errors import CrmError
from crmcore.language import say, told

__all__ = ["RepeatedProfile"]


class RepeatedProfile(CrmError):
    """Two of the profiles that are searched for duplicates have one id. Give each its own.

    Attributes:
        id: which.
    """

    code: ClassVar[str] = "repeated-profile"

    def __init__(self, id: str) -> None:  # noqa: A002 (a customer's id is called so everywhere)
        self.id = id
        super().__init__(id)

    def __str__(self) -> str:
        return told(say("two profiles have the id {id!r}: give each its own", id=self.id))

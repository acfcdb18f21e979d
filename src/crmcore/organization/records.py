"""What the records of the organization are made of: where they are written, what their fields refer to, how many."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from attrs import field, frozen

from crmcore.values import NOWHERE, Place

__all__ = [
    "ALL",
    "ONE",
    "Count",
    "Record",
    "at_least",
    "between",
    "ids",
    "ids_or_all",
    "ids_or_none",
    "records",
    "refers_to",
]

ALL: Final = "all"
"""Every touchpoint there is."""


def ids(values: Iterable[str]) -> tuple[str, ...]:
    """Convert a list of ids; a single text would become its letters."""
    if isinstance(values, str):
        message = f"a list of ids is wanted, not the text {values!r}"
        raise TypeError(message)
    return tuple(values)


def ids_or_all(values: Iterable[str]) -> tuple[str, ...] | Literal["all"]:
    """Convert a list of ids, or the word for all of them."""
    return ALL if values == ALL else ids(values)


def ids_or_none(values: Iterable[str] | None) -> tuple[str, ...] | None:
    """Convert a list of ids that may be absent."""
    return None if values is None else ids(values)


def records(values: Iterable[Any]) -> tuple[Any, ...]:
    """Convert a list of records."""
    return tuple(values)


def refers_to(section: str) -> Mapping[str, str]:
    """Return the metadata of a field whose values are ids of a section."""
    return {"refers": section}


def at_least(number: int) -> Mapping[str, int]:
    """Return the metadata of a field that is a number from this one up."""
    return {"least": number}


def between(least: int, most: int) -> Mapping[str, int]:
    """Return the metadata of a field that is a number from one to another, both included."""
    return {"least": least, "most": most}


@frozen
class Record:
    """What every record of the organization has: the place where it is written."""

    place: Place = field(default=NOWHERE, kw_only=True, eq=False, repr=False)


@frozen
class Count(Record):
    """How many there may be at any one point.

    Attributes:
        min: at least this many, from 0.
        max: at most this many; None, in a file `unlimited`, for no limit.
    """

    min: int = field(default=1, kw_only=True, metadata=at_least(0))
    max: int | None = field(default=None, kw_only=True, metadata={**at_least(1), "none": "unlimited"})


ONE: Final = Count(min=1, max=1)

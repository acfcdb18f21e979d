"""Numbers, boxes and customers in words."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from crmcore.organization import DAY

__all__ = ["MOST", "box_in_words", "counted", "witness_in_words"]

MOST: Final = 12
"""Things of one kind that people are shown of one finding; programs read them all in the JSON report."""


def counted(number: int, noun: str) -> str:
    """Return `1 error`, `2 errors`, `21,600 points`; a noun whose plural takes no plain s says it after a slash."""
    one, _, many = noun.partition("/")
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def box_in_words(box: Mapping[str, Iterable[Any]]) -> str:
    """Return a box such as `region: West; tier: key, standard; employees: from 1 to below 500`."""
    return "; ".join(f"{name}: {_listed(values, inclusive=name == DAY)}" for name, values in box.items())


def _listed(values: Iterable[Any], *, inclusive: bool) -> str:
    words = [_value(value, inclusive=inclusive) for value in values]
    rest = len(words) - MOST
    return ", ".join(words[:MOST]) + (f" and {rest:,} more" if rest > 0 else "")


def _value(value: Any, *, inclusive: bool) -> str:
    if not isinstance(value, list | tuple):
        return str(value)
    start, stop = value
    beginning = "" if start is None else f"from {start}"
    end = "" if stop is None else f"to {stop}" if inclusive else f"below {stop}"
    joint = "" if inclusive or not (beginning and end) else "to"
    return " ".join(part for part in (beginning, joint, end) if part) or "any"


def witness_in_words(witness: Mapping[str, Any]) -> str:
    """Return a customer in contact such as `region=Sichuan, tier=key`."""
    return ", ".join(f"{name}={value}" for name, value in witness.items())

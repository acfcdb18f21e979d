"""Numbers, boxes and customers in words, in the language of the moment."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from crmcore.language import Phrase, listed, say, say_many, told, translated
from crmcore.organization import DAY
from crmcore.responsibility.ranges import range_in_words

__all__ = ["MOST", "box_in_words", "points", "where_in_words", "witness_in_words"]

MOST: Final = 12
"""Things of one kind that people are shown of one finding; programs read them all in the JSON report."""


def points(count: int) -> Phrase:
    """Return how many points there are, such as `21,600 points`."""
    return say_many("{count:,} point", "{count:,} points", count)


def box_in_words(box: Mapping[str, Iterable[Any]]) -> str:
    """Return a box such as `region: West; tier: key, standard; employees: from 1 to below 500`."""
    parts = (say("{name}: {values}", name=name, values=_values(values, name == DAY)) for name, values in box.items())
    return translated("; ").join(map(told, parts))


def where_in_words(box: Mapping[str, Iterable[Any]], count: int | None) -> str:
    """Return a box, or that it is everywhere, with how many points it holds where that is known."""
    where = box_in_words(box) or translated("everywhere")
    return where if count is None else told(say("{where} ({points})", where=where, points=points(count)))


def _values(values: Iterable[Any], inclusive: bool) -> str:
    words = [_value(value, inclusive=inclusive) for value in values]
    rest = len(words) - MOST
    shown = listed(words[:MOST])
    return say("{shown} and {count:,} more", shown=shown, count=rest) if rest > 0 else shown


def _value(value: Any, *, inclusive: bool) -> str:
    if not isinstance(value, list | tuple):
        return str(value)
    start, stop = value
    if not inclusive or stop is None:
        return range_in_words(start, stop)
    if start is None:
        return say("to {stop}", stop=stop)
    return say("from {start} to {stop}", start=start, stop=stop)


def witness_in_words(witness: Mapping[str, Any]) -> str:
    """Return a customer in contact such as `region=Sichuan, tier=key`."""
    return told(listed(f"{name}={value}" for name, value in witness.items()))

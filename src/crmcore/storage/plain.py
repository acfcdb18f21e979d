"""Rows as JSON has them, and back without loss: for exports, and for what was before a change."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from crmcore.storage.records import Kind
from crmcore.storage.rows import Row
from crmcore.storage.values import Holds

__all__ = ["READ", "WRITTEN", "plain_row", "row_of_plain"]

WRITTEN: Final[Mapping[Holds, Callable[[Any], str]]] = {
    Holds.EXACT: str,
    Holds.DAY: lambda day: str(day.isoformat()),
    Holds.INSTANT: lambda instant: str(instant.isoformat()),
}
"""What writes the values for which JSON has no type."""

READ: Final[Mapping[Holds, Callable[[Any], Any]]] = {
    Holds.EXACT: Decimal,
    Holds.NUMBER: float,
    Holds.DAY: date.fromisoformat,
    Holds.INSTANT: datetime.fromisoformat,
}
"""What reads them."""


def plain_row(kind: Kind, row: Row) -> dict[str, Any]:
    """Return a row as JSON has it, by the names of the fields; equal rows give equal ones, whichever storage had them.

    Args:
        kind: of the row.
        row: the values, in the order of `Kind.all_fields`.
    """
    return {name: _plain(one.holds, value) for (name, one), value in zip(kind.all_fields.items(), row, strict=True)}


def row_of_plain(kind: Kind, values: Mapping[str, Any]) -> Row:
    """Return the row of what `plain_row` gave; a field that the kind has got since has its default.

    Args:
        kind: of the row.
        values: as JSON has them, by the names of the fields.
    """
    row = []
    for name, one in kind.all_fields.items():
        value = values.get(name, one.default)
        reader = READ.get(one.holds)
        row.append(value if value is None or reader is None else reader(value))
    return tuple(row)


def _plain(holds: Holds, value: Any) -> Any:
    if value is None:
        return None
    if holds is Holds.EXACT:
        return format(value.normalize(), "f")  # 1.5 and 1.50 are equal, and not every storage keeps them apart
    if holds is Holds.TREE:
        return _tree(value)
    return WRITTEN[holds](value) if holds in WRITTEN else value


def _tree(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _tree(one) for name, one in value.items()}
    return [_tree(one) for one in value] if isinstance(value, list | tuple) else value

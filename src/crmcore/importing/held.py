"""What fields held before an import changed them, as a tree that every storage keeps, and back again."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from attrs import evolve

from crmcore.storage import CUSTOM, Entity
from crmcore.storage.records import Record

__all__ = ["kept", "restored"]


def kept(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of fields as a tree."""
    return {name: _kept(value) for name, value in values.items()}


def _kept(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"instant": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Decimal):
        return {"exact": str(value)}
    return str(value) if isinstance(value, str) else value


def _given(tree: Any) -> Any:
    if not isinstance(tree, Mapping):
        return tree
    ((what, text),) = tree.items()
    readers: dict[str, Any] = {"instant": datetime.fromisoformat, "day": date.fromisoformat, "exact": Decimal}
    return readers[what](text)


def restored(record: Record, held: Mapping[str, Any]) -> Record:
    """Return a record with what some of its fields held before.

    Args:
        record: as it is.
        held: what `kept` gave.
    """
    plain = {name: _given(value) for name, value in held.items() if not name.startswith(CUSTOM)}
    own = {name.removeprefix(CUSTOM): _given(value) for name, value in held.items() if name.startswith(CUSTOM)}
    custom = {name: value for name, value in {**record.custom, **own}.items() if value is not None}
    changed: Entity = evolve(record, custom=custom, **plain)
    return changed  # type: ignore[return-value]  # it is of the same class

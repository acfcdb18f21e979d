"""Changes of records: what a unit of work writes while somebody watches, with what was there before."""

from collections.abc import Mapping
from typing import Any

from attrs import define, field, frozen

from crmcore.storage.plain import plain_row
from crmcore.storage.records import Kind
from crmcore.storage.rows import Row

__all__ = ["RecordChange", "Watch"]


@frozen
class RecordChange:
    """What became of a record.

    Attributes:
        kind: the name of its kind.
        id: its id.
        before: its values as JSON has them, by field, without the version; None where there was no such record.
        after: the same as it is now; None where it is removed.
    """

    kind: str
    id: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@define(eq=False)
class Watch:
    """What notes the records that a unit of work writes. A record that is written again counts once."""

    _noted: dict[tuple[str, str], RecordChange] = field(factory=dict, init=False)

    def note(self, kind: Kind, before: Row | None, after: Row | None) -> None:
        """Note that a record was written.

        Args:
            kind: of the record.
            before: as it was; None for a new one.
            after: as it is; None for one that is removed.
        """
        id_ = (before or after or ("",))[0]
        then, now = _values(kind, before), _values(kind, after)
        known = self._noted.get((kind.name, id_))
        self._noted[kind.name, id_] = RecordChange(kind.name, id_, then if known is None else known.before, now)

    @property
    def changes(self) -> tuple[RecordChange, ...]:
        """What became of each record, in the order in which they were first written; what is as it was is left out."""
        return tuple(one for one in self._noted.values() if one.before != one.after)


def _values(kind: Kind, row: Row | None) -> Mapping[str, Any] | None:
    if row is None:
        return None
    return {name: value for name, value in plain_row(kind, row).items() if name != "version"}

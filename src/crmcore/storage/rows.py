"""Records as rows of plain values, looked through before any storage sees them.

Most records of a kind have values of the same types. What a row of certain types needs is found out once: whether the
types are right, and which values have to be looked at closer. So that looking through costs little, also for 100,000
records.
"""

from collections.abc import Callable
from enum import Enum
from functools import cached_property
from typing import Any, Final

from attrs import define, field

from crmcore.language import say
from crmcore.storage.failures import InvalidRecord
from crmcore.storage.records import Entity, Kind
from crmcore.storage.values import LONGEST_ID, Holds, flaw, named

__all__ = ["Row", "Rows"]

Row = tuple[Any, ...]
"""The values of a record, in the order of `Kind.all_fields`."""

_MOST_SIGNATURES: Final = 10_000
_Look = Callable[[Any], str | None]


@define(slots=False)
class Rows:
    """What turns the records of a kind into rows, in the order of `Kind.all_fields`.

    Attributes:
        kind: the kind.
    """

    kind: Kind
    _known: dict[tuple[type, ...], tuple[tuple[int, _Look], ...]] = field(factory=dict, init=False)

    def of(self, entity: Entity) -> Row:
        """Return the values of a record.

        Raises:
            InvalidRecord: one of them cannot be stored.
        """
        row: Row = self.kind.getter(entity)
        if entity.custom or self.kind.custom:
            row += self._custom(entity)
        signature = tuple(map(type, row))
        looks = self._known.get(signature)
        if looks is None:
            row = tuple(value.value if isinstance(value, Enum) else value for value in row)
            signature = tuple(map(type, row))
            looks = self._known.get(signature)
        if looks is None:
            looks = self._looks(entity, row)
            if len(self._known) < _MOST_SIGNATURES:
                self._known[signature] = looks
        return self._looked(entity, row, looks)

    def _looked(self, entity: Entity, row: Row, looks: tuple[tuple[int, _Look], ...]) -> Row:
        if not 0 < len(row[0]) <= LONGEST_ID:
            raise self._invalid(entity, "id", say("an id has from 1 to {most} characters", most=LONGEST_ID))
        for index, look in looks:
            found = look(row[index])
            if found is not None:
                one = tuple(self.kind.all_fields.values())[index]
                raise self._invalid(
                    entity, one.name, say("it holds {holds}, not {found}", holds=one.holds.words, found=found)
                )
        return row

    def _custom(self, entity: Entity) -> Row:
        """Return the values of the company's own fields; a name that the kind does not know is refused."""
        custom, known = entity.custom, self.kind.custom
        values = tuple(custom.get(one.name) for one in known)
        if len(custom) > len(known) or any(name not in self._custom_names for name in custom):
            stranger = next(name for name in custom if name not in self._custom_names)
            raise self._invalid(
                entity, stranger, say("{kind} has no field of this name of its own", kind=self.kind.name)
            )
        return values

    @cached_property
    def _custom_names(self) -> frozenset[str]:
        return frozenset(one.name for one in self.kind.custom)

    def _looks(self, entity: Entity, row: Row) -> tuple[tuple[int, _Look], ...]:
        """Return what has to be looked at in rows with the types of this one, after making sure of the types."""
        looks = []
        for index, (one, value) in enumerate(zip(self.kind.all_fields.values(), row, strict=True)):
            if value is None and one.optional:
                continue
            wanted = one.holds.type
            if wanted is not None and type(value) is not wanted:
                reason = say("it holds {holds}, not {found}", holds=one.holds.words, found=named(value))
                raise self._invalid(entity, one.name, reason)
            if one.holds is not Holds.YES_NO:
                looks.append((index, flaw(one.holds)))
        return tuple(looks)

    def _invalid(self, entity: Entity, name: str, reason: str) -> InvalidRecord:
        return InvalidRecord(self.kind.name, str(entity.id)[:LONGEST_ID], name, reason)

    def entity(self, row: Row) -> Entity:
        """Return the record of a row that a storage gives back."""
        count = len(self.kind.fields)
        custom = {
            one.name: value for one, value in zip(self.kind.custom, row[count:], strict=True) if value is not None
        }
        return self.kind.record(**dict(zip(self.kind.fields, row, strict=False)), custom=custom)

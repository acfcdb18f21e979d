"""Records as rows of plain values, looked through before any storage sees them.

Many records of a kind are looked through field by field: that nothing is wrong with any value is found for all of them
at once. So that looking through costs little, also for 100,000 records.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from functools import cached_property
from itertools import repeat
from typing import Any, Final

from attrs import define

from crmcore.language import say
from crmcore.storage.failures import InvalidRecord
from crmcore.storage.records import CUSTOM, Entity, Field, Kind
from crmcore.storage.values import LONGEST_ID, Holds, all_right, flaw, named, text_flaw

__all__ = ["Row", "Rows"]

Row = tuple[Any, ...]
"""The values of a record, in the order of `Kind.all_fields`."""

_MOST_VERSIONS: Final = 2**62
_ID, _VERSION = 0, 1  # the places of what every record has
_FEW: Final = 4  # records that are looked through sooner one by one


@define(slots=False)
class Rows:
    """What turns the records of a kind into rows, in the order of `Kind.all_fields`.

    Attributes:
        kind: the kind.
    """

    kind: Kind

    def of(self, entity: Entity) -> Row:
        """Return the values of a record.

        Raises:
            InvalidRecord: one of them cannot be stored.
        """
        given = self.kind.getter(entity) + self._custom(entity)
        row = tuple(
            self._plain(entity, name, one, value)
            for (name, one), value in zip(self.kind.all_fields.items(), given, strict=True)
        )
        if not row[_ID]:
            raise self._invalid(entity, "id", say("an id has from 1 to {most} characters", most=LONGEST_ID))
        if not 0 <= row[_VERSION] < _MOST_VERSIONS:
            raise self._invalid(entity, "version", say("a version is counted by the storage, and never negative"))
        return row

    def added(self, entities: Sequence[Entity]) -> list[Row]:
        """Return the values of records that are new: each in its first version.

        Args:
            entities: at least one.

        Raises:
            InvalidRecord: a value of one of them cannot be stored.
        """
        return self._all(entities, repeat(1, len(entities)))

    def changed(self, entities: Sequence[Entity]) -> list[Row]:
        """Return the values of records that are written over those that were read: each in its next version.

        Args:
            entities: at least one.

        Raises:
            InvalidRecord: a value of one of them cannot be stored.
        """
        return self._all(entities, (one.version + 1 for one in entities))

    def _all(self, entities: Sequence[Entity], versions: Iterable[int]) -> list[Row]:
        columns = self._columns(entities) if len(entities) > _FEW else None
        if columns is None:  # something may be wrong: the first record with which it is, is told of
            columns = list(zip(*map(self.of, entities), strict=True))
        columns[_VERSION] = versions
        return list(zip(*columns, strict=True))

    def _columns(self, entities: Sequence[Entity]) -> list[Any] | None:
        """Return the values of many records field by field; None where one of them cannot be stored."""
        if not all(one.custom.keys() <= self._custom_names for one in entities):
            return None
        columns: list[Sequence[Any]] = list(zip(*map(self.kind.getter, entities), strict=True))
        columns += [[entity.custom.get(one.name) for entity in entities] for one in self.kind.custom]
        found: list[Any] = []
        for (name, one), column in zip(self.kind.all_fields.items(), columns, strict=True):
            values = _all_plain(one, self.kind.longest.get(name, 0), column)
            if values is None:
                return None
            found.append(values)
        versions = found[_VERSION]
        return found if all(found[_ID]) and 0 <= min(versions) <= max(versions) < _MOST_VERSIONS else None

    def _plain(self, entity: Entity, name: str, one: Field, value: Any) -> Any:
        """Return a value as it is stored: a choice among texts as its text."""
        if isinstance(value, str) and isinstance(value, Enum):
            value = value.value
        if value is None and one.optional:
            return None
        wanted = one.holds.type
        if value is None or (wanted is not None and type(value) is not wanted):
            found: str | None = named(value)
        else:
            found = (text_flaw(self.kind.longest[name]) if one.holds is Holds.TEXT else flaw(one.holds))(value)
        if found is not None:
            raise self._invalid(entity, name, say("it holds {holds}, not {found}", holds=one.holds.words, found=found))
        return value

    def _custom(self, entity: Entity) -> Row:
        """Return the values of the company's own fields; a name that the kind does not know is refused."""
        custom: Mapping[str, Any] = entity.custom
        for name in custom:
            if name not in self._custom_names:
                reason = say("{kind} has no field of this name of its own", kind=self.kind.name)
                raise self._invalid(entity, f"{CUSTOM}{name}", reason)
        return tuple(custom.get(one.name) for one in self.kind.custom)

    @cached_property
    def _custom_names(self) -> frozenset[str]:
        return frozenset(one.name for one in self.kind.custom)

    def _invalid(self, entity: Entity, name: str, reason: str) -> InvalidRecord:
        return InvalidRecord(self.kind.name, str(entity.id)[:LONGEST_ID], name, reason)

    def entity(self, row: Row) -> Entity:
        """Return the record of a row that a storage gives back."""
        count = len(self.kind.fields)
        custom = {
            one.name: value for one, value in zip(self.kind.custom, row[count:], strict=True) if value is not None
        }
        return self.kind.record(**dict(zip(self.kind.fields, row, strict=False)), custom=custom)


def _all_plain(one: Field, most: int, values: Sequence[Any]) -> Sequence[Any] | None:
    """Return the values of a field of many records as they are stored; None where one of them cannot be.

    Args:
        one: the field.
        most: how many characters a text has at most.
        values: of each record.
    """
    types = set(map(type, values))
    if any(issubclass(kind, str) and issubclass(kind, Enum) for kind in types):
        values = [value.value if isinstance(value, Enum) else value for value in values]
        types = set(map(type, values))
    given = values
    if type(None) in types:
        if not one.optional:
            return None
        types.remove(type(None))
        given = [value for value in values if value is not None]
    if one.holds.type is not None and not types <= {one.holds.type}:
        return None
    return values if not given or all_right(one.holds, given, most) else None

"""Records as rows of plain values, looked through before any storage sees them.

Most records of a kind have values of the same types. What a row of certain types needs is found out once: whether the
types are right, and which values have to be looked at closer. So that looking through costs little, also for 100,000
records.
"""

from collections.abc import Callable
from enum import Enum
from functools import cached_property
from typing import Any, Final

from attrs import define, field, frozen

from crmcore.language import say
from crmcore.storage.failures import InvalidRecord
from crmcore.storage.records import CUSTOM, Entity, Kind
from crmcore.storage.values import LONGEST_ID, Holds, flaw, named, text_flaw

__all__ = ["Row", "Rows"]

Row = tuple[Any, ...]
"""The values of a record, in the order of `Kind.all_fields`."""

_MOST_SIGNATURES: Final = 10_000
_MOST_VERSIONS: Final = 2**62
_Look = Callable[[Any], str | None]


@define(slots=False)
class Rows:
    """What turns the records of a kind into rows, in the order of `Kind.all_fields`.

    Attributes:
        kind: the kind.
    """

    kind: Kind
    _known: dict[tuple[type, ...], "_Signature"] = field(factory=dict, init=False)

    def of(self, entity: Entity) -> Row:
        """Return the values of a record.

        Raises:
            InvalidRecord: one of them cannot be stored.
        """
        row: Row = self.kind.getter(entity)
        if entity.custom or self.kind.custom:
            row += self._custom(entity)
        signature = tuple(map(type, row))
        known = self._known.get(signature)
        if known is None:
            choices = tuple(
                place for place, one in enumerate(signature) if issubclass(one, str) and issubclass(one, Enum)
            )
            known = self._looks(entity, _plain(row, choices), choices)
            if len(self._known) < _MOST_SIGNATURES:
                self._known[signature] = known
        if known.choices:
            row = _plain(row, known.choices)
        if not row[0] or not 0 <= row[1] < _MOST_VERSIONS:
            raise self._odd(entity, row)
        looks = known.looks if known.texts_are_right(row) else (*known.texts, *known.looks)
        for index, look in looks:
            found = look(row[index])
            if found is not None:
                name, one = tuple(self.kind.all_fields.items())[index]
                reason = say("it holds {holds}, not {found}", holds=one.holds.words, found=found)
                raise self._invalid(entity, name, reason)
        return row

    def _odd(self, entity: Entity, row: Row) -> InvalidRecord:
        if not row[0]:
            return self._invalid(entity, "id", say("an id has from 1 to {most} characters", most=LONGEST_ID))
        return self._invalid(entity, "version", say("a version is counted by the storage, and never negative"))

    def _custom(self, entity: Entity) -> Row:
        """Return the values of the company's own fields; a name that the kind does not know is refused."""
        custom, known = entity.custom, self.kind.custom
        values = tuple(custom.get(one.name) for one in known)
        if len(custom) > len(known) or any(name not in self._custom_names for name in custom):
            stranger = next(name for name in custom if name not in self._custom_names)
            reason = say("{kind} has no field of this name of its own", kind=self.kind.name)
            raise self._invalid(entity, f"{CUSTOM}{stranger}", reason)
        return values

    @cached_property
    def _custom_names(self) -> frozenset[str]:
        return frozenset(one.name for one in self.kind.custom)

    def _looks(self, entity: Entity, row: Row, choices: tuple[int, ...]) -> "_Signature":
        """Return what has to be looked at in rows with the types of this one, after making sure of the types."""
        texts: list[tuple[int, _Look]] = []
        looks: list[tuple[int, _Look]] = []
        longest = [self.kind.longest.get(name, 0) for name in self.kind.all_fields]
        for index, ((name, one), value) in enumerate(zip(self.kind.all_fields.items(), row, strict=True)):
            if value is None and one.optional:
                continue
            wanted = one.holds.type
            if value is None or (wanted is not None and type(value) is not wanted):
                reason = say("it holds {holds}, not {found}", holds=one.holds.words, found=named(value))
                raise self._invalid(entity, name, reason)
            if one.holds is Holds.TEXT:
                texts.append((index, text_flaw(longest[index])))
            elif one.holds is not Holds.YES_NO:
                looks.append((index, flaw(one.holds)))
        shortest = min((longest[index] for index, _ in texts), default=0)
        return _Signature(choices, tuple(texts), shortest, tuple(looks))

    def _invalid(self, entity: Entity, name: str, reason: str) -> InvalidRecord:
        return InvalidRecord(self.kind.name, str(entity.id)[:LONGEST_ID], name, reason)

    def entity(self, row: Row) -> Entity:
        """Return the record of a row that a storage gives back."""
        count = len(self.kind.fields)
        custom = {
            one.name: value for one, value in zip(self.kind.custom, row[count:], strict=True) if value is not None
        }
        return self.kind.record(**dict(zip(self.kind.fields, row, strict=False)), custom=custom)


@frozen
class _Signature:
    """What rows whose values have certain types need.

    Attributes:
        choices: the places of choices.
        texts: the places of texts, with what looks at each.
        shortest: how many characters the text with the least room has at most.
        looks: the places of other values that are looked at, with what looks at each.
    """

    choices: tuple[int, ...]
    texts: tuple[tuple[int, _Look], ...]
    shortest: int
    looks: tuple[tuple[int, _Look], ...]

    def texts_are_right(self, row: Row) -> bool:
        """Whether nothing can be wrong with any text, as nothing is with all of them together."""
        whole = "".join([row[place] for place, _ in self.texts])
        return text_flaw(self.shortest)(whole) is None


def _plain(row: Row, choices: tuple[int, ...]) -> Row:
    """Return a row with the texts of choices in place of the choices."""
    if not choices:
        return row
    values = list(row)
    for place in choices:
        values[place] = values[place].value
    return tuple(values)

"""What can be stored: frozen records, each of a kind that says what its fields hold.

A storage derives what it needs (tables, columns, indexes) from the kinds, also from those of plugins. A kind is made
from an attrs class; the types of its fields say which values they hold.
"""

import re
import types
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from operator import attrgetter
from typing import Any, Final, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import attrs
from attrs import evolve, field, frozen

from crmcore.storage.values import LONGEST_ID, LONGEST_TEXT, Holds

__all__ = ["CUSTOM", "LONGEST_INDEXED", "Entity", "Field", "Kind", "Record", "WhenErased", "personal", "reference"]

CUSTOM: Final = "custom."
"""What stands before the name of a field of the company's own, where a query names it."""

LONGEST_INDEXED: Final = 250
"""How many characters a text has at most by which records are searched with an index; fewer where an index has more
than two of them."""

_INDEX_CHARACTERS: Final = 540
"""How many characters the index of every database takes, beside the tenant."""


@frozen(kw_only=True)
class Entity:
    """What every record has that is stored.

    Attributes:
        id: unique among the records of its kind and tenant; from 1 to 200 characters.
        version: how often it was written: 0 for a record that was never stored. Who writes a record gives the version
            that was read; a storage refuses one that is not the newest.
        custom: the values of the fields that the company added itself, by their names.
    """

    id: str
    version: int = 0
    custom: Mapping[str, Any] = field(factory=dict)


Record = TypeVar("Record", bound=Entity)
"""Some class of records."""


@frozen
class Field:
    """A field of a kind.

    Attributes:
        name: as the class or the company calls it; a field of the company's own is asked for as `custom.NAME`.
        holds: what it holds.
        optional: whether it may be empty, as None.
        refers: the kind whose ids it holds; None for any other text.
        default: what records have that were stored before the field was added.
        personal: whether it tells who somebody is, or what somebody said; it is emptied when that person is forgotten.
    """

    name: str
    holds: Holds
    optional: bool = field(default=False, kw_only=True)
    refers: str | None = field(default=None, kw_only=True)
    default: Any = field(default=None, kw_only=True)
    personal: bool = field(default=False, kw_only=True, eq=False)


def reference(kind: str, **options: Any) -> Any:
    """Return an attrs field that holds the id of a record of a kind.

    Args:
        kind: the kind's name.
        options: what `attrs.field` takes.
    """
    return attrs.field(metadata={"refers": kind}, **options)


def personal(**options: Any) -> Any:
    """Return an attrs field that tells who somebody is, or what somebody said: a name, a text, an address.

    It may be empty, or holds text, a mapping or a list, so that it can be emptied when that person is forgotten.

    Args:
        options: what `attrs.field` takes.
    """
    return attrs.field(metadata={"personal": True}, **options)


class WhenErased(StrEnum):
    """What becomes of a record when the customer whom it tells of is forgotten."""

    EMPTIED = "emptied"
    """It stays, so that it is still counted, but what is personal in it is emptied."""
    REMOVED = "removed"
    """It is removed, unless other kinds refer to its kind."""
    KEPT = "kept"
    """It stays as it is: nothing in it is personal."""


def _together(given: Iterable[str | Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple((one,) if isinstance(one, str) else tuple(one) for one in given)


@frozen(slots=False, eq=False)
class Kind:
    """A kind of records.

    Attributes:
        name: as people and databases call it: lower case, with hyphens, such as `customer`.
        record: the class, frozen, derived from `Entity`.
        custom: the fields that a company added itself; each may be empty.
        indexed: fields that are often searched by: each a name, or several names that are searched by together; a text
            among them has at most 250 characters.
        when_erased: what becomes of a record when the customer whom it tells of is forgotten.

    Raises:
        ValueError: a name cannot be one, a personal field could not be emptied, or a field is of a type that cannot be
            stored.
    """

    name: str
    record: type[Entity]
    custom: tuple[Field, ...] = field(default=(), kw_only=True, converter=tuple[Field, ...])
    indexed: tuple[tuple[str, ...], ...] = field(default=(), kw_only=True, converter=_together)
    when_erased: WhenErased = field(default=WhenErased.EMPTIED, kw_only=True, converter=WhenErased)

    def __attrs_post_init__(self) -> None:
        if not re.fullmatch("[a-z][a-z0-9]*(-[a-z0-9]+)*", self.name) or len(self.name) > _LONGEST_NAME:
            raise ValueError(f"a kind is called by lower-case words with hyphens between them, not {self.name!r}")
        for one in self.custom:
            _refuse_what_is_no_name(self.name, one.name)
        for names in self.indexed:
            for name in names:
                if name not in self.searchable:
                    raise ValueError(f"the kind {self.name!r} has no field {name!r} to index")

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """The fields of the class by name, in its order, without `custom`."""
        hints = get_type_hints(self.record)
        return {
            one.name: _field(self.name, one, hints[one.name])
            for one in attrs.fields(self.record)
            if one.name != "custom"
        }

    @cached_property
    def all_fields(self) -> Mapping[str, Field]:
        """Every field: those of the class by their names, and the company's own as `custom.NAME`."""
        return {**self.fields, **{f"{CUSTOM}{one.name}": evolve(one, optional=True) for one in self.custom}}

    @cached_property
    def searchable(self) -> Mapping[str, Field]:
        """Every field that a query can name."""
        return {name: one for name, one in self.all_fields.items() if one.holds is not Holds.TREE}

    @cached_property
    def longest(self) -> Mapping[str, int]:
        """How many characters the text of each field that holds text has at most."""
        texts = {name: one for name, one in self.all_fields.items() if one.holds is Holds.TEXT}
        together = [[name for name in names if name in texts] for names in self.indexed]
        found = {}
        for name, one in texts.items():
            shares = [_INDEX_CHARACTERS // len(names) for names in together if name in names]
            most = min([LONGEST_INDEXED, *shares]) if shares else LONGEST_TEXT
            found[name] = LONGEST_ID if name == "id" or one.refers is not None else most
        return found

    @cached_property
    def personal(self) -> Mapping[str, Field]:
        """The fields of the class that are emptied when whom they tell of is forgotten.

        Where the class says of none that it is personal, every free text, mapping and list is: what nobody thought of
        does not stay.
        """
        said = {name: one for name, one in self.fields.items() if one.personal}
        if said or self.when_erased is WhenErased.KEPT:
            return said
        hints = get_type_hints(self.record)
        free = {name for name, hint in hints.items() if {hint, *get_args(hint)} & {str} or _holds(hint) is Holds.TREE}
        return {name: one for name, one in self.fields.items() if name in free - {"id"} and one.refers is None}

    @cached_property
    def getter(self) -> "attrgetter[tuple[Any, ...]]":
        """What returns the values of `fields` of a record, in order."""
        return attrgetter(*self.fields)

    def value(self, entity: Entity, name: str) -> Any:
        """Return what a record holds in a field that a query can name."""
        return entity.custom.get(name.removeprefix(CUSTOM)) if name.startswith(CUSTOM) else getattr(entity, name)

    def with_custom(self, *added: Field) -> "Kind":
        """Return the kind with more fields of the company's own; one of a known name takes its place."""
        known = {one.name: one for one in (*self.custom, *added)}
        return evolve(self, custom=tuple(known.values()))


_LONGEST_NAME: Final = 40

_TYPES: Final[Mapping[Any, Holds]] = {holds.type: holds for holds in Holds if holds.type is not None}

_TREES: Final = (Mapping, Sequence, dict, list, tuple)
_NO_TREES: Final = (str, bytes, bytearray, memoryview, range)


def _refuse_what_is_no_name(kind: str, name: str) -> None:
    """Refuse a name of a field that some database could not have as the name of a column."""
    plain = name.isidentifier() and name == unicodedata.normalize("NFKC", name) == name.lower()
    if not plain or len(name.encode()) > _LONGEST_NAME or name.startswith("_"):
        raise ValueError(
            f"{kind} cannot have a field {name!r}: a name is lower-case letters, digits and _, begins with a "
            f"letter, and has at most {_LONGEST_NAME} bytes"
        )


def _field(kind: str, attribute: "attrs.Attribute[Any]", hint: Any) -> Field:
    name, refers = attribute.name, attribute.metadata.get("refers")
    if name != "id":
        _refuse_what_is_no_name(kind, name)
    if name == "tenant" or name.startswith("custom_"):
        raise ValueError(f"{kind} cannot have a field {name!r}: storages use the name themselves")
    arguments = get_args(hint)
    optional = get_origin(hint) in (Union, types.UnionType) and types.NoneType in arguments
    if optional:
        rest = [argument for argument in arguments if argument is not types.NoneType]
        hint = rest[0] if len(rest) == 1 else hint
    holds = _holds(hint)
    if holds is None:
        known = ", ".join(one.__name__ for one in _TYPES)
        raise ValueError(
            f"the field {name!r} of {kind} is of the type {hint}: it can be {known}, StrEnum, a mapping or a list"
        )
    default = None if attribute.default is attrs.NOTHING else attribute.default
    factory = getattr(default, "factory", None)
    if factory is not None:
        default = factory()
    tells_of_people = bool(attribute.metadata.get("personal"))
    if tells_of_people and not optional and hint is not str and holds is not Holds.TREE:
        raise ValueError(f"the field {name!r} of {kind} is personal and cannot be emptied: let it be None")
    return Field(name, holds, optional=optional, refers=refers, default=default, personal=tells_of_people)


def _holds(hint: Any) -> Holds | None:
    origin = get_origin(hint)
    if origin is Literal:
        return Holds.TEXT if all(isinstance(one, str) for one in get_args(hint)) else None
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return Holds.TEXT
    if isinstance(origin or hint, type) and issubclass(origin or hint, _TREES) and hint not in _NO_TREES:
        return Holds.TREE
    return _TYPES.get(hint)

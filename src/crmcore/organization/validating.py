"""The rules that every organization obeys, read from a file or built by a program.

What is checked here is what no reader can repair: ids that repeat, periods that end before they begin, intervals that
hold nothing. That an id exists is not: an organization that points at nothing can still be proven, and the checks
report it.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import chain
from operator import attrgetter
from typing import Any, Final

from crmcore.language import say
from crmcore.organization.company_rules import examine_company
from crmcore.organization.faults import Faults, did_you_mean, quoted, wanted_but_found, within
from crmcore.organization.model import ALL, Organization, Record, Touchpoint
from crmcore.organization.shapes import (
    ID,
    Day,
    Dimensions,
    Either,
    Entry,
    Key,
    Length,
    Many,
    OneOf,
    Real,
    Shape,
    Shares,
    Text,
    Where,
    Whole,
    Word,
    YesNo,
    organization_entry,
)
from crmcore.organization.space import Dimension, Scope
from crmcore.organization.space_rules import SpaceRules, no_id, odd_number
from crmcore.values import NOWHERE, Duration

__all__ = ["VERSION", "examine", "validate"]

VERSION: Final = 1
"""The version of the file format."""


def validate(organization: Organization) -> None:
    """Hold an organization against the rules.

    Raises:
        InvalidOrganization: with every rule that it breaks.
    """
    faults = Faults()
    names = [key.field for key in organization_entry().keys.values()]
    examine({**{name: getattr(organization, name) for name in names}, "place": organization.place}, faults)
    if len(faults):
        raise faults.error()


def examine(values: Mapping[str, Any], faults: Faults) -> None:
    """Add a fault for every rule that the fields of an organization break.

    Args:
        values: the fields of an organization; what could not be read is absent.
        faults: where what is wrong is added.
    """
    place = values.get("place", NOWHERE)
    dimensions = tuple(d for d in values.get("dimensions", ()) if isinstance(d, Dimension))
    space = SpaceRules(dimensions, faults)
    space.examine_dimensions()
    rules = _Rules(faults, space)
    shape = organization_entry()
    for key in shape.keys.values():
        value = values.get(key.field)
        if value is None:
            continue
        if isinstance(key.shape, Many) and isinstance(key.shape.item, Entry):
            rules.records(key.shape.item, value, lambda index, name=key.name: f"{name}[{index}]", unique=True)  # type: ignore[misc]
        elif isinstance(key.shape, Entry):
            rules.records(key.shape, (value,), lambda _index, name=key.name: name)  # type: ignore[misc]
        elif not _fits(key.shape, value):
            faults.tell(place, key.name, "", _wanted(key, value))
        elif isinstance(key.shape, Dimensions):
            for index, dimension in enumerate(value):
                if not isinstance(dimension, Dimension):
                    found = wanted_but_found(say("a Dimension"), type(dimension).__name__)
                    faults.tell(place, f"dimensions[{index}]", "", found)
    examine_company(values, faults)


class _Rules:
    """The rules of records, checked a section at a time so that a hundred thousand duties cost little."""

    def __init__(self, faults: Faults, space: SpaceRules) -> None:
        self.faults = faults
        self.space = space

    def records(
        self, shape: Entry, records: Sequence[Any], path: Callable[[int], str], *, unique: bool = False
    ) -> None:
        """Examine records of one class.

        Args:
            shape: what they look like.
            records: the records.
            path: how a program reaches the one at an index.
            unique: whether their ids are unique among them.
        """
        if not isinstance(records, tuple | list):
            self.faults.add(NOWHERE, within(path(0), wanted_but_found(Many.wanted, quoted(repr(records)))))
            return
        group = _Group(shape, records, path, self.faults)
        group.leave_out_wrong()
        for key in shape.keys.values():
            self.key(key, group, unique=unique)
        if "from" in shape.keys and isinstance(shape.keys["from"].shape, Day):
            group.examine_periods()
        if {"min", "max"} <= shape.keys.keys():
            group.examine_counts()

    def key(self, key: Key, group: "_Group", *, unique: bool) -> None:
        """Examine the values of one key in all records."""
        shape = key.shape
        if key.name == "id":
            group.examine_ids(unique=unique)
        elif isinstance(shape, OneOf):
            group.examine_words(key, shape)
        elif isinstance(shape, Whole | Real) or (isinstance(shape, Either) and key.least is not None):
            group.examine_numbers(key)
        elif isinstance(shape, Where):
            for index, record, scope in group.each(key):
                if scope.choices:
                    self.space.examine_scope(scope, record.place, key.name, group.path(index))
        elif isinstance(shape, Shares):
            group.examine_shares(key)
        elif isinstance(shape, Entry):
            self.nested(shape, [
                (f"{group.path(index)}.{key.name}", inner)
                for index, _, inner in group.each(key)
                if inner is not None and inner is not key.default
            ])  # fmt: skip
        elif isinstance(shape, Many) and (item := _entry(shape.item)) is not None:
            self.nested(item, [
                (f"{group.path(index)}.{key.name}[{position}]", inner)
                for index, _, several in group.each(key)
                for position, inner in enumerate(several)
                if isinstance(shape.item, Entry) or isinstance(inner, item.record)
            ])  # fmt: skip
        elif isinstance(shape, Either) and any(isinstance(option, Word) for option in shape.shapes):
            group.examine_word_in_list(key)

    def nested(self, shape: Entry, found: list[tuple[str, Any]]) -> None:
        """Examine records inside others, each with how a program reaches it."""
        self.records(shape, [record for _, record in found], lambda index: found[index][0])


class _Group:
    """Records of one class, with how a program reaches each."""

    def __init__(self, shape: Entry, records: Sequence[Any], path: Callable[[int], str], faults: Faults) -> None:
        self.shape = shape
        self.records = records
        self.indices: Sequence[int] = range(len(records))
        self.path = path
        self.faults = faults
        self.columns: dict[str, list[Any]] = {}

    def tell(self, index: int, record: Record, part: str, found: str, suggestion: str = "") -> None:
        """Add a fault of one record."""
        self.faults.tell(record.place, part, self.path(index), found, suggestion)

    def each(self, key: Key) -> Iterable[tuple[int, Any, Any]]:
        """Yield every record with its index and the value of one key."""
        return zip(self.indices, self.records, self.values(key), strict=True)

    def values(self, key: Key) -> list[Any]:
        """Return the values of one key."""
        column = self.columns.get(key.name)
        if column is None:
            column = self.columns[key.name] = list(map(attrgetter(key.field), self.records))
        return column

    def leave_out_wrong(self) -> None:
        """Leave out what is no record, and records with values of a wrong type: nothing else can be said of them."""
        strangers = {
            index for index, record in zip(self.indices, self.records, strict=True)
            if not isinstance(record, self.shape.record)
        }  # fmt: skip
        for index in strangers:
            wanted = say("a {record}", record=self.shape.record.__name__)
            found = wanted_but_found(wanted, type(self.records[index]).__name__)
            self.faults.tell(NOWHERE, "", self.path(index), found)
        self.leave_out(strangers)
        self.leave_out({index for key in self.shape.keys.values() for index in self.wrong_kinds(key)})

    def leave_out(self, wrong: set[int]) -> None:
        """Leave out the records at some indices."""
        if wrong:
            kept = [
                (index, record) for index, record in zip(self.indices, self.records, strict=True) if index not in wrong
            ]
            self.indices, self.records = [index for index, _ in kept], [record for _, record in kept]
            self.columns.clear()

    def wrong_kinds(self, key: Key) -> list[int]:
        """Return the indices of the records whose value is not of the type that the record class declares."""
        values = self.values(key)
        kinds = set(map(type, values)) - ({type(None)} if key.nullable else set())
        many = _many(key.shape)
        items: set[type] = set()
        if tuple in kinds and many is not None:
            items = set(map(type, chain.from_iterable(value for value in values if type(value) is tuple)))
        if all(_is(key.shape, each) for each in kinds) and (
            many is None or all(_is(many.item, item) for item in items)
        ):
            return []
        wrong = []
        for index, record, value in self.each(key):
            if not (value is None and key.nullable) and not _fits(key.shape, value):
                wrong.append(index)
                self.tell(index, record, key.name, _wanted(key, value))
        return wrong

    def examine_ids(self, *, unique: bool) -> None:
        """Are ids well formed, and each there once?"""
        first: dict[str, tuple[int, Any]] = {}
        for index, record in zip(self.indices, self.records, strict=True):
            if not ID.fullmatch(record.id):
                self.tell(index, record, "id", no_id(record.id), _id_like(record.id))
            elif unique and first.setdefault(record.id, (index, record))[0] != index:
                other, before = first[record.id]
                place = before.place.at("id")
                where = self.path(other) if place.file == NOWHERE.file else str(place)
                found = say("the id {id} is taken already, at {place}", id=quoted(record.id), place=where)
                self.tell(index, record, "id", found, say("rename one"))
            elif record.id == ALL and isinstance(record, Touchpoint):
                found = say("`all` means every touchpoint and cannot be an id")
                self.tell(index, record, "id", found, say("rename it"))

    def examine_words(self, key: Key, shape: OneOf) -> None:
        """Are words known?"""
        if set(self.values(key)) <= set(shape.words):
            return
        for index, record, value in self.each(key):
            if value not in shape.words:
                found = wanted_but_found(shape.wanted, quoted(value))
                self.tell(index, record, key.name, found, did_you_mean(value, shape.words))

    def examine_numbers(self, key: Key) -> None:
        """Are numbers finite, and not smaller than makes sense?"""
        if not any(odd_number(value, least=key.least, most=key.most) for value in set(self.values(key))):
            return
        for index, record, value in self.each(key):
            odd = odd_number(value, least=key.least, most=key.most)
            if odd:
                self.tell(index, record, key.name, odd)

    def examine_shares(self, key: Key) -> None:
        """Are the numbers of a mapping finite?"""
        for index, record, shares in self.each(key):
            for name, share in shares.items():
                missing = say("a number for {name} is wanted", name=quoted(name))
                odd = odd_number(share) if share is not None else missing
                if odd:
                    self.tell(index, record, f"{key.name}.{name}", odd)

    def examine_word_in_list(self, key: Key) -> None:
        """Does the word that means everything stand alone?"""
        for index, record, value in self.each(key):
            if value != ALL and ALL in value:
                suggestion = say("write {text}", text=f"{key.name}: {ALL}")
                self.tell(index, record, key.name, say("`all` stands in a list"), suggestion)

    def examine_periods(self) -> None:
        """Does a period begin before it ends?"""
        for index, record, to in self.each(self.shape.keys["to"]):
            if to is not None and record.from_ is not None and to < record.from_:
                found = say("the period ends on {to}, before it begins on {start}", to=to, start=record.from_)
                self.tell(index, record, "to", found, say("exchange `from` and `to`, or mend the year"))

    def examine_counts(self) -> None:
        """Is the least number not above the greatest?"""
        for index, record, most in self.each(self.shape.keys["max"]):
            if most is not None and record.min > most:
                found = say("min is {min}, more than max, which is {max}", min=quoted(record.min), max=quoted(most))
                self.tell(index, record, "min", found, say("exchange them"))


def _entry(shape: Shape) -> Entry | None:
    """Return the record that a value is, or can be."""
    options = shape.shapes if isinstance(shape, Either) else (shape,)
    return next((option for option in options if isinstance(option, Entry)), None)


def _many(shape: Shape) -> Many | None:
    options = shape.shapes if isinstance(shape, Either) else (shape,)
    return next((option for option in options if isinstance(option, Many)), None)


_KINDS: Final[Mapping[type[Shape], tuple[type, ...]]] = {
    Text: (str,),
    OneOf: (str,),
    Whole: (int,),
    Real: (int, float),
    YesNo: (bool,),
    Day: (date,),
    Length: (Duration,),
    Where: (Scope,),
    Shares: (Mapping,),
    Many: (tuple,),
    Dimensions: (tuple,),
}


def _is(shape: Shape, kind: type) -> bool:
    """Say whether values of a type can have a shape."""
    if isinstance(shape, Either):
        return any(_is(option, kind) for option in shape.shapes)
    if isinstance(shape, Word):
        return kind is type(shape.value)
    if isinstance(shape, Entry):
        return issubclass(kind, shape.record)
    if issubclass(kind, datetime) or (kind is bool and not isinstance(shape, YesNo)):
        return False
    return issubclass(kind, _KINDS[type(shape)])


def _fits(shape: Shape, value: object) -> bool:
    many = _many(shape)
    if many is not None and isinstance(value, tuple):
        return all(_is(many.item, type(item)) for item in value)
    return _is(shape, type(value))


def _wanted(key: Key, value: object) -> str:
    many = _many(key.shape)
    if many is not None and isinstance(value, tuple):
        return wanted_but_found(say("a list of {items}", items=many.item.wanted), quoted(repr(value)))
    return wanted_but_found(key.shape.wanted, quoted(repr(value)))


def _id_like(text: str) -> str:
    made = re.sub(r"[^a-z0-9._-]+", "-", text[:80].strip().lower()).strip("-._")
    return say("write {text}", text=made) if ID.fullmatch(made) else say("put what people read into `label`")

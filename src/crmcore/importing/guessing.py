"""Guessing which column of a file goes where: by its heading first, then by what it holds."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from attrs import evolve

from crmcore.customers.identity.names import HAN
from crmcore.importing.columns import Column
from crmcore.importing.customer_targets import ATTRIBUTES
from crmcore.importing.examining import Examination
from crmcore.importing.formats import Format, ValueType
from crmcore.importing.mappings import ColumnMapping, Route
from crmcore.importing.synonyms import ADDRESS_PARTS
from crmcore.importing.targets import Target, TargetField
from crmcore.language import say
from crmcore.organization.spreadsheets.labels import folded

__all__ = ["REASONS", "guess_mapping"]

REASONS: Final = "crmcore: what is wrong"
"""The column that is added to rejected rows; it is no part of the data when they come in again."""

_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BESIDE: Final = re.compile(r"[(（\[【].*?[)）\]】]|[*＊:：]")
_BETWEEN: Final = re.compile(r"[\s_.\-/]+")
_NUMBERED: Final = re.compile(r"(.*?) ?[1-9]")
_CARD: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("organization", "name", "email 1", "phone 1"),
    "contact.name": ("name",),
    "contact.title": ("title",),
    "contact.department": ("department",),
    "language": ("language",),
    "time_zone": ("timezone",),
}
"""What of a vCard goes where: the customer is the organization, else the person, else whatever tells it from others."""

_CARD_NUMBERED: Final = {"phone": "contact.phone", "email": "contact.email", "web": "web"}
_ADDRESS: Final = ("country", "region", "city", "street", "extended address", "postcode")
_BY_CONTENT: Final[Mapping[ValueType, str]] = {
    ValueType.EMAIL: "email",
    ValueType.PHONE: "phone",
    ValueType.USCC: "registration",
}


def guess_mapping(examination: Examination, target: Target) -> ColumnMapping:
    """Return which column probably goes where, each with the reason; the rest is left aside.

    Args:
        examination: what is known of the file.
        target: what it is imported into.
    """
    if examination.layout.format == "vcard":
        return _of_cards(examination, target)
    routes: dict[str, Route] = {}
    several: list[Route] = []
    taken: set[str] = set()
    named = list(_by_heading(examination, target))
    fields = {field.name for _, field, _ in named}
    held = [one for one in _by_content(examination, target) if one[1].name not in fields]
    for column, field, because in (*named, *held):
        if column.name in taken or (field.name in routes and not field.several):
            continue
        taken.add(column.name)
        route = Route(field.name, (column.name,), format=_format(column, field), because=because)
        if field.name in routes:
            several.append(route)
        routes.setdefault(field.name, route)
    if "address" in routes and not any(route.to == "address" for route in several):
        routes["address"] = _whole_address(routes["address"], examination, taken - _places(routes.values()))
        taken.update(routes["address"].columns)
    columns = [column.name for column in examination.columns]
    aside = tuple(name for name in columns if name not in taken and name != REASONS)
    ordered = sorted((*routes.values(), *several), key=lambda route: columns.index(route.columns[0]))
    return ColumnMapping(target.name, tuple(ordered), aside, examination.layout)


def _places(routes: Iterable[Route]) -> set[str]:
    """Return the columns that decide who answers, and may stand in an address too; sales have regions of their own."""
    deciding = (route.columns[0] for route in routes if route.to.startswith(ATTRIBUTES))
    return {column for column in deciding if _head(column) != "region"}


def _whole_address(route: Route, examination: Examination, taken: Collection[str]) -> Route:
    """Return where an address comes from: also from the columns of its parts that it does not name itself.

    A Chinese address is written from its province to its street, others from the street to the town.
    """
    street = examination.column(route.columns[0])
    heads = {_head(column.name): column for column in examination.columns if column.filled and column.name not in taken}
    parts = {
        part: heads[head]
        for part, words in ADDRESS_PARTS.items()
        if (head := next((word for word in map(folded, words) if word in heads), None)) is not None
        and not any(text in address for text in heads[head].samples for address in street.samples)
    }
    if not parts:
        return route
    postcode = [parts.pop("postcode")] if "postcode" in parts else []
    chinese = HAN.search("".join((street.name, *street.samples))) is not None
    ordered = [*parts.values(), street, *postcode] if chinese else [street, *reversed(parts.values()), *postcode]
    columns, between = [one.name for one in ordered], " " if chinese else ", "
    return evolve(route, columns=columns, between=between, because=say("an address in parts"))


def _of_cards(examination: Examination, target: Target) -> ColumnMapping:
    """Return where the properties of vCards go."""
    columns = [column.name for column in examination.columns]
    because = say("as vCards mean it")
    routes = [
        Route(field, there, first=len(there) > 1, because=because)
        for field, names in _CARD.items()
        if (there := tuple(name for name in names if name in columns))
    ]
    for column in columns:
        word, _, number = column.partition(" ")
        if word in _CARD_NUMBERED and number.isdigit():
            routes.append(Route(_CARD_NUMBERED[word], (column,), because=because))
    for count in range(1, len(columns)):
        parts = tuple(name for part in _ADDRESS if (name := f"address {count} {part}") in columns)
        if parts:
            routes.append(Route("address", parts, between=", ", because=because))
    routes = [route for route in routes if route.to in target.names]
    used = {column for route in routes for column in route.columns}
    aside = [column for column in columns if column not in used]
    return ColumnMapping(target.name, routes, aside, examination.layout)


def _by_heading(examination: Examination, target: Target) -> Iterator[tuple[Column, TargetField, str]]:
    """Yield columns whose heading is one of a field, those of the field's first words first."""
    because = say("by its heading")
    words = {
        (index, folded(word)): field
        for field in target.fields
        for index, word in enumerate(_BETWEEN.sub(" ", name) for name in (field.name, *field.headings))
    }
    heads = [(column, _head(column.name)) for column in examination.columns if column.filled]
    found = [
        (index, column, field)
        for column, head in heads
        for (index, word), field in words.items()
        if word == head or (field.several and (match := _NUMBERED.fullmatch(head)) is not None and match[1] == word)
    ]
    for _, column, field in sorted(found, key=lambda one: one[0]):
        yield column, field, because


def _by_content(examination: Examination, target: Target) -> Iterator[tuple[Column, TargetField, str]]:
    """Yield columns of values that only one field can have."""
    names = {field.name: field for field in target.fields}
    for column in examination.columns:
        name = _BY_CONTENT.get(column.format.type)
        if name in names and column.filled:
            yield column, names[name], say("by its values: {format}", format=column.format.phrase())


def _head(name: str) -> str:
    """Return a heading as it is compared: without remarks in brackets, humps and underscores as spaces."""
    return folded(_BETWEEN.sub(" ", _HUMP.sub(" ", _BESIDE.sub("", name))))


def _format(column: Column, field: TargetField) -> Format | None:
    """Return how a column is written, where the field alone does not say it; None as the field says."""
    written = column.format
    if field.format.type in (ValueType.TEXT, ValueType.PHONE, ValueType.EMAIL, ValueType.USCC, ValueType.YES_NO):
        return None
    changed = evolve(field.format, decimal=written.decimal, dates=written.dates, currency=written.currency)
    return None if changed == field.format else changed

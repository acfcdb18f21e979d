"""vCard files as tables: a line a card, a column for each thing that some card says."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from attrs import evolve

from crmcore.importing.encodings import checked_encoding, encoding_of
from crmcore.importing.layouts import Clue, Layout
from crmcore.importing.tables import Line, Table
from crmcore.importing.vcards import Card, cards_of
from crmcore.language import say
from crmcore.organization.spreadsheets import UnreadableSheet

__all__ = ["ADDRESS_PARTS", "NAME_PARTS", "ORGANIZATION_PARTS", "SEVERAL", "SINGLE", "open_vcards"]

SINGLE: Final[Mapping[str, str]] = {
    "FN": "name",
    "NICKNAME": "nickname",
    "TITLE": "title",
    "ROLE": "role",
    "BDAY": "birthday",
    "ANNIVERSARY": "anniversary",
    "GENDER": "gender",
    "LANG": "language",
    "TZ": "timezone",
    "NOTE": "note",
    "CATEGORIES": "categories",
    "UID": "uid",
    "REV": "revised",
}
NAME_PARTS: Final = ("family name", "given name", "additional names", "prefix", "suffix")
ORGANIZATION_PARTS: Final = ("organization", "department")
ADDRESS_PARTS: Final = ("post box", "extended address", "street", "city", "region", "postcode", "country")
SEVERAL: Final[Mapping[str, str]] = {"TEL": "phone", "EMAIL": "email", "URL": "web"}
_BETWEEN: Final = "; "


def open_vcards(path: Path, wished: Layout) -> Table:
    """Open a vCard file as a table.

    Args:
        path: the file.
        wished: what somebody says of its layout; the rest is guessed.

    Raises:
        UnreadableSheet: it holds something else than cards.
        OSError: it cannot be read.
    """
    encoding = checked_encoding(path, wished.encoding) if wished.encoding else encoding_of(path)
    seen: set[str] = set()
    most: dict[str, int] = {}
    for card in cards_of(path, encoding.name):
        seen.update(_values(card))
        for name in (*SEVERAL, "ADR"):
            most[name] = max(most.get(name, 0), len(card.all(name)))
    if not seen:
        raise UnreadableSheet(str(path), say("the file holds no card"), say("a card begins with BEGIN:VCARD"))
    columns = tuple(name for name in _all_names(most) if name in seen)

    def lines() -> Iterator[Line]:
        for card in cards_of(path, encoding.name):
            values = _values(card)
            yield Line(card.number, [values.get(column, "") for column in columns])

    layout = evolve(wished, format="vcard", encoding=encoding.name, header=0)
    clues = (
        Clue("encoding", encoding.name, encoding.because),
        Clue("header", say("properties"), say("cards name their values")),
    )
    return Table(str(path), layout, columns, lines, clues, (), path.stat().st_size)


def _all_names(most: Mapping[str, int]) -> Iterator[str]:
    """Yield every column that cards may have, in the order that people expect."""
    yield "name"
    yield from NAME_PARTS
    yield from ORGANIZATION_PARTS
    for name, word in SEVERAL.items():
        for number in range(1, most[name] + 1):
            yield from (f"{word} {number}", f"{word} {number} kind")
    for number in range(1, most["ADR"] + 1):
        yield from (f"address {number} {part}" for part in (*ADDRESS_PARTS, "kind"))
    yield from (word for word in SINGLE.values() if word != "name")


def _values(card: Card) -> dict[str, str]:
    """Return what a card says by the names of columns."""
    values = {word: _BETWEEN.join(one.text for one in card.all(name)) for name, word in SINGLE.items()}
    for name, parts in (("N", NAME_PARTS), ("ORG", ORGANIZATION_PARTS)):
        property_ = card.first(name)
        values.update(_named(parts, property_.parts if property_ is not None else ()))
    if not values["name"]:
        family, given = values.get("family name", ""), values.get("given name", "")
        values["name"] = " ".join(filter(None, (given, family)))
    for name, word in SEVERAL.items():
        for number, one in enumerate(card.all(name), 1):
            values[f"{word} {number}"] = _bare(one.text)
            values[f"{word} {number} kind"] = " ".join(one.types)
    for number, one in enumerate(card.all("ADR"), 1):
        values.update(_named([f"address {number} {part}" for part in ADDRESS_PARTS], one.parts))
        values[f"address {number} kind"] = " ".join(one.types)
    return {name: value for name, value in values.items() if value}


def _named(names: Sequence[str], parts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield components with their names; what is beyond the last name belongs to it."""
    last = len(names) - 1
    for index, name in enumerate(names):
        rest = parts[index:] if index == last else parts[index : index + 1]
        yield name, ", ".join(filter(None, rest))


def _bare(text: str) -> str:
    """Return an address without the scheme that version 4.0 writes before it, and a phone's extension as people do."""
    bare = text.removeprefix("tel:").removeprefix("mailto:")
    return bare.replace(";ext=", " ext. ") if text.startswith("tel:") else bare

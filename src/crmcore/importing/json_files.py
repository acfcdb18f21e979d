"""JSON lines, and a JSON array of objects, as tables: one record after another, whatever the size of the file."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from attrs import evolve

from crmcore.importing.encodings import checked_encoding, encoding_of
from crmcore.importing.layouts import Clue, Layout
from crmcore.importing.tables import Cell, Line, Table, column_names
from crmcore.language import say
from crmcore.organization.spreadsheets import UnreadableSheet

__all__ = ["open_json"]

_CHUNK: Final = 1 << 16
_LARGEST_RECORD: Final = 1 << 24
_GAP: Final = (re.compile(r"[ \t\r\n]*"), re.compile(r"[ \t\r\n,]*"))
"""What stands between values: one after another, and in an array."""

_BETWEEN: Final = "; "


def open_json(path: Path, wished: Layout) -> Table:
    """Open JSON lines, or a JSON array of objects, as a table.

    An object inside a record gives a column for each of its keys, with a dot between: `address.city`. A list of
    values becomes one text, with `; ` between them.

    Args:
        path: the file.
        wished: what somebody says of its layout; the rest is guessed.

    Raises:
        UnreadableSheet: it is no JSON, holds nothing, or something else than objects.
        OSError: it cannot be read.
    """
    encoding = checked_encoding(path, wished.encoding) if wished.encoding else encoding_of(path)
    keys: dict[str, None] = {}
    for record in _records(path, encoding.name):
        keys.update(dict.fromkeys(record))
    if not keys:
        raise UnreadableSheet(str(path), say("the file is empty"), say("choose another file"))
    columns, odd = column_names(list(keys))

    def lines() -> Iterator[Line]:
        for number, record in enumerate(_records(path, encoding.name), 1):
            yield Line(number, [record.get(key, "") for key in keys])

    layout = evolve(wished, format="json", encoding=encoding.name, header=0)
    clues = (
        Clue("encoding", encoding.name, encoding.because),
        Clue("header", say("keys"), say("records name their values")),
    )
    return Table(str(path), layout, columns, lines, clues, odd, path.stat().st_size)


def _records(path: Path, encoding: str) -> Iterator[Mapping[str, Cell]]:
    """Yield the records, flat."""
    for number, value in enumerate(_values(path, encoding), 1):
        if not isinstance(value, dict):
            reason = say("record {number} is no object with names for its values", number=number)
            raise UnreadableSheet(str(path), reason, say('write records such as {{"name": "华为"}}'))
        yield dict(_flat(value, ""))


def _flat(record: Mapping[str, Any], before: str) -> Iterator[tuple[str, Cell]]:
    for key, value in record.items():
        name = f"{before}{key}"
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{name}.")
        else:
            yield name, _cell(value)


def _cell(value: Any) -> Cell:
    if value is None or value == {}:
        return ""
    if isinstance(value, list):
        plain = not any(isinstance(item, list | dict) for item in value)
        return (
            _BETWEEN.join(str(_cell(item)) for item in value)
            if plain
            else json.dumps(value, ensure_ascii=False, default=str)
        )
    return value if isinstance(value, bool | int | Decimal) else str(value)


def _values(path: Path, encoding: str) -> Iterator[Any]:
    """Yield the values of a file: those of the array that it is, or one after another."""
    number = 1

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            reason = say("record {number} names a value twice", number=number)
            raise UnreadableSheet(str(path), reason, say("leave one of them out"))
        return found

    decoder = json.JSONDecoder(object_pairs_hook=once, parse_float=Decimal)
    text, at, ended = "", 0, False
    array: bool | None = None
    with path.open(encoding=encoding, newline="") as stream:
        while True:
            at = _GAP[bool(array)].match(text, at).end()  # type: ignore[union-attr]  # it matches nothing too
            if array is None and at < len(text):
                array = text[at] == "["
                at += array
                continue
            if array and text[at : at + 1] == "]":
                return
            complete = _complete(decoder, text, at, ended) if at < len(text) else None
            if complete is not None:
                value, at = complete
                yield value
                number += 1
                continue
            if ended and at == len(text) and not array:
                return
            if ended or len(text) - at > _LARGEST_RECORD:
                raise _broken(path, number)
            chunk = _chunk(path, stream.read)
            text, at, ended = text[at:] + chunk, 0, not chunk


def _complete(decoder: json.JSONDecoder, text: str, at: int, ended: bool) -> tuple[Any, int] | None:
    """Return the value at a position and where it ends; None when more has to be read for it."""
    try:
        value, end = decoder.raw_decode(text, at)
    except (ValueError, RecursionError):
        return None
    whole = end < len(text) or ended or isinstance(value, dict | list | str)
    return (value, end) if whole else None


def _chunk(path: Path, read: Callable[[int], str]) -> str:
    try:
        return read(_CHUNK)
    except UnicodeError as error:
        reason = say("the file is no plain text: {problem}", problem=str(error))
        raise UnreadableSheet(str(path), reason, say("save it as UTF-8")) from None


def _broken(path: Path, number: int) -> UnreadableSheet:
    reason = say("record {number} is no JSON", number=number)
    return UnreadableSheet(str(path), reason, say("mend it: an object a line, or an array of objects"))

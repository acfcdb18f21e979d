"""An importer: the people of a directory (LDIF, RFC 2849), a line each."""

import base64
from collections.abc import Iterator
from pathlib import Path

from attrs import evolve

from crmcore.importing import Layout, Line, Table
from crmcore.language import say
from crmcore.organization.spreadsheets import UnreadableSheet

__all__ = ["is_ldif", "open_ldif"]


def is_ldif(head: bytes) -> bool:
    """Whether a file that begins so is LDIF."""
    return head.startswith((b"dn:", b"version:"))


def open_ldif(path: Path, wished: Layout) -> Table:
    """Open an LDIF file as a table: a column for each attribute, several values of it with `; ` between them.

    Raises:
        UnreadableSheet: it holds no entry, or is no UTF-8.
    """
    columns: dict[str, None] = {}
    for _, entry in _entries(path):
        columns.update(dict.fromkeys(entry))
    if not columns:
        raise UnreadableSheet(str(path), say("the file holds no entry"), say("an entry begins with dn:"))

    def lines() -> Iterator[Line]:
        for number, entry in _entries(path):
            yield Line(number, ["; ".join(entry.get(column, ())) for column in columns])

    layout = evolve(wished, format="ldif", encoding="utf-8", header=0)
    return Table(str(path), layout, tuple(columns), lines, size=path.stat().st_size)


def _entries(path: Path) -> Iterator[tuple[int, dict[str, list[str]]]]:
    """Yield the entries, each with the line where it begins."""
    entry: dict[str, list[str]] = {}
    begun = 0
    for number, line in _unfolded(path):
        name, colon, value = line.partition(":")
        if not line and entry:
            yield begun, entry
            entry = {}
        elif colon and not line.startswith("#") and (entry or name.lower() == "dn"):
            begun = begun if entry else number
            coded = value.startswith(":")
            text = base64.b64decode(value[1:]).decode() if coded else value.strip()
            entry.setdefault(name, []).append(text)
    if entry:
        yield begun, entry


def _unfolded(path: Path) -> Iterator[tuple[int, str]]:
    """Yield lines as they were before they were folded, each with its number."""
    began, text = 0, ""
    try:
        with path.open(encoding="utf-8") as stream:
            for number, raw in enumerate(stream, 1):
                line = raw.rstrip("\n")
                if line.startswith(" ") and began:
                    text += line[1:]
                    continue
                if began:
                    yield began, text
                began, text = number, line
    except UnicodeError as error:
        reason = say("the file is no UTF-8: {problem}", problem=str(error))
        raise UnreadableSheet(str(path), reason, say("save it as UTF-8")) from None
    if began:
        yield began, text

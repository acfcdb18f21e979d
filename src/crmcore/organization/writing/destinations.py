"""Where an organization is written to: a file, or a folder with tables."""

import os
from datetime import date
from pathlib import Path

from crmcore.errors import Fault, InvalidOrganization
from crmcore.language import say
from crmcore.organization.model import Organization
from crmcore.organization.reading.sources import MAIN_FILES
from crmcore.organization.shapes import Entry, Many, organization_entry
from crmcore.organization.writing.plain import Plain
from crmcore.organization.writing.tables import TABLES, table_text
from crmcore.organization.writing.texts import TEXTS
from crmcore.values import NOWHERE

__all__ = ["write"]


def write(organization: Organization, path: Path) -> None:
    """Write an organization so that reading gives an equal one.

    Args:
        organization: the organization.
        path: a file that ends in .yaml, .json or .toml; anything else is a folder.

    Raises:
        OSError: when the file cannot be written.
        InvalidOrganization: when text holds half a character, which no file can hold.
    """
    if path.suffix[1:].lower() in TEXTS and not path.is_dir():
        _put(path, _text(organization, path))
    else:
        _write_folder(organization, path)


def _text(organization: Organization, path: Path, tables: tuple[str, ...] = ()) -> str:
    ending = path.suffix[1:].lower()
    plain = Plain(date.isoformat if ending == "json" else lambda day: day)
    data = plain.organization(organization)
    return TEXTS[ending]({name: f"{name}.csv" if name in tables else value for name, value in data.items()})


def _write_folder(organization: Organization, folder: Path) -> None:
    """Write the long sections as tables, the rest into the main file, and remove the tables of an earlier writing."""
    folder.mkdir(parents=True, exist_ok=True)
    main = next((name for name in MAIN_FILES if (folder / name).exists()), MAIN_FILES[0])
    sections = {
        key.name: key.shape.item
        for key in organization_entry().keys.values()
        if isinstance(key.shape, Many) and isinstance(key.shape.item, Entry)
    }
    texts = {
        name: table_text(sections[name], organization.section(name), organization.dimensions)
        for name in TABLES
        if organization.section(name)
    }
    tables = {name: text for name, text in texts.items() if text is not None}
    text = _text(organization, folder / main, tuple(tables))
    for name, table in tables.items():
        _put(folder / f"{name}.csv", table if table.isascii() else f"\ufeff{table}")
    for name in sections:
        if name not in tables:
            (folder / f"{name}.csv").unlink(missing_ok=True)
    for name in MAIN_FILES:
        if name != main:
            (folder / name).unlink(missing_ok=True)
    _put(folder / main, text)


def _put(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        found = say("some text holds half a character, {character}", character=f"U+{ord(text[error.start]):04X}")
        raise InvalidOrganization([Fault(NOWHERE, found, say("remove it"))]) from None
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_bytes(data)
        if path.exists():
            draft.chmod(path.stat().st_mode & 0o777)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)

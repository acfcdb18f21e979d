"""Where an organization comes from: a file, a folder, a text, or the data of a program."""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from crmcore.language import say
from crmcore.organization.faults import Faults, listed, quoted
from crmcore.organization.reading.assembling import BEGINNING, assembled
from crmcore.organization.reading.decoding import decoded, without_control_characters
from crmcore.organization.reading.files import bytes_of, does_not_exist, is_there, near_file, reason
from crmcore.organization.reading.json_source import read_json
from crmcore.organization.reading.nodes import Node
from crmcore.organization.reading.python_source import read_python
from crmcore.organization.reading.toml_source import read_toml
from crmcore.organization.reading.yaml_source import read_yaml
from crmcore.values import NOWHERE, Place

if TYPE_CHECKING:
    from crmcore.organization.model import Organization

__all__ = ["MAIN_FILES", "from_data", "parse", "read"]

MAIN_FILES: Final = ("crmcore.yaml", "crmcore.yml", "crmcore.json", "crmcore.toml")
"""The file that a folder is read from; exactly one of them."""

_FORMATS: Final[Mapping[str, Callable[[str, str, Faults], Node | None]]] = {
    "yaml": read_yaml,
    "yml": read_yaml,
    "json": read_json,
    "toml": read_toml,
}


def read(path: Path) -> "Organization":
    """Read an organization from a file, or from a folder with `crmcore.yaml` and tables beside it.

    Args:
        path: a .yaml, .json or .toml file, or a folder.

    Raises:
        InvalidOrganization: with every fault of all files.
    """
    with _undisturbed():
        return _read(path)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Pause the garbage collector: everything read is kept, and looking for garbage in it doubles the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _read(path: Path) -> "Organization":
    faults = Faults()
    folder = is_there(path, folder=True)
    main = _main_file(path, faults) if folder else path
    root = None if main is None else _root(main, faults)
    if main is None or root is None:
        raise faults.error()
    return assembled(root, str(main), faults, folder=main.parent, search=folder)


def parse(text: str, format: str = "yaml", file: str = "<text>") -> "Organization":  # noqa: A002 (the caller's word)
    """Read an organization from a text.

    Args:
        text: the text.
        format: yaml, json or toml.
        file: what to call the text in messages.

    Raises:
        InvalidOrganization: with every fault of the text.
        ValueError: when there is no such format.
    """
    if format not in _FORMATS:
        message = f"the format {format!r} is unknown; allowed are yaml, json, toml"
        raise ValueError(message)
    faults = Faults()
    with _undisturbed():
        root = _parsed(text.removeprefix("\ufeff"), format, file, faults)
        if root is None:
            raise faults.error()
        return assembled(root, file, faults)


def from_data(data: Mapping[str, Any]) -> "Organization":
    """Read an organization from mappings, lists and values, as a JSON or YAML library gives them.

    Args:
        data: the tree of an organization file; dates may be text or `datetime.date`.

    Raises:
        InvalidOrganization: with every fault of the data.
    """
    faults = Faults()
    root = read_python(data, NOWHERE.file, faults)
    if root is None:
        raise faults.error()
    return assembled(root, NOWHERE.file, faults)


def _main_file(folder: Path, faults: Faults) -> Path | None:
    place = Place(str(folder))
    try:
        present = [name for name in MAIN_FILES if (folder / name).exists()]
    except OSError as error:
        faults.add(place, say("the folder cannot be read: {reason}", reason=reason(error)))
        return None
    if len(present) == 1:
        return folder / present[0]
    if present:
        found = say("the folder holds {names}; one of them is wanted", names=listed(present))
        faults.add(place, found, say("remove the others"))
    else:
        found = say("the folder holds no crmcore.yaml, crmcore.json or crmcore.toml")
        faults.add(place, found, say("name the file itself"))
    return None


def _root(path: Path, faults: Faults) -> Node | None:
    file = str(path)
    name = path.suffix[1:].lower()
    if name not in _FORMATS:
        if not is_there(path):
            faults.add(Place(file), does_not_exist(path), lambda: near_file(path))
        elif name == "dmn":
            tables = say("the file holds decision tables, and no organization")
            faults.add(Place(file), tables, say("`crmcore check` proves them"))
        else:
            other = say("the name ends in {ending}; .yaml, .json or .toml is wanted", ending=quoted(path.suffix))
            none = say("the name has no ending; .yaml, .json or .toml is wanted")
            faults.add(Place(file), other if name else none, say("rename the file"))
        return None
    data = bytes_of(path, faults)
    if data is None:
        return None
    text = decoded(data, file, faults)
    return None if text is None else _parsed(text, name, file, faults, checked=True)


def _parsed(text: str, name: str, file: str, faults: Faults, *, checked: bool = False) -> Node | None:
    if not checked and not without_control_characters(text, file, faults):
        return None
    if not text.strip():
        faults.add(Place(file), say("the file is empty"), BEGINNING)
        return None
    root = _FORMATS[name](text, file, faults)
    if root is None and not len(faults):
        faults.add(Place(file), say("the file holds nothing but comments"), BEGINNING)
    return root

"""From the root of a file to an organization: its sections one after another, its tables, and then the rules."""

from pathlib import Path
from typing import Any, Final

from crmcore.language import say
from crmcore.organization.faults import Faults, quoted, wanted_but_found
from crmcore.organization.model import Organization
from crmcore.organization.reading.dimensions import read_dimensions
from crmcore.organization.reading.nodes import Node, kind
from crmcore.organization.reading.records import Structuring
from crmcore.organization.reading.scalars import BAD
from crmcore.organization.reading.tables import read_table
from crmcore.organization.shapes import Dimensions, Entry, Key, Many, organization_entry
from crmcore.organization.validating import VERSION, examine
from crmcore.values import Place

__all__ = ["BEGINNING", "TABLE_ENDINGS", "assembled"]

TABLE_ENDINGS: Final = (".csv", ".tsv")
"""How the name of a table ends."""

BEGINNING: Final = say("begin with `crmcore: 1` and `name:`")
"""How to mend a file that holds no organization at all."""


def assembled(
    root: Node, file: str, faults: Faults, *, folder: Path | None = None, search: bool = False
) -> Organization:
    """Return the organization that a file describes.

    Args:
        root: the root of the file.
        file: its name.
        faults: what is wrong so far.
        folder: where its tables lie; None when it can have none.
        search: whether a table with the name of an absent section is read too.

    Raises:
        InvalidOrganization: with every fault of the file and of its tables.
    """
    assembly = _Assembly(file, faults, folder, search)
    values = assembly.values(root)
    if not len(faults) and values is not None:
        return Organization(**values)
    if values is not None:
        examine(values, faults)
    raise faults.error()


class _Assembly:
    def __init__(self, file: str, faults: Faults, folder: Path | None, search: bool) -> None:
        self.file = file
        self.faults = faults
        self.folder = folder
        self.search = search
        self.structuring = Structuring(file, faults)

    def values(self, root: Node) -> dict[str, Any] | None:
        """Return the fields of the organization that can be read; None when nothing else is worth telling."""
        shape = organization_entry()
        if not isinstance(root.value, dict):
            found = wanted_but_found(say("a mapping with the keys of an organization"), kind(root.value))
            root.tell(self.file, self.faults, found, BEGINNING)
            return None
        version = root.value.get("crmcore")
        if version is not None and type(version.value) is int and version.value != VERSION:
            versions = {"found": quoted(version.value), "known": VERSION}
            found = say("the file format is version {found}; this program reads version {known}", **versions)
            self.faults.add(version.place(self.file), found, say("use a release of crmcore that reads it"))
            return None
        for name in root.value:
            if name not in shape.keys:
                self.structuring.unknown_key(name, root, shape.title, tuple(shape.keys))
        values: dict[str, Any] = {}
        for key in shape.keys.values():  # dimensions come before the sections that have tables
            child = root.value.get(key.name)
            value = self.section(key, child, root)
            if value is not None:
                values[key.field] = value
        self.structuring.complete(shape, root, values)
        parts = {name: place for name, place in (root.keys or {}).items() if name in shape.keys}
        values = {name: value for name, value in values.items() if value is not BAD}
        return {**values, "place": Place(self.file, root.line, root.column, parts)}

    def section(self, key: Key, node: Node | None, root: Node) -> Any:
        """Return the value of one key of the root; None when it is absent."""
        item = key.shape.item if isinstance(key.shape, Many) else None
        if node is None or node.value is None:
            return self.beside(key, item, root) if isinstance(item, Entry) else None
        if isinstance(key.shape, Dimensions):
            self.dimensions = read_dimensions(node, self.structuring)
            return self.dimensions
        if not isinstance(item, Entry):
            return self.structuring.keyed(key, node)
        if isinstance(node.value, str):
            return self.table(item, node.value, node.place(self.file))
        if node.value and self.search and self.folder is not None:
            self.twice(key, root)
        return self.structuring.records(item, node)

    dimensions: tuple[Any, ...] = ()

    def beside(self, key: Key, shape: Entry, root: Node) -> tuple[Any, ...] | None:
        """Return the records of the table with the name of an absent section."""
        if self.folder is None or not self.search:
            return None
        path = self.folder / f"{key.name}.csv"
        return read_table(path, shape, self.dimensions, self.faults, root.place(self.file)) if path.is_file() else None

    def twice(self, key: Key, root: Node) -> None:
        """Add the fault that a section stands in the file and in a table."""
        if self.folder is not None and (self.folder / f"{key.name}.csv").is_file():
            found = say("`{name}` is given here, and {name}.csv lies beside the file", name=key.name)
            mend = say("write `{name}: {name}.csv`, or remove one of them", name=key.name)
            self.faults.add(root.key_place(self.file, key.name), found, mend)

    def table(self, shape: Entry, name: str, place: Place) -> tuple[Any, ...]:
        """Return the records of a table that the file names."""
        path, shown = Path(name), quoted(name)
        if path.suffix.lower() not in TABLE_ENDINGS:
            wanted = say("a list, or the name of a table that ends in .csv,")
            self.faults.add(place, wanted_but_found(wanted, say("the text {found}", found=shown)))
        elif self.folder is None:
            found = say("there is no folder in which the table {name} could lie", name=shown)
            self.faults.add(place, found, say("read a file"))
        elif path.is_absolute() or ".." in path.parts:
            found = say("the table {name} lies outside the folder", name=shown)
            self.faults.add(place, found, say("put it beside the file"))
        else:
            return read_table(self.folder / path, shape, self.dimensions, self.faults, place)
        return ()

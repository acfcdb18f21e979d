"""Reading the decision tables of a DMN file, with everything that is wrong with them."""

from pathlib import Path

from crmcore.language import say
from crmcore.organization.dmn.diagrams import examine_diagram
from crmcore.organization.dmn.elements import Element, read_elements
from crmcore.organization.dmn.identifiers import ids
from crmcore.organization.dmn.table_reading import TableReading
from crmcore.organization.dmn.tables import DecisionTable
from crmcore.organization.dmn.types import Types
from crmcore.organization.faults import Faults
from crmcore.organization.reading.files import bytes_of
from crmcore.values import Place

__all__ = ["parse_tables", "read_tables"]


def read_tables(path: Path) -> tuple[DecisionTable, ...]:
    """Read all decision tables of a DMN file, of versions 1.1 to 1.6.

    Args:
        path: the file.

    Raises:
        InvalidOrganization: with every fault of the file: what is no DMN, and what cannot be analysed.
    """
    faults = Faults()
    data = bytes_of(path, faults)
    if data is None:
        raise faults.error()
    return _parsed(data, str(path), faults)


def parse_tables(data: bytes, file: str = "<dmn>") -> tuple[DecisionTable, ...]:
    """Read all decision tables of what a DMN file holds.

    Args:
        data: what it holds.
        file: what to call it in messages.

    Raises:
        InvalidOrganization: with every fault.
    """
    return _parsed(data, file, Faults())


def _parsed(data: bytes, file: str, faults: Faults) -> tuple[DecisionTable, ...]:
    root = read_elements(data, file, faults)
    if root is None:
        raise faults.error()
    examine_diagram(root, faults)
    elements = [element for element in root.walk() if element.name == "decisionTable"]
    if not elements:
        found = say("the file holds no decision table, so that there is nothing to check")
        faults.add(Place(file), found, say("decisions that are other expressions cannot be analysed"))
    types = Types.of(root)
    names = [_name(element) for element in elements]
    readings = [
        TableReading(element, name, id_, types, faults)
        for element, name, id_ in zip(elements, names, ids(names, "table"), strict=True)
    ]
    tables = [reading.table() for reading in readings]
    if len(faults):
        raise faults.error()
    return tuple(table for table in tables if table is not None)


def _name(table: Element) -> str:
    """Return what people call a table: the name of the decision, or of the knowledge, that it belongs to."""
    around = table.parent
    while around is not None and around.name != "definitions":
        name = around.attributes.get("name", "").strip()
        if name:
            return name
        around = around.parent
    return table.attributes.get("outputLabel", "").strip() or table.attributes.get("id", "").strip() or "table"

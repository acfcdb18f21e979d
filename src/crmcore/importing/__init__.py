"""Bringing customers in from files, and taking them out: whatever wrote the file, every row is accounted for."""

from crmcore.importing.columns import Column
from crmcore.importing.examining import Examination, examine
from crmcore.importing.exporting import export, write_rejected
from crmcore.importing.failures import ColumnsMissing, InvalidMapping, UndecidedColumn
from crmcore.importing.formats import Format, ValueType, Wrong
from crmcore.importing.guessing import guess_mapping
from crmcore.importing.importers import BUILT_IN, Importer, open_table
from crmcore.importing.layouts import Clue, Layout
from crmcore.importing.mapping_files import read_mapping, write_mapping
from crmcore.importing.mappings import ColumnMapping, Difference, Route
from crmcore.importing.oddities import Oddity
from crmcore.importing.rows import Reason, RejectedRow, TypedRow, read_rows
from crmcore.importing.tables import Cell, Line, Table
from crmcore.importing.targets import CUSTOMERS, Target, TargetField

__all__ = [
    "BUILT_IN",
    "CUSTOMERS",
    "Cell",
    "Clue",
    "Column",
    "ColumnMapping",
    "ColumnsMissing",
    "Difference",
    "Examination",
    "Format",
    "Importer",
    "InvalidMapping",
    "Layout",
    "Line",
    "Oddity",
    "Reason",
    "RejectedRow",
    "Route",
    "Table",
    "Target",
    "TargetField",
    "TypedRow",
    "UndecidedColumn",
    "ValueType",
    "Wrong",
    "examine",
    "export",
    "guess_mapping",
    "open_table",
    "read_mapping",
    "read_rows",
    "write_mapping",
    "write_rejected",
]

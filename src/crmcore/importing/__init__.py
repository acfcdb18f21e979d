"""Bringing customers in from files, and taking them out: whatever wrote the file, every row is accounted for."""

from crmcore.importing.columns import Column
from crmcore.importing.customer_targets import customer_target
from crmcore.importing.examining import Examination, examine
from crmcore.importing.exporting import export, write_rejected
from crmcore.importing.exports import Exports
from crmcore.importing.failures import (
    AlreadyImported,
    ChangedSince,
    ColumnsMissing,
    InvalidMapping,
    UndecidedColumn,
)
from crmcore.importing.formats import Format, ValueType, Wrong
from crmcore.importing.guessing import guess_mapping
from crmcore.importing.importers import BUILT_IN, Importer, open_table
from crmcore.importing.imports import Imports
from crmcore.importing.layouts import Clue, Layout
from crmcore.importing.mapping_files import read_mapping, write_mapping
from crmcore.importing.mappings import ColumnMapping, Difference, Route
from crmcore.importing.oddities import Oddity
from crmcore.importing.outcomes import Action, Duplicates, Outcome, Summary
from crmcore.importing.recognising import Seen
from crmcore.importing.rows import Reason, RejectedRow, TypedRow, read_rows
from crmcore.importing.run_records import IMPORT_KINDS, ImportBatch, ImportRun, RunState
from crmcore.importing.tables import Cell, Line, Table
from crmcore.importing.targets import CUSTOMERS, Target, TargetField
from crmcore.importing.undoing import Undone

__all__ = [
    "BUILT_IN",
    "CUSTOMERS",
    "IMPORT_KINDS",
    "Action",
    "AlreadyImported",
    "Cell",
    "ChangedSince",
    "Clue",
    "Column",
    "ColumnMapping",
    "ColumnsMissing",
    "Difference",
    "Duplicates",
    "Examination",
    "Exports",
    "Format",
    "ImportBatch",
    "ImportRun",
    "Importer",
    "Imports",
    "InvalidMapping",
    "Layout",
    "Line",
    "Oddity",
    "Outcome",
    "Reason",
    "RejectedRow",
    "Route",
    "RunState",
    "Seen",
    "Summary",
    "Table",
    "Target",
    "TargetField",
    "TypedRow",
    "UndecidedColumn",
    "Undone",
    "ValueType",
    "Wrong",
    "customer_target",
    "examine",
    "export",
    "guess_mapping",
    "open_table",
    "read_mapping",
    "read_rows",
    "write_mapping",
    "write_rejected",
]

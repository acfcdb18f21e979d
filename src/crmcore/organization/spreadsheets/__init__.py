"""Sheets of companies, CSV and XLSX, as grids of text: read safely whoever made them, and written safely."""

from crmcore.organization.spreadsheets.grids import Grid, address, spans
from crmcore.organization.spreadsheets.reading import read_grid
from crmcore.organization.spreadsheets.refusing import MissingLibrary, SheetWanted, UnreadableSheet
from crmcore.organization.spreadsheets.reports import Remark, Report
from crmcore.organization.spreadsheets.writing import write_grid

__all__ = [
    "Grid",
    "MissingLibrary",
    "Remark",
    "Report",
    "SheetWanted",
    "UnreadableSheet",
    "address",
    "read_grid",
    "spans",
    "write_grid",
]

"""Taking records out into a file that people and spreadsheets open safely, and that comes in again as it was."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from crmcore.importing.guessing import REASONS
from crmcore.importing.rows import RejectedRow, reasons_in_words
from crmcore.importing.tables import Table
from crmcore.importing.writers import table_writer

__all__ = ["export", "write_rejected"]


def export(rows: Iterable[Mapping[str, Any] | Sequence[Any]], path: Path | str, columns: Sequence[str]) -> int:
    """Write rows into a file, one after another, whole or not at all; return how many.

    A text that a spreadsheet would take for a formula, because it begins with =, +, -, @, a tab or a carriage return,
    gets an apostrophe before it in CSV; an import takes that off again. CSV is UTF-8 with a byte order mark, as Excel
    wants it.

    Args:
        rows: mappings by the names of the columns, or values in their order.
        path: a file that ends in .csv, .tsv, .xlsx, .jsonl or .vcf.
        columns: the names of the columns. Those of vCards are the ones that reading such a file gives.

    Raises:
        UnreadableSheet: the name ends in something else, or the rows do not fit into such a file.
        MissingLibrary: the library that writes .xlsx is not installed.
        OSError: the file cannot be written.
    """
    count = 0
    with table_writer(Path(path), columns) as add:
        for row in rows:
            add([row.get(column) for column in columns] if isinstance(row, Mapping) else row)
            count += 1
    return count


def write_rejected(rejected: Iterable[RejectedRow], table: Table, path: Path | str) -> int:
    """Write rejected rows as a table of the same columns, with what is wrong beside; return how many.

    Once the rows are mended there, the file can be imported as it is: with the mapping of the first one.

    Args:
        rejected: the rows.
        table: the file that they come from.
        path: a file that ends in .csv, .tsv or .xlsx.

    Raises:
        UnreadableSheet, MissingLibrary, OSError: as `export`.
    """
    width = len(table.columns)
    rows = ([*_padded(row.cells, width), reasons_in_words(row)] for row in rejected)
    return export(rows, path, [*table.columns, REASONS])


def _padded(cells: Sequence[Any], width: int) -> list[Any]:
    """Return cells for some columns: what a row has beyond the last column stays with it, so that nothing is lost."""
    if len(cells) > width:
        return [*cells[: width - 1], "; ".join(map(str, cells[width - 1 :]))]
    return [*cells, *[""] * (width - len(cells))]

"""Records as a table, where a table can say all that they say."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, Final

from crmcore.organization.faults import Faults
from crmcore.organization.model import Record
from crmcore.organization.reading.cells import cell_text
from crmcore.organization.reading.decoding import without_control_characters
from crmcore.organization.reading.tables import parse_table
from crmcore.organization.shapes import Either, Entry, Key, Shape, Shares, Text, Where, Word
from crmcore.organization.space import Dimension, Scope

__all__ = ["TABLES", "table_text"]

TABLES: Final = ("departments", "people", "roles", "staffing", "touchpoints", "duties", "handoffs", "metrics")
"""The sections that become tables in a folder: the long ones."""

_FORMULA: Final = ("=", "+", "-", "@")


def table_text(shape: Entry, records: Sequence[Record], dimensions: Sequence[Dimension]) -> str | None:
    """Return records as a table; None when a table would say something else than they do.

    What is written is read again and compared: a name with a `;` in it, for example, is no cell of a list. Text that a
    spreadsheet would take for a formula is not put into a table either.

    Args:
        shape: what the records look like.
        records: the records.
        dimensions: the dimensions, which tell names from ranges of numbers.
    """
    columns = [column for key in shape.keys.values() for column in _columns(key, records)]
    if any(cell.startswith(_FORMULA) for _, cells, shape_ in columns if isinstance(shape_, Text) for cell in cells):
        return None
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header for header, _, _ in columns)
    writer.writerows(zip(*(cells for _, cells, _ in columns), strict=True))
    text = stream.getvalue()
    faults = Faults()
    if not without_control_characters(text, "", faults):
        return None
    again = parse_table(text, "", shape, dimensions, faults)
    return text if not len(faults) and again == tuple(records) else None


def _columns(key: Key, records: Sequence[Record]) -> Iterable[tuple[str, list[str], Shape]]:
    """Yield the columns of one key: header, cells, shape of a cell."""
    values = [getattr(record, key.field) for record in records]
    if not key.required and all(value == key.default for value in values):
        return
    if isinstance(key.shape, Entry):
        for inner in key.shape.keys.values():
            cells = [
                "" if value in (None, key.default) else _cell(inner, getattr(value, inner.field)) for value in values
            ]
            yield f"{key.name}.{inner.name}", cells, inner.shape
    elif isinstance(key.shape, Where | Shares):
        parts = [dict(value.choices if isinstance(value, Scope) else value) for value in values]
        for name in dict.fromkeys(name for part in parts for name in part):
            yield f"{key.name}.{name}", [_item(part.get(name)) for part in parts], Text()
    else:
        yield key.name, ["" if value == key.default else _cell(key, value) for value in values], key.shape


def _cell(key: Key, value: Any) -> str:
    if isinstance(key.shape, Either) and value is None:
        return next(
            (option.word for option in key.shape.shapes if isinstance(option, Word) and option.value is None), ""
        )
    return _item(value)


def _item(value: Any) -> str:
    return ";" if value == () else cell_text(value)

"""Writing tables row by row, as CSV, workbooks, JSON lines or vCards, so that no text is taken for a formula."""

import csv
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from crmcore.importing.cards import card_text
from crmcore.importing.values import MOST_DIGITS
from crmcore.language import say
from crmcore.organization.spreadsheets import MissingLibrary, UnreadableSheet

__all__ = ["ENDINGS", "Add", "plain_text", "table_writer"]

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "'")
_MOST_ROWS: Final = 1_048_576
_ESCAPE: Final = re.compile("_x([0-9A-Fa-f]{4})_")  # what a workbook takes for one character
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST: Final = 32_767

Add = Callable[[Sequence[Any]], None]
"""Adds a row: a value for each column, None where there is none."""


@contextmanager
def table_writer(path: Path, columns: Sequence[str]) -> Iterator[Add]:
    """Give what adds rows to a table; its file is there when the block ends, whole or not at all.

    Args:
        path: a file that ends in .csv, .tsv, .xlsx, .jsonl or .vcf.
        columns: the names of the columns.

    Raises:
        UnreadableSheet: the name ends in something else, or the rows do not fit into such a file.
        MissingLibrary: the library that writes .xlsx is not installed.
        OSError: the file cannot be written.
    """
    writer = ENDINGS.get(path.suffix.lower())
    if writer is None:
        endings = ", ".join(ENDINGS)
        raise UnreadableSheet(
            str(path), say("a table ends in one of {endings}", endings=endings), say("name such a file")
        )
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with writer(draft, columns) as add:
            yield add
        if path.exists():
            draft.chmod(path.stat().st_mode & 0o777)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def plain_text(value: Any) -> str:
    """Return a value as a text that imports read again: days and instants by ISO 8601, numbers with a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "; ".join(map(plain_text, value))
    return str(value)


@contextmanager
def _csv(path: Path, columns: Sequence[str], delimiter: str = ",") -> Iterator[Add]:
    """CSV with a byte order mark, by which spreadsheet programs know UTF-8."""
    with path.open("w", encoding="utf-8-sig", newline="", errors="replace") as stream:
        writer = csv.writer(stream, delimiter=delimiter, lineterminator="\r\n")
        writer.writerow(map(_guarded, columns))
        yield lambda row: writer.writerow([_guarded(value) for value in row]) and None


def _guarded(value: Any) -> str:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    text = plain_text(value)
    numeric = isinstance(value, int | float | Decimal)
    return f"'{text}" if not numeric and text.startswith(_FORMULA) else text


@contextmanager
def _tsv(path: Path, columns: Sequence[str]) -> Iterator[Add]:
    with _csv(path, columns, "\t") as add:
        yield add


@contextmanager
def _jsonl(path: Path, columns: Sequence[str]) -> Iterator[Add]:
    with path.open("w", encoding="utf-8", newline="\n", errors="backslashreplace") as stream:
        names = [json.dumps(column, ensure_ascii=False) for column in columns]

        def add(row: Sequence[Any]) -> None:
            values = (f"{name}: {_json(value)}" for name, value in zip(names, row, strict=True) if value is not None)
            stream.write(f"{{{', '.join(values)}}}\n")

        yield add


def _json(value: Any) -> str:
    """Return a value as JSON has it; numbers keep all of their digits."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_json, value))}]"
    plain = value.isoformat() if isinstance(value, date) else value
    return json.dumps(plain, ensure_ascii=False)


@contextmanager
def _xlsx(path: Path, columns: Sequence[str]) -> Iterator[Add]:
    try:
        openpyxl: Any = import_module("openpyxl")  # an extra, and only for .xlsx
        cells: Any = import_module("openpyxl.cell")
    except ImportError:
        raise MissingLibrary(str(path), "openpyxl") from None
    workbook = openpyxl.Workbook(write_only=True)
    page = workbook.create_sheet("crmcore")
    page.freeze_panes = "A2"
    written = 0

    def add(row: Sequence[Any]) -> None:
        nonlocal written
        written += 1
        if written > _MOST_ROWS:
            raise UnreadableSheet(
                str(path), say("no sheet has more than {most} rows", most=_MOST_ROWS), say("write CSV")
            )
        page.append([_cell(page, cells.WriteOnlyCell, value) for value in row])

    add(columns)
    try:
        yield add
        workbook.save(path)
    except BaseException:
        page.close()
        raise


def _cell(page: Any, make: Any, value: Any) -> Any:
    """Return a cell of a workbook: text is text, whatever it begins with, and numbers that it cannot keep are text."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | Decimal) and len(str(value).strip("-").replace(".", "")) <= MOST_DIGITS:
        return value
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    cell = make(page)
    text = _UNWRITABLE.sub("\ufffd", plain_text(value))[:_LONGEST]
    cell.value = _ESCAPE.sub(r"_x005F_x\1_", text)
    cell.data_type = "s"  # never a formula
    return cell


@contextmanager
def _vcards(path: Path, columns: Sequence[str]) -> Iterator[Add]:
    with path.open("w", encoding="utf-8", newline="", errors="replace") as stream:

        def add(row: Sequence[Any]) -> None:
            values = {column: plain_text(value) for column, value in zip(columns, row, strict=True)}
            stream.write(card_text({name: text for name, text in values.items() if text}))

        yield add


ENDINGS: Final = {".csv": _csv, ".tsv": _tsv, ".xlsx": _xlsx, ".jsonl": _jsonl, ".vcf": _vcards}
"""What writes a table, by how the name of its file ends."""

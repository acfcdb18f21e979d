"""Importers: what opens a file of some format as a table. crmcore's own are registered like anyone's."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from attrs import field, frozen

from crmcore.errors import UnknownName, nearest
from crmcore.importing.layouts import GUESS, Layout
from crmcore.importing.tables import Table
from crmcore.organization.spreadsheets.reading import refuse_others

__all__ = ["BUILT_IN", "Importer", "importer_of", "open_table"]

_HEAD: Final = 4_096


def _endings(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(ending.lower() for ending in given)


@frozen
class Importer:
    """Opens files of one format as tables.

    Attributes:
        name: what the format is called, such as `csv`.
        extensions: how names of such files end, such as `.csv`.
        open: opens a file, with what somebody says of its layout.
        recognises: whether the first bytes of a file are of the format; None where only the name can tell.
        summary: what it reads, in a few words.
    """

    name: str
    extensions: tuple[str, ...] = field(converter=_endings)
    open: Callable[[Path, Layout], Table]
    recognises: Callable[[bytes], bool] | None = None
    summary: str = ""


def _open_csv(path: Path, wished: Layout) -> Table:
    from crmcore.importing.csv_files import open_csv  # noqa: PLC0415 (each format is imported when it is met)

    return open_csv(path, wished)


def _open_workbook(path: Path, wished: Layout) -> Table:
    from crmcore.importing.workbook_files import open_workbook  # noqa: PLC0415 (as above)

    return open_workbook(path, wished)


def _open_json(path: Path, wished: Layout) -> Table:
    from crmcore.importing.json_files import open_json  # noqa: PLC0415 (as above)

    return open_json(path, wished)


def _open_vcards(path: Path, wished: Layout) -> Table:
    from crmcore.importing.vcard_files import open_vcards  # noqa: PLC0415 (as above)

    return open_vcards(path, wished)


def _is_workbook(head: bytes) -> bool:
    return head.startswith(b"PK")


def _is_vcard(head: bytes) -> bool:
    return head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n").upper().startswith(b"BEGIN:VCARD")


BUILT_IN: Final = (
    Importer("csv", (".csv", ".tsv", ".tab", ".txt"), _open_csv, None, "CSV and TSV"),
    Importer("json", (".json", ".jsonl", ".ndjson"), _open_json, None, "JSON lines, and JSON arrays of objects"),
    Importer("vcard", (".vcf", ".vcard"), _open_vcards, _is_vcard, "vCard 2.1, 3.0 and 4.0"),
    Importer("xlsx", (".xlsx", ".xlsm"), _open_workbook, _is_workbook, "Excel workbooks"),
)
"""The importers that crmcore brings."""


def importer_of(path: Path, importers: Iterable[Importer], name: str = "") -> Importer:
    """Return the importer that opens a file: by what it begins with, else by how it is called, else that of CSV.

    Args:
        path: the file.
        importers: those there are.
        name: the format, where somebody says it.

    Raises:
        UnknownName: no importer has that name.
        UnreadableSheet: it is a workbook in a format that nothing reads.
        OSError: it cannot be read.
    """
    known = {importer.name: importer for importer in importers}
    if name:
        if name not in known:
            raise UnknownName("format", name, nearest(name, known))
        return known[name]
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    seen = next((one for one in known.values() if one.recognises is not None and one.recognises(head)), None)
    if seen is not None:
        return seen
    refuse_others(path, head)
    ending = path.suffix.lower()
    named = next((one for one in known.values() if ending in one.extensions and one.recognises is None), None)
    return named or known["csv"]


def open_table(path: Path | str, layout: Layout = GUESS, *, importers: Iterable[Importer] = BUILT_IN) -> Table:
    """Open a file as a table.

    Args:
        path: the file.
        layout: what somebody says of how it is laid out; the rest is guessed.
        importers: those that may open it.

    Raises:
        UnknownName: the layout names a format that no importer has.
        UnreadableSheet: the file cannot be read, or holds nothing.
        SheetWanted: it is a workbook, and nothing says which sheet is meant.
        MissingLibrary: the library that reads its format is not installed.
        OSError: it cannot be read.
    """
    path = Path(path)
    return importer_of(path, importers, layout.format).open(path, layout)

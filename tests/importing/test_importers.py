"""Which importer opens a file: what it holds decides before how it is called."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from crmcore.errors import UnknownName
from crmcore.importing import BUILT_IN, Importer, Layout, Line, Table, examine, open_table
from crmcore.importing.importers import importer_of

OPENPYXL: Any = import_module("openpyxl")

CARD = "BEGIN:VCARD\r\nFN:a\r\nEND:VCARD\r\n"


@pytest.mark.parametrize(
    ("name", "content", "importer"),
    [
        ("a.csv", b"a,b\n", "csv"),
        ("a.TSV", b"a\tb\n", "csv"),
        ("a.dat", b"a,b\n", "csv"),
        ("a.json", b"[]", "json"),
        ("a.ndjson", b"{}", "json"),
        ("a.vcf", CARD.encode(), "vcard"),
        ("a.txt", CARD.encode("utf-16"), "vcard"),
        ("a.txt", b"\xef\xbb\xbfbegin:vcard\r\n", "vcard"),
        ("a.vcf", b"name,phone\n", "csv"),
    ],
)
def test_a_file_finds_its_importer(tmp_path: Path, name: str, content: bytes, importer: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert importer_of(path, BUILT_IN).name == importer


def test_a_workbook_is_known_by_what_it_holds(tmp_path: Path) -> None:
    workbook = OPENPYXL.Workbook()
    page = workbook.active
    page.append(["name"])
    page.append(["华为"])
    workbook.save(tmp_path / "book.xlsx")
    (tmp_path / "book.xlsx").rename(tmp_path / "book.csv")
    assert [line.cells for line in open_table(tmp_path / "book.csv")] == [["华为"]]


def test_an_unknown_format_is_refused_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="did you mean 'vcard'"):
        open_table(tmp_path / "a.vcf", Layout(format="vcrad"))


def test_an_importer_of_somebody_else_works_like_ours(tmp_path: Path) -> None:
    def opened(path: Path, layout: Layout) -> Table:
        names = path.read_text("utf-8").split("/")
        return Table(str(path), layout, ("name",), lambda: (Line(n, [name]) for n, name in enumerate(names, 1)))

    slashes = Importer("slashes", [".sl"], opened, lambda head: head.startswith(b"//"))
    (tmp_path / "a.sl").write_text("//华为/小米", encoding="utf-8")
    examination = examine(tmp_path / "a.sl", importers=[*BUILT_IN, slashes])
    assert examination.rows == 4
    assert examination.columns[0].samples == ("华为", "小米")

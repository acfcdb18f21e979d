"""Whatever kind of file somebody names as a sheet: it is read, or refused in a sentence that says how to mend it."""

import io
import re
import struct
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmcore.errors import CrmError
from crmcore.organization.spreadsheets import MissingLibrary, SheetWanted, UnreadableSheet, read_grid, write_grid
from crmcore.organization.spreadsheets.packages import LARGEST_PACKAGE

Made = Callable[..., bytes]


def cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def data(*rows: str) -> str:
    return (
        "<sheetData>" + "".join(f'<row r="{number}">{row}</row>' for number, row in enumerate(rows, 1)) + "</sheetData>"
    )


ONE = data(cell("A1", "Task") + cell("B1", "Boss"), cell("A2", "Call") + cell("B2", "A"))


def read(tmp_path: Path, content: bytes, name: str = "sheet.xlsx", **more: Any) -> Sequence[Sequence[str]]:
    return read_grid(saved(tmp_path, content, name), **more).rows


def saved(tmp_path: Path, content: bytes, name: str = "sheet.xlsx") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def refused(tmp_path: Path, content: bytes, name: str = "sheet.xlsx", **more: Any) -> str:
    """The sentence that refuses a file; it names the file."""
    with pytest.raises(CrmError) as caught:
        read(tmp_path, content, name, **more)
    sentence = str(caught.value)
    assert name in sentence
    assert "\n" not in sentence
    return sentence.replace(str(tmp_path / name), name)


def test_a_workbook_is_read_by_what_it_holds_whatever_it_is_called(tmp_path: Path, workbook: Made) -> None:
    for name in ("sheet.xlsx", "sheet.csv", "sheet"):
        assert read(tmp_path, workbook({"One": ONE}), name) == [["Task", "Boss"], ["Call", "A"]]


def test_values_are_texts_as_people_type_them(tmp_path: Path) -> None:
    openpyxl = import_module("openpyxl")
    dates = import_module("datetime")
    book = openpyxl.Workbook()
    book.active.append([1001, 1.5, True, dates.date(2024, 3, 1), dates.datetime(2024, 3, 1, 9, 30), " x ", "=a", None])
    book.active["G1"].data_type = "s"
    stream = io.BytesIO()
    book.save(stream)
    assert read(tmp_path, stream.getvalue()) == [
        ["1001", "1.5", "TRUE", "2024-03-01", "2024-03-01 09:30:00", "x", "=a"]
    ]


def test_a_formula_is_its_value_and_one_without_a_value_is_told_with_its_cell(tmp_path: Path, workbook: Made) -> None:
    row = (
        '<c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>"x"</f><v>x</v></c><c r="C1"><f>NOW()</f></c>'
        '<c r="D1"><f>1+1</f><v></v></c><c r="E1" t="str"><f>""</f><v></v></c>'
        '<c r="F1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    )
    grid = read_grid(saved(tmp_path, workbook({"One": data(row)})))
    assert grid.rows[0] == ["2", "x"]
    assert {at: str(text).split(":")[0] for at, text in grid.odd.items()} == {
        (0, 2): "the formula has no value yet",
        (0, 3): "the formula has no value yet",
        (0, 5): "the cell shows an error instead of a value",
    }


def test_hidden_rows_and_columns_are_read_and_known(tmp_path: Path, workbook: Made) -> None:
    xml = (
        '<cols><col min="2" max="3" hidden="1"/></cols><sheetData>'
        f'<row r="1">{cell("A1", "a")}{cell("B1", "b")}</row><row r="2" hidden="1">{cell("A2", "c")}</row></sheetData>'
        '<mergeCells><mergeCell ref="A1:A2"/></mergeCells>'
    )
    grid = read_grid(saved(tmp_path, workbook({"One": xml})))
    assert grid.rows == [["a", "b"], ["c"]]
    assert (grid.hidden_rows, grid.hidden_columns) == ((1,), (1,))
    assert [(merge.top, merge.bottom) for merge in grid.merges] == [(0, 1)]


def test_cells_without_references_stand_behind_each_other(tmp_path: Path, workbook: Made) -> None:
    xml = '<sheetData><row><c><v>1</v></c><c><v>2</v></c></row><row><c t="b"><v>1</v></c></row></sheetData>'
    assert read(tmp_path, workbook({"One": xml})) == [["1", "2"], ["TRUE"]]


def test_a_sheet_that_begins_far_from_the_corner_keeps_its_addresses(tmp_path: Path, workbook: Made) -> None:
    xml = f'<sheetData><row r="3">{cell("C3", "x")}</row></sheetData>'
    assert read(tmp_path, workbook({"One": xml})) == [[], [], ["", "", "x"]]


# Several sheets


def test_the_only_sheet_that_fits_is_chosen(tmp_path: Path, workbook: Made) -> None:
    book = workbook({"Notes": data(cell("A1", "hello")), "Empty": data(), "Matrix": ONE})
    assert read(tmp_path, book, fits=lambda grid: grid.at(0, 0) == "Task") == [["Task", "Boss"], ["Call", "A"]]


def test_where_several_sheets_fit_or_none_one_has_to_be_named(tmp_path: Path, workbook: Made) -> None:
    book = workbook({"East": ONE, "West": ONE})
    several = "sheet.xlsx has several sheets; say with --sheet which one: 'East', 'West'"
    assert refused(tmp_path, book) == several
    assert refused(tmp_path, book, fits=lambda _: False) == several
    assert refused(tmp_path, book, sheet="North") == "sheet.xlsx has no sheet 'North'; it has 'East', 'West'"
    assert read(tmp_path, book, sheet="West")[0] == ["Task", "Boss"]


def test_a_hidden_sheet_is_read_only_when_it_is_named(tmp_path: Path, workbook: Made) -> None:
    book = workbook({"Shown": ONE, "Hidden": data(cell("A1", "x"))}, state="hidden")
    assert read(tmp_path, book)[0] == ["Task", "Boss"]
    assert read(tmp_path, book, sheet="Hidden") == [["x"]]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n", b",,\n , \n"])
def test_an_empty_table_is_refused(tmp_path: Path, content: bytes) -> None:
    assert "the sheet is empty" in refused(tmp_path, content, "t.csv")


def test_an_empty_workbook_is_refused(tmp_path: Path, workbook: Made) -> None:
    assert "no sheet of the workbook holds anything" in refused(tmp_path, workbook({"One": data()}))
    assert "the sheet is empty" in refused(tmp_path, workbook({"One": data()}), sheet="One")


# Files that are something else


def test_a_workbook_with_a_password_is_refused_with_how_to_take_it_off(tmp_path: Path) -> None:
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    for name in ("sheet.xlsx", "sheet.csv"):
        sentence = refused(tmp_path, ole, name)
        assert "protected with a password" in sentence
        assert "take the password off" in sentence


def test_the_old_format_is_refused_with_how_to_save_it(tmp_path: Path) -> None:
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + "Workbook".encode("utf-16-le")
    assert "save it as .xlsx" in refused(tmp_path, ole, "sheet.xls")


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"<html><table></table></html>", b"", b"\x00\x01"])
@pytest.mark.parametrize("name", ["sheet.xlsx", "sheet.xls"])
def test_what_is_called_a_workbook_and_is_none_is_refused(tmp_path: Path, content: bytes, name: str) -> None:
    assert "no workbook, though its name ends in" in refused(tmp_path, content, name)


def test_another_archive_is_refused(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert "no .xlsx workbook" in refused(tmp_path, stream.getvalue())


def test_a_file_that_is_cut_off_anywhere_is_refused(tmp_path: Path, workbook: Made) -> None:
    whole = workbook({"One": ONE})
    for length in range(2, len(whole), 61):
        refused(tmp_path, whole[:length])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_damaged_file_is_read_or_refused(changes: list[tuple[int, int]], tmp_path: Path, workbook: Made) -> None:
    damaged = bytearray(workbook({"One": ONE}))
    for at, byte in changes:
        damaged[at % len(damaged)] = byte
    try:
        read(tmp_path, bytes(damaged))
    except CrmError as error:
        assert str(error)


def test_an_absent_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CrmError, match="does not exist"):
        read_grid(tmp_path / "absent.xlsx")


def test_without_the_library_the_sentence_says_how_to_install_it(
    tmp_path: Path, workbook: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    for library in ("python_calamine", "openpyxl"):
        monkeypatch.setitem(sys.modules, library, None)
    install = re.escape("pip install 'crmcore[spreadsheets]'")
    with pytest.raises(MissingLibrary, match=install):
        read_grid(saved(tmp_path, workbook({"One": ONE})))
    with pytest.raises(MissingLibrary, match=install):
        write_grid(tmp_path / "t.xlsx", [["a"]])
    assert read(tmp_path, b"a,b\n", "t.csv") == [["a", "b"]]


# Harm


def bomb(tmp_path: Path, declared: int | None = None) -> bytes:
    """A workbook with a part that expands to more than it may; what it declares can be a lie."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/s1.xml", "w", force_zip64=False) as part:
            for _ in range(LARGEST_PACKAGE // (1 << 20) + 1):
                part.write(bytes(1 << 20))
    content = bytearray(stream.getvalue())
    if declared is not None:
        honest = struct.pack("<I", LARGEST_PACKAGE + (1 << 20))
        while (at := content.find(honest)) >= 0:
            content[at : at + 4] = struct.pack("<I", declared)
    return bytes(content)


def test_a_zip_bomb_is_refused_by_what_it_declares_and_by_what_it_holds(tmp_path: Path) -> None:
    assert "would expand to more than 256 MB" in refused(tmp_path, bomb(tmp_path))
    assert "would expand to more than 256 MB" in refused(tmp_path, bomb(tmp_path, declared=10))


def test_an_archive_that_holds_a_part_twice_is_refused(tmp_path: Path, workbook: Made) -> None:
    stream = io.BytesIO(workbook({"One": ONE}))
    with zipfile.ZipFile(stream, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/workbook.xml", "<workbook/>")
    refused(tmp_path, stream.getvalue())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", ["xl/worksheets/s1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"])
def test_a_document_type_is_refused_wherever_it_stands(
    tmp_path: Path, workbook: Made, part: str, encoding: str
) -> None:
    xml = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    parts = _parts(workbook({"One": ONE}))
    parts[part] = xml.encode(encoding)
    assert "has a document type" in refused(tmp_path, _zipped(parts))


def _parts(book: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_an_encrypted_part_is_refused(tmp_path: Path, workbook: Made) -> None:
    content = bytearray(workbook({"One": ONE}))
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1
    assert "without a password" in refused(tmp_path, bytes(content))


def test_one_cell_at_the_far_corner_is_refused_with_its_address(tmp_path: Path, workbook: Made) -> None:
    xml = f'<sheetData><row r="1">{cell("A1", "x")}</row><row r="1048576">{cell("XFD1048576", "y")}</row></sheetData>'
    assert "cell XFD1048576: the sheet reaches" in refused(tmp_path, workbook({"One": xml}))


@pytest.mark.parametrize("reference", ["XFE1", "A0", "A1048577", "1A", "", "A99999999999", "a1"])
def test_a_cell_that_no_sheet_has_is_refused(tmp_path: Path, workbook: Made, reference: str) -> None:
    xml = f'<sheetData><row r="1">{cell(reference, "x")}</row></sheetData>'
    assert "a place that no sheet has" in refused(tmp_path, workbook({"One": xml}))


@pytest.mark.parametrize("xml", ["<sheetData><row>", "<sheetData><row></sheetData>", "<sheetData>&nbsp;</sheetData>"])
def test_a_part_that_is_no_xml_is_refused(tmp_path: Path, workbook: Made, xml: str) -> None:
    assert "is no XML" in refused(tmp_path, workbook({"One": xml}))


def test_all_columns_that_there_can_be_are_read(tmp_path: Path, workbook: Made) -> None:
    row = "".join("<c><v>1</v></c>" for _ in range(16_384))
    assert read(tmp_path, workbook({"One": f"<sheetData><row>{row}</row></sheetData>"})) == [["1"] * 16_384]
    assert read(tmp_path, ",".join(["1"] * 16_384).encode(), "t.csv") == [["1"] * 16_384]


def test_a_cell_of_ten_megabytes_is_refused_with_its_address(tmp_path: Path, workbook: Made) -> None:
    long = "x" * 10_000_000
    assert "cell B2: the cell holds 10000000 characters" in refused(
        tmp_path, workbook({"One": data(cell("A1", "a"), cell("A2", "a") + cell("B2", long))})
    )
    assert "cell A2: the row that begins here is no CSV" in refused(tmp_path, f"a,b\nc,{long}\n".encode(), "t.csv")


def test_a_control_character_is_refused_with_its_place(tmp_path: Path, workbook: Made) -> None:
    book = workbook({"One": data(cell("A1", "a_x0007_b"))})
    assert "cell A1: the cell holds the invisible character U+0007" in refused(tmp_path, book)
    assert refused(tmp_path, b"a,b\nc,\x07d\n", "t.csv").startswith("t.csv:2:3: the file is no plain text")


def test_bytes_that_are_no_utf_8_are_refused_with_their_place(tmp_path: Path, workbook: Made) -> None:
    assert refused(tmp_path, b"a,b\nc,\xff\xff\n", "t.csv").startswith("t.csv:2:3: the file is not UTF-8")
    parts = _parts(workbook({"One": ONE}))
    parts["xl/worksheets/s1.xml"] = parts["xl/worksheets/s1.xml"].replace(b"Task", b"T\xff")
    assert "is no XML" in refused(tmp_path, _zipped(parts))


def test_errors_can_be_pickled() -> None:
    pickle = import_module("pickle")
    for error in (UnreadableSheet("f", "r", "m", "A1"), SheetWanted("f", None, ["a"]), MissingLibrary("f", "l")):
        again = pickle.loads(pickle.dumps(error))
        assert str(again) == str(error)
        assert again.code == error.code


def test_a_hundred_thousand_rows_are_read_with_progress(tmp_path: Path, workbook: Made) -> None:
    rows = "".join(f"<row><c><v>{number}</v></c><c><v>1</v></c></row>" for number in range(100_000))
    done: list[float] = []
    book = workbook({"One": f"<sheetData>{rows}</sheetData>"})
    read_rows = read(tmp_path, book, progress=lambda _, share: done.append(share))
    assert [row[0] for row in read_rows] == [str(number) for number in range(100_000)]
    assert done == sorted(done)
    assert len(done) > 100
    text = "".join(f"{number},1\n" for number in range(100_000))
    assert len(read(tmp_path, text.encode(), "t.csv")) == 100_000

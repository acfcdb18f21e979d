"""CSV as spreadsheet programs write it all over the world."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.organization.spreadsheets import UnreadableSheet
from crmcore.organization.spreadsheets.csv_grids import read_csv

TEXT = "姓名,部门\n王伟,销售部\n李娜,客户成功部\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_the_encoding_is_found(encoding: str) -> None:
    assert read_csv("t.csv", TEXT.encode(encoding)).rows == [
        ["姓名", "部门"],
        ["王伟", "销售部"],
        ["李娜", "客户成功部"],
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found_even_where_cells_hold_the_others(delimiter: str) -> None:
    stream = io.StringIO()
    rows = [["a title"], ["Task", "Sales"], ["Call; mail", "A,R"], ["Sign", "C"]]
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    assert read_csv("t.csv", stream.getvalue().encode()).rows == rows


def test_commas_in_every_name_do_not_hide_semicolons() -> None:
    assert read_csv("t.csv", b"Name;Team\nLee, Ann;East\nRay, Bob;West\n").rows[1] == ["Lee, Ann", "East"]


def test_line_breaks_and_quotes_inside_cells_stay() -> None:
    assert read_csv("t.csv", b'"a\r\nb","say ""x"""\r\n').rows == [["a\r\nb", 'say "x"']]


@pytest.mark.parametrize(("cell", "text"), [("'=1", "=1"), ("'@a", "@a"), ("''x", "'x"), ("'x", "'x"), ("'-", "-")])
def test_the_apostrophe_before_what_looks_like_a_formula_is_taken_off(cell: str, text: str) -> None:
    assert read_csv("t.csv", f"{cell},b\n".encode()).rows == [[text, "b"]]


@pytest.mark.parametrize("content", [b'a,"b\nc,d\n', b'a,"b"c\n'])
def test_quotes_that_are_not_closed_are_refused_with_their_row(content: bytes) -> None:
    with pytest.raises(UnreadableSheet, match="cell A1: the row that begins here is no CSV"):
        read_csv("t.csv", content)


def test_broken_utf_16_is_refused() -> None:
    with pytest.raises(UnreadableSheet, match="no plain text"):
        read_csv("t.csv", b"\xff\xfea\x00\x00\xd8")


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read_csv("t.csv", data)
    except UnreadableSheet as error:
        assert str(error).startswith("t.csv")


def test_the_spectrum_of_csv_files_is_read(shared_data: Path) -> None:
    folder = shared_data / "import-csv-xlsx" / "csv-spectrum" / "csvs"
    read = {path.stem: read_csv(path.name, path.read_bytes()).rows for path in sorted(folder.glob("*.csv"))}
    assert len(read) == 12
    assert read["comma_in_quotes"][1] == ["John", "Doe", "120 any st.", "Anytown, WW", "08123"]
    assert read["utf8"][1:] == [["1", "2", "3"], ["4", "5", "ʤ"]]
    assert read["escaped_quotes"][1] == ["1", 'ha "ha" ha']

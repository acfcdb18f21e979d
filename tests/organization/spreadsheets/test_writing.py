"""What is written is read again as it was, and no spreadsheet program takes any of it for a formula."""

from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmcore.organization.spreadsheets import UnreadableSheet, read_grid, write_grid

FORMULAS = ["_x0041_b", "=1+1", "+1", "-1", "@SUM(A1)", "'=1", "''", "'x", '=cmd|" /C calc"!A0']


def test_no_cell_of_a_csv_file_begins_like_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    write_grid(path, [FORMULAS, ["\tx", "\rx", "x", ""]])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    csv = import_module("csv")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        cells = [cell for row in csv.reader(stream) for cell in row]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
    assert read_grid(path).rows[0] == FORMULAS


def test_a_formula_in_a_workbook_is_a_text(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    write_grid(path, [FORMULAS])
    assert read_grid(path).rows == [FORMULAS]
    page = import_module("openpyxl").load_workbook(path).active
    assert {cell.data_type for cell in page[1]} == {"s"}


_texts = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs", "Cf", "Cn"]), min_size=1, max_size=8)
_lines = st.builds("\n".join, st.lists(_texts, min_size=1, max_size=2))


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(_lines | st.sampled_from(FORMULAS), min_size=2, max_size=3), min_size=1, max_size=4))
def test_what_is_written_is_read_again(rows: list[list[str]], ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"t.{ending}"
    width = max(map(len, rows))
    full = [[*row, *["end"] * (width - len(row))] for row in rows]
    write_grid(path, full)
    assert [list(row) for row in read_grid(path).rows] == full


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSheet, match=r"ends in \.csv or \.xlsx"):
        write_grid(tmp_path / "t.ods", [["a"]])

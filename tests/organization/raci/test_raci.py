"""A workbook as a company keeps it: merged, hidden, formatted, with formulas; read as people see it."""

from importlib import import_module
from pathlib import Path

import pytest

from crmcore.organization import Organization
from crmcore.organization.raci import read_raci
from crmcore.organization.spreadsheets import SheetWanted, UnreadableSheet, write_grid


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Three sheets, of which one is a matrix with all that a matrix can have."""
    book = import_module("openpyxl").Workbook()
    book.active.title = "说明"
    book.active["A1"] = "RACI 说明"
    page = book.create_sheet("矩阵")
    for row in (
        ["客户责任矩阵"],
        ["阶段", "触点", "销售部", None, "客户成功部", "备注"],
        [None, None, "客户经理", "总监", "成功经理"],
        ["售前", "首次联系", "R", "A", None, "电话"],
        [None, "签约", "A/R", '=IF(1,"V","")', "I"],
        ["售后", "续约", "C", None, "AR"],
    ):
        page.append(row)
    for merged in ("A1:F1", "A2:A3", "B2:B3", "C2:D2", "A4:A5"):
        page.merge_cells(merged)
    page.row_dimensions[6].hidden = True
    page.column_dimensions["F"].hidden = True
    book.create_sheet("空")
    path = tmp_path / "raci.xlsx"
    book.save(path)
    return path


def test_the_matrix_of_a_workbook_is_found_and_read_as_people_see_it(kept: Path) -> None:
    imported = read_raci(kept)
    organization = imported.organization
    assert [department.label for department in organization.departments] == ["销售部", "客户成功部"]
    assert [(role.label, role.department) for role in organization.roles] == [
        ("客户经理", "department-1"), ("总监", "department-1"), ("成功经理", "department-2"),
    ]  # fmt: skip
    assert [(touchpoint.label, touchpoint.stages) for touchpoint in organization.touchpoints] == [
        ("首次联系", ("stage-1",)), ("签约", ("stage-1",)), ("续约", ("stage-2",)),
    ]  # fmt: skip
    assert len(organization.duties) == 8
    assert list(map(str, imported.report.lines()))[1:] == [
        "  not understood: D5: the formula has no value yet: open the sheet in your spreadsheet program and save it",
        "  left aside: A1: it stands above the matrix",
        "  left aside: F4: the column is no part of a RACI matrix",
        "  note: hidden rows were read like the others: 6",
        "  note: hidden columns were read like the others: F",
        "1 cell was not understood.",
    ]


def test_a_workbook_with_two_matrices_asks_which(kept: Path) -> None:
    book = import_module("openpyxl").load_workbook(kept)
    book.copy_worksheet(book["矩阵"])
    book.save(kept)
    with pytest.raises(SheetWanted, match="'矩阵', '矩阵 Copy'"):
        read_raci(kept)
    assert read_raci(kept, sheet="矩阵 Copy").organization.touchpoints


def test_a_sheet_without_a_matrix_is_refused_even_when_it_is_named(kept: Path) -> None:
    with pytest.raises(UnreadableSheet, match="no RACI matrix was found"):
        read_raci(kept, sheet="说明")


def test_progress_goes_from_nothing_to_all(kept: Path) -> None:
    done: list[float] = []
    read_raci(kept, progress=lambda _, share: done.append(share))
    assert done
    assert all(0 <= share <= 1 for share in done)


@pytest.mark.parametrize("filler", [" ", "(", "[", '"', "=", "\n", "a "])
def test_a_full_cell_is_decided_wherever_it_stands(tmp_path: Path, filler: str) -> None:
    long = ("x" + filler * 16_000)[:32_000] + "x"
    for heading in (
        ["touchpoint", "label", "conditions", "priority", "from", "to", long],
        ["Task", "Boss", "Condition"],
    ):
        path = tmp_path / "t.csv"
        write_grid(path, [heading, [long, "A", long, long, long, long, "A"], ["b", "A", "a=1", "", "", "", long]])
        try:
            assert isinstance(read_raci(path).organization, Organization)
        except UnreadableSheet as error:
            assert str(error)

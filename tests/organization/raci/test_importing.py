"""RACI matrices as companies keep them are understood, and what is not understood is told with its cell."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.organization import Department, Duty, Organization, Role, Stage, Touchpoint
from crmcore.organization.raci import Imported, import_raci
from crmcore.organization.raci.layouts import layout_of
from crmcore.organization.raci.views import View
from crmcore.organization.spreadsheets import Grid, UnreadableSheet
from crmcore.organization.spreadsheets.grids import Merge
from crmcore.values import Interval


def grid(text: str, *merges: Merge) -> Grid:
    """A grid whose cells are apart by `|`."""
    rows = [[cell.strip() for cell in line.split("|")] for line in text.strip("\n").split("\n")]
    for row in rows:
        while row and not row[-1]:
            row.pop()
    return Grid("raci.xlsx", rows, "RACI", merges)


def said(imported: Imported) -> set[tuple[str, str, str]]:
    """The duties by the labels of touchpoint and role, and a letter."""
    organization = imported.organization
    labels = {touchpoint.id: touchpoint.label or touchpoint.id for touchpoint in organization.touchpoints}
    labels |= {role.id: role.label or role.id for role in organization.roles}
    return {
        (labels[touchpoint], labels[duty.role], duty.duty[0].upper())
        for duty in organization.duties
        for touchpoint in duty.touchpoints
    }


def untold(imported: Imported) -> dict[str, str]:
    """What was not understood, by cell."""
    report = imported.report
    return {f"{row + 1}:{column + 1}": remark.text for remark in report.remarks for row, column in remark.cells
            if remark.kind == "not understood"}  # fmt: skip


PLAIN = """
RACI matrix of 2026
Activity   | Sales | Service | Boss | Notes
First call | R     | i       | A    | by phone
Signing    | A/R   |         | C, I | -
"""


def test_roles_in_columns_and_letters_in_cells() -> None:
    imported = import_raci(grid(PLAIN))
    assert said(imported) == {
        ("First call", "Sales", "R"), ("First call", "Service", "I"), ("First call", "Boss", "A"),
        ("Signing", "Sales", "A"), ("Signing", "Sales", "R"), ("Signing", "Boss", "C"), ("Signing", "Boss", "I"),
    }  # fmt: skip
    assert [touchpoint.id for touchpoint in imported.organization.touchpoints] == ["first-call", "signing"]
    assert imported.report.clean


def test_what_is_no_part_of_the_matrix_is_told_with_its_cells() -> None:
    lines = list(map(str, import_raci(grid(PLAIN)).report.lines()))
    assert lines == [
        "raci.xlsx, sheet RACI: 2 new touchpoints, 3 new roles, 7 new duties",
        "  left aside: A1: it stands above the matrix",
        "  left aside: E3:E4: the column is no part of a RACI matrix",
    ]


@pytest.mark.parametrize(
    "cell", ["A/R", "A,R", "AR", "A R", "ar", "Ａ／Ｒ", "R、A", "A\nR", "批准/执行", "A (R)", "R+A"]
)
def test_several_letters_in_a_cell_are_several_duties(cell: str) -> None:
    imported = import_raci(Grid("x", [["", "Sales", "Boss"], ["Call", cell, "I"]]))
    assert said(imported) == {("Call", "Sales", "A"), ("Call", "Sales", "R"), ("Call", "Boss", "I")}


CHINESE = """
客户触点责任矩阵（2026 版）
阶段 | 触点     | 销售部   |          | 客户成功部   | 备注
     |          | 客户经理 | 销售总监 | 成功经理     |
售前 | 首次联系 | R        | A        |              | 两小时内
     | 签约     | AR       | V        | 知会         |
售后 | 续约     | 咨询     | I        | 负责、批准   |

图例：R 执行，A 负责
R = 执行
"""


def test_departments_over_roles_and_stages_beside_touchpoints() -> None:
    merges = (Merge(1, 0, 2, 0), Merge(1, 1, 2, 1), Merge(1, 2, 1, 3), Merge(3, 0, 4, 0))
    for imported in (import_raci(grid(CHINESE, *merges)), import_raci(grid(CHINESE))):
        organization = imported.organization
        assert said(imported) == {
            ("首次联系", "客户经理", "R"), ("首次联系", "销售总监", "A"),
            ("签约", "客户经理", "A"), ("签约", "客户经理", "R"), ("签约", "销售总监", "V"), ("签约", "成功经理", "I"),
            ("续约", "客户经理", "C"), ("续约", "销售总监", "I"), ("续约", "成功经理", "R"), ("续约", "成功经理", "A"),
        }  # fmt: skip
        assert organization.departments == (
            Department("department-1", label="销售部"),
            Department("department-2", label="客户成功部"),
        )
        assert [role.department for role in organization.roles] == ["department-1", "department-1", "department-2"]
        assert organization.stages == (Stage("stage-1", label="售前"), Stage("stage-2", label="售后"))
        assert [(touchpoint.id, touchpoint.stages) for touchpoint in organization.touchpoints] == [
            ("touchpoint-1", ("stage-1",)), ("touchpoint-2", ("stage-1",)), ("touchpoint-3", ("stage-2",)),
        ]  # fmt: skip
        assert imported.report.clean, untold(imported)


@pytest.mark.parametrize(
    "heading", ["批准 | 负责 | 咨询 | 知会", "Accountable | Responsible | Consulted | Informed", "A | R | C | I",
                "负责 (A) | 执行 (R) | 咨询 (C) | 知会 (I)", "负责 | 执行 | 咨询 | 知会"]
)  # fmt: skip
def test_duties_in_columns_and_roles_in_cells(heading: str) -> None:
    imported = import_raci(
        grid(f"触点 | {heading}\n续约 | 总监 | 客户经理、客服;助理 | - | 财务/法务\n签约 | 总监 | | 法务 |")
    )
    assert said(imported) == {
        ("续约", "总监", "A"), ("续约", "客户经理", "R"), ("续约", "客服", "R"), ("续约", "助理", "R"),
        ("续约", "财务", "I"), ("续约", "法务", "I"), ("签约", "总监", "A"), ("签约", "法务", "C"),
    }  # fmt: skip
    assert imported.report.clean


@pytest.mark.parametrize(("heading", "letter"), [("批准 | 负责", "R"), ("负责 | 执行", "A")])
def test_how_a_word_of_two_meanings_was_read_is_told(heading: str, letter: str) -> None:
    lines = map(str, import_raci(grid(f"触点 | {heading}\n续约 | 总监 | 客服")).report.lines())
    assert f"  note: 负责 was read as {letter}" in lines


def test_a_cell_that_is_no_duty_is_told_and_nothing_is_made_of_it() -> None:
    imported = import_raci(grid("Task | Sales | Boss\nCall | R | A\nSign | A | X?\nBill | S/R | A\n | R |"))
    assert untold(imported) == {
        "3:3": "'X?' names no duties: R, A, C, I or V are wanted",
        "4:2": "'S/R' names no duties: R, A, C, I or V are wanted",
        "5:2": "the row names no touchpoint",
    }
    assert imported.report.unread == 3
    assert said(imported) == {
        ("Call", "Sales", "R"),
        ("Call", "Boss", "A"),
        ("Sign", "Sales", "A"),
        ("Bill", "Boss", "A"),
    }


def test_a_row_over_the_whole_table_is_the_stage_of_the_rows_below() -> None:
    text = "Task | Sales | Boss\nBefore | |\nCall | R | A\nAfter | |\nBill | A | I"
    merges = (Merge(1, 0, 1, 2), Merge(3, 0, 3, 2))
    organization = import_raci(grid(text, *merges)).organization
    assert [touchpoint.stages for touchpoint in organization.touchpoints] == [("before",), ("after",)]


def test_a_row_without_letters_is_a_touchpoint_without_duties() -> None:
    organization = import_raci(grid("Task | Sales | Boss\nCall | R | A\nBill | |")).organization
    assert [touchpoint.id for touchpoint in organization.touchpoints] == ["call", "bill"]


def test_one_label_in_two_stages_is_two_touchpoints() -> None:
    text = "Stage | Task | Sales | Boss\nLead | Follow up | R | A\nActive | Follow up | A | I"
    organization = import_raci(grid(text)).organization
    assert [(t.id, t.stages) for t in organization.touchpoints] == [
        ("follow-up", ("lead",)),
        ("follow-up-2", ("active",)),
    ]
    again = import_raci(grid(text), into=organization)
    assert again.organization == organization


def test_a_column_of_conditions_says_where_a_duty_holds() -> None:
    text = """
Task | Conditions              | Priority | Sales | Boss
Call | region=East; size=..500 | 3        | A     |
Call | 区域＝华东，华南        |          |       | A
"""
    organization = import_raci(grid(text)).organization
    assert organization.duties == (
        Duty(("call",), "sales", "accountable", where={"region": "East", "size": Interval(None, 500)}, priority=3),
        Duty(("call",), "boss", "accountable", where={"区域": ("华东", "华南")}),
    )


@pytest.mark.parametrize("condition", ["for VIPs", "day=monday", "size=9..1", "=x", "a=b=c", 'a="b', "a=1;a=2"])
def test_conditions_that_are_not_understood_leave_the_duties_of_their_row_out(condition: str) -> None:
    imported = import_raci(grid(f"Task | Conditions | Sales | Boss\nCall | {condition} | A |\nSign | | A | I"))
    assert "2:3" in untold(imported)
    assert said(imported) == {("Sign", "Sales", "A"), ("Sign", "Boss", "I")}


def test_an_organization_is_matched_by_id_and_by_label_and_loses_nothing() -> None:
    before = Organization(
        "Co",
        roles=(Role("sales-manager", label="客户经理"), Role("boss")),
        touchpoints=(Touchpoint("signing", label="签约"),),
        duties=(Duty(("signing",), "boss", "accountable"),),
    )
    imported = import_raci(grid("触点 | 客户经理 | BOSS | 财务\n签约 | R | A | I\n回访 | A | |"), into=before)
    after = imported.organization
    assert after.touchpoints == (*before.touchpoints, Touchpoint("touchpoint-1", label="回访"))
    assert after.roles == (*before.roles, Role("role-1", label="财务"))
    assert after.duties == (
        *before.duties,
        Duty(("signing",), "sales-manager", "responsible"),
        Duty(("signing",), "role-1", "informed"),
        Duty(("touchpoint-1",), "sales-manager", "accountable"),
    )
    assert import_raci(grid("触点 | 客户经理 | BOSS | 财务\n签约 | R | A | I"), into=after).organization == after


def test_a_grid_without_a_matrix_is_refused() -> None:
    with pytest.raises(UnreadableSheet, match="no RACI matrix was found"):
        import_raci(grid("name | age\nAnn | 30"))


cells = st.sampled_from(
    ["", "", "A", "R", "A/R", "c", "I", "V", "x", "=1+1", "客户经理", "签约", "Sales", "负责", "批准", "知会", "Task",
     "触点", "阶段", "Notes", "label", "touchpoint", "conditions", "department", "a=b", "all", '"', "-", "图例",
    "R = x", "A [x=1]"]
) | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6).map(str.strip)  # fmt: skip
corners = st.integers(0, 6)
merged = st.lists(st.tuples(corners, corners, st.integers(0, 3), st.integers(0, 3)), max_size=3)


@settings(max_examples=500, deadline=None)
@given(rows=st.lists(st.lists(cells, max_size=6), max_size=7), merges=merged)
def test_every_cell_of_any_grid_is_understood_or_told(
    rows: Sequence[list[str]], merges: list[tuple[int, int, int, int]]
) -> None:
    tried = Grid("f", rows, merges=[Merge(top, left, top + down, left + right) for top, left, down, right in merges])
    try:
        imported = import_raci(tried)
    except UnreadableSheet:
        return
    told = {cell for remark in imported.report.remarks for cell in remark.cells}
    layout = layout_of(View.of(tried))
    heading = layout.heading if layout is not None else 0
    labels = "\n".join(_labels(imported.organization))
    for row, column, text in tried.filled():
        understood = imported.report.knows((row, column)) and (row, column) not in told
        assert understood or (row, column) in told, (row, column, text)
        if understood and row > heading and text in ("Sales", "客户经理", "签约"):
            assert text in labels or tuple(tried.rows[row]) == tuple(tried.rows[heading])
    assert list(imported.report.lines())


def _labels(organization: Organization) -> list[str]:
    sections = ("departments", "roles", "stages", "touchpoints")
    return [text for name in sections for record in organization.section(name) for text in (record.id, record.label)]


@st.composite
def matrices(draw: st.DrawFn) -> tuple[list[list[str]], set[tuple[str, str, str]]]:
    """A matrix with a title and blank rows somewhere, and the duties that it says."""
    roles = [f"Role {index}" for index in range(draw(st.integers(1, 5)))]
    rows, expected = [["A title"]] * draw(st.integers(0, 2)), set()
    rows = [*rows, ["Activity", *roles]]
    for index in range(draw(st.integers(1, 6))):
        if draw(st.booleans()):
            rows.append([])
        letters = [draw(st.sets(st.sampled_from("RACIV"), max_size=3)) for _ in roles]
        letters[0] = letters[0] or {"A"}
        rows.append([f"Step {index}", *("/".join(sorted(some)) for some in letters)])
        expected |= {
            (f"Step {index}", role, letter) for role, some in zip(roles, letters, strict=True) for letter in some
        }
    return rows, expected


@given(matrices())
def test_the_letters_of_a_matrix_are_its_duties(matrix: tuple[list[list[str]], set[tuple[str, str, str]]]) -> None:
    rows, expected = matrix
    assert said(import_raci(Grid("f", rows))) == expected

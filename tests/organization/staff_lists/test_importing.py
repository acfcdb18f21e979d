"""Exports of personnel systems become people, departments and roles; what is not understood is told with its cell."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.organization import Department, Organization, Person, Role, Staffing
from crmcore.organization.spreadsheets import Grid, UnreadableSheet
from crmcore.organization.staff_lists import Imported, import_staff


def grid(text: str) -> Grid:
    """A grid whose cells are apart by `|`."""
    rows = [[cell.strip() for cell in line.split("|")] for line in text.strip("\n").split("\n")]
    for row in rows:
        while row and not row[-1]:
            row.pop()
    return Grid("staff.csv", rows)


def untold(imported: Imported) -> list[str]:
    """The lines of the report about what was not understood."""
    lines = map(str, imported.report.lines())
    return [line.removeprefix("  not understood: ") for line in lines if line.startswith("  not understood")]


CHINESE = """
2026 年 11 月在职人员
工号 | 姓名 | 部门          | 直属上级 | 职位     | 入职日期     | 离职日期   | 邮箱             | 状态 | 手机
1001 | 王伟 | 销售部        |          | 销售总监 | 2020-03-01   |            | wang.wei@a.cn    | 在职 | 138
1002 | 李娜 | 销售部/华东区 | 王伟     | 客户经理 | 2021年5月6日 | 9999-12-31 | li.na@a.cn       | 在职 | 139
1003 | 陈刚 | 销售部/华东区 | 1002     | 客户经理 | 20220506     | 2026/12/31 |                  | 外包 |
"""


def test_a_chinese_export() -> None:
    imported = import_staff(grid(CHINESE), name="Co")
    organization = imported.organization
    assert organization.departments == (
        Department("department-1", label="销售部"),
        Department("department-2", label="华东区", parent="department-1"),
    )
    east = "department-2"
    assert organization.people == (
        Person("wang.wei", name="王伟", department="department-1", from_=date(2020, 3, 1)),
        Person("li.na", name="李娜", reports_to="wang.wei", from_=date(2021, 5, 6), department=east),
        Person(
            "1003",
            name="陈刚",
            reports_to="li.na",
            from_=date(2022, 5, 6),
            to=date(2026, 12, 31),
            external=True,
            department=east,
        ),
    )
    assert organization.roles == ()
    assert imported.report.clean
    assert list(map(str, imported.report.lines()))[1:] == [
        "  left aside: A1: it stands above the list",
        "  left aside: J2: the column is not asked for",
    ]


def test_positions_become_roles_with_their_holders() -> None:
    organization = import_staff(grid(CHINESE), roles=True).organization
    assert organization.roles == (
        Role("role-1", label="销售总监", department="department-1"),
        Role("role-2", label="客户经理", department="department-2"),
    )
    assert organization.staffing == (
        Staffing("role-1", holders=("wang.wei",)), Staffing("role-2", holders=("li.na", "1003")),
    )  # fmt: skip


def test_an_english_export_says_who_is_who_in_several_ways() -> None:
    imported = import_staff(grid("""
Employee ID | Full Name | Department     | Manager       | Job Title | Start Date  | Status
E-1         | Ann Lee   | Sales          | -             | Head      | 13/02/2020  | Active
E-2         | Bob Ray   | Sales > East   | Ann Lee (E-1) | Agent     | 03/04/2021  | active
E-3         | Cid Fox   | Sales > East   | E-2 Bob Ray   | Agent     | 1 Mar 2024  | Probation
E-4         | Ann Lee   | Sales          | ann lee       | Agent     | 45000       |
"""))  # fmt: skip
    people = {person.id: person for person in imported.organization.people}
    assert {id_: person.reports_to for id_, person in people.items()} == {
        "e-1": None, "e-2": "e-1", "e-3": "e-2", "e-4": None,
    }  # fmt: skip
    assert [person.from_ for person in people.values()] == [
        date(2020, 2, 13), date(2021, 4, 3), date(2024, 3, 1), date(2023, 3, 15),
    ]  # fmt: skip
    assert untold(imported) == ["D5: several people are called 'ann lee': give the number"]
    assert [department.id for department in imported.organization.departments] == ["sales", "east"]


def test_what_is_not_understood_is_told_with_its_cell() -> None:
    imported = import_staff(grid("""
No. | Name | Manager | From       | To         | Status
1   | Ann  | Zoe     | yesterday  |            |
1   | Bob  |         |            |            |
2   | Cid  |         | 2024-02-30 |            | dancing
3   | Dan  |         | 2024-05-01 | 2024-04-01 |
4   | Eve  |         |            |            | left
Total 5 |  |         |            |            |
    |      | Ann     |            |            |
5   | Fay  |         |            |            | vacant | why
"""))  # fmt: skip
    assert untold(imported) == [
        "C2: nobody in the list is called 'Zoe'",
        "D2: 'yesterday' is no date",
        "A3: '1' is in row 2 already: this row is left out",
        "D4: '2024-02-30' is no date",
        "F4: the status 'dancing' is unknown: taken for active",
        "D5 E5: the last day comes before the first, 2024-05-01: both are left out",
        "A6 B6 F6: has left, and the list does not say when: left out",
        "A7 C8: the row names nobody",
        "G9: the column of this cell has no name",
    ]
    assert [(person.name, person.status) for person in imported.organization.people] == [
        ("Ann", "active"), ("Cid", "active"), ("Dan", "active"), ("Fay", "vacant"),
    ]  # fmt: skip


def test_a_mapping_decides_over_the_guess() -> None:
    text = "Name | Nickname | Team | Costs\nAnn Lee | Annie | Sales | 7"
    guessed = import_staff(grid(text))
    assert [(p.name, p.department) for p in guessed.organization.people] == [("Ann Lee", "sales")]
    mapped = import_staff(grid(text), mapping={"name": "nickname", "department": ""})
    assert [(p.name, p.department) for p in mapped.organization.people] == [("Annie", None)]
    assert list(map(str, mapped.columns.lines())) == ["  name = Nickname (column B)"]


def test_a_mapping_to_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(UnreadableSheet, match=r"no column 'Nmae' for name \(did you mean 'Name'\?\)"):
        import_staff(grid("Name | Team\nAnn | Sales"), mapping={"name": "Nmae"})
    with pytest.raises(UnreadableSheet, match="say which it is"):
        import_staff(grid("Wer | Wo\nAnn | Sales"))


@pytest.mark.parametrize(
    ("days", "first"), [(("01/02/2024", "13/02/2024"), (1, 2)), (("01/02/2024", "02/13/2024"), (2, 1))]
)
def test_whether_days_or_months_come_first_is_decided_over_the_column(
    days: Sequence[str], first: tuple[int, int]
) -> None:
    organization = import_staff(grid("Name | Start date\n" + "\n".join(f"P{day} | {day}" for day in days))).organization
    start = organization.people[0].from_
    assert start is not None
    assert (start.day, start.month) == first


def test_dates_that_nobody_can_decide_are_refused_with_a_way_out() -> None:
    sheet = grid("Name | Start date\nAnn | 05/05/2024\nBob | 01/02/2024")
    with pytest.raises(UnreadableSheet, match=r"cell B3: '01/02/2024' and the other dates can be read .* --dates"):
        import_staff(sheet)
    person = import_staff(sheet, dates="month-first").organization.people[1]
    assert person.from_ == date(2024, 1, 2)
    mixed = grid("Name | Start date\nAnn | 13/05/2024\nBob | 01/22/2024")
    with pytest.raises(UnreadableSheet, match="some dates of the column begin with the day, and others with the month"):
        import_staff(mixed)


def test_dates_of_one_column_decide_for_the_other() -> None:
    text = "Name | Start date | End date\nAnn | 01/02/2024 | 31/12/2024"
    assert import_staff(grid(text)).organization.people[0].from_ == date(2024, 2, 1)


def test_an_organization_keeps_what_the_list_does_not_say() -> None:
    before = Organization(
        "Co",
        departments=(Department("sales", label="销售部"),),
        people=(Person("wang.wei", name="王伟", skills=("negotiation",), level="top"), Person("old", name="老王")),
        roles=(Role("director", label="销售总监"),),
        staffing=(Staffing("director", holders=("wang.wei",), where={"region": "East"}),),
    )
    imported = import_staff(grid(CHINESE), into=before, roles=True)
    after = imported.organization
    assert after.people[0] == Person(
        "wang.wei", name="王伟", skills=("negotiation",), level="top", department="sales", from_=date(2020, 3, 1)
    )
    assert after.people[1] == before.people[1]
    assert [department.id for department in after.departments] == ["sales", "department-1"]
    assert after.staffing == (*before.staffing, Staffing("role-1", holders=("li.na", "1003")))
    again = import_staff(grid(CHINESE), into=after, roles=True)
    assert again.organization == after


def test_two_people_of_one_name_without_numbers_are_two_people() -> None:
    people = import_staff(grid("Name | Team\nAnn Lee | East\nAnn Lee | West")).organization.people
    assert [person.id for person in people] == ["ann-lee", "ann-lee-2"]


cells = st.sampled_from(
    ["", "", "Name", "姓名", "工号", "部门", "Manager", "状态", "Start date", "To", "Email", "Ann", "王伟", "1", "1.0",
     "-", "2024-01-01", "01/02/2024", "13/02/2024", "在职", "离职", "a/b", "/", "a@b", "45000", "99999", "合计"]
) | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6).map(str.strip)  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(rows=st.lists(st.lists(cells, max_size=6), max_size=7), roles=st.booleans())
def test_any_grid_is_imported_or_refused_and_every_cell_is_accounted_for(rows: list[list[str]], roles: bool) -> None:
    tried = Grid("f", [["Name", "Number", "Department"], *rows])
    try:
        imported = import_staff(tried, roles=roles)
    except UnreadableSheet:
        return
    told = {cell for remark in imported.report.remarks for cell in remark.cells}
    people = imported.organization.people
    names = {person.name for person in people}
    columns = imported.columns
    dropped = {row for row, _ in told}
    for row, column, text in tried.filled():
        assert imported.report.knows((row, column)) or (row, column) in told
        read = row > columns.heading and column == columns.places.get("name") and row not in dropped
        repeated = tuple(tried.rows[row]) == tuple(tried.rows[columns.heading])
        if read and text == "王伟" and not repeated:
            assert text in names
    assert len({person.id for person in people}) == len(people)
    assert list(imported.report.lines())

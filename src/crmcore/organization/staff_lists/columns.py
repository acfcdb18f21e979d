"""Which column of a staff list holds what: guessed by its heading in English or Chinese, or as somebody says."""

from collections.abc import Mapping
from itertools import islice
from typing import Final

from attrs import frozen

from crmcore.language import Phrase, say
from crmcore.organization.faults import did_you_mean, listed, quoted
from crmcore.organization.spreadsheets import Grid, UnreadableSheet
from crmcore.organization.spreadsheets.cleaning import one_line
from crmcore.organization.spreadsheets.grids import column_name
from crmcore.organization.spreadsheets.labels import folded

__all__ = ["FIELDS", "Columns", "columns_of", "looks_like_staff"]

_HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "number": (
        "employee id", "employee number", "employee no", "employee no.", "staff id", "staff number", "staff no",
        "personnel number", "person id", "id", "no", "no.", "number", "工号", "员工号", "员工编号", "员工工号",
        "人员编号", "编号", "职工号",
    ),
    "name": (
        "name", "full name", "employee name", "employee", "display name", "person", "姓名", "员工姓名", "名字", "员工",
        "人员姓名", "中文名",
    ),
    "department": (
        "department", "department path", "dept", "dept.", "division", "team", "organization unit", "org unit", "unit",
        "部门", "所属部门", "所在部门", "部门名称", "部门路径", "部门全称", "组织", "所属组织", "一级部门", "团队",
    ),
    "manager": (
        "manager", "reports to", "reporting to", "supervisor", "line manager", "direct manager", "manager name",
        "manager id", "superior", "上级", "直属上级", "直接上级", "直属领导", "直接主管", "直属主管", "主管",
        "汇报对象", "汇报人", "上级工号", "上级姓名", "直接汇报人",
    ),
    "position": (
        "position", "job title", "title", "job", "role", "post", "职位", "岗位", "职务", "岗位名称", "职位名称",
    ),
    "level": ("level", "grade", "job level", "job grade", "band", "职级", "级别", "岗级", "层级"),
    "email": (
        "email", "e-mail", "mail", "email address", "work email", "邮箱", "电子邮箱", "企业邮箱", "工作邮箱", "邮件",
    ),
    "start": (
        "start date", "hire date", "date of hire", "entry date", "joined", "date joined", "joining date", "start",
        "from", "入职日期", "入职时间", "入司日期", "到岗日期", "加入日期",
    ),
    "end": (
        "end date", "termination date", "leaving date", "last day", "exit date", "date left", "end", "to", "离职日期",
        "离职时间", "最后工作日", "离司日期",
    ),
    "status": ("status", "employment status", "employee status", "state", "状态", "员工状态", "在职状态", "人员状态"),
}  # fmt: skip

FIELDS: Final = tuple(_HEADINGS)
"""What a column of a staff list can hold."""

_FARTHEST_HEADING: Final = 40


@frozen
class Columns:
    """Where a staff list has what. Rows and columns count from 0.

    Attributes:
        heading: the row that names the columns.
        places: the column of each field.
        headings: what the sheet calls each of them.
    """

    heading: int
    places: Mapping[str, int]
    headings: Mapping[str, str]

    def lines(self) -> list[Phrase]:
        """Return the columns as people read them, a phrase each."""
        return [
            say("  {field} = {heading} (column {column})", field=name, heading=heading, column=self.letter(name))
            for name, heading in self.headings.items()
        ]

    def letter(self, name: str) -> str:
        """Return what a spreadsheet calls the column of a field."""
        return column_name(self.places[name])


def looks_like_staff(grid: Grid) -> bool:
    """Whether a grid looks like a list of people."""
    found = _best(grid, {})
    return found is not None and "name" in found.places and len(found.places) > 1


def columns_of(grid: Grid, mapping: Mapping[str, str]) -> Columns:
    """Return where a staff list has what.

    Args:
        grid: the list.
        mapping: the headings of some fields as somebody says them; an empty one for a field that is not wanted.

    Raises:
        UnreadableSheet: a heading that is named is not there, or no row names a column of people.
    """
    found = _best(grid, mapping)
    named = {name for name, heading in mapping.items() if heading}
    if found is not None and found.places.keys() >= named and found.places.keys() & {"name", "number"}:
        return found
    row = next((index for index, cells in enumerate(grid.rows) if len(set(filter(None, cells))) > 1), 0)
    heads = [one_line(text) for text in grid.rows[found.heading if found else row] if text]
    for name, heading in mapping.items():
        if heading and (found is None or name not in found.places):
            missing = say("there is no column {heading} for {field}", heading=quoted(heading), field=name)
            raise UnreadableSheet(grid.file, missing, did_you_mean(heading, heads) or _columns_are(heads))
    reason = say("no column is called like the names of people")
    raise UnreadableSheet(grid.file, reason, say("say which it is, such as --map name=姓名"))


def _columns_are(heads: list[str]) -> Phrase:
    return say("the columns are {columns}", columns=listed(heads))


def _best(grid: Grid, mapping: Mapping[str, str]) -> Columns | None:
    """Return the columns by the row whose cells name most of them."""
    filled = (row for row, cells in enumerate(grid.rows) if any(cells))
    found = [_guess(grid, row, mapping) for row in islice(filled, _FARTHEST_HEADING)]
    best = max(found, key=lambda columns: len(columns.places), default=None)
    return best if best is not None and best.places else None


def _guess(grid: Grid, row: int, mapping: Mapping[str, str]) -> Columns:
    heads = {column: folded(text[:200]).strip(" :：*") for column, text in enumerate(grid.rows[row]) if text}
    places: dict[str, int] = {}
    for name, heading in mapping.items():
        wanted = folded(heading).strip(" :：*")
        column = next((column for column, head in heads.items() if heading and head == wanted), None)
        if column is not None:
            places[name] = column
    for name, words in _HEADINGS.items():
        free = {head: column for column, head in reversed(heads.items()) if column not in places.values()}
        known = next((free[word] for word in words if word in free), None)
        if name not in mapping and known is not None:
            places[name] = known
    ordered = {name: places[name] for name in FIELDS if name in places}
    return Columns(row, ordered, {name: one_line(grid.at(row, column)) for name, column in ordered.items()})

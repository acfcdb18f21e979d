"""The rows of a staff list: one person each, with what could not be understood told by its cell."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Final, Literal

from attrs import evolve, frozen

from crmcore.language import say
from crmcore.organization.faults import quoted
from crmcore.organization.spreadsheets import Grid, Report, UnreadableSheet, address
from crmcore.organization.spreadsheets.cleaning import one_line
from crmcore.organization.spreadsheets.dates import DateOrder, ambiguous, day_of, orders_of
from crmcore.organization.spreadsheets.labels import folded
from crmcore.organization.staff_lists.columns import Columns

__all__ = ["Entry", "entries_of", "is_nothing"]

_PATH: Final = re.compile(r"\s*[/\\>＞→／]\s*")
_NOTHING: Final = frozenset({"-", "--", "\u2013", "\u2014", "/", "n/a", "na", "none", "null", "无", "暂无", "空"})
_FOREVER: Final = 9999
_STATUS: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        ("active", "employed", "current", "working", "probation", "on leave", "full time", "part time", "在职", "正式",
         "试用", "试用期", "在岗", "全职", "兼职", "休假", "产假", "实习", "返聘"), "active"
    ),
    **dict.fromkeys(("vacant", "open", "vacancy", "空缺", "待招聘", "招聘中", "空岗"), "vacant"),
    **dict.fromkeys(
        ("external", "contractor", "outsourced", "partner", "agency", "外包", "外部", "劳务", "派遣"), "external"
    ),
    **dict.fromkeys(
        ("left", "terminated", "inactive", "resigned", "former", "retired", "leaver", "离职", "已离职", "离退", "退休",
         "已退休", "停用", "辞退"), "left"
    ),
}  # fmt: skip
_STEP: Final = 1_000
Progress = Callable[[str, float], Any] | None


@frozen
class Entry:
    """A person of a staff list, as the list says it.

    Attributes:
        row: the row, from 0.
        number: what the company calls the person, such as `1001`.
        name: the name.
        department: the path to the department, from the top.
        manager: the name or the number of the superior.
        position: the position.
        level: the level.
        email: the address.
        start: the first day in the company.
        end: the last day.
        status: whether somebody sits here, has left, is external, or the seat is vacant.
    """

    row: int
    number: str = ""
    name: str = ""
    department: tuple[str, ...] = ()
    manager: str = ""
    position: str = ""
    level: str = ""
    email: str = ""
    start: date | None = None
    end: date | None = None
    status: Literal["active", "left", "external", "vacant"] = "active"


def is_nothing(text: str) -> bool:
    """Whether a cell says that there is nothing."""
    return not text or folded(text) in _NOTHING


def entries_of(
    grid: Grid, columns: Columns, report: Report, dates: DateOrder | None = None, progress: Progress = None
) -> Iterator[Entry]:
    """Yield the people of a staff list.

    Args:
        grid: the list.
        columns: where it has what.
        report: where it is told what is not understood.
        dates: what comes first where the year comes last; None to decide by the dates themselves.
        progress: called with what is being done and how much is done, from 0 to 1.

    Raises:
        UnreadableSheet: nobody can tell whether the days or the months come first.
    """
    reader = _Reader(grid, columns, report, dates)
    heading = tuple(grid.rows[columns.heading])
    for row in range(columns.heading + 1, len(grid.rows)):
        if progress is not None and row % _STEP == 0:
            progress(say("reading {file}", file=grid.file), row / len(grid.rows))
        cells = grid.rows[row]
        if any(cells) and tuple(cells) != heading:
            entry = reader.entry(row)
            if entry is not None:
                yield entry


class _Reader:
    def __init__(self, grid: Grid, columns: Columns, report: Report, dates: DateOrder | None) -> None:
        self.grid = grid
        self.columns = columns
        self.report = report
        self.orders = _orders(grid, columns, dates)

    def entry(self, row: int) -> Entry | None:
        """Return the person of a row; None, told, when it is none."""
        entry = Entry(
            row,
            number=self.text(row, "number"),
            name=self.text(row, "name"),
            department=tuple(filter(None, map(one_line, _PATH.split(self.text(row, "department"))))),
            manager=self.text(row, "manager"),
            position=self.text(row, "position"),
            level=self.text(row, "level"),
            email=self.text(row, "email"),
        )
        if not entry.name and not (entry.number and (entry.department or entry.position)):
            self.tell_row(row, say("the row names nobody"))
            return None
        return self.with_status(self.with_days(entry))

    def text(self, row: int, name: str) -> str:
        column = self.columns.places.get(name)
        text = "" if column is None else one_line(self.grid.at(row, column))
        return "" if is_nothing(text) else text

    def cell(self, row: int, name: str) -> tuple[int, int]:
        """Return the cell of a field in a row."""
        return row, self.columns.places[name]

    def tell_row(self, row: int, text: str) -> None:
        """Tell of all cells of a row that hold something that is asked for."""
        places = self.columns.places.values()
        cells = [(row, column) for column in places if self.grid.at(row, column)]
        if cells:
            self.report.tell("not understood", text, cells)

    def with_days(self, entry: Entry) -> Entry:
        """Return a person with the first and the last day; those that are none are told."""
        start, end = self.day(entry.row, "start"), self.day(entry.row, "end")
        if start is not None and end is not None and end < start:
            before = say("the last day comes before the first, {first}: both are left out", first=start)
            self.report.tell("not understood", before, [self.cell(entry.row, name) for name in ("start", "end")])
            return entry
        return evolve(entry, start=start, end=end)

    def day(self, row: int, name: str) -> date | None:
        text = self.text(row, name)
        if not text:
            return None
        day = day_of(text, self.orders[name])
        if day is None:
            self.report.tell("not understood", say("{text} is no date", text=quoted(text)), [self.cell(row, name)])
        return None if day is None or day.year == _FOREVER else day

    def with_status(self, entry: Entry) -> Entry | None:
        """Return a person with the status; None, told, for one who has left on a day that nobody knows."""
        text = self.text(entry.row, "status")
        status: Any = _STATUS.get(folded(text), "active" if not text else None)
        if status is None:
            unknown = say("the status {text} is unknown: taken for active", text=quoted(text))
            self.report.tell("not understood", unknown, [self.cell(entry.row, "status")])
            return entry
        if status == "left" and entry.end is None:
            self.tell_row(entry.row, say("has left, and the list does not say when: left out"))
            return None
        return evolve(entry, status=status)


def _orders(grid: Grid, columns: Columns, dates: DateOrder | None) -> dict[str, DateOrder]:
    """Return what comes first in each column of dates: decided by the column, else by the other one."""
    found: dict[str, set[DateOrder]] = {}
    for name in ("start", "end"):
        if name in columns.places:
            found[name] = orders_of(
                grid.at(row, columns.places[name]) for row in range(columns.heading + 1, len(grid.rows))
            )
    certain = {next(iter(orders)) for orders in found.values() if len(orders) == 1}
    decided: dict[str, DateOrder] = {}
    for name, orders in found.items():
        if dates is not None:
            decided[name] = dates
        elif len(orders) == 1:
            decided[name] = next(iter(orders))
        elif orders and len(certain) == 1:
            decided[name] = next(iter(certain))
        else:
            decided[name] = _refuse(grid, columns, name, mixed=not orders)
    return decided


def _refuse(grid: Grid, columns: Columns, name: str, *, mixed: bool) -> DateOrder:
    """Refuse a column in which nobody can tell days from months; one without such dates is fine.

    Raises:
        UnreadableSheet: there are such dates.
    """
    column = columns.places[name]
    for row in range(columns.heading + 1, len(grid.rows)):
        text = grid.at(row, column)
        if mixed or ambiguous(text):
            found = say("{text} and the other dates can be read with the day or the month first", text=quoted(text))
            if mixed:
                found = say("some dates of the column begin with the day, and others with the month")
            mend = say("say --dates day-first or --dates month-first, or write dates such as 2026-11-23")
            raise UnreadableSheet(grid.file, found, mend, address(row, column))
    return "day-first"

"""The lines of a RACI matrix: for each touchpoint the roles, their duties, and the conditions."""

import re
from collections.abc import Iterator
from typing import Final

from attrs import evolve, field, frozen

from crmcore.language import say
from crmcore.organization.faults import quoted
from crmcore.organization.model import DutyKind
from crmcore.organization.raci.conditions import (
    ALWAYS,
    Conditions,
    NotUnderstood,
    conditions_of,
    read_conditions,
    unquoted,
)
from crmcore.organization.raci.headings import Column, column_of, is_legend
from crmcore.organization.raci.layouts import Layout
from crmcore.organization.raci.letters import NO_DUTY
from crmcore.organization.raci.views import View
from crmcore.organization.spreadsheets import Report
from crmcore.organization.spreadsheets.cleaning import one_line
from crmcore.organization.spreadsheets.labels import folded

__all__ = ["Line", "Named", "Said", "lines_of", "roles_of"]

_NAMES: Final = re.compile(r"[、,，;；/\n]+")
_BEHIND: Final = re.compile(r'(.*?) ?\(([a-z0-9][a-z0-9._-]*|"(?:[^"\\]|\\.)*+")\)', re.DOTALL)
_LONGEST: Final = 4_000
Cell = tuple[int, int]


@frozen
class Named:
    """What a sheet calls something: its label, and its id where the sheet says it."""

    label: str
    id: str | None = None


@frozen
class Said:
    """A role, what it does, when, and the cell that says so."""

    role: Named
    duty: DutyKind
    conditions: Conditions
    cell: Cell


@frozen
class Line:
    """A row: a touchpoint and its cell, its stage if the sheet has one, and the duties there and their cells."""

    row: int
    cell: Cell
    touchpoint: Named
    stage: str = ""
    said: tuple[Said, ...] = ()
    cells: tuple[Cell, ...] = field(default=(), repr=False)


def roles_of(view: View, layout: Layout) -> dict[int, tuple[Named, Named | None]]:
    """Return the roles of the columns, each with its department; None where none stands over it."""
    heads = {column: _named(view.at(layout.heading, column), layout) for column in layout.roles}
    above = _departments(view, layout)
    return {
        column: (role, _named(above[column], layout) if above.get(column) else None)
        for column, role in heads.items()
        if role.label or role.id is not None
    }


def _departments(view: View, layout: Layout) -> dict[int, str]:
    """Return what stands over the roles, in a row that says nothing over the touchpoints."""
    row = layout.heading - 1
    if row < 0 or not layout.roles:
        return {}
    said = {column: view.source(row, column) for column, _ in view.row(row)}
    heads = {column: view.source(layout.heading, column) for column in layout.roles}
    own = {
        column: cell
        for column, cell in said.items()
        if heads.get(column) != cell and (column in heads or column_of(view.at(row, column)) is None)
    }
    first = layout.roles[0]
    before = [column for column in own if column < first and not (layout.fixed and column == 0)]
    over = [column for column in own if column in heads]
    merged = any((row, column) in view.covers for column in over)
    if before or not over or (len(over) < 2 and not merged and not layout.fixed):
        return {}
    found, last = {}, ""
    for column in layout.roles:
        text = view.at(row, column) if column in own else ""
        spread = (row, column) not in view.covers and not layout.fixed and column not in said
        last = text or (last if spread else "")
        found[column] = one_line(last)
    return found


def _named(text: str, layout: Layout) -> Named:
    """Return what a text names; in a matrix that crmcore wrote, the id stands behind the label."""
    if not layout.fixed:
        return Named(one_line(text))
    match = _BEHIND.fullmatch(text[:_LONGEST])
    label, id_ = (match[1], match[2]) if match else ("", text)
    return Named(one_line(label), unquoted(id_))


def lines_of(view: View, layout: Layout, report: Report) -> Iterator[Line]:
    """Yield the lines below the heading; what is none is told."""
    reader = _Reader(view, layout, report)
    for row in range(layout.heading + 1, view.height):
        if any(view.grid.rows[row]):
            line = reader.line(row)
            if line is not None:
                yield line


class _Reader:
    def __init__(self, view: View, layout: Layout, report: Report) -> None:
        self.view = view
        self.layout = layout
        self.report = report
        self.roles = roles_of(view, layout)
        self.stage = ""
        self.stage_cell: Cell | None = None
        self.heading = tuple(view.grid.rows[layout.heading])

    def line(self, row: int) -> Line | None:
        """Return the line of a row; None when it is none."""
        layout, view = self.layout, self.view
        if tuple(view.grid.rows[row]) == self.heading:
            self.report.understood(*((row, column) for column, text in enumerate(self.heading) if text))
            return None
        filled = [column for column, _ in view.row(row)]
        source = view.source(row, layout.touchpoint)
        text = view.at(row, layout.touchpoint)
        if not layout.fixed and self.is_aside(row, filled):
            return None
        self.stage = self.stage_of(row)
        if not text:
            self.no_touchpoint(row, filled)
            return None
        touchpoint = self.touchpoint(row, text)
        if touchpoint is None:
            return None
        self.report.understood(source, *([] if self.stage_cell is None else [self.stage_cell]))
        for column, what in layout.others.items():
            if what == "aside" and view.grid.at(row, column):
                self.report.tell("left aside", say("the column is no part of a RACI matrix"), [(row, column)])
        return self.with_duties(row, touchpoint)

    def is_aside(self, row: int, filled: list[int]) -> bool:
        """Whether a row is a title of the rows below it, or explains the matrix; it is told then."""
        first = self.view.source(row, filled[0])
        if self.is_title(row, filled):
            self.stage = one_line(self.view.at(row, filled[0]))
            self.report.tell("note", say("taken for the stage of the rows below it"), [first])
            return True
        if is_legend(self.view.at(row, filled[0])):
            cells = [(row, column) for column in filled if self.view.source(row, column) == (row, column)]
            self.report.tell("left aside", say("it explains the matrix"), cells)
            return True
        return False

    def is_title(self, row: int, filled: list[int]) -> bool:
        """Whether one text alone reaches over touchpoints and roles."""
        sources = {self.view.source(row, column) for column in filled}
        wide = {self.layout.touchpoint, *list(self.layout.roles)[:1], *list(self.layout.duties)[:1]}
        return len(sources) == 1 and sources == {(row, filled[0])} and wide <= set(filled)

    def stage_of(self, row: int) -> str:
        """Return the stage of a row: that of its cell, else that of the rows above."""
        column = self.layout.column("stage")
        if column is None:
            return self.stage
        text = self.view.at(row, column)
        if text:
            self.stage_cell = self.view.source(row, column)
        return one_line(text) or self.stage

    def no_touchpoint(self, row: int, filled: list[int]) -> None:
        cells = [(row, column) for column in filled if not self.report.knows((row, column))]
        own = [cell for cell in cells if self.view.source(*cell) == cell and cell != self.stage_cell]
        if own:
            self.report.tell("not understood", say("the row names no touchpoint"), own)

    def touchpoint(self, row: int, text: str) -> Named | None:
        """Return the touchpoint of a row; None, told, when its id is none."""
        if not self.layout.fixed:
            return Named(one_line(text))
        id_ = unquoted(text)
        self.report.understood((row, 1))
        if id_ is None:
            self.report.tell("not understood", say("the id of the touchpoint has broken quotes"), [(row, 0)])
            return None
        return Named(one_line(self.view.at(row, 1)), id_)

    def with_duties(self, row: int, touchpoint: Named) -> Line:
        """Return a line with its duties; when its conditions are not understood, with none."""
        line = Line(row, self.view.source(row, self.layout.touchpoint), touchpoint, self.stage)
        cells = [
            (row, column)
            for column in (*self.layout.roles, *self.layout.duties)
            if self.view.at(row, column)
        ]  # fmt: skip
        try:
            conditions = self.conditions(row)
        except NotUnderstood as error:
            why = say(
                "the duties of the row are left out, because its conditions are not understood: {why}", why=error.why
            )
            own = [cell for cell in cells if self.view.source(*cell) == cell]
            self.report.tell("not understood", why, [*self.condition_cells(row), *own])
            return line
        read = self.letters if self.layout.roles else self.names
        said = tuple(one for cell in cells for one in read(cell, conditions))
        return evolve(line, said=said, cells=tuple(cells))

    def condition_cells(self, row: int) -> list[Cell]:
        """Return the cells of a row that say conditions."""
        columns = [column for column, what in self.layout.others.items() if what not in ("aside", "stage")]
        return [self.view.source(row, column) for column in columns if self.view.at(row, column)]

    def conditions(self, row: int) -> Conditions:
        """Return the conditions that the columns of a row say."""
        texts: dict[Column, str] = {}
        for column, what in self.layout.others.items():
            if what in ("conditions", "priority", "from", "to"):
                texts[what] = self.view.at(row, column)
                self.report.understood(self.view.source(row, column))
        if not any(texts.values()):
            return ALWAYS
        found = read_conditions(texts.get("conditions", ""))
        more = conditions_of(found.where, texts.get("priority", ""), texts.get("from", ""), texts.get("to", ""))
        first, last = more.from_ or found.from_, more.to or found.to
        return Conditions(found.where, more.priority or found.priority, first, last)

    def letters(self, cell: Cell, conditions: Conditions) -> Iterator[Said]:
        """Yield what a cell of letters says; nothing, told, when it is not understood."""
        row, column = cell
        source, text = self.view.source(row, column), self.view.at(row, column)
        if column not in self.roles:
            self.report.tell("not understood", say("no role stands over this cell"), [source])
            return
        try:
            found = list(self.entries(text, conditions))
        except NotUnderstood as error:
            self.report.tell("not understood", error.why, [source])
            return
        self.report.understood(source)
        for kinds, when in found:
            yield from (Said(self.roles[column][0], kind, when, cell) for kind in kinds)

    def entries(self, text: str, conditions: Conditions) -> Iterator[tuple[tuple[DutyKind, ...], Conditions]]:
        """Yield the duties of each line of a cell, with the conditions in brackets behind them."""
        entries = text.split("\n") if "[" in text else [text]
        for entry in entries:
            letters, bracket, rest = entry.strip().partition("[")
            kinds = self.layout.vocabulary.duties(letters.strip())
            if kinds is None or (bracket and not rest.endswith("]")):
                raise NotUnderstood(say("{text} names no duties: R, A, C, I or V are wanted", text=quoted(text)))
            yield kinds, read_conditions(rest[:-1]) if bracket else conditions

    def names(self, cell: Cell, conditions: Conditions) -> Iterator[Said]:
        """Yield the roles that a cell names."""
        row, column = cell
        self.report.understood(self.view.source(row, column))
        for name in _NAMES.split(self.view.at(row, column)):
            label = one_line(name)
            if label and folded(label) not in NO_DUTY:
                yield Said(Named(label), self.layout.duties[column], conditions, cell)

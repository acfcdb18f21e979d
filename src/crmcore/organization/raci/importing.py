"""From a RACI matrix to an organization, and a report of what was understood."""

from collections.abc import Iterable, Sequence

from attrs import evolve, frozen

from crmcore.errors import InvalidOrganization
from crmcore.language import say, say_many
from crmcore.organization.model import ALL, Department, Duty, DutyKind, Organization, Role, Stage, Touchpoint
from crmcore.organization.raci.conditions import Conditions
from crmcore.organization.raci.headings import DEPARTMENT_HEADING
from crmcore.organization.raci.layouts import Layout, layout_of
from crmcore.organization.raci.letters import DUTY_LETTERS
from crmcore.organization.raci.lines import Line, Named, lines_of, roles_of
from crmcore.organization.raci.views import View
from crmcore.organization.spreadsheets import Grid, Report, UnreadableSheet
from crmcore.organization.spreadsheets.labels import Names, folded, slug

__all__ = ["Imported", "import_raci"]

_Fact = tuple[str, str, DutyKind, Conditions]


@frozen
class Imported:
    """What came of a sheet.

    Attributes:
        organization: the organization with what the sheet says.
        report: what was understood, and what was not.
    """

    organization: Organization
    report: Report


def import_raci(grid: Grid, *, into: Organization | None = None, name: str = "") -> Imported:
    """Return the organization that a RACI matrix describes.

    Args:
        grid: the sheet.
        into: the organization that gets its touchpoints, roles and duties; nothing is taken from it.
        name: the name of a new organization; that of the file if empty.

    Raises:
        UnreadableSheet: the sheet holds no RACI matrix.
    """
    view = View.of(grid)
    layout = layout_of(view)
    if layout is None:
        reason = say(
            "no RACI matrix was found: no row names roles over the letters R, A, C, I and V, nor duties over roles"
        )
        mend = say("name the roles in one row, the touchpoints in the first column")
        raise UnreadableSheet(grid.file, reason, mend)
    report = Report(grid)
    building = _Building(into or Organization(name.strip() or "RACI"), report)
    building.headings(view, layout)
    building.lines(list(lines_of(view, layout, report)))
    for word in sorted(layout.vocabulary.ambiguous):
        letter = DUTY_LETTERS[layout.vocabulary.in_charge]
        report.tell("note", say("{word} was read as {letter}", word=word, letter=letter))
    organization = building.organization()
    report.complete()
    return Imported(organization, report)


class _Building:
    """Adds what a sheet says to an organization."""

    def __init__(self, organization: Organization, report: Report) -> None:
        self.before = organization
        self.report = report
        self.departments = Names("department", organization.departments)
        self.roles = Names("role", organization.roles)
        self.stages = Names("stage", organization.stages)
        self.touchpoints = Names("touchpoint", organization.touchpoints, (ALL,))
        self.department_of: dict[str, str] = {}
        self.stages_of: dict[str, list[str]] = {}
        self.by_stage: dict[tuple[str, str], str] = {}
        self.duties: dict[_Fact, None] = {}
        self.known = {
            (touchpoint, duty.role, duty.duty, Conditions.of(duty))
            for duty in organization.duties
            for touchpoint in ((ALL,) if duty.touchpoints == ALL else duty.touchpoints)
        }
        self.possible: dict[Conditions, str] = {}

    def headings(self, view: View, layout: Layout) -> None:
        """Take in what stands above the lines."""
        for column, (role, department) in roles_of(view, layout).items():
            self.role(role, department)
            self.report.understood(view.source(layout.heading, column))
            if department:
                self.report.understood(view.source(layout.heading - 1, column))
                self.spread(view, layout.heading - 1, column)
        for column in (layout.touchpoint, *layout.duties, *layout.others):
            above = 0 if view.at(layout.heading, column) else 1
            self.report.understood(view.source(layout.heading - above, column))
        if layout.fixed:
            self.report.understood((layout.heading, 1))
            if view.at(layout.heading - 1, 0) in DEPARTMENT_HEADING.values():
                self.report.understood((layout.heading - 1, 0))
        self.titles(view, layout.heading)

    def spread(self, view: View, row: int, column: int) -> None:
        """Take the department that reaches over a role as understood, where its text stands."""
        while column > 0 and not view.at(row, column):
            column -= 1
        self.report.understood(view.source(row, column))

    def titles(self, view: View, heading: int) -> None:
        """Tell of what stands above the heading, and over columns that are none."""
        for row in range(heading):
            cells = [(row, c) for c, text in enumerate(view.grid.rows[row]) if text and not self.report.knows((row, c))]
            if cells:
                self.report.tell("left aside", say("it stands above the matrix"), cells)

    def role(self, named: Named, department: Named | None = None) -> str:
        """Return the id of a role."""
        role = self.roles.of(named.label, named.id)
        if department is not None and role not in self.department_of:
            self.department_of[role] = self.departments.of(department.label, department.id)
        return role

    def lines(self, lines: Sequence[Line]) -> None:
        """Take in the lines."""
        placed: dict[str, set[str]] = {}
        for line in lines:
            placed.setdefault(folded(line.touchpoint.label), set()).add(line.stage)
        first: dict[str, int] = {}
        for line in lines:
            touchpoint = self.touchpoint(line, alone=len(placed[folded(line.touchpoint.label)]) == 1)
            earlier = first.setdefault(touchpoint, line.row)
            if earlier != line.row and line.touchpoint.id is None and not _conditional(line):
                again = say("the touchpoint of row {row} again: the duties are put together", row=earlier + 1)
                self.report.tell("note", again, [line.cell])
            for said in line.said:
                if self.may_be(said.conditions, said.cell):
                    self.duties[touchpoint, self.role(said.role), said.duty, said.conditions] = None
            if not line.said and not line.cells:
                self.report.tell("note", say("a touchpoint without duties"), [line.cell])

    def touchpoint(self, line: Line, *, alone: bool) -> str:
        """Return the id of the touchpoint of a line; one label in several stages is several touchpoints."""
        named = line.touchpoint
        if named.id is not None:
            return named.id if named.id == ALL else self.touchpoints.of(named.label, named.id)
        stage = self.stages.of(line.stage) if line.stage else ""
        key = folded(named.label), stage
        if key not in self.by_stage:
            self.by_stage[key] = self.touchpoints.of(named.label) if alone else self.apart(named.label, stage)
        touchpoint = self.by_stage[key]
        if stage and stage not in self.stages_of.setdefault(touchpoint, []):
            self.stages_of[touchpoint].append(stage)
        return touchpoint

    def apart(self, label: str, stage: str) -> str:
        """Return the touchpoint with a label in one stage of several."""
        wanted = folded(label)
        for touchpoint in self.before.touchpoints:
            if folded(touchpoint.label or touchpoint.id) == wanted and stage in touchpoint.stages:
                return str(touchpoint.id)
        names = self.touchpoints
        return names.add(names.free(slug(label)), label)

    def may_be(self, conditions: Conditions, cell: tuple[int, int]) -> bool:
        """Whether conditions obey the rules of the organization; what they break is told."""
        if conditions not in self.possible:
            self.possible[conditions] = ""
            duty = _duty((ALL, "role", "informed", conditions))
            try:
                Organization("tried", dimensions=self.before.dimensions, stages=self.before.stages, duties=(duty,))
            except InvalidOrganization as error:
                self.possible[conditions] = error.faults[0].found
        fault = self.possible[conditions]
        if fault:
            why = say("the duty is left out, because its conditions cannot be: {why}", why=fault)
            self.report.tell("not understood", why, [cell])
        return not fault

    def organization(self) -> Organization:
        """Return the organization with what was taken in, and count it in the report."""
        before = self.before
        added = [_duty(fact) for fact in self.duties if fact not in self.known]
        organization = evolve(
            before,
            departments=(
                *before.departments,
                *(Department(id_, label=label) for id_, label in self.departments.new.items()),
            ),
            stages=(*before.stages, *(Stage(id_, label=label) for id_, label in self.stages.new.items())),
            roles=(*map(self.with_department, before.roles), *self.new_roles()),
            touchpoints=(*before.touchpoints, *self.new_touchpoints()),
            duties=(*before.duties, *added),
        )
        self.count(len(added))
        return organization

    def with_department(self, role: Role) -> Role:
        return role if role.department else evolve(role, department=self.department_of.get(role.id))

    def new_roles(self) -> Iterable[Role]:
        of = self.department_of
        return (Role(id_, label=label, department=of.get(id_)) for id_, label in self.roles.new.items())

    def new_touchpoints(self) -> Iterable[Touchpoint]:
        stages = self.stages_of
        new = self.touchpoints.new.items()
        return (Touchpoint(id_, label=label, stages=tuple(stages.get(id_, ()))) for id_, label in new)

    def count(self, added: int) -> None:
        """Tell how much was taken in."""
        touchpoints, roles = len(self.touchpoints.new), len(self.roles.new)
        departments, stages = len(self.departments.new), len(self.stages.new)
        counts = [
            say_many("{count} new touchpoint", "{count} new touchpoints", touchpoints),
            say_many("{count} new role", "{count} new roles", roles),
            say_many("{count} new duty", "{count} new duties", added),
        ]
        if departments:
            counts.append(say_many("{count} new department", "{count} new departments", departments))
        if stages:
            counts.append(say_many("{count} new stage", "{count} new stages", stages))
        if len(self.duties) > added:
            counts.append(say("{count} already known", count=len(self.duties) - added))
        self.report.counts.extend(counts)
        self.tell_more()

    def tell_more(self) -> None:
        """Tell how many duties the organization has at the touchpoints of the sheet that the sheet does not say."""
        met = {fact[0] for fact in self.duties}
        more = sum(1 for fact in self.known if fact[0] in met and fact not in self.duties)
        if more:
            told = say_many(
                "{count} duty at these touchpoints is not in the sheet, and is kept",
                "{count} duties at these touchpoints are not in the sheet, and are kept",
                more,
            )
            self.report.tell("note", told)


def _duty(fact: _Fact) -> Duty:
    touchpoint, role, duty, conditions = fact
    names = ALL if touchpoint == ALL else (touchpoint,)
    when = {"priority": conditions.priority, "from_": conditions.from_, "to": conditions.to}
    return Duty(names, role, duty, where=conditions.where, **when)  # type: ignore[arg-type]


def _conditional(line: Line) -> bool:
    return any(said.conditions != Conditions() for said in line.said)

"""From a staff list to an organization: people, departments, and roles held, with a report."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

from attrs import evolve, frozen

from crmcore.language import say, say_many
from crmcore.organization.faults import quoted
from crmcore.organization.model import Organization, Person, Role, Staffing
from crmcore.organization.shapes import ID
from crmcore.organization.spreadsheets import Grid, Report
from crmcore.organization.spreadsheets.dates import DateOrder
from crmcore.organization.spreadsheets.labels import Names, folded, slug
from crmcore.organization.staff_lists.columns import Columns, columns_of
from crmcore.organization.staff_lists.departments import Departments
from crmcore.organization.staff_lists.entries import Entry, entries_of

__all__ = ["Imported", "import_staff"]

_BETWEEN: Final = re.compile(r"[\s()（）]+")
Progress = Callable[[str, float], Any] | None


@frozen
class Imported:
    """What came of a staff list.

    Attributes:
        organization: the organization with what the list says.
        report: what was understood, and what was not.
        columns: which columns the list has.
    """

    organization: Organization
    report: Report
    columns: Columns


def import_staff(
    grid: Grid,
    *,
    mapping: Mapping[str, str] | None = None,
    into: Organization | None = None,
    name: str = "",
    roles: bool = False,
    dates: DateOrder | None = None,
    progress: Progress = None,
) -> Imported:
    """Return the organization that a staff list describes.

    Args:
        grid: the list.
        mapping: the headings of some fields; the others are guessed.
        into: the organization that gets the people; nothing is taken from it.
        name: the name of a new organization.
        roles: whether positions become roles that people hold.
        dates: what comes first in dates whose year comes last; None to decide by the dates.
        progress: called with what is being done and how much is done, from 0 to 1.

    Raises:
        UnreadableSheet: no column holds names, or nobody can tell days from months.
    """
    columns = columns_of(grid, mapping or {})
    report = Report(grid)
    _account(grid, columns, report)
    building = _Building(into or Organization(name.strip() or "HR"), columns, report)
    for entry in entries_of(grid, columns, report, dates, progress):
        building.add(entry)
    organization = building.organization(roles=roles)
    report.complete()
    return Imported(organization, report, columns)


def _account(grid: Grid, columns: Columns, report: Report) -> None:
    """Account for the columns: those with a field are read row by row, the others are left aside."""
    report.understood(*((columns.heading, column) for column in columns.places.values()))
    others = [column for column in range(grid.width) if column not in columns.places.values()]
    report.understand_columns(range(grid.width), columns.heading + 1)
    for row in range(columns.heading):
        above = [(row, column) for column, text in enumerate(grid.rows[row]) if text]
        if above:
            report.tell("left aside", say("it stands above the list"), above)
    asides = [(columns.heading, column) for column in others if grid.at(columns.heading, column)]
    if asides:
        report.tell("left aside", say("the column is not asked for"), asides)
    nameless = [
        (row, column)
        for column in others
        if not grid.at(columns.heading, column)
        for row in range(columns.heading + 1, len(grid.rows))
        if grid.at(row, column)
    ]
    if nameless:
        report.tell("not understood", say("the column of this cell has no name"), nameless)


class _Building:
    """Adds the people of a list to an organization."""

    def __init__(self, before: Organization, columns: Columns, report: Report) -> None:
        self.before = before
        self.columns = columns
        self.report = report
        self.departments = Departments(before.departments)
        self.entries: dict[str, Entry] = {}
        self.taken = {person.id for person in before.people}
        self.ids: dict[str, str] = {}
        self.names: defaultdict[str, list[str]] = defaultdict(list)
        self.by_name: defaultdict[str, list[str]] = defaultdict(list)
        for person in before.people:
            self.by_name[folded(person.name)].append(person.id)

    def add(self, entry: Entry) -> None:
        """Take in a person; one who is there twice is told."""
        keys = [f"{kind} {folded(text)}" for kind, text in (("n", entry.number), ("e", entry.email)) if text]
        twice = next((key for key in keys if key in self.ids), None)
        if twice is not None:
            field, text = ("number", entry.number) if twice.startswith("n ") else ("email", entry.email)
            earlier = self.entries[self.ids[twice]].row + 1
            found = say("{text} is in row {row} already: this row is left out", text=quoted(text), row=earlier)
            self.report.tell("not understood", found, [(entry.row, self.columns.places[field])])
            return
        id_ = self.id_of(entry)
        self.entries[id_] = entry
        self.ids.update(dict.fromkeys(keys, id_))
        if entry.name:
            self.names[folded(entry.name)].append(id_)

    def id_of(self, entry: Entry) -> str:
        """Return the id of a person: one that the organization has, else of the address, the number or the name."""
        made = [entry.email.partition("@")[0].casefold(), entry.number.casefold(), slug(entry.name)]
        possible = [id_ for id_ in made if ID.fullmatch(id_)]
        known = next((id_ for id_ in possible if id_ in self.taken and id_ not in self.entries), None)
        namesakes = [id_ for id_ in self.by_name[folded(entry.name)] if id_ not in self.entries] if entry.name else []
        if known is not None or len(namesakes) == 1:
            return known or namesakes[0]
        free = next((id_ for id_ in possible if id_ not in self.entries and id_ not in self.taken), None)
        return free or self.numbered(possible[0] if possible else "person")

    def numbered(self, stem: str) -> str:
        number = len(self.entries) + 1 if stem == "person" else 2
        while f"{stem}-{number}" in self.entries or f"{stem}-{number}" in self.taken:
            number += 1
        return f"{stem}-{number}"

    def superior(self, id_: str, entry: Entry) -> str | None:
        """Return who somebody reports to; None at the top, or, told, when nobody can tell."""
        found = self.called(entry.manager)
        if found == [id_] or not entry.manager:
            return None
        if len(found) == 1:
            return found[0]
        reason = say("nobody in the list is called {name}", name=quoted(entry.manager))
        if found:
            reason = say("several people are called {name}: give the number", name=quoted(entry.manager))
        self.report.tell("not understood", reason, [(entry.row, self.columns.places["manager"])])
        return None

    def called(self, text: str) -> list[str]:
        """Return who is meant by a number, an address, an id, a name, or a name and a number together."""
        if not text:
            return []
        wanted = folded(text)
        known = self.ids.get(f"n {wanted}") or self.ids.get(f"e {wanted}")
        if known is not None:
            return [known]
        if wanted in self.names:
            return self.names[wanted]
        beside = [self.ids[key] for part in _BETWEEN.split(text) if (key := f"n {folded(part)}") in self.ids]
        if len(beside) == 1:
            return beside
        if text in self.taken:
            return [text]
        return self.by_name.get(wanted, [])

    def organization(self, *, roles: bool) -> Organization:
        """Return the organization with the people of the list, and count them in the report."""
        known = {person.id: person for person in self.before.people}
        read = {id_: self.person(id_, entry, known.get(id_)) for id_, entry in self.entries.items()}
        people = [read.get(person.id, person) for person in self.before.people]
        people += [person for id_, person in read.items() if id_ not in known]
        changed = sum(1 for id_, person in read.items() if id_ in known and person != known[id_])
        new = len(read) - sum(1 for id_ in read if id_ in known)
        self.report.counts.append(say_many("{count} new person", "{count} new people", new))
        if known:
            self.report.counts.append(say_many("{count} person changed", "{count} people changed", changed))
            absent = len(known) - (len(read) - new)
            kept = say_many(
                "{count} person of the organization is not in the list, and is kept",
                "{count} people of the organization are not in the list, and are kept",
                absent,
            )
            if absent:
                self.report.tell("note", kept)
        departments = len(self.departments.new)
        self.report.counts.append(say_many("{count} new department", "{count} new departments", departments))
        organization = evolve(
            self.before, departments=(*self.before.departments, *self.departments.new), people=tuple(people)
        )
        return self.with_roles(organization) if roles else organization

    def person(self, id_: str, entry: Entry, known: Person | None) -> Person:
        """Return a person as the list says it; what it does not say stays."""
        said: dict[str, Any] = {
            "name": entry.name,
            "department": self.departments.of(entry.department),
            "level": entry.level,
            "reports_to": self.superior(id_, entry),
            "from_": entry.start,
            "to": entry.end,
        }
        person = evolve(known or Person(id_), **{name: value for name, value in said.items() if value})
        if "status" not in self.columns.places:
            return person
        status: Literal["active", "vacant"] = "vacant" if entry.status == "vacant" else "active"
        return evolve(person, status=status, external=entry.status == "external" or person.external)

    def with_roles(self, organization: Organization) -> Organization:
        """Return the organization with a role for each position, held by those who have it."""
        names = Names("role", organization.roles)
        holders: defaultdict[str, list[str]] = defaultdict(list)
        for id_, entry in self.entries.items():
            if entry.position:
                holders[names.of(entry.position)].append(id_)
        placed: defaultdict[str, set[str]] = defaultdict(set)
        for staffing in organization.staffing:
            placed[staffing.role].update(staffing.holders)
        added = {role: new for role, ids in holders.items() if (new := [id_ for id_ in ids if id_ not in placed[role]])}
        self.report.counts.append(say_many("{count} new role", "{count} new roles", len(names.new)))
        self.report.counts.append(say_many("{count} new holder", "{count} new holders", sum(map(len, added.values()))))
        departments = {person.id: person.department for person in organization.people}
        roles = [
            Role(role, label=label, department=_shared([departments[id_] for id_ in holders[role]]))
            for role, label in names.new.items()
        ]
        held = [Staffing(role, holders=tuple(ids)) for role, ids in added.items()]
        return evolve(organization, roles=(*organization.roles, *roles), staffing=(*organization.staffing, *held))


def _shared(departments: list[str | None]) -> str | None:
    """Return the department in which all holders of a role work; None when there are several."""
    counted = Counter(departments)
    return next(iter(counted)) if len(counted) == 1 else None

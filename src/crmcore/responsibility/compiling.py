"""The organization compiled: its space cut into cells, its duties and staffing into tables, made when asked for."""

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from crmcore.errors import UnknownName, nearest
from crmcore.organization import ALL, STAGE, Duty, Organization, Person, Role, Scope, Staffing, Touchpoint
from crmcore.responsibility.axes import (
    Axis,
    Box,
    DayAxis,
    NameAxis,
    NumberAxis,
    Space,
    intersection,
)
from crmcore.responsibility.cutting import dimension_axis, dimension_cuts
from crmcore.responsibility.partition import Budget, Uncovered, partition, uncovered
from crmcore.responsibility.resolving import Present, Question, Resolution, resolve
from crmcore.responsibility.staffing import Roster
from crmcore.responsibility.tables import Rule, Table
from crmcore.values import Interval

if TYPE_CHECKING:
    from crmcore.organization.model import DutyKind

__all__ = ["Answer", "Responsibilities"]


@frozen
class Answer:
    """Where one duty wins.

    Attributes:
        rule: the duty.
        boxes: where it is the winner, or one of several of the same priority; they share no point.
        complete: whether these are known to be all.
    """

    rule: Rule
    boxes: tuple[Box, ...]
    complete: bool = True


class Responsibilities:
    """Who answers for whom: the organization compiled once, and asked often.

    A proof asks it about a window of days. A question may be about any day, and then there is no window.
    """

    def __init__(
        self,
        organization: Organization,
        on: date | None = None,
        until: date | None = None,
        without: Iterable[str] = (),
    ) -> None:
        """Compile an organization.

        Args:
            organization: what to compile.
            on: the first day of the window; None for all days.
            until: the last day of the window; None for the first day alone.
            without: ids of people to reckon with as if they had left.

        Raises:
            UnknownName: a person who is thought away does not exist.
        """
        self._organization = organization
        self._edits: list[tuple[tuple[Duty, ...], tuple[Duty, ...]]] = []
        self.on = on
        self.until = until or on
        self.people: Mapping[str, Person] = organization.by_id("people")
        self.roles: Mapping[str, Role] = organization.by_id("roles")
        self.touchpoints: Mapping[str, Touchpoint] = organization.by_id("touchpoints")
        self.without = frozenset(without)
        for person in sorted(self.without - self.people.keys()):
            raise UnknownName("person", person, nearest(person, self.people))
        self.roster = Roster(self.people, self.without)
        self.space = self._cut()
        impossible = (self.space.box(entry.where) for entry in organization.impossible)
        self.impossible: tuple[Box, ...] = tuple(box for box in impossible if box is not None)
        self._duties = self._by_touchpoint(organization.duties)
        self._scope_boxes: dict[tuple[Scope, date | None, date | None], Box | None] = {}
        self._limits: dict[str, tuple[tuple[int, int], ...] | None] = {}
        self.present: dict[tuple[str, int, date], Present] = {}
        self._touchpoint_boxes: dict[str, Box | None] = {}
        self._tables: dict[tuple[str, str], Table] = {}
        self._answers: dict[tuple[str, str], tuple[Answer, ...]] = {}
        self._proofs: dict[tuple[Box, tuple[Box, ...]], Uncovered] = {}
        self._undecided: set[str] = set()
        self._entries: dict[str, list[Staffing]] = {}
        for entry in organization.staffing:
            self._entries.setdefault(entry.role, []).append(entry)
        self._staffing: dict[str, Table] = {}

    @property
    def organization(self) -> Organization:
        """The organization that was compiled, with the changes of duties that were made since."""
        if self._edits:
            duties = list(self._organization.duties)
            for removed, added in self._edits:
                gone = {id(duty) for duty in removed}
                duties = [duty for duty in duties if id(duty) not in gone] + list(added)
            self._organization = evolve(self._organization, duties=duties)
            self._edits = []
        return self._organization

    def _cut(self) -> Space:
        """Cut the space at every end that a rule names."""
        organization = self.organization
        ends: dict[str, set[float]] = {}
        for records in (organization.duties, organization.staffing, organization.touchpoints, organization.escalations):
            for record in records:
                _collect_ends(record.where, ends)
        for entry in organization.impossible:
            _collect_ends(entry.where, ends)
        axes: list[Axis] = [
            dimension_axis(dimension, sorted(ends.get(dimension.id, ()))) for dimension in organization.dimensions
        ]
        if organization.stages:
            axes.append(NameAxis(STAGE, of_customer=False, values=tuple(stage.id for stage in organization.stages)))
        cuts = tuple(sorted(day for day in self._changes() if self._inside(day)))
        axes.append(DayAxis("day", of_customer=False, first=self.on, last=self.until, cuts=cuts))
        return Space(tuple(axes))

    def _inside(self, day: date) -> bool:
        return self.on is None or self.until is None or self.on < day <= self.until

    def _changes(self) -> set[date]:
        """The days from which on something is different; people's own days matter only where they are proven."""
        starts: set[date] = set()
        periods: list[tuple[date | None, date | None]] = [
            (record.from_, record.to)
            for records in (self.organization.duties, self.organization.staffing)
            for record in records
        ]
        if self.on is not None:
            periods += [(person.from_, person.to) for person in self.organization.people]
            periods += [(away.from_, away.to) for person in self.organization.people for away in person.absences]
        for first, last in periods:
            if first is not None:
                starts.add(first)
            if last is not None and last < date.max:
                starts.add(last + timedelta(days=1))
        return starts

    def _by_touchpoint(self, records: Iterable[Duty]) -> Mapping[tuple[str, str], list[Duty]]:
        duties: dict[tuple[str, str], list[Duty]] = {}
        for duty in records:
            if duty.role in self.roles:
                for touchpoint in self.touchpoints if duty.touchpoints == ALL else dict.fromkeys(duty.touchpoints):
                    duties.setdefault((touchpoint, duty.duty), []).append(duty)
        return duties

    def scope_box(self, scope: Scope, from_: date | None = None, to: date | None = None) -> Box | None:
        """Return the part of the space that a scope admits between two days; None when it is empty."""
        key = (scope, from_, to)
        if key not in self._scope_boxes:
            self._scope_boxes[key] = self.space.box(scope, from_, to)
        return self._scope_boxes[key]

    def touchpoint_box(self, touchpoint: str) -> Box | None:
        """Return the space of a touchpoint, what is impossible included; None when it is empty.

        Raises:
            UnknownName: there is no such touchpoint.
        """
        if touchpoint not in self._touchpoint_boxes:
            record = self.touchpoints.get(touchpoint)
            if record is None:
                raise UnknownName("touchpoint", touchpoint, nearest(touchpoint, self.touchpoints))
            box = self.space.box(record.where)
            for name, values in ((STAGE, record.stages), ("channel", record.channels)):
                if values and box is not None and self.space.index(name) is not None:
                    limit = self.space.box(Scope(((name, values),)))
                    box = None if limit is None else intersection(box, limit)
            self._touchpoint_boxes[touchpoint] = box
        return self._touchpoint_boxes[touchpoint]

    def limits(self, touchpoint: str) -> tuple[tuple[int, int], ...] | None:
        """Return the axes that a touchpoint leaves no free choice of, with their masks; None when it never happens."""
        if touchpoint not in self._limits:
            box = self.touchpoint_box(touchpoint)
            full = self.space.whole
            self._limits[touchpoint] = (
                None
                if box is None
                else tuple((axis, mask) for axis, mask in enumerate(box[:-1]) if mask != full[axis] or mask == 1)
            )
        return self._limits[touchpoint]

    def table(self, touchpoint: str, duty: "DutyKind" = "accountable") -> Table:
        """Return the duties of one kind that compete at a touchpoint.

        Raises:
            UnknownName: there is no such touchpoint.
        """
        key = (touchpoint, duty)
        table = self._tables.get(key)
        if table is None:
            table = self._tables[key] = Table.ranked(self.space, self._compete(touchpoint, duty))
        return table

    def _compete(self, touchpoint: str, duty: str) -> Iterator[Rule]:
        return self._competing(touchpoint, self._duties.get((touchpoint, duty), ()))

    def _competing(self, touchpoint: str, duties: Iterable[Duty]) -> Iterator[Rule]:
        """Yield duties as rules of a touchpoint, those left out that hold for nobody there."""
        space = self.touchpoint_box(touchpoint)
        if space is None:
            return
        limits = [(axis, mask) for axis, mask in enumerate(space) if mask != self.space.axes[axis].full]
        for record in duties:
            box = self.scope_box(record.where, record.from_, record.to)
            if box is None:
                continue
            if limits:
                masks = list(box)
                for axis, mask in limits:
                    masks[axis] &= mask
                if not all(masks[axis] for axis, _ in limits):
                    continue
                box = tuple(masks)
            yield Rule(box, record, record.priority)

    def rules(self, touchpoint: str, duty: "DutyKind" = "accountable") -> tuple[Rule, ...]:
        """Return the duties of one kind at a touchpoint, the highest priority first, then in the order of the file."""
        return self.table(touchpoint, duty).rules

    def answers(self, touchpoint: str, duty: "DutyKind" = "accountable") -> tuple[Answer, ...]:
        """Return the duties of one kind that win somewhere at a touchpoint, and where it is possible."""
        key = (touchpoint, duty)
        if key not in self._answers:
            table = self.table(touchpoint, duty)
            budget = Budget()
            every = (self._answer(table, rank, budget) for rank in range(len(table.rules)))
            self._answers[key] = tuple(answer for answer in every if answer.boxes or not answer.complete)
        answers = self._answers[key]
        if not all(answer.complete for answer in answers):
            self._undecided.add(touchpoint)
        return answers

    def undecided(self) -> list[str]:
        """Return the touchpoints and roles whose proof spent its budget since this was last asked, and forget them."""
        names = sorted(self._undecided)
        self._undecided.clear()
        return names

    def left(self, within: Box, table: Table) -> Uncovered:
        """Return what no rule of a table covers, what is impossible left out; equal tables share one proof."""
        key = (within, table.boxes)
        if key not in self._proofs:
            self._proofs[key] = uncovered(within, [*table.boxes, *self.impossible])
        return self._proofs[key]

    def _answer(self, table: Table, rank: int, budget: Budget) -> Answer:
        rule = table.rules[rank]
        higher = table.higher(rank)
        blockers = [*table.pick(table.meeting(rule.box) & higher), *self.impossible] if higher else self.impossible
        result = uncovered(rule.box, blockers, budget)
        return Answer(rule, result.boxes, result.complete)

    def staffing(self, role: str) -> Table:
        """Return the staffing entries that compete for a role; in a window, each with the people who are there."""
        table = self._staffing.get(role)
        if table is None:
            table = self._staffing[role] = Table.ranked(self.space, self._staff(role))
        return table

    def _staff(self, role: str) -> Iterator[Rule]:
        days = self.space.days
        for record in self._entries.get(role, ()):
            box = self.scope_box(record.where, record.from_, record.to)
            if box is None:
                continue
            if self.on is None:
                yield Rule(box, record, record.priority)
                continue
            present: dict[frozenset[str], int] = {}
            for cell in range(days.size):
                if box[-1] >> cell & 1:
                    pool = self.roster.pool(record, days.first_day(cell))
                    people = frozenset(person.id for person in pool.people)
                    present[people] = present.get(people, 0) | 1 << cell
            for people, mask in present.items():
                yield Rule((*box[:-1], mask), record, record.priority, people)

    def pools(self, role: str, box: Box) -> Iterator[tuple[Box, frozenset[str]]]:
        """Yield disjoint parts of a box with the ids of the people who hold a role there; none is a vacancy."""
        table = self.staffing(role)
        priorities = [rule.priority for rule in table.rules]

        def decided(covering: Iterable[int], partly: Iterable[int]) -> bool | None:
            best = max((priorities[rank] for rank in covering), default=None)
            return True if all(best is not None and priorities[rank] < best for rank in partly) else None

        result = partition(box, table.boxes, decided)
        if not result.complete:
            self._undecided.add(role)
        for part in result.parts:
            best = max((priorities[rank] for rank in part.rules), default=0)
            winners = (table.rules[rank].people for rank in part.rules if priorities[rank] == best)
            yield part.box, frozenset().union(*winners)

    def excluding(self, *people: str) -> "Responsibilities":
        """Return the same responsibilities with more people thought away; what does not depend on people is shared."""
        without = self.without | frozenset(people)
        return self._with(without=without, roster=Roster(self.people, without), _staffing={}, present={})

    def with_duties(self, *, removed: Iterable[Duty] = (), added: Iterable[Duty] = ()) -> "Responsibilities":
        """Return the same responsibilities with some duties gone and others there; what they do not touch is shared.

        Args:
            removed: duties to take away, the very records.
            added: duties to add, behind all others in the order of the file.
        """
        removed, added = tuple(removed), tuple(added)
        gone = {id(duty) for duty in removed}
        compiled = self.cut_for(added)
        if compiled is not self:
            return compiled.with_duties(removed=removed, added=added)
        edited = self._with(_edits=[*self._edits, (removed, added)])
        more = self._by_touchpoint(added)
        duties, tables, answers = dict(self._duties), dict(self._tables), dict(self._answers)
        for key in more.keys() | self._by_touchpoint(removed).keys():
            extra = more.get(key, ())
            duties[key] = [*(one for one in duties.get(key, ()) if id(one) not in gone), *extra]
            answers.pop(key, None)
            if key in tables:
                tables[key] = tables[key].edited(gone, self._competing(key[0], extra))
        return edited._with(_duties=duties, _tables=tables, _answers=answers)  # noqa: SLF001 (its own class)

    def cut_for(self, duties: Iterable[Duty]) -> "Responsibilities":
        """Return the same responsibilities in a space that is also cut at every end that some more duties name."""
        duties = tuple(duties)
        if not any(self._cuts_anew(duty) for duty in duties):
            return self
        organization = self.organization
        with_both = evolve(organization, duties=[*organization.duties, *duties])
        return Responsibilities(with_both, self.on, self.until, self.without).with_duties(removed=duties)

    def _with(self, **parts: Any) -> "Responsibilities":
        """Return a copy with other parts; what is not named is shared."""
        other = copy(self)
        vars(other).update(parts)
        return other

    def _cuts_anew(self, duty: Duty) -> bool:
        """Whether a duty names an end at which the space is not cut yet."""
        days = self.space.days
        edges = {duty.from_, duty.to + timedelta(days=1) if duty.to else None} - {None}
        if any(day is not None and self._inside(day) and day not in days.cuts for day in edges):
            return True
        ends: dict[str, set[float]] = {}
        _collect_ends(duty.where, ends)
        for name, values in ends.items():
            position = self.space.index(name)
            axis = self.space.axes[position] if position is not None else None
            if isinstance(axis, NumberAxis) and dimension_cuts(axis.domain, values) - set(axis.cuts):
                return True
        return False

    def department_of(self, role: str) -> str | None:
        """Return the department that answers through a role: its own, else the one that all its holders share."""
        record = self.roles.get(role)
        if record is None:
            return None
        if record.department is not None:
            return record.department
        departments = {
            self.people[holder].department
            for entry in self._entries.get(role, ())
            for holder in entry.holders
            if holder in self.people
        }
        return departments.pop() if len(departments) == 1 else None

    def who(self, question: Question) -> Resolution:
        """Say who answers for one customer in contact, and why.

        Raises:
            UnknownName: there is no such touchpoint.
            OutsideSpace: an attribute is missing, or has a value that does not exist.
            UncoveredTouchpoint: no duty covers this customer.
            VacantRole: the role that answers has no active holder.
        """
        return resolve(self, question)


def _collect_ends(where: Scope, ends: dict[str, set[float]]) -> None:
    for name, values in where:
        for value in values:
            if isinstance(value, Interval):
                ends.setdefault(name, set()).update(end for end in (value.start, value.stop) if end is not None)

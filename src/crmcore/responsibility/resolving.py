"""One question about one customer in contact, and its answer with the reasons."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from attrs import field, frozen

from crmcore.errors import OutsideSpace
from crmcore.language import Phrase, listed, say, told
from crmcore.organization import ALL, STAGE, Duty, EscalationStep, Person, Role, Staffing
from crmcore.responsibility.axes import cells
from crmcore.responsibility.refusing import (
    Cells,
    admits,
    elsewhere,
    missing_attribute,
    refuse_impossible,
    uncovered_touchpoint,
    unknown_attribute,
    unknown_value,
    vacant_role,
)
from crmcore.responsibility.staffing import Replacement
from crmcore.responsibility.tables import Table

if TYPE_CHECKING:
    from crmcore.organization.model import DutyKind
    from crmcore.responsibility.compiling import Responsibilities

__all__ = ["Loser", "Present", "Question", "Resolution", "resolve"]


_REMEMBERED = 10_000
"""Who is there is remembered for so many pools and days."""

Present = tuple[tuple[Person, ...], Staffing | None, tuple[Replacement, ...]]
"""Who holds a role for a customer on a day, by which entry, and who is replaced."""


@frozen
class Question:
    """Who answers for this customer, at this touchpoint, on this day?

    Attributes:
        touchpoint: the id of the touchpoint.
        duty: which duty is asked for.
        customer: the customer's attributes, by dimension. What does not decide the answer may be left out.
        contact: the attributes of this one contact, by dimension.
        stage: the stage of the lifecycle that the customer is in.
        day: the day; None for today in the organization's timezone.
    """

    touchpoint: str
    duty: "DutyKind" = field(default="accountable", kw_only=True)
    customer: Mapping[str, Any] = field(factory=dict, kw_only=True)
    contact: Mapping[str, Any] = field(factory=dict, kw_only=True)
    stage: str | None = field(default=None, kw_only=True)
    day: date | None = field(default=None, kw_only=True)


@frozen
class Loser:
    """A duty that matches the customer too, and did not win.

    Attributes:
        rule: the duty.
        winner: the duty that won.
        cause: why: it stands `lower`, or names the `same-role`, or its role is `absent`, or it stands `later`.
    """

    rule: Duty
    winner: Duty
    cause: Literal["lower", "same-role", "absent", "later"]

    @property
    def reason(self) -> Phrase:
        """Why it did not win, in words."""
        match self.cause:
            case "lower":
                own, higher = self.rule.priority, self.winner.priority
                return say("its priority {own} is lower than {higher}", own=own, higher=higher)
            case "same-role":
                return say("it names the same role")
            case "absent":
                return say("nobody who holds its role is there that day")
            case "later":
                return say("it has the same priority and stands later in the file")


@frozen(slots=False, eq=False)
class Resolution:
    """Who answers, and why.

    Attributes:
        question: what was asked.
        role: the role that answers.
        pool: the people who hold it for this customer that day, those who stand in for the absent included.
        rule: the duty that won; its `place` is where it is written.
        staffing: the staffing entry that names the pool.
        replaced: the holders who are not there, and who stands in for each.
    """

    question: Question
    role: Role
    pool: tuple[Person, ...]
    rule: Duty
    staffing: Staffing
    replaced: tuple[Replacement, ...]
    _table: Table = field(repr=False)
    _bits: int = field(repr=False)
    _rank: int = field(repr=False)
    _responsibilities: "Responsibilities" = field(repr=False)
    _cells: Cells = field(repr=False)

    @property
    def touchpoint(self) -> str:
        """The touchpoint that was asked about."""
        return self.question.touchpoint

    @property
    def duty(self) -> str:
        """The duty that was asked for."""
        return self.question.duty

    @property
    def assign(self) -> str:
        """How one of the pool is chosen."""
        return self.staffing.assign

    @property
    def person(self) -> Person | None:
        """The one who answers; None where a pool answers and its assignment rule has to choose."""
        return self.pool[0] if len(self.pool) == 1 or self.assign == "first" else None

    @cached_property
    def alongside(self) -> tuple[Duty, ...]:
        """Other duties of the same priority, of other roles: they hold beside the winner."""
        level = self._bits & self._table.level(self._rank)
        others = (self._table.rules[rank].record for rank in cells(level))
        return tuple(other for other in others if isinstance(other, Duty) and other.role != self.role.id)

    @property
    def conflicts(self) -> tuple[Duty, ...]:
        """The duties that conflict with the winner: more roles are accountable than the touchpoint allows."""
        allowed = self._responsibilities.touchpoints[self.touchpoint].accountable.max
        roles = {duty.role for duty in self.alongside} | {self.role.id}
        return self.alongside if self.rule.duty == "accountable" and allowed and len(roles) > allowed else ()

    @cached_property
    def losers(self) -> tuple[Loser, ...]:
        """The other duties that match this customer, and why each did not win."""
        return tuple(self._losers())

    def _losers(self) -> Iterator[Loser]:
        for rank in cells(self._bits):
            record = self._table.rules[rank].record
            if rank == self._rank or not isinstance(record, Duty):
                continue
            if record.priority < self.rule.priority:
                yield Loser(record, self.rule, "lower")
            elif record.role == self.role.id:
                yield Loser(record, self.rule, "same-role")
            elif rank < self._rank:
                yield Loser(record, self.rule, "absent")
            else:
                yield Loser(record, self.rule, "later")

    @cached_property
    def escalation(self) -> tuple[EscalationStep, ...]:
        """Who hears of it next, and when, if nobody acts."""
        space = self._responsibilities.space
        for escalation in self._responsibilities.organization.escalations:
            if escalation.touchpoints == ALL or self.touchpoint in escalation.touchpoints:
                box = space.box(escalation.where)
                if box is not None and admits(box, self._cells):
                    return escalation.steps
        return ()

    @property
    def because(self) -> str:
        """The reasons in one line, with the places where they are written."""
        return self.because_of(*self.pool)

    def because_of(self, *people: Person) -> str:
        """Return the reasons in one line why some of its people answer, as `because` tells them of all."""
        sentence: Phrase = say(
            "{people} as {role}: the duty at {rule}, the staffing at {staffing}",
            people=listed(person.id for person in people),
            role=self.role.id,
            rule=self.rule.place,
            staffing=self.staffing.place,
        )
        for change in self.replaced:
            sentence = say("{before}; {change}", before=sentence, change=change.told)
        return told(sentence)

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain data."""
        return {
            "touchpoint": self.touchpoint,
            "duty": self.duty,
            "role": self.role.id,
            "person": self.person.id if self.person else None,
            "pool": [person.id for person in self.pool],
            "assign": self.assign,
            "because": self.because,
            "rule": str(self.rule.place),
            "staffing": str(self.staffing.place),
            "losers": [
                {"role": loser.rule.role, "rule": str(loser.rule.place), "reason": told(loser.reason)}
                for loser in self.losers
            ],
            "conflicts": [{"role": duty.role, "rule": str(duty.place)} for duty in self.conflicts],
            "replaced": [
                {"holder": change.holder.id, "by": change.by.id if change.by else None, "reason": told(change.reason)}
                for change in self.replaced
            ],
            "escalation": [{"after": str(step.after), "to": step.to} for step in self.escalation],
        }


def resolve(responsibilities: "Responsibilities", question: Question) -> Resolution:
    """Answer one question; `Responsibilities.who` says what it raises."""
    touchpoint, duty = question.touchpoint, question.duty
    table = responsibilities.table(touchpoint, duty)
    if not table.rules and duty == "responsible":
        table = responsibilities.table(touchpoint)
    where, day = _locate(responsibilities, question)
    bits = _matching(responsibilities, question, table, where)
    if not bits and duty == "responsible":  # it falls to the accountable role where none is named
        table = responsibilities.table(touchpoint)
        bits = _matching(responsibilities, question, table, where)
    if not bits:
        raise uncovered_touchpoint(responsibilities, touchpoint, table.kind or duty, where, day)
    first = (bits & -bits).bit_length() - 1
    role = ""
    for rank in cells(bits & table.level(first)):
        role = table.rules[rank].role
        staffing = responsibilities.staffing(role)
        entries = _matching(responsibilities, question, staffing, where)
        key = (role, entries, day)
        if key not in responsibilities.present:
            if len(responsibilities.present) >= _REMEMBERED:
                responsibilities.present.clear()
            responsibilities.present[key] = _present(responsibilities, staffing, entries, day)
        pool, entry, replaced = responsibilities.present[key]
        if pool and entry is not None:
            rule = table.rules[rank].record
            assert isinstance(rule, Duty)  # noqa: S101 (true by construction, said for the type checker)
            return Resolution(
                question,
                responsibilities.roles[role],
                pool,
                rule,
                entry,
                replaced,
                table,
                bits,
                rank,
                responsibilities,
                where,
            )
    raise vacant_role(responsibilities, table.rules[first].role, where, day)


def _present(responsibilities: "Responsibilities", staffing: Table, bits: int, day: date) -> Present:
    """Return who is there by the entries that match at the highest priority, and the first that is not empty."""
    if not bits:
        return (), None, ()
    bits &= staffing.level((bits & -bits).bit_length() - 1)
    people: dict[str, Person] = {}
    replaced: list[Replacement] = []
    entry: Staffing | None = None
    for rank in cells(bits):
        record = staffing.rules[rank].record
        assert isinstance(record, Staffing)  # noqa: S101 (true by construction, said for the type checker)
        pool = responsibilities.roster.pool(record, day)
        if pool.people and entry is None:
            entry = record
        people.update((person.id, person) for person in pool.people)
        replaced.extend(pool.replaced)
    return tuple(people.values()), entry, tuple(replaced)


def _locate(responsibilities: "Responsibilities", question: Question) -> tuple[Cells, date]:
    """Return the cell on every axis, None where the question does not say, and the day; refuse what cannot be."""
    locators = responsibilities.space.locators
    where: list[int | None] = [None] * len(responsibilities.space.axes)
    said = {**question.customer, **question.contact} if question.contact else question.customer
    if STAGE in said:
        raise unknown_attribute(responsibilities, STAGE, said[STAGE])
    for name, value in said.items() if question.stage is None else (*said.items(), (STAGE, question.stage)):
        if name not in locators:
            raise unknown_attribute(responsibilities, name, value)
        position, cell_of = locators[name]
        cell = where[position] = cell_of(value)
        if cell is None:
            raise unknown_value(responsibilities, position, value)
    day = question.day or responsibilities.organization.today()
    where[-1] = responsibilities.space.days.cell(day)
    _meet_touchpoint(responsibilities, question.touchpoint, where)
    if responsibilities.impossible:
        refuse_impossible(responsibilities, tuple(where))
    return tuple(where), day


def _meet_touchpoint(responsibilities: "Responsibilities", touchpoint: str, where: list[int | None]) -> None:
    """Refuse a customer for whom the touchpoint does not happen; what it leaves no choice of need not be said."""
    limits = responsibilities.limits(touchpoint)
    if limits is None:
        reason = say("touchpoint {touchpoint!r} happens for no customer at all", touchpoint=touchpoint)
        raise OutsideSpace(None, None, reason)
    for position, mask in limits:
        cell = where[position]
        if cell is None:
            if mask & (mask - 1) == 0:
                where[position] = mask.bit_length() - 1
        elif not mask >> cell & 1:
            raise elsewhere(responsibilities, touchpoint, position, cell)


def _matching(responsibilities: "Responsibilities", question: Question, table: Table, where: Cells) -> int:
    """Return the bits of the rules that match; ask for an attribute only where the answer hangs on it."""
    bits = table.every
    missing: list[int] = []
    for position, class_of, bits_of in table.active:
        cell = where[position]
        if cell is None:
            missing.append(position)
        else:
            bits &= bits_of[class_of[cell]]
    return _despite_missing(responsibilities, question, table, bits, missing) if missing and bits else bits


def _despite_missing(
    responsibilities: "Responsibilities", question: Question, table: Table, bits: int, missing: list[int]
) -> int:
    """Match with attributes missing: the answer stands if the rules that win do so whatever the attributes are."""
    box = responsibilities.touchpoint_box(question.touchpoint) or responsibilities.space.whole
    for position in missing:
        some, every = table.reached(position, box[position])
        possible = bits & some
        level = table.level((possible & -possible).bit_length() - 1) if possible else 0
        if possible & level & ~every:
            raise missing_attribute(responsibilities, position)
        bits &= every
    return bits

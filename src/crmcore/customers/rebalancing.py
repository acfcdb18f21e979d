"""Rebalancing: who goes to whom when the organization changes or somebody leaves; shown before anything is done."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from attrs import define, evolve, field

from crmcore.customers.answers import Answers
from crmcore.customers.appointing import assigned, past
from crmcore.customers.assignment_records import Assignment, AssignmentReason, current_id
from crmcore.customers.attributes import point_of
from crmcore.customers.choosing import Choosing
from crmcore.customers.failures import OutdatedPlan
from crmcore.customers.handing_over import handoff_of, obsolete
from crmcore.customers.handoff_records import CustomerHandoff, HandoffState
from crmcore.customers.moves import Change, Move, Plan
from crmcore.customers.records import Customer
from crmcore.customers.task_records import Task, TaskState
from crmcore.customers.work import Desk, Job
from crmcore.errors import UnknownName, nearest
from crmcore.organization import Organization
from crmcore.responsibility import Resolution
from crmcore.storage import Among, Event, Is, Order, Query

__all__ = ["Rebalancing"]

_PAGE: Final = 5_000


class Rebalancing(Desk):
    """Assignments are brought to what the organization says, for all customers at once."""

    def plan(
        self,
        organization: Organization | None = None,
        *,
        without: Sequence[str] = (),
        day: date | None = None,
    ) -> Plan:
        """Return who would go to whom; nothing is changed.

        A customer stays with whoever has it, as long as that person holds the role for it, or is only away.

        Args:
            organization: another organization than that of the CRM; None for that.
            without: people to reckon with as if they had left.
            day: for which day; None for today.

        Raises:
            UnknownName: there is no such person, or no plugin adds a rule of a staffing entry.
        """
        with self._begin(read_only=True) as job:
            company = _without(organization or job.organization, without, day or job.today())
            return _Planning(job, company, day or job.today()).plan()

    def apply(self, plan: Plan) -> int:
        """Do what a plan says, in one transaction, and return how many assignments changed.

        Each customer that goes to another person, or another department, goes with a handoff.

        Raises:
            OutdatedPlan: somebody else assigned, merged or erased one of the customers since; nothing is done.
        """

        def applied() -> int:
            with self._begin() as job:
                answers = Answers(plan.organization)
                for some in _by_customers(plan.moves):
                    _Applying(job, plan, answers, some).apply()
                return len(plan.moves)

        return self._tried(applied)


@define
class _Planning:
    """A pass over all customers, with how many each person has at every moment of it."""

    job: Job
    organization: Organization
    day: date
    _answers: Answers = field(init=False)
    _choosing: Choosing = field(init=False)

    def plan(self) -> Plan:
        """Go through all customers."""
        self._answers = Answers(self.organization)
        counted = self.job.unit.count_by(Assignment, ["person"], [Is("until", None)])
        self._choosing = Choosing(self.job, Counter({person: count for (person,), count in counted.items()}))
        moves: list[Move] = []
        customers = uncovered = 0
        for some in _customers(self.job):
            held = self._held([one.id for one in some])
            waiting: list[tuple[Customer, Resolution, Assignment | None]] = []
            for customer in some:
                customers += 1
                point = point_of(customer.custom, self.organization)
                answers = self._answers.at(customer.stage, point, self.day)
                uncovered += any(answer.gap is not None for answer in answers)
                roles = self._answers.roles(customer.stage, point, self.day)
                mine = held.get(customer.id, {})
                moves.extend(self._ended(mine, roles))
                waiting.extend(
                    (customer, resolution, mine.get(role))
                    for role, resolution in roles.items()
                    if not self._stays(mine.get(role), resolution)
                )
            moves.extend(self._moved(waiting))
        return Plan(self.organization, self.day, tuple(sorted(moves, key=_by_customer)), customers, uncovered)

    def _held(self, customers: Sequence[str]) -> Mapping[str, Mapping[str, Assignment]]:
        """Return who looks after some customers, by customer and role."""
        held: dict[str, dict[str, Assignment]] = {}
        where = [Among("customer", customers), Is("until", None)]
        for one in self.job.unit.each(Query(Assignment, where=where, limit=_PAGE)):
            held.setdefault(one.customer, {})[one.role] = one
        return held

    def _ended(self, held: Mapping[str, Assignment], roles: Mapping[str, Resolution]) -> Iterator[Move]:
        for role, assignment in held.items():
            if role not in roles:
                self._choosing.loads[assignment.person] -= 1
                yield Move(
                    assignment.customer, role, assignment.person, None, AssignmentReason.REBALANCED, assignment.version
                )

    def _stays(self, current: Assignment | None, resolution: Resolution) -> bool:
        if current is None:
            return False
        if any(person.id == current.person for person in resolution.pool):
            return True
        away = next((one.holder for one in resolution.replaced if one.holder.id == current.person), None)
        return away is not None and away.employed(self.day)

    def _moved(self, waiting: Sequence[tuple[Customer, Resolution, Assignment | None]]) -> Iterator[Move]:
        before = self._before([customer.id for customer, _, _ in waiting])
        for customer, resolution, current in waiting:
            person = self._choosing.person(customer.id, resolution, before.get(customer.id, ()))
            self._choosing.took(resolution.role.id, person.id)
            if current is not None:
                self._choosing.loads[current.person] -= 1
            yield Move(
                customer.id,
                resolution.role.id,
                None if current is None else current.person,
                person.id,
                self._reason(current),
                0 if current is None else current.version,
            )

    def _before(self, customers: Sequence[str]) -> Mapping[str, list[str]]:
        """Return who ever looked after some customers, the latest first."""
        found: dict[str, list[str]] = {}
        for start in range(0, len(customers), _PAGE):
            some = list(dict.fromkeys(customers[start : start + _PAGE]))
            query = Query(
                Assignment, where=[Among("customer", some)], order=[Order("since", descending=True)], limit=_PAGE
            )
            for one in self.job.unit.each(query):
                found.setdefault(one.customer, []).append(one.person)
        return found

    def _reason(self, current: Assignment | None) -> AssignmentReason:
        if current is None:
            return AssignmentReason.FIRST
        person = self.organization.by_id("people").get(current.person)
        gone = person is None or not person.employed(self.day)
        return AssignmentReason.LEFT if gone else AssignmentReason.REBALANCED


def _by_customer(move: Move) -> tuple[str, str]:
    return move.customer, move.role


def _without(organization: Organization, people: Sequence[str], day: date) -> Organization:
    """Return an organization in which some people left the day before."""
    known = organization.by_id("people")
    for person in people:
        if person not in known:
            raise UnknownName("person", person, nearest(person, known))
    return organization.with_(*(evolve(known[person], to=day - timedelta(days=1)) for person in people))


def _customers(job: Job) -> Iterator[list[Customer]]:
    """Yield all customers that are served, in pages."""
    query = Query(Customer, where=[Is("merged_into", None), Is("erased_at", None)], limit=_PAGE)
    while True:
        page = job.unit.find(query)
        yield list(page)
        if page.after is None:
            return
        query = evolve(query, after=page.after)


def _by_customers(moves: Sequence[Move]) -> Iterator[Mapping[str, list[Move]]]:
    """Yield moves by customer, those of some thousand customers at once."""
    grouped: dict[str, list[Move]] = {}
    for move in moves:
        if move.customer not in grouped and len(grouped) == _PAGE:
            yield grouped
            grouped = {}
        grouped.setdefault(move.customer, []).append(move)
    if grouped:
        yield grouped


def _gone(customer: Customer) -> bool:
    return customer.merged_into is not None or customer.erased_at is not None


@define
class _Applying:
    """Some moves on their way into the storage: read at once, looked through, and written at once."""

    job: Job
    plan: Plan
    answers: Answers
    moves: Mapping[str, list[Move]]
    _past: list[Assignment] = field(factory=list, init=False)
    _ended: list[Assignment] = field(factory=list, init=False)
    _passed_on: list[Assignment] = field(factory=list, init=False)
    _new: list[Assignment] = field(factory=list, init=False)
    _obsolete: list[CustomerHandoff] = field(factory=list, init=False)
    _events: list[Event] = field(factory=list, init=False)
    _handoffs: list[CustomerHandoff] = field(factory=list, init=False)
    _passed: list[tuple[str, str, str]] = field(factory=list, init=False)
    _standing: dict[str, list[CustomerHandoff]] = field(factory=dict, init=False)

    def apply(self) -> None:
        """Read, look through, write."""
        unit = self.job.unit
        customers = {one.id: one for one in unit.hold_all(Customer, self.moves, alone=True)}
        ids = tuple(current_id(move.customer, move.role) for some in self.moves.values() for move in some)
        held = {
            one.id: one
            for start in range(0, len(ids), _PAGE)
            for one in unit.each(Query(Assignment, where=[Among("id", ids[start : start + _PAGE])], limit=_PAGE))
        }
        self._read_handoffs()
        for customer, moves in self.moves.items():
            if customer not in customers or _gone(customers[customer]):
                raise OutdatedPlan(customer, moves[0].role)
            for move in moves:
                self._move(customers[customer], move, held.get(current_id(customer, move.role)))
            self._hand_over(customers[customer], moves)
        unit.add_all(self._past)
        unit.remove_all(self._ended)
        unit.put_all(self._passed_on)
        unit.add_all(self._new)
        unit.put_all(self._obsolete)
        unit.add_all(self._handoffs)
        self._pass_tasks_on(customers)
        self.job.tell(self._events)

    def _read_handoffs(self) -> None:
        """Read the handoffs of the customers that nobody has taken yet."""
        states = (HandoffState.OFFERED.value, HandoffState.RETURNED.value)
        where = [Among("customer", tuple(self.moves)), Among("state", states)]
        for handoff in self.job.unit.each(Query(CustomerHandoff, where=where, order=[Order("opened_at")], limit=_PAGE)):
            self._standing.setdefault(handoff.customer, []).append(handoff)

    def _move(self, customer: Customer, move: Move, current: Assignment | None) -> None:
        found = (None, 0) if current is None else (current.person, current.version)
        if found != (move.before, move.version):
            raise OutdatedPlan(move.customer, move.role)
        if move.after is None:
            if current is not None:
                self._past.append(past(self.job, current))
                self._ended.append(current)
            self._tell("customer-released", customer, role=move.role, person=move.before)
            return
        assignment = assigned(self.job, customer, move.role, move.after, reason=move.because, current=current)
        if current is None:
            self._new.append(assignment)
        else:
            self._past.append(past(self.job, current, assignment.since))
            self._passed_on.append(assignment)
            self._passed.append((move.customer, current.person, move.after))
        given = {"role": move.role, "person": move.after, "before": move.before, "reason": move.because.value}
        self._tell("customer-assigned", customer, **given)

    def _pass_tasks_on(self, customers: Mapping[str, Customer]) -> None:
        """Give the open tasks of customers to those who take them."""
        takers = {(customer, before): after for customer, before, after in self._passed}
        given = tuple(dict.fromkeys(customer for customer, _ in takers))
        for start in range(0, len(given), _PAGE):
            where = [Among("customer", given[start : start + _PAGE]), Is("state", TaskState.OPEN.value)]
            passed_on: list[Task] = []
            for task in self.job.unit.each(Query(Task, where=where, limit=_PAGE)):
                after = takers.get((task.customer or "", task.owner))
                if task.customer is not None and after is not None:
                    passed_on.append(evolve(task, owner=after, reminded_at=None))
                    self._tell("task-passed-on", customers[task.customer], task=task.id, owner=after, before=task.owner)
            self.job.unit.put_all(passed_on)

    def _hand_over(self, customer: Customer, moves: Sequence[Move]) -> None:
        """Open a handoff to another department, or else one in each where another person takes the customer.

        None is opened to a department to which one is open already.
        """
        company = self.plan.organization.responsibilities
        point = point_of(customer.custom, self.plan.organization)
        takes = self.answers.department(customer.stage, point, self.plan.day)
        ended = next((move for move in moves if move.change is Change.ENDED), None)
        gives = None if ended is None else company.department_of(ended.role)
        standing = self._standing.get(customer.id, ())
        if ended is not None and gives is not None and takes is not None and gives != takes:
            self._open_across(customer, gives, takes, ended.before, standing)
            return
        taking = {handoff.to_department for handoff in standing}
        for move in moves:
            department = company.department_of(move.role)
            if move.change is Change.MOVED and department is not None and department not in taking:
                taking.add(department)
                self._open(customer, department, department, move.before)

    def _open_across(
        self, customer: Customer, gives: str, takes: str, giver: str | None, standing: Sequence[CustomerHandoff]
    ) -> None:
        """Open a handoff to another department, instead of those to others that nobody has taken yet."""
        across = [handoff for handoff in standing if handoff.across]
        if any(handoff.to_department == takes for handoff in across):
            return
        if across:
            gives, giver = across[0].from_department, across[0].giver
        for handoff in standing:
            if handoff.across or handoff.from_department == gives:
                self._obsolete.append(obsolete(self.job, handoff))
                self._tell("handoff-obsolete", customer, handoff=handoff.id)
        if gives != takes:
            self._open(customer, gives, takes, giver)

    def _open(self, customer: Customer, gives: str, takes: str, giver: str | None) -> None:
        handoff = handoff_of(self.job, customer, customer, gives, takes, giver=giver)
        self._handoffs.append(handoff)
        self._tell("handoff-opened", customer, handoff=handoff.id, from_department=gives, to_department=takes)

    def _tell(self, name: str, customer: Customer, **payload: Any) -> None:
        self._events.append(self.job.event(name, customer, **payload))

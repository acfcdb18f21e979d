"""What the CRM should say, found by asking the organization customer by customer: slow, plain, and easy to believe."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import field, frozen

from crmcore.crm import CRM
from crmcore.customers import (
    Assignment,
    AuditKind,
    Customer,
    CustomerHandoff,
    Fact,
    HandoffState,
    Move,
    Task,
    TaskState,
)
from crmcore.customers.attributes import point_of
from crmcore.errors import OutsideSpace, Unanswered
from crmcore.organization import Choice, Touchpoint
from crmcore.responsibility import Question, Resolution
from crmcore.storage import Entity, Query

__all__ = ["Stored", "agrees", "audited", "needed", "stored"]


@frozen
class Stored:
    """Everything that a CRM keeps, by the names of the kinds.

    Attributes:
        records: all records of each kind, by id.
    """

    records: Mapping[str, tuple[Any, ...]]

    @property
    def customers(self) -> tuple[Customer, ...]:
        """The customers."""
        return self.records["customer"]

    @property
    def assignments(self) -> tuple[Assignment, ...]:
        """Who looks after them, and did."""
        return self.records["assignment"]

    @property
    def handoffs(self) -> tuple[CustomerHandoff, ...]:
        """Their handoffs."""
        return self.records["handoff"]

    @property
    def tasks(self) -> tuple[Task, ...]:
        """What is to be done, and was."""
        return self.records["task"]

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What they told."""
        return self.records["fact"]

    @property
    def lasting(self) -> dict[tuple[str, str], Assignment]:
        """Who looks after which customer in which role now."""
        return {(one.customer, one.role): one for one in self.assignments if one.until is None}


def stored(crm: CRM) -> Stored:
    """Read everything at one moment."""
    with crm.begin(read_only=True) as work:
        return Stored({name: _all(work.job.unit.each, kind.record) for name, kind in work.job.kinds.items()})


def _all(each: Any, record: type[Entity]) -> tuple[Entity, ...]:
    return tuple(sorted(each(Query(record, limit=5_000)), key=lambda one: one.id))


@frozen
class Needed:
    """What the organization says of one customer.

    Attributes:
        roles: who answers in each role that does.
        gaps: the touchpoints at which, for some way of contact, nobody answers or can be told.
    """

    roles: Mapping[str, Resolution] = field(factory=dict)
    gaps: frozenset[str] = frozenset()


def needed(crm: CRM, customer: Customer) -> Needed:
    """Ask about every touchpoint of the customer's stage, for every way of contact."""
    roles: dict[str, Resolution] = {}
    gaps: set[str] = set()
    for touchpoint in _met(crm, customer):
        for contact in _contacts(crm):
            question = Question(
                touchpoint.id,
                customer=point_of(customer.custom, crm.organization),
                contact=contact,
                stage=customer.stage,
                day=_today(crm),
            )
            try:
                answer = crm.organization.who(question)
            except (Unanswered, OutsideSpace):
                gaps.add(touchpoint.id)
            else:
                roles.setdefault(answer.role.id, answer)
    return Needed(roles, frozenset(gaps))


def _met(crm: CRM, customer: Customer) -> Iterator[Touchpoint]:
    return (one for one in crm.organization.touchpoints if not one.stages or customer.stage in one.stages)


def _contacts(crm: CRM) -> Iterable[Mapping[str, Any]]:
    channels = [one for one in crm.organization.dimensions if one.of == "contact"]
    return [{one.id: value} for one in channels if isinstance(one.domain, Choice) for value in one.domain.values] or [
        {}
    ]


def _today(crm: CRM) -> Any:
    with crm.begin(read_only=True) as work:
        return work.job.today()


def agrees(crm: CRM, kept: Stored) -> None:
    """Refuse a plan that says anything but what asking customer by customer says."""
    plan, today = crm.rebalancing.plan(), _today(crm)
    served = [one for one in kept.customers if one.merged_into is None]
    wanted = {one.id: needed(crm, one) for one in served}
    assert plan.customers == len(served)
    assert plan.uncovered == sum(bool(one.gaps) for one in wanted.values())
    moves: dict[tuple[str, str], Move] = {(one.customer, one.role): one for one in plan.moves}
    assert len(moves) == len(plan.moves), "a customer moves twice in one role"
    lasting = kept.lasting
    for (customer, role), held in lasting.items():
        if role not in wanted[customer].roles:
            move = moves.pop((customer, role))
            assert (move.before, move.after, move.version) == (held.person, None, held.version)
    for customer, answers in wanted.items():
        for role, resolution in answers.roles.items():
            current = lasting.get((customer, role))
            if current is not None and current.person in _keeping(resolution, today):
                assert (customer, role) not in moves
                continue
            move = moves.pop((customer, role))
            before = (None, 0) if current is None else (current.person, current.version)
            assert (move.before, move.version) == before
            assert move.after in {person.id for person in resolution.pool}
    assert not moves, "somebody moves without need"


def _keeping(resolution: Resolution, day: Any) -> set[str]:
    """Return who keeps a customer: who is there, and who is only away."""
    return {person.id for person in resolution.pool} | {
        one.holder.id for one in resolution.replaced if one.holder.employed(day)
    }


def audited(crm: CRM, kept: Stored) -> None:
    """Refuse an audit that counts anything but what a walk over all customers counts."""
    audit = crm.audit()
    served = [one for one in kept.customers if one.merged_into is None and one.erased_at is None]
    assert audit.customers == len(served)
    found = Counter({(one.kind, one.subject, one.where.get("stage")): 0 for one in audit.concerns})
    for concern in audit.concerns:
        found[concern.kind, concern.subject, concern.where.get("stage")] += concern.count
        if concern.filters:
            assert crm.customers.count(filters=concern.filters) == concern.count
    assert found == Counter(_walked(crm, kept, served))


def _walked(crm: CRM, kept: Stored, served: list[Customer]) -> Iterator[tuple[AuditKind, str, str | None]]:
    ended = {stage.id for stage in crm.organization.stages if stage.terminal}
    assigned = {customer for customer, _ in kept.lasting}
    busy = {one.customer for one in kept.tasks if one.state is TaskState.OPEN}
    known = {(one.customer, one.name) for one in kept.facts}
    for customer in served:
        for touchpoint in needed(crm, customer).gaps:
            yield AuditKind.UNANSWERED, touchpoint, customer.stage
        if customer.stage in ended:
            continue
        met = list(_met(crm, customer))
        if met and customer.id not in assigned:
            yield AuditKind.UNASSIGNED, customer.stage or "", customer.stage
        if customer.id not in busy:
            yield AuditKind.NO_NEXT_STEP, customer.stage or "", customer.stage
        for fact in {name for touchpoint in met for name in touchpoint.needs}:
            if (customer.id, fact) not in known:
                yield AuditKind.FACT_MISSING, fact, customer.stage
    yield from _of_people(crm, kept)
    with crm.begin(read_only=True) as work:
        now = work.job.now()
    for handoff in kept.handoffs:
        if handoff.state is HandoffState.OFFERED and handoff.due is not None and handoff.due < now:
            yield AuditKind.HANDOFF_LATE, handoff.to_department, None
        if handoff.state is HandoffState.RETURNED:
            yield AuditKind.HANDOFF_RETURNED, handoff.from_department, None


def _of_people(crm: CRM, kept: Stored) -> Iterator[tuple[AuditKind, str, None]]:
    people = crm.organization.by_id("people")
    for person, count in Counter(one.person for one in kept.lasting.values()).items():
        if person not in people or not people[person].employed(_today(crm)):
            yield from [(AuditKind.DEPARTED, person, None)] * count
        elif people[person].capacity is not None:
            yield from [(AuditKind.OVERLOADED, person, None)] * (count - people[person].capacity)

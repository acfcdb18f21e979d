"""Whatever is done in whatever order, on every storage: somebody answers, or a gap is told; nothing is lost."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from copy import deepcopy
from typing import Any
from uuid import uuid4

import pytest
from attrs import define, evolve, field
from crm_invariants import verify
from crms import COMPANY, FIELDS, SteppingClock, numbered
from customer_by_customer import stored
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run

from crmcore.crm import CRM, Desks, Work
from crmcore.customers import (
    Change,
    HandoffRefused,
    HandoffState,
    InvalidAssignment,
    InvalidCustomer,
    InvalidTask,
    NotEntitled,
    OutdatedPlan,
    TransitionRefused,
)
from crmcore.errors import OutsideSpace, Unanswered
from crmcore.organization import Organization, Staffing
from crmcore.storage import MemoryStorage, Stale, Storage

STAGES = [stage.id for stage in COMPANY.stages]
ALLOWED = frozenset(COMPANY.stage_transitions())
FACTS = ["interest", "budget", "contract-terms", "company-size-known"]
NUMBERS = st.integers(0, 5)
ATTRIBUTES = st.fixed_dictionaries(
    {},
    optional={
        "region": st.sampled_from(["Shanghai", "Sichuan", "Singapore", None]),
        "tier": st.sampled_from(["strategic", "key", "standard"]),
    },
)


def staffed(*entries: Staffing) -> Organization:
    """The company with other account managers."""
    return COMPANY.with_(staffing=[*(one for one in COMPANY.staffing if one.role != "account-manager"), *entries])


ORGANIZATIONS = {
    "as it is": COMPANY,
    "others": staffed(Staffing("account-manager", holders=["wang.wei", "liu.yang"], assign="least-loaded")),
    "nobody": staffed(),
    "without li.na": COMPANY.with_(evolve(COMPANY.by_id("people")["li.na"], to=COMPANY.by_id("people")["zhou.min"].to)),
    "sales serves on": COMPANY.with_(
        duties=[
            evolve(one, role="account-manager") if one.role == "success-manager" and one.duty == "accountable" else one
            for one in COMPANY.duties
        ]
    ),
}


@define
class Model:
    """What has to be there, as plain values.

    Attributes:
        stages: the stages that each customer came through.
        attributes: what decides who answers for it.
        facts: what it told.
        parents: to which other it belongs.
        vetoes: the vetoes that stand against what is promised to it.
        purposes: what it agreed to.
        released: the customers and roles that somebody was told to leave alone.
    """

    stages: dict[str, list[str]] = field(factory=dict)
    attributes: dict[str, dict[str, Any]] = field(factory=dict)
    facts: dict[str, dict[str, str]] = field(factory=dict)
    parents: dict[str, str | None] = field(factory=dict)
    vetoes: dict[str, list[str]] = field(factory=dict)
    purposes: dict[str, set[str]] = field(factory=dict)
    released: set[tuple[str, str]] = field(factory=set)

    def customer(self, number: int) -> str:
        """One of the customers."""
        return list(self.stages)[number % len(self.stages)]

    def covered(self, customer: str) -> None:
        """Somebody looks after a customer again in whatever role answers."""
        self.released = {one for one in self.released if one[0] != customer}


def register(desks: Desks, model: Model, number: int, attributes: dict[str, Any], stage: str) -> None:
    customer = desks.customers.register(f"客户{number}", attributes=attributes, stage=stage).id
    model.stages[customer] = [stage]
    model.attributes[customer] = {name: value for name, value in attributes.items() if value is not None}
    model.facts[customer], model.vetoes[customer], model.purposes[customer] = {}, [], set()
    model.parents[customer] = None


def change(desks: Desks, model: Model, number: int, attributes: dict[str, Any]) -> None:
    customer = model.customer(number)
    changed = {**model.attributes[customer], **attributes}
    changed = {name: value for name, value in changed.items() if value is not None}
    desks.customers.change(customer, attributes=attributes)
    if changed != model.attributes[customer]:
        model.covered(customer)
    model.attributes[customer] = changed


def advance(desks: Desks, model: Model, number: int, stage: str) -> None:
    customer = model.customer(number)
    allowed = (model.stages[customer][-1], stage) in ALLOWED and not model.vetoes[customer]
    try:
        desks.lifecycle.advance(customer, stage)
    except TransitionRefused:
        assert not allowed
    else:
        assert allowed
        model.stages[customer].append(stage)
        model.covered(customer)


def learn(desks: Desks, model: Model, number: int, fact: str, value: str) -> None:
    customer = model.customer(number)
    desks.facts.learn(customer, fact, value)
    model.facts[customer][fact] = value


def agree(desks: Desks, model: Model, number: int, purpose: str, *, withdrawn: bool) -> None:
    customer = model.customer(number)
    if withdrawn:
        desks.consents.withdraw(customer, purpose, because="电话")
        model.purposes[customer].discard(purpose)
    else:
        desks.consents.give(customer, purpose, evidence="合同")
        model.purposes[customer].add(purpose)
    assert (desks.consents.allows(customer, purpose) is None) == withdrawn


def veto(desks: Desks, model: Model, number: int) -> None:
    customer = model.customer(number)
    with suppress(NotEntitled, OutsideSpace), _as("zhao.lei", desks) as entitled:
        if model.vetoes[customer]:
            entitled.vetoes.withdraw(model.vetoes[customer][-1])
            model.vetoes[customer].pop()
        else:
            model.vetoes[customer].append(entitled.vetoes.raise_(customer, "contract-signing", "做不到").id)


def _as(actor: str, desks: Desks) -> AbstractContextManager[Work]:
    """Let somebody else act: within the same piece of work, or in one of its own."""
    if isinstance(desks, CRM):
        return desks.begin(actor=actor)
    assert isinstance(desks, Work)
    return nullcontext(Work(evolve(desks.job, actor=actor)))


def ask(desks: Desks, model: Model, number: int, touchpoint: str) -> None:
    customer = model.customer(number)
    with suppress(Unanswered, OutsideSpace):
        answer = desks.assignments.who(customer, touchpoint)
        assert answer.person is not None
        assert answer.person in answer.resolution.pool
        assert desks.assignments.who(customer, touchpoint).person == answer.person
        model.released.discard((customer, answer.role))


def cover(desks: Desks, model: Model, number: int) -> None:
    customer = model.customer(number)
    desks.assignments.cover(customer)
    model.covered(customer)


def assign(desks: Desks, model: Model, number: int, role: str, person: str) -> None:
    customer = model.customer(number)
    with suppress(InvalidAssignment):  # who has left looks after nobody
        desks.assignments.assign(customer, role, person)
        model.released.discard((customer, role))


def release(desks: Desks, model: Model, number: int) -> None:
    customer = model.customer(number)
    for assignment in desks.assignments.of(customer):
        desks.assignments.release(customer, assignment.role)
        model.released.add((customer, assignment.role))


def settle(desks: Desks, model: Model, number: int, *, taken: bool) -> None:
    customer = model.customer(number)
    for handoff in desks.handoffs.open(customer):
        if handoff.state is HandoffState.RETURNED:
            desks.handoffs.offer_again(handoff)
        elif not taken:
            desks.handoffs.return_(handoff, "缺资料")
        else:
            missing = set(handoff.carries) - model.facts[customer].keys()
            with pytest.raises(HandoffRefused) if missing else nullcontext():
                desks.handoffs.accept(handoff)
            if missing:
                desks.handoffs.accept(handoff, despite_missing=True)


def work_on(desks: Desks, model: Model, number: int, owner: str) -> None:
    customer = model.customer(number)
    for task in desks.tasks.of(customer)[1:]:
        desks.tasks.done(task)
    with suppress(InvalidTask):  # who has left does nothing
        desks.tasks.add("回访", owner=owner, customer=customer)


def move(desks: Desks, model: Model, number: int, parent: int) -> None:
    customer, above = model.customer(number), model.customer(parent)
    over: str | None = above
    circular = False
    while over is not None:
        circular = circular or over == customer
        over = model.parents[over]
    try:
        desks.customers.move(customer, above)
    except InvalidCustomer:
        assert circular
    else:
        assert not circular
        model.parents[customer] = above


Operation = tuple[Callable[..., None], dict[str, Any]]
"""What is done, and with what."""


def operations() -> st.SearchStrategy[Operation]:
    """Everything that is done with a CRM."""
    stages, people = st.sampled_from(STAGES), st.sampled_from(["li.na", "wang.wei", "liu.yang", "zhao.lei"])
    given: dict[Callable[..., None], dict[str, st.SearchStrategy[Any]]] = {
        register: {"attributes": ATTRIBUTES, "stage": st.sampled_from(["lead", "opportunity", "active"])},
        change: {"attributes": ATTRIBUTES},
        advance: {"stage": stages},
        learn: {"fact": st.sampled_from(FACTS), "value": st.sampled_from(["一", "二"])},
        agree: {"purpose": st.sampled_from(["marketing", "service"]), "withdrawn": st.booleans()},
        veto: {},
        ask: {"touchpoint": st.sampled_from([one.id for one in COMPANY.touchpoints])},
        cover: {},
        assign: {"role": st.sampled_from(["account-manager", "success-manager"]), "person": people},
        release: {},
        settle: {"taken": st.booleans()},
        work_on: {"owner": people},
        move: {"parent": NUMBERS},
    }
    return st.one_of(
        [
            st.tuples(st.just(operation), st.fixed_dictionaries({"number": NUMBERS, **arguments}))
            for operation, arguments in given.items()
        ]
    )


class Broken(Exception):
    """Stops a piece of work at its end."""


class Life(RuleBasedStateMachine):
    """A company with two CRMs on one storage, side by side, and what has to be there of it."""

    storage: Storage

    @initialize()
    def opened(self) -> None:
        self.clock, self.ids, self.tenant = SteppingClock(), numbered(), uuid4().hex
        self.model = Model()
        self.side = False
        self._organize(COMPANY)
        register(self.crms[False], self.model, 0, {"region": "Shanghai", "tier": "strategic"}, "lead")

    def _organize(self, organization: Organization) -> None:
        self.organization = organization
        self.crms = {side: self._crm(organization) for side in (False, True)}

    def _crm(self, organization: Organization) -> CRM:
        return CRM(
            self.storage,
            organization=organization,
            tenant=self.tenant,
            clock=self.clock,
            ids=self.ids,
            fields=FIELDS,
            actor="crmcore",
        )

    def _by(self, side: bool) -> CRM:
        if side != self.side:
            self.clock.advance(milliseconds=1)  # within which the other has given out its instants
        self.side = side
        return self.crms[side]

    @rule(side=st.booleans(), operation=operations())
    def operate(self, side: bool, operation: Operation) -> None:
        act, arguments = operation
        act(self._by(side), self.model, **arguments)

    @rule(side=st.booleans(), several=st.lists(operations(), min_size=2, max_size=5), breaks=st.booleans())
    def several_as_one(self, side: bool, several: Sequence[Operation], breaks: bool) -> None:
        before, model = stored(self._by(side)), deepcopy(self.model)
        with suppress(Broken), self._by(side).begin() as work:
            for act, arguments in several:
                act(work, model, **arguments)
            if breaks:
                raise Broken
        if breaks:
            assert stored(self.crms[side]) == before, "a piece of work that failed changed something"
        else:
            self.model = model

    @rule(hours=st.integers(1, 200))
    def go_on(self, hours: int) -> None:
        self.clock.advance(hours=hours)
        self._by(self.side).handoffs.escalate()

    @rule(
        side=st.booleans(), organization=st.sampled_from(list(ORGANIZATIONS)), without=st.none() | st.just("liu.yang")
    )
    def reorganize(self, side: bool, organization: str, without: str | None) -> None:
        self.clock.advance(seconds=1)
        self._organize(ORGANIZATIONS[organization])
        crm = self._by(side)
        leaving = [] if without is None else [without]
        plan = crm.rebalancing.plan(without=leaving)
        assert crm.rebalancing.apply(plan) == len(plan.moves)
        self._organize(plan.organization)
        assert self._by(side).rebalancing.plan().moves == ()
        self.model.released.clear()

    @rule(number=NUMBERS, person=st.sampled_from(["li.na", "wang.wei", "zhao.lei"]), side=st.booleans())
    def a_plan_that_is_overtaken_does_nothing(self, number: int, person: str, side: bool) -> None:
        customer = self.model.customer(number)
        leaving = self._by(side).assignments.of(customer)
        plan = self._by(side).rebalancing.plan(without=[one.person for one in leaving])
        touched = next(
            (one for one in plan.moves if one.customer == customer and one.before not in {None, person}), None
        )
        if touched is not None:
            other = self._by(not side)
            other.assignments.release(customer, touched.role)
            self.model.released.add((customer, touched.role))
            assign(other, self.model, number, touched.role, person)
            before = stored(other)
            with pytest.raises(OutdatedPlan):
                self._by(side).rebalancing.apply(plan)
            assert stored(other) == before

    @rule(number=NUMBERS, side=st.booleans(), operation=operations())
    def what_was_read_before_another_wrote_is_refused(self, number: int, side: bool, operation: Operation) -> None:
        customer = self._by(side).customers.get(self.model.customer(number))
        act, arguments = operation
        act(self._by(not side), self.model, **arguments)
        newest = self._by(side).customers.get(customer.id)
        with pytest.raises(Stale) if newest.version != customer.version else nullcontext():
            self._by(side).customers.change(customer, name=f"{customer.name}又")

    @precondition(lambda self: hasattr(self, "model"))
    @invariant()
    def holds(self) -> None:
        crm = self._by(self.side)
        kept = verify(crm)
        assert {one.id: one.stage for one in kept.customers} == {
            customer: path[-1] for customer, path in self.model.stages.items()
        }
        for customer, path in self.model.stages.items():
            assert [change.after for change in crm.lifecycle.history(customer)] == path
        assert {one.id: dict(one.custom) for one in kept.customers} == self.model.attributes
        assert {one.id: one.parent for one in kept.customers} == self.model.parents
        assert {
            customer: {one.name: one.value for one in kept.facts if one.customer == customer}
            for customer in self.model.stages
        } == self.model.facts
        assert {
            customer: {one.purpose for one in crm.consents.of(customer) if one.withdrawn_at is None}
            for customer in self.model.stages
        } == self.model.purposes
        missing = {(one.customer, one.role) for one in crm.rebalancing.plan().moves if one.change is Change.GIVEN}
        assert missing <= self.model.released, "somebody should look after a customer, and nobody does"


def test_no_sequence_of_operations_breaks_what_has_to_hold(every_storage: Storage) -> None:
    machine: type[Life] = type("Machine", (Life,), {"storage": every_storage})
    run(
        machine,
        settings=settings(
            max_examples=30 if isinstance(every_storage, MemoryStorage) else 5,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

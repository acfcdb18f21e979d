"""Who goes to whom when the organization changes or somebody leaves: shown, then done, with handoffs, or not at all."""

from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from crms import COMPANY, FIELDS, SteppingClock, numbered
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.crm import CRM
from crmcore.customers import AssignmentReason, Change, HandoffState, OutdatedPlan
from crmcore.errors import OutsideSpace, Unanswered, UnknownName
from crmcore.organization import Duty, Organization, Staffing
from crmcore.responsibility import Question
from crmcore.storage import MemoryStorage

EAST, WEST = {"region": "Shanghai", "tier": "key"}, {"region": "Sichuan", "tier": "key"}


def other(crm: CRM, organization: Organization, instant: datetime | None = None) -> CRM:
    clock = SteppingClock(*([] if instant is None else [instant]))
    return CRM(crm.storage, tenant=crm.tenant, organization=organization, clock=clock, ids=numbered("other"))


def test_nothing_moves_while_nothing_changes(every_crm: CRM) -> None:
    for number in range(3):
        every_crm.customers.register(f"客户{number}", attributes=EAST)
    plan = every_crm.rebalancing.plan()
    assert (plan.moves, plan.customers, plan.uncovered) == ((), 3, 0)
    assert every_crm.rebalancing.apply(plan) == 0


def test_who_leaves_gives_every_customer_to_the_others_with_a_handoff(every_crm: CRM) -> None:
    customers = [every_crm.customers.register(f"客户{number}", attributes=EAST) for number in range(6)]
    plan = every_crm.rebalancing.plan(without=["liu.yang"])
    assert plan.summary == {("account-manager", "liu.yang", "li.na"): 3}
    assert {move.because for move in plan.moves} == {AssignmentReason.LEFT}
    assert every_crm.assignments.loads()["liu.yang"] == 3, "nothing is done by planning"
    assert every_crm.rebalancing.apply(plan) == 3
    assert every_crm.assignments.loads() == {"li.na": 6, "sun.yue": 6}
    handoffs = [one for customer in customers for one in every_crm.handoffs.open(customer)]
    assert {(one.from_department, one.to_department, one.giver) for one in handoffs} == {("sales", "sales", "liu.yang")}
    assert len(handoffs) == 3
    after = other(every_crm, plan.organization)
    assert after.rebalancing.plan().moves == ()


def test_who_is_only_away_keeps_the_customers(every_crm: CRM) -> None:
    for number in range(4):
        every_crm.customers.register(f"客户{number}", attributes=EAST)
    away = other(every_crm, COMPANY, datetime(2026, 12, 2, 2, tzinfo=UTC))
    assert away.rebalancing.plan().moves == ()


def test_an_organization_in_which_others_answer_takes_customers_over_with_one_handoff_each(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为", attributes=EAST, stage="active")
    duties = [duty for duty in COMPANY.duties if "health-check" not in duty.touchpoints]
    company = COMPANY.with_(duties=[*duties, Duty(["health-check"], "account-manager", "accountable")])
    plan = every_crm.rebalancing.plan(company)
    assert [(move.role, move.change) for move in plan.moves] == [
        ("account-manager", Change.GIVEN),
        ("success-manager", Change.ENDED),
    ]
    every_crm.rebalancing.apply(plan)
    assert [one.role for one in every_crm.assignments.of(customer)] == ["account-manager"]
    (handoff,) = every_crm.handoffs.open(customer)
    assert (handoff.from_department, handoff.to_department) == ("customer-success", "sales")
    assert handoff.giver == "zhao.lei"


def test_a_handoff_that_nobody_took_gives_way_to_one_from_who_still_has_the_customer(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为", attributes=EAST, stage="active")
    duties = [duty for duty in COMPANY.duties if "health-check" not in duty.touchpoints]
    for role in ("account-manager", "marketer"):
        company = COMPANY.with_(duties=[*duties, Duty(["health-check"], role, "accountable")])
        every_crm.rebalancing.apply(every_crm.rebalancing.plan(company))
    assert [(one.from_department, one.to_department, one.state) for one in every_crm.handoffs.of(customer)] == [
        ("customer-success", "sales", HandoffState.OBSOLETE),
        ("customer-success", "marketing", HandoffState.OFFERED),
    ]
    assert [one.giver for one in every_crm.handoffs.open(customer)] == ["zhao.lei"]


def test_a_plan_that_somebody_overtook_is_refused_whole(every_crm: CRM) -> None:
    customers = [every_crm.customers.register(f"客户{number}", attributes=EAST) for number in range(4)]
    plan = every_crm.rebalancing.plan(without=["liu.yang"])
    moved = next(one for one in customers if one.id == plan.moves[-1].customer)
    every_crm.assignments.assign(moved, "account-manager", "wang.wei")
    before = every_crm.assignments.loads()
    with pytest.raises(OutdatedPlan):
        every_crm.rebalancing.apply(plan)
    assert every_crm.assignments.loads() == before
    assert all(every_crm.handoffs.open(one) == () for one in customers)


def test_a_plan_is_outdated_also_where_another_has_the_customer_in_the_version_that_was_read(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为", attributes=EAST)
    plan = every_crm.rebalancing.plan(without=["li.na"])
    (move,) = plan.moves
    every_crm.assignments.release(customer, "account-manager")
    every_crm.assignments.assign(customer, "account-manager", "wang.wei")
    assert every_crm.assignments.of(customer)[0].version == move.version
    with pytest.raises(OutdatedPlan):
        every_crm.rebalancing.apply(plan)


def test_customers_with_nobody_are_counted_and_not_moved(crm: CRM) -> None:
    crm.customers.register("华为", attributes=EAST)
    crm.customers.register("中兴")
    plan = crm.rebalancing.plan(COMPANY.with_(staffing=[one for one in COMPANY.staffing if one.role == "marketer"]))
    assert plan.uncovered == 2
    assert [(move.role, move.after) for move in plan.moves] == [("account-manager", None)]
    with pytest.raises(UnknownName, match=r"did you mean 'li\.na'"):
        crm.rebalancing.plan(without=["li.nna"])


PEOPLE = ["li.na", "liu.yang", "wang.wei", "chen.jing"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([EAST, WEST, {}]), st.sampled_from(["lead", "opportunity", "active"])), max_size=12
    ),
    st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True),
    st.sampled_from(["round-robin", "least-loaded", "sticky", "first"]),
    st.lists(st.sampled_from(["li.na", "liu.yang"]), max_size=1),
)
def test_afterwards_everyone_is_with_somebody_who_answers_and_nothing_is_left_to_move(
    customers: list[tuple[dict[str, str], str]], holders: list[str], assign: str, gone: list[str]
) -> None:
    crm = CRM.open(MemoryStorage, organization=COMPANY, clock=SteppingClock(), ids=numbered(), fields=FIELDS)
    known = [
        crm.customers.register(f"客户{number}", attributes=attributes, stage=stage)
        for number, (attributes, stage) in enumerate(customers)
    ]
    staffing = [one for one in COMPANY.staffing if one.role != "account-manager"]
    company = COMPANY.with_(staffing=[*staffing, Staffing("account-manager", holders=holders, assign=assign)])
    plan = crm.rebalancing.plan(company, without=gone)
    crm.rebalancing.apply(plan)
    after = other(crm, plan.organization)
    assert after.rebalancing.plan().moves == ()
    loads: Counter[str] = Counter()
    for customer in known:
        held = {one.role: one.person for one in after.assignments.of(customer)}
        loads.update(held.values())
        for touchpoint in (one.id for one in COMPANY.touchpoints if customer.stage in one.stages):
            question = Question(touchpoint, customer=customer.custom, stage=customer.stage, day=plan.day)
            with suppress(Unanswered, OutsideSpace):
                answer = plan.organization.who(question)
                assert held[answer.role.id] in {person.id for person in answer.pool}
    assert after.assignments.loads() == dict(loads)

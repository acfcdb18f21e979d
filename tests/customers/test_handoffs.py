"""A department takes a customer from another with what is known, or returns it; nobody lets go before."""

from datetime import UTC, datetime

import pytest
from crms import COMPANY, SteppingClock, numbered

from crmcore.crm import CRM
from crmcore.customers import Customer, HandoffRefused, HandoffState, NotEntitled

EAST = {"region": "Shanghai", "tier": "key"}


def sold(crm: CRM) -> Customer:
    """A customer that has just bought."""
    customer = crm.customers.register("华为", attributes=EAST, stage="opportunity")
    return crm.lifecycle.advance(customer, "onboarding")


def test_another_department_is_offered_the_customer_with_what_the_organization_says_goes_along(every_crm: CRM) -> None:
    customer = sold(every_crm)
    (handoff,) = every_crm.handoffs.of(customer)
    assert (handoff.from_department, handoff.to_department) == ("sales", "customer-success")
    assert (handoff.from_stage, handoff.to_stage) == ("opportunity", "onboarding")
    assert tuple(handoff.carries) == ("contract-terms", "budget")
    assert handoff.giver == "li.na"
    assert handoff.due == datetime(2026, 11, 23, 10, 0, tzinfo=UTC), "one working day, from nine to six"
    assert [one.id for one in every_crm.handoffs.inbox("customer-success")] == [handoff.id]
    assert len(every_crm.handoffs.inbox("sales")) == 0


def test_who_takes_it_sees_what_is_known_and_what_is_missing(every_crm: CRM) -> None:
    customer = sold(every_crm)
    every_crm.facts.learn(customer, "budget", "20 万")
    (handoff,) = every_crm.handoffs.open(customer)
    checklist = every_crm.handoffs.checklist(handoff)
    assert [(fact.name, fact.value) for fact in checklist.known] == [("budget", "20 万")]
    assert checklist.missing == ("contract-terms",)
    with pytest.raises(HandoffRefused, match="nobody knows contract-terms yet"):
        every_crm.handoffs.accept(handoff)
    every_crm.facts.learn(customer, "contract-terms", "三年")
    with every_crm.begin(actor="zhao.lei") as work:
        accepted = work.handoffs.accept(handoff)
    assert (accepted.state, accepted.settled_by) == (HandoffState.ACCEPTED, "zhao.lei")


def test_who_gives_a_customer_keeps_it_until_it_is_taken(every_crm: CRM) -> None:
    customer = sold(every_crm)
    assert {one.role for one in every_crm.assignments.of(customer)} == {"account-manager", "success-manager"}
    (handoff,) = every_crm.handoffs.open(customer)
    every_crm.handoffs.accept(handoff, despite_missing=True)
    assert {one.role for one in every_crm.assignments.of(customer)} == {"success-manager"}
    assert every_crm.handoffs.open(customer) == ()


def test_a_customer_is_returned_with_a_reason_and_offered_again(every_crm: CRM) -> None:
    clock = SteppingClock()
    crm = CRM(every_crm.storage, tenant=every_crm.tenant, organization=COMPANY, clock=clock, ids=numbered())
    customer = sold(crm)
    (handoff,) = crm.handoffs.open(customer)
    with pytest.raises(HandoffRefused, match="say what is wrong"):
        crm.handoffs.return_(handoff, " ")
    returned = crm.handoffs.return_(handoff, "合同条款没有写")
    assert (returned.state, returned.reason) == (HandoffState.RETURNED, "合同条款没有写")
    assert crm.handoffs.open(customer) == (returned,)
    with pytest.raises(HandoffRefused, match="it is returned"):
        crm.handoffs.accept(returned)
    clock.advance(days=1)
    again = crm.handoffs.offer_again(returned)
    assert (again.state, again.due) == (HandoffState.OFFERED, datetime(2026, 11, 24, 10, 0, tzinfo=UTC))
    with pytest.raises(HandoffRefused, match="it was not returned"):
        crm.handoffs.offer_again(again)


def test_only_the_department_that_is_offered_a_customer_can_take_it(crm: CRM) -> None:
    (handoff,) = crm.handoffs.open(sold(crm))
    with pytest.raises(NotEntitled, match=r"it is for zhao\.lei, zhou\.min"), crm.begin(actor="li.na") as work:
        work.handoffs.accept(handoff, despite_missing=True)
    with crm.begin(actor="zhou.min") as work:
        work.handoffs.accept(handoff, despite_missing=True)


def test_a_handoff_that_is_late_is_escalated_once_to_the_lead_of_who_should_have_taken_it(every_crm: CRM) -> None:
    clock = SteppingClock()
    crm = CRM(every_crm.storage, tenant=every_crm.tenant, organization=COMPANY, clock=clock, ids=numbered())
    (handoff,) = crm.handoffs.open(sold(crm))
    assert crm.handoffs.escalate() == ()
    clock.advance(days=1, hours=2)
    assert [one.id for one in crm.handoffs.late()] == [handoff.id]
    (told,) = crm.handoffs.escalate()
    assert told.escalated_to == "zhao.lei"
    assert crm.handoffs.escalate() == ()


def test_a_customer_that_moves_on_before_it_is_taken_is_handed_over_by_who_still_has_it(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为", attributes=EAST)
    customer = every_crm.lifecycle.advance(customer, "opportunity")
    (first,) = every_crm.handoffs.of(customer)
    assert (first.from_department, first.to_department) == ("marketing", "sales")
    every_crm.lifecycle.advance(customer, "onboarding")
    before, after = every_crm.handoffs.of(customer)
    assert before.state is HandoffState.OBSOLETE
    assert (after.from_department, after.to_department, after.state) == (
        "marketing",
        "customer-success",
        HandoffState.OFFERED,
    )


def test_a_change_of_what_decides_who_answers_hands_the_customer_over_too(crm: CRM) -> None:
    from crmcore.organization import Duty  # noqa: PLC0415

    duties = [
        *COMPANY.duties,
        Duty(["health-check"], "account-manager", "accountable", where={"tier": "strategic"}, priority=1),
    ]
    company = COMPANY.with_(duties=duties)
    other = CRM(crm.storage, tenant=crm.tenant, organization=company, clock=SteppingClock(), ids=numbered())
    customer = other.customers.register("华为", attributes=EAST, stage="active")
    assert other.handoffs.of(customer) == ()
    changed = other.customers.change(customer, attributes={"tier": "strategic"})
    (handoff,) = other.handoffs.of(changed)
    assert (handoff.from_department, handoff.to_department) == ("customer-success", "sales")
    assert (handoff.from_stage, handoff.to_stage, handoff.due) == (None, "active", None)


def test_another_person_and_then_another_department_take_a_customer_and_both_are_offered_it_once(crm: CRM) -> None:
    customer = crm.customers.register("华为", attributes={"region": "Shanghai"})
    crm.assignments.assign(customer, "account-manager", "wang.wei")
    crm.rebalancing.apply(crm.rebalancing.plan(without=["wang.wei"]))
    (inside,) = crm.handoffs.open(customer)
    assert (inside.from_department, inside.to_department) == ("sales", "sales")
    crm.lifecycle.advance(customer, "opportunity")
    ways = {(one.from_department, one.to_department) for one in crm.handoffs.open(customer)}
    assert ways == {("sales", "sales"), ("marketing", "sales")}


def test_a_customer_that_moves_again_before_it_is_taken_is_offered_once(crm: CRM) -> None:
    customer = crm.customers.register("华为", attributes={"region": "Shanghai"})
    for leaving in (["li.na"], ["liu.yang"]):
        crm.assignments.assign(customer, "account-manager", leaving[0])
        crm.rebalancing.apply(crm.rebalancing.plan(without=leaving))
    (handoff,) = crm.handoffs.open(customer)
    assert handoff.giver == "li.na", "who knows it is who had it first"

"""What is wrong with the customers on file: counted in a handful of statements, whatever their number."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from attrs import evolve
from crmcore_sqlalchemy import SQLStorage
from crms import COMPANY, SteppingClock, numbered
from sqlalchemy import event

from crmcore.crm import CRM
from crmcore.customers import AuditKind
from crmcore.language import speaking
from crmcore.organization import Organization

EAST = {"region": "Shanghai", "tier": "key"}


def later(crm: CRM, instant: datetime, organization: Organization = COMPANY) -> CRM:
    return CRM(
        crm.storage, tenant=crm.tenant, organization=organization, clock=SteppingClock(instant), ids=numbered("later")
    )


def test_a_company_in_order_has_no_concern(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为", attributes=EAST, stage="active")
    every_crm.tasks.add("巡检", owner="zhao.lei", customer=customer)
    audit = every_crm.audit()
    assert (audit.customers, audit.concerns) == (1, ())


def test_customers_of_whom_too_little_is_known_are_found_by_what_is_the_same(every_crm: CRM) -> None:
    for number in range(3):
        every_crm.customers.register(f"客户{number}", attributes={"tier": "key"})
    (concern,) = every_crm.audit().of(AuditKind.UNANSWERED)
    assert (concern.subject, concern.count, dict(concern.where)) == ("first-call", 3, {"stage": "lead", "tier": "key"})
    assert len(every_crm.customers.find(filters=concern.filters)) == 3
    assert concern.message == "for 3 customers nobody can be told who answers at first-call: stage=lead, tier=key"
    with speaking("zh"):
        assert "first-call" in concern.message
        assert "customers" not in concern.message


def test_customers_with_nobody_are_found(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为", attributes=EAST, stage="active")
    every_crm.customers.register("中兴", attributes=EAST, stage="active")
    every_crm.customers.register("联想", attributes=EAST, stage="lost")
    every_crm.assignments.release(customer, "success-manager")
    (concern,) = every_crm.audit().of(AuditKind.UNASSIGNED)
    assert concern.count == 1
    assert [one.name for one in every_crm.customers.find(filters=concern.filters)] == ["华为"]


def test_customers_with_somebody_who_left_or_has_too_many_are_found(every_crm: CRM) -> None:
    for number in range(5):
        every_crm.customers.register(f"客户{number}", attributes=EAST, stage="active")
    people = [p for p in COMPANY.people if p.id != "zhao.lei"]
    zhao = next(p for p in COMPANY.people if p.id == "zhao.lei")
    small = COMPANY.with_(people=[*people, evolve(zhao, capacity=1)])
    audit = later(every_crm, datetime(2027, 1, 4, 2, tzinfo=UTC), small).audit()
    assert [(one.subject, one.count) for one in audit.of(AuditKind.DEPARTED)] == [("zhou.min", 2)]
    assert [(one.subject, one.count) for one in audit.of(AuditKind.OVERLOADED)] == [("zhao.lei", 2)]


def test_handoffs_that_are_stuck_are_found(every_crm: CRM) -> None:
    for name in ("华为", "中兴"):
        customer = every_crm.customers.register(name, attributes=EAST, stage="opportunity")
        every_crm.lifecycle.advance(customer, "onboarding")
    first = next(iter(every_crm.handoffs.inbox("customer-success")))
    every_crm.handoffs.return_(first, "缺合同")
    audit = later(every_crm, datetime(2026, 11, 25, tzinfo=UTC)).audit()
    assert [(one.subject, one.count) for one in audit.of(AuditKind.HANDOFF_LATE)] == [("customer-success", 1)]
    assert [(one.subject, one.count) for one in audit.of(AuditKind.HANDOFF_RETURNED)] == [("sales", 1)]


def test_customers_without_a_next_step_or_a_fact_that_is_needed_are_found(every_crm: CRM) -> None:
    one = every_crm.customers.register("华为", attributes=EAST, stage="renewal")
    other = every_crm.customers.register("中兴", attributes=EAST, stage="renewal")
    every_crm.customers.register("联想", attributes=EAST, stage="churned")
    every_crm.tasks.add("续约", owner="zhao.lei", customer=one)
    every_crm.facts.learn(one, "contract-terms", "三年")
    audit = every_crm.audit()
    (step,) = audit.of(AuditKind.NO_NEXT_STEP)
    (fact,) = audit.of(AuditKind.FACT_MISSING)
    assert (step.subject, step.count, fact.subject, fact.count) == ("renewal", 1, "contract-terms", 1)
    for concern in (step, fact):
        assert [found.id for found in every_crm.customers.find(filters=concern.filters)] == [other.id]


def test_a_company_without_stages_is_told_which_facts_are_missing(every_crm: CRM) -> None:
    alone = COMPANY.with_(
        stages=[],
        touchpoints=[evolve(one, stages=(), needs=("contract-terms",)) for one in COMPANY.touchpoints[:1]],
    )
    crm = later(every_crm, datetime(2026, 11, 25, tzinfo=UTC), alone)
    known, unknown = (crm.customers.register(name, attributes=EAST) for name in ("华为", "中兴"))
    crm.facts.learn(known, "contract-terms", "三年")
    (fact,) = crm.audit().of(AuditKind.FACT_MISSING)
    assert [one.id for one in crm.customers.find(filters=fact.filters)] == [unknown.id]


def test_one_customer_is_not_told_as_several(crm: CRM) -> None:
    crm.customers.register("华为", attributes=EAST, stage="active")
    assert [one.message for one in crm.audit().concerns] == ["1 customer has no next step: stage=active"]


@pytest.mark.parametrize("facts", [1, 20])
def test_an_audit_is_fewer_than_ten_statements_however_many_customers_and_facts(
    opened: Callable[..., SQLStorage], facts: int
) -> None:
    needs = tuple(f"fact-{number}" for number in range(facts))
    company = COMPANY.with_(touchpoints=[evolve(one, needs=needs) for one in COMPANY.touchpoints])
    storage = opened(CRM.kinds(company))
    crm = CRM(storage, organization=company, clock=SteppingClock())
    for number in range(30):
        crm.customers.register(f"客户{number}", attributes=EAST if number % 2 else {})
    said: list[str] = []
    event.listen(storage._source, "before_cursor_execute", lambda *given: said.append(given[2]))
    audit = crm.audit()
    assert audit.customers == 30
    assert len({one.subject for one in audit.of(AuditKind.FACT_MISSING)}) == facts
    assert len([one for one in said if one.startswith("SELECT")]) < 10

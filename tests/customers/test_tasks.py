"""What people have to do next: for customers, by the plan of a stage, as actions of meetings, again and again."""

from datetime import UTC, datetime, timedelta

import pytest
from crms import COMPANY, START, SteppingClock, numbered

from crmcore.calendars import InvalidRecurrence
from crmcore.crm import CRM
from crmcore.customers import InvalidTask, TaskState
from crmcore.errors import UnknownName
from crmcore.organization import Forum, Stage, StageTask
from crmcore.values import Duration

EAST = {"region": "Shanghai", "tier": "key"}
PLANNED = COMPANY.with_(
    Stage(
        "onboarding",
        next=["active"],
        tasks=[
            StageTask("启动会", "success-manager", within=Duration(2, "d")),
            StageTask("周报", "success-manager", within=Duration(1, "w"), recurs="FREQ=WEEKLY"),
            StageTask("开票", "nobody-has-this-role"),
        ],
    ),
    Forum("voice-of-customer", chair="customer-lead", members=["sales"], every="month"),
)


def company(crm: CRM, clock: SteppingClock) -> CRM:
    return CRM(crm.storage, tenant=crm.tenant, organization=PLANNED, clock=clock, ids=numbered("task"))


def test_a_task_has_an_owner_a_time_and_a_customer_at_whom_it_is_told(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为", attributes=EAST)
    late = every_crm.tasks.add("报价", owner="li.na", customer=customer, due=START + timedelta(days=2))
    soon = every_crm.tasks.add("回电", owner="li.na", customer=customer.id, due=START + timedelta(hours=1))
    assert every_crm.tasks.of(customer) == (soon, late)
    assert [one.title for one in every_crm.tasks.owned_by("li.na")] == ["回电", "报价"]
    assert every_crm.tasks.get(late.id) == late
    assert every_crm.tasks.done(soon, outcome="下周再谈") is None
    assert every_crm.tasks.of(customer) == (late,)
    closed = every_crm.tasks.of(customer, closed=True)[0]
    assert (closed.state, closed.outcome, closed.closed_by) == (TaskState.DONE, "下周再谈", "crmcore")
    with pytest.raises(InvalidTask, match="is done already"):
        every_crm.tasks.drop(soon.id, because="again")
    assert every_crm.tasks.drop(late, because="客户不要了").state is TaskState.DROPPED


def test_a_stage_brings_its_plan_to_those_who_have_the_customer(every_crm: CRM) -> None:
    crm = company(every_crm, SteppingClock())
    customer = crm.customers.register("华为", attributes=EAST, stage="opportunity")
    assert crm.tasks.of(customer) == ()
    crm.lifecycle.advance(customer, "onboarding")
    first, second = crm.tasks.of(customer)
    assert (first.title, first.owner, first.stage) == ("启动会", "zhao.lei", "onboarding")
    assert first.due == datetime(2026, 11, 24, 10, tzinfo=UTC)
    assert second.recurs == "FREQ=WEEKLY"


def test_a_task_that_recurs_comes_again_at_the_same_time_and_never_in_the_past(every_crm: CRM) -> None:
    clock = SteppingClock()
    crm = company(every_crm, clock)
    task = crm.tasks.add(
        "周报", owner="li.na", due=START, recurs="freq=weekly;byday=mo", remind_at=START - timedelta(hours=1)
    )
    assert task.recurs == "FREQ=WEEKLY;BYDAY=MO"
    following = crm.tasks.done(task)
    assert following is not None
    assert (following.due, following.series) == (START + timedelta(weeks=1), task.id)
    assert following.remind_at == START + timedelta(weeks=1, hours=-1)
    clock.advance(weeks=5)
    after_that = crm.tasks.done(following)
    assert after_that is not None
    assert after_that.due == START + timedelta(weeks=6)
    crm.tasks.drop(after_that, because="no longer")
    assert list(crm.tasks.owned_by("li.na")) == []


def test_owners_are_reminded_once(every_crm: CRM) -> None:
    clock = SteppingClock()
    crm = company(every_crm, clock)
    task = crm.tasks.add("报价", owner="li.na", due=START + timedelta(days=1), remind_at=START + timedelta(hours=20))
    assert crm.tasks.remind() == ()
    clock.advance(hours=21)
    assert [one.id for one in crm.tasks.remind()] == [task.id]
    assert crm.tasks.remind() == ()
    put_off = crm.tasks.put_off(task.id, START + timedelta(days=3), remind_at=START + timedelta(days=2))
    assert put_off.reminded_at is None
    clock.advance(days=3)
    assert [one.id for one in crm.tasks.remind()] == [task.id]
    assert [one.id for one in crm.tasks.overdue()] == [task.id]


def test_what_a_meeting_decided_is_carried_over_until_it_is_done(every_crm: CRM) -> None:
    crm = company(every_crm, SteppingClock())
    task = crm.tasks.add("修复导出", owner="zhao.lei", forum="voice-of-customer", due=START + timedelta(weeks=2))
    assert crm.tasks.of_forum("voice-of-customer") == (task,)
    crm.tasks.done(task)
    assert crm.tasks.of_forum("voice-of-customer") == ()
    with pytest.raises(InvalidTask, match="has a time until when"):
        crm.tasks.add("修复导出", owner="zhao.lei", forum="voice-of-customer")
    with pytest.raises(UnknownName, match="did you mean 'voice-of-customer'"):
        crm.tasks.of_forum("voice-of-customers")


def test_tasks_go_along_when_another_person_takes_the_customer(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为", attributes=EAST)
    mine = every_crm.tasks.add("报价", owner="li.na", customer=customer)
    other = every_crm.tasks.add("海报", owner="sun.yue", customer=customer)
    every_crm.assignments.assign(customer, "account-manager", "wang.wei")
    assert {one.id: one.owner for one in every_crm.tasks.of(customer)} == {mine.id: "wang.wei", other.id: "sun.yue"}
    plan = every_crm.rebalancing.plan(without=["sun.yue"])
    every_crm.rebalancing.apply(plan)
    assert every_crm.tasks.get(other.id).owner == "sun.yue", "nobody else holds the role"
    plan = every_crm.rebalancing.plan(without=["wang.wei"])
    every_crm.rebalancing.apply(plan)
    assert every_crm.tasks.get(mine.id).owner == "li.na"


def test_a_task_that_cannot_be_is_refused(crm: CRM) -> None:
    with pytest.raises(InvalidTask, match="say what is to be done"):
        crm.tasks.add(" ", owner="li.na")
    with pytest.raises(UnknownName, match=r"did you mean 'li\.na'"):
        crm.tasks.add("x", owner="li.nna")
    with pytest.raises(InvalidTask, match="has a time until when"):
        crm.tasks.add("x", owner="li.na", recurs="FREQ=WEEKLY")
    with pytest.raises(InvalidRecurrence):
        crm.tasks.add("x", owner="li.na", due=START, recurs="every now and then")
    gone = CRM(
        crm.storage, tenant=crm.tenant, organization=COMPANY, clock=SteppingClock(datetime(2027, 2, 1, tzinfo=UTC))
    )
    with pytest.raises(InvalidTask, match="does not work here"):
        gone.tasks.add("x", owner="zhou.min")
    task = crm.tasks.add("x", owner="li.na")
    with pytest.raises(InvalidTask, match="say why"):
        crm.tasks.drop(task, because=" ")
    assert crm.tasks.pass_on(task, "wang.wei").owner == "wang.wei"

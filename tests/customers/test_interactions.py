"""What was spoken with customers, and what comes next."""

from datetime import timedelta

import pytest
from crms import START

from crmcore.crm import CRM
from crmcore.customers import Direction, InvalidCustomer, InvalidDetail, InvalidTask, NextStep
from crmcore.errors import UnknownName


def test_an_interaction_says_who_spoke_with_whom_about_what(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为")
    person = every_crm.contacts.add(customer, "王伟")
    with every_crm.begin("li.na") as work:
        spoken = work.interactions.record(
            customer,
            "phone",
            "in",
            subject="续约",
            body="想要更多席位",
            outcome="发报价",
            contact=person,
            touchpoint="first-call",
            happened_at=START - timedelta(hours=2),
        )
    assert (spoken.person, spoken.direction, spoken.contact) == ("li.na", Direction.IN, person.id)
    assert every_crm.interactions.get(spoken.id).body == "想要更多席位"
    later = every_crm.interactions.record(customer, "visit", "out", person="wang.wei")
    assert [one.id for one in every_crm.interactions.of(customer)] == [later.id, spoken.id]


def test_the_next_step_becomes_a_task_of_whoever_spoke_or_is_named(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为")
    due = START + timedelta(days=1)
    one = every_crm.interactions.record(customer, "phone", "out", person="li.na", next_step=NextStep("发报价", due=due))
    assert one.task is not None
    task = every_crm.tasks.get(one.task)
    assert (task.title, task.owner, task.due, task.customer) == ("发报价", "li.na", due, customer.id)
    other = every_crm.interactions.record(customer, "phone", "out", next_step=NextStep("回电", owner="wang.wei"))
    assert other.task is not None
    assert every_crm.tasks.get(other.task).owner == "wang.wei"


def test_what_cannot_have_been_spoken_is_refused_and_leaves_no_task(crm: CRM) -> None:
    customer, other = crm.customers.register("华为"), crm.customers.register("中兴")
    stranger = crm.contacts.add(other, "王伟")
    record = crm.interactions.record
    with pytest.raises(InvalidDetail, match="which channel"):
        record(customer, " ", "in")
    with pytest.raises(InvalidDetail, match="in or out, not 'sideways'"):
        record(customer, "phone", "sideways")
    with pytest.raises(InvalidDetail, match="future"):
        record(customer, "phone", "in", happened_at=START + timedelta(seconds=1))
    with pytest.raises(UnknownName, match=r"li\.na"):
        record(customer, "phone", "in", person="li.nu")
    with pytest.raises(UnknownName, match="first-call"):
        record(customer, "phone", "in", touchpoint="first-cal")
    with pytest.raises(InvalidCustomer, match="another customer"):
        record(customer, "phone", "in", contact=stranger)
    with pytest.raises(InvalidDetail, match="who does it"):
        record(customer, "phone", "in", next_step=NextStep("回电"))
    with pytest.raises(InvalidTask, match="what is to be done"):
        record(customer, "phone", "in", next_step=NextStep(" ", owner="li.na"))
    assert list(crm.interactions.of(customer)) == []
    assert crm.tasks.of(customer) == ()

"""The CRM as an app opens it: one transaction a call, or several operations as one."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from crms import COMPANY, START, SteppingClock

from crmcore.crm import CRM
from crmcore.plugins import Observer, Registry, hookimpl
from crmcore.storage import Event, MemoryStorage, Query, ReadOnly


def test_operations_of_one_piece_of_work_happen_together_or_not_at_all(every_crm: CRM) -> None:
    with pytest.raises(RuntimeError), every_crm.begin(actor="li.na") as work:
        customer = work.customers.register("华为")
        work.contacts.add(customer, "王伟")
        raise RuntimeError
    assert every_crm.customers.count() == 0
    with every_crm.begin(actor="li.na") as work:
        customer = work.customers.register("华为")
        work.contacts.add(customer, "王伟")
        assert every_crm.storage.kinds is work.job.kinds
    assert [one.name for one in every_crm.contacts.of(customer.id)] == ["王伟"]


def test_every_event_says_who_did_it_and_they_stand_in_the_order_in_which_they_happened(every_crm: CRM) -> None:
    with every_crm.begin(actor="li.na") as work:
        customer = work.customers.register("华为")
        work.contacts.add(customer, "王伟")
        work.contacts.add(customer, "李雷")
    every_crm.customers.change(customer, language="zh")
    with every_crm.begin(read_only=True) as work:
        told = sorted(work.job.unit.find(Query(Event)), key=lambda event: event.at)
    told = [event for event in told if event.name != "customer-assigned"]
    assert [event.name for event in told] == [
        "customer-registered",
        "contact-added",
        "contact-added",
        "customer-changed",
    ]
    assert [event.actor for event in told] == ["li.na", "li.na", "li.na", "crmcore"]
    assert len({event.at for event in told}) == 4


def test_work_that_only_reads_refuses_to_write(every_crm: CRM) -> None:
    with pytest.raises(ReadOnly), every_crm.begin(read_only=True) as work:
        work.customers.register("华为")


def test_a_tenant_sees_its_own_customers_alone(every_crm: CRM) -> None:
    other = CRM(every_crm.storage, organization=COMPANY, tenant=f"other-{every_crm.tenant}", clock=SteppingClock(START))
    every_crm.customers.register("华为")
    assert other.customers.count() == 0
    other.customers.register("中兴")
    assert [one.name for one in other.customers.find()] == ["中兴"]
    assert [one.name for one in every_crm.customers.find()] == ["华为"]


def test_a_crm_closes_only_the_storage_that_it_opened() -> None:
    closed = []

    class Watched(MemoryStorage):
        def close(self) -> None:
            closed.append(self)

    with CRM.open(Watched, organization=COMPANY) as opened:
        pass
    assert closed == [opened.storage]
    with CRM(Watched(CRM.kinds(COMPANY)), organization=COMPANY):
        pass
    assert len(closed) == 1


def test_observers_are_told_what_happened_once_it_has_and_never_of_what_did_not(
    caplog: pytest.LogCaptureFixture,
) -> None:
    told: list[str] = []

    def broken(_: Event) -> None:
        raise ZeroDivisionError

    @hookimpl
    def crmcore_observers() -> Iterator[Observer]:
        yield Observer("broken", broken)
        yield Observer("listener", lambda event: told.append(event.name))

    plugins = Registry.installed({"CRMCORE_PLUGINS": ""})
    plugins.register(SimpleNamespace(crmcore_observers=crmcore_observers), name="listening")
    crm = CRM.open(MemoryStorage, organization=COMPANY, plugins=plugins)
    with pytest.raises(RuntimeError), crm.begin() as work:
        work.customers.register("华为")
        raise RuntimeError
    assert told == []
    customer = crm.customers.register("华为")
    assert told == ["customer-registered", "customer-assigned"]
    assert crm.customers.get(customer.id) == customer
    assert "listening" in caplog.text
    assert "ZeroDivisionError" in caplog.text

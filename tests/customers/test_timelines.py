"""Everything that happened with a customer, in one order, page by page."""

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve
from crms import COMPANY, FIELDS, START, SteppingClock, numbered
from hypothesis import given
from hypothesis import strategies as st

from crmcore.crm import CRM
from crmcore.customers import ENTRY_KINDS, Customer, Entry, NextStep
from crmcore.customers.sentences import sentence
from crmcore.language import speaking, told
from crmcore.storage import Event, MemoryStorage, Query, UnitOfWork

if TYPE_CHECKING:
    from collections.abc import Callable

EAST = {"region": "Shanghai", "tier": "key"}


def lived(crm: CRM) -> Customer:
    """Let a customer go through everything that the CRM tells of."""
    customer = crm.customers.register("华为", attributes=EAST)
    person = crm.contacts.add(customer, "王伟")
    other = crm.contacts.add(customer, "李雷")
    crm.contacts.change(other, title="CTO")
    crm.contacts.prefer(other.id)
    crm.contacts.leave(other.id)
    point = crm.contact_points.add(customer, "phone", "13800138000", contact=person)
    crm.contact_points.prefer(crm.contact_points.add(customer, "phone", "13900139000", contact=person))
    crm.contact_points.verify(point.id)
    crm.contact_points.remove(point.id)
    crm.facts.learn(customer, "interest", "席位")
    crm.consents.give(customer, "newsletter", evidence="表格")
    crm.consents.withdraw(customer, because="来信")
    crm.interactions.record(customer, "phone", "in", subject="询价", next_step=NextStep("报价", owner="li.na"))
    crm.interactions.record(customer, "visit", "out", subject="拜访")
    (task,) = crm.tasks.of(customer)
    crm.tasks.pass_on(task, "wang.wei")
    crm.tasks.put_off(task.id, START + timedelta(days=3))
    crm.tasks.done(task.id)
    crm.tasks.drop(crm.tasks.add("回电", owner="li.na", customer=customer), because="不用了")
    crm.notes.remove(crm.notes.change(crm.notes.add(customer, "喜欢电话"), "喜欢邮件"))
    crm.documents.remove(crm.documents.attach(customer, "合同.pdf", "files/1"))
    crm.purchases.return_(crm.purchases.record(customer, "seat", amount=Decimal("9.9"), currency="CNY"))
    crm.relations.end(crm.relations.relate(customer, "partner", crm.customers.register("中兴")))
    crm.preferences.set(customer, "channel", "phone")
    crm.tags.add(customer, "VIP")
    crm.tags.remove(customer, "VIP")
    crm.customers.change(customer.id, name="华为技术")
    crm.customers.move(customer.id, crm.customers.register("华为集团").id)
    crm.lifecycle.advance(customer.id, "opportunity")
    return crm.customers.get(customer.id)


def test_everything_that_happened_is_told_once_in_order_with_its_record(every_crm: CRM) -> None:
    customer = lived(every_crm)
    entries = list(every_crm.timeline(customer, limit=1000))
    with every_crm.begin(read_only=True) as work:
        events = [one for one in work.job.unit.each(Query(Event)) if one.subject == customer.id]
    assert {one.event.id for one in entries} == {one.id for one in events}
    assert [one.at for one in entries] == sorted((one.at for one in events), reverse=True)
    texts = {one.event.name: str(one) for one in entries}
    assert texts["customer-registered"] == "came into the CRM, in stage 线索"
    assert texts["stage-changed"] == "came from 线索 into 商机"
    assert texts["contact-added"] in ("王伟 is a contact now", "李雷 is a contact now")
    assert texts["fact-learned"] == "told interest: 席位"
    assert texts["task-passed-on"] == "王伟 took over a task: 报价"
    assert texts["purchase-recorded"] == "bought seat"
    assert texts["note-removed"] == "a note was removed"
    assert texts["contact-point-preferred"] == "is reached first by phone: +86 139 0013 9000"
    recorded = [one for one in entries if one.kind == "interaction"]
    assert [getattr(one.record, "subject", None) for one in recorded] == ["拜访", "询价"]
    (changed,) = (one for one in entries if one.event.name == "stage-changed")
    assert getattr(changed.record, "after", None) == "opportunity"


def test_entries_are_filtered_by_kind_and_time(every_crm: CRM) -> None:
    clock = SteppingClock()
    crm = CRM(every_crm.storage, tenant=every_crm.tenant, organization=COMPANY, clock=clock, ids=numbered("later"))
    customer = crm.customers.register("华为")
    for day in range(4):
        crm.interactions.record(customer, "phone", "in", subject=f"第{day}天")
        crm.notes.add(customer, f"note {day}")
        clock.advance(days=1)
    noted = crm.timeline(customer, kinds=["note"])
    assert [str(one) for one in noted] == ["a note: note 3", "a note: note 2", "a note: note 1", "a note: note 0"]
    some = crm.timeline(
        customer, kinds=["interaction"], since=START + timedelta(days=1), until=START + timedelta(days=3)
    )
    assert [getattr(one.record, "subject", None) for one in some] == ["第2天", "第1天"]
    assert len(crm.timeline(customer, kinds=["note", "interaction-recorded"])) == 8
    first = next(iter(crm.timelines.of(customer, oldest_first=True)))
    assert first.event.name == "customer-registered"


def test_an_interaction_stands_where_it_happened_not_where_it_was_written_down(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为")
    every_crm.notes.add(customer, "later")
    every_crm.interactions.record(customer, "visit", "out", happened_at=START - timedelta(days=7))
    assert [one.kind for one in every_crm.timeline(customer)][-1] == "interaction"


def test_pages_follow_one_another_without_a_gap_or_a_double(every_crm: CRM) -> None:
    customer = lived(every_crm)
    whole = [one.event.id for one in every_crm.timeline(customer, limit=1000)]
    after, paged = None, []
    while True:
        page = every_crm.timeline(customer, limit=7, after=after)
        paged += [one.event.id for one in page]
        after = page.after
        if after is None:
            break
    assert paged == whole


def test_what_happened_with_customers_that_were_merged_into_it_is_told_too(every_crm: CRM) -> None:
    survivor, double, triple = (every_crm.customers.register(name) for name in ("华为", "华为公司", "HUAWEI"))
    every_crm.notes.add(double, "old")
    every_crm.notes.add(triple, "older")
    with every_crm.begin() as work:
        work.job.unit.put(evolve(work.job.unit.get(Customer, double.id), merged_into=survivor.id))
        work.job.unit.put(evolve(work.job.unit.get(Customer, triple.id), merged_into=double.id))
    assert {str(one) for one in every_crm.timeline(survivor, kinds=["note"])} == {"a note: old", "a note: older"}
    assert len(every_crm.timeline(double.id, kinds=["note"])) == 2


def test_a_page_takes_one_query_and_one_more_for_each_kind_of_record_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    crm = CRM.open(MemoryStorage, organization=COMPANY, clock=SteppingClock(), ids=numbered(), fields=FIELDS)
    customer = lived(crm)
    asked: list[str] = []
    find: Callable[..., Any] = UnitOfWork.find

    def counted(unit: UnitOfWork, query: Query[Any]) -> Any:
        asked.append(query.record.__name__)
        return find(unit, query)

    monkeypatch.setattr(UnitOfWork, "find", counted)
    for _ in range(3):
        crm.notes.add(customer, "more")
    asked.clear()
    entries = list(crm.timeline(customer, limit=1000))
    assert len(entries) > 40
    assert asked.count("Event") == 1
    assert all(asked.count(name) == 1 for name in set(asked) - {"Customer"})
    assert asked.count("Customer") == 1


def test_who_did_it_is_told_by_name(crm: CRM) -> None:
    customer = crm.customers.register("华为")
    with crm.begin("li.na") as work:
        work.notes.add(customer, "x")
    newest, oldest = crm.timeline(customer, kinds=["note", "customer-registered"])
    assert (newest.who, newest.actor, oldest.who) == ("李娜", "li.na", "crmcore")


def test_an_event_that_nobody_knows_is_told_by_its_name(crm: CRM) -> None:
    customer = crm.customers.register("华为")
    with crm.begin() as work:
        work.job.happened("seat-limit-reached", customer, limit=5)
    (entry,) = crm.timeline(customer, kinds=["seat-limit-reached"])
    assert (entry.kind, str(entry), entry.record) == ("seat-limit-reached", "seat-limit-reached happened", None)


def test_every_entry_is_told_in_chinese(crm: CRM) -> None:
    entries: list[Entry] = list(crm.timeline(lived(crm), limit=1000))
    with speaking("zh"):
        untold = {one.event.name for one in entries if told(one.sentence) == one.sentence}
    assert untold == set()


@given(st.sampled_from(sorted({name for names in ENTRY_KINDS.values() for name in names})), st.booleans())
def test_a_sentence_is_made_of_every_event_also_when_nothing_else_is_known(name: str, erased: bool) -> None:
    event = Event(id="e", name=name, actor="x", at=START, payload={} if erased else {"person": "li.na"})
    assert sentence(event, None, COMPANY)

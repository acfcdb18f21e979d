"""What is held on people is told whole, and forgotten without a trace of who it was."""

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
from attrs import evolve, frozen
from crms import COMPANY, FIELDS, START, SteppingClock, numbered

from crmcore.crm import CRM
from crmcore.customers import (
    ERASED,
    Contact,
    Customer,
    Interaction,
    InvalidCustomer,
    InvalidDetail,
    NextStep,
    Note,
    Purchase,
    RetentionRule,
    TaskState,
)
from crmcore.customers.retention import months_before
from crmcore.errors import UnknownName
from crmcore.importing import guess_mapping
from crmcore.storage import Entity, Kind, Kinds, MemoryStorage, Parcel, ParcelState, Query, WhenErased, reference

EAST = {"region": "Shanghai", "tier": "key"}
SECRETS = (
    "华为绝密",
    "91110000600037341L",
    "王小明",
    "首席采购官",
    "采购三部",
    "13800138000",
    "wang.xm",
    "龙岗区",
    "询价秘密",
    "全文秘密",
    "结果秘密",
    "回电小明",
    "笔记秘密",
    "合同小明",
    "files/secret",
    "表格秘密",
    "来信秘密",
    "席位秘密",
    "上午秘密",
    "标签秘密",
    "订单秘密",
    "关系秘密",
    "备注秘密",
    "微信秘密",
    "原因秘密",
)


def told_all(crm: CRM) -> tuple[Customer, Contact]:
    """Write a secret into everything that can hold one."""
    customer = crm.customers.register(
        "华为绝密", attributes={**EAST, "行业": "retail"}, registration="91110000600037341L", source="referral"
    )
    person = crm.contacts.add(
        customer, "王小明", title="首席采购官", department="采购三部", fields={"wechat_name": "微信秘密"}
    )
    crm.contact_points.add(customer, "phone", "13800138000", contact=person, label="王小明的手机")
    crm.contact_points.add(customer, "email", "wang.xm@example.com", contact=person)
    crm.contact_points.add(customer, "address", "广东省深圳市龙岗区坂田街道1号")
    with crm.begin("li.na") as work:
        work.interactions.record(
            customer,
            "phone",
            "in",
            subject="询价秘密",
            body="全文秘密",
            outcome="结果秘密",
            contact=person,
            next_step=NextStep("回电小明", due=START + timedelta(days=1)),
        )
    crm.notes.add(customer, "笔记秘密", contact=person)
    crm.documents.attach(customer, "合同小明.pdf", "files/secret", contact=person)
    crm.consents.give(customer, "newsletter", evidence="表格秘密", contact=person)
    crm.consents.give(customer, "marketing", evidence="表格秘密")
    crm.consents.withdraw(customer, "marketing", because="来信秘密")
    crm.facts.learn(customer, "interest", "席位秘密")
    crm.preferences.set(customer, "hours", "上午秘密", contact=person)
    crm.tags.add(customer, "标签秘密")
    crm.purchases.record(customer, "seat", amount=Decimal("99.5"), currency="CNY", order_number="订单秘密")
    crm.relations.relate(customer, "partner", crm.customers.register("中兴"), note="关系秘密")
    crm.assignments.assign(customer, "account-manager", "wang.wei", note="备注秘密")
    crm.facts.learn(customer, "company-size-known", "yes")
    crm.lifecycle.advance(customer.id, "opportunity", note="原因秘密")
    for handoff in crm.handoffs.open(customer):
        crm.handoffs.return_(handoff, "原因秘密")
    crm.assignments.release(customer.id, "account-manager", note="原因秘密")
    return crm.customers.get(customer.id), crm.contacts.get(person.id)


def stored(crm: CRM) -> dict[str, list[Entity]]:
    """Return every record of every kind, events and parcels included."""
    with crm.storage.begin(crm.tenant, read_only=True) as unit:
        return {name: list(unit.each(Query(kind.record))) for name, kind in crm.storage.kinds.items()}


def text_of(records: dict[str, list[Entity]]) -> str:
    return json.dumps(
        {name: [attrs.asdict(one) for one in some] for name, some in records.items()}, default=str, ensure_ascii=False
    )


def test_the_export_has_everything_that_was_told(every_crm: CRM) -> None:
    customer, _ = told_all(every_crm)
    data = every_crm.privacy.export(customer)
    text = json.dumps(data, ensure_ascii=False)
    assert [secret for secret in SECRETS if secret not in text] == []
    assert "中兴" not in text
    assert data["about"] == {"kind": "customer", "id": customer.id}
    assert {event["name"] for event in data["events"]} >= {"customer-registered", "stage-changed", "purchase-recorded"}
    assert data["records"]["purchase"][0]["amount"] in ("99.5", "99.5000")


def test_the_export_of_a_contact_has_what_is_held_on_that_person_alone(every_crm: CRM) -> None:
    _, person = told_all(every_crm)
    text = json.dumps(every_crm.privacy.export(person), ensure_ascii=False)
    theirs = ("王小明", "首席采购官", "微信秘密", "13800138000", "询价秘密", "回电小明", "笔记秘密", "files/secret")
    assert [secret for secret in theirs if secret not in text] == []
    assert [secret for secret in ("华为绝密", "龙岗区", "席位秘密", "订单秘密") if secret in text] == []


def test_after_erasure_no_row_of_any_kind_tells_who_it_was(every_crm: CRM) -> None:
    customer, _ = told_all(every_crm)
    before = stored(every_crm)
    assert [secret for secret in SECRETS if secret not in text_of(before)] == []
    erasure = every_crm.privacy.erase(customer)
    text = text_of(stored(every_crm))
    assert [secret for secret in SECRETS if secret in text] == []
    assert erasure.files == ("files/secret",)
    assert erasure.touched["customer"] == 1
    assert "中兴" in text


def test_after_erasure_counts_and_the_audit_are_what_they_were(every_crm: CRM) -> None:
    customer, _ = told_all(every_crm)
    before = stored(every_crm)
    by_region = every_crm.customers.count_by("region", "stage", "行业")
    every_crm.privacy.erase(customer)
    after = stored(every_crm)
    removed = {"contact-point", "duplicate-key", "tag", "document"}
    assert {name: len(some) for name, some in after.items() if name not in removed | {"event"}} == {
        name: len(some) for name, some in before.items() if name not in removed | {"event"}
    }
    assert every_crm.customers.count_by("region", "stage", "行业") == by_region
    assert every_crm.purchases.totals(customer) == {"CNY": Decimal("99.5")}
    assert len(after["event"]) == len(before["event"]) + 1
    (told,) = (one for one in every_crm.timeline(customer) if one.event.name == "customer-erased")
    assert told.event.payload["because"] == "request"
    gone = every_crm.customers.get(customer.id)
    assert (gone.name, gone.registration, gone.erased_at) == (ERASED, None, START)


def test_nothing_can_be_done_with_who_was_erased_and_it_is_erased_once(every_crm: CRM) -> None:
    customer, _ = told_all(every_crm)
    every_crm.privacy.erase(customer)
    with pytest.raises(InvalidCustomer, match="was erased"):
        every_crm.notes.add(customer.id, "王小明 again")
    assert every_crm.consents.allows(customer, "newsletter") is None
    assert {task.state for task in every_crm.tasks.of(customer, closed=True)} == {TaskState.DROPPED}
    assert every_crm.handoffs.open(customer) == ()
    assert every_crm.assignments.of(customer) == ()
    assert every_crm.assignments.history(customer)
    assert [one for one in every_crm.audit().concerns if customer.id in str(one)] == []
    assert every_crm.privacy.erase(customer).touched == {}
    assert len(every_crm.timeline(customer, kinds=["customer-erased"])) == 1
    with pytest.raises(InvalidDetail, match="code"):
        every_crm.privacy.erase(customer, because="王小明 asked for it")


def test_a_contact_is_erased_and_the_customer_stays(every_crm: CRM) -> None:
    customer, person = told_all(every_crm)
    every_crm.privacy.erase(person)
    text = text_of(stored(every_crm))
    theirs = ("王小明", "首席采购官", "微信秘密", "13800138000", "wang.xm", "询价秘密", "回电小明", "笔记秘密")
    assert [secret for secret in theirs if secret in text] == []
    assert [secret for secret in ("华为绝密", "龙岗区", "席位秘密", "订单秘密") if secret not in text] == []
    assert every_crm.customers.get(customer.id).erased_at is None
    assert every_crm.contacts.of(customer) == ()
    assert every_crm.notes.add(customer.id, "goes on")


def test_those_who_were_merged_into_it_are_told_and_erased_with_it(every_crm: CRM) -> None:
    survivor, double = every_crm.customers.register("华为"), every_crm.customers.register("华为旧名")
    daughter = every_crm.customers.register("华为子公司", parent=survivor.id)
    every_crm.notes.add(double, "旧笔记")
    with every_crm.begin() as work:
        work.job.unit.put(evolve(work.job.unit.get(Customer, double.id), merged_into=survivor.id))
    told = json.dumps(every_crm.privacy.export(survivor), ensure_ascii=False)
    assert "旧笔记" in told
    assert "子公司" not in told
    every_crm.privacy.erase(survivor)
    assert "旧" not in text_of(stored(every_crm))
    assert every_crm.customers.get(daughter.id).name == "华为子公司"


@frozen(kw_only=True)
class Complaint(Entity):
    contact: str = reference("contact")
    wording: str
    answer: str | None = None
    severity: int = 1


@frozen(kw_only=True)
class Line(Entity):
    complaint: str = reference("complaint")
    said: str


@frozen(kw_only=True)
class Score(Entity):
    customer: str = reference("customer")
    band: str


def test_kinds_of_plugins_are_told_and_erased_also_where_they_refer_through_others() -> None:
    kinds = Kinds(
        [
            *CRM.kinds(COMPANY, fields=FIELDS).values(),
            Kind("complaint", Complaint),
            Kind("line", Line),
            Kind("score", Score, when_erased=WhenErased.KEPT),
        ]
    )
    crm = CRM(MemoryStorage(kinds), organization=COMPANY, clock=SteppingClock(), ids=numbered(), fields=FIELDS)
    customer = crm.customers.register("华为")
    person = crm.contacts.add(customer, "王小明")
    with crm.begin() as work:
        work.job.unit.add(Complaint(id="c", contact=person.id, wording="太慢秘密", severity=3))
        work.job.unit.add(Line(id="l", complaint="c", said="原话秘密"))
        work.job.unit.add(Score(id="s", customer=customer.id, band="A"))
    assert {"complaint", "line", "score"} <= crm.privacy.export(customer)["records"].keys()
    crm.privacy.erase(customer)
    rows = stored(crm)
    assert "秘密" not in text_of(rows)
    assert rows["complaint"] == [Complaint(id="c", version=2, contact=person.id, wording=ERASED, severity=3)]
    assert rows["score"] == [Score(id="s", version=1, customer=customer.id, band="A")]


def test_what_waits_in_the_outbox_for_an_erased_record_goes_nowhere(every_crm: CRM) -> None:
    customer = every_crm.customers.register("华为")
    note = every_crm.notes.add(customer, "x")
    with every_crm.begin() as work:
        work.job.unit.enqueue(Parcel(id=note.id, topic="message.x", payload={"to": "王小明"}, due=START))
        work.job.unit.enqueue(Parcel(id="another", topic="message.x", payload={"to": "李雷"}, due=START))
    every_crm.privacy.erase(customer)
    parcels = {one.id: one for one in stored(every_crm)["parcel"] if isinstance(one, Parcel)}
    assert (parcels[note.id].state, parcels[note.id].payload) == (ParcelState.DEAD, {})
    assert parcels["another"].state is ParcelState.WAITING


def aged(crm: CRM) -> tuple[CRM, SteppingClock]:
    clock = SteppingClock()
    options: dict[str, Any] = {"clock": clock, "ids": numbered("aged"), "fields": FIELDS}
    return CRM(crm.storage, tenant=crm.tenant, organization=COMPANY, **options), clock


LOST = RetentionRule("lost-24-months", 24, stages=["lost"])


def test_lost_customers_are_due_after_two_years_without_a_sign_of_life(every_crm: CRM) -> None:
    crm, clock = aged(every_crm)
    quiet, spoken, active = (crm.customers.register(name) for name in ("安静", "来电", "活跃"))
    for one in (quiet, spoken):
        crm.lifecycle.advance(one.id, "lost")
    clock.advance(days=300)
    crm.interactions.record(spoken.id, "phone", "in")
    clock.advance(days=400)
    assert list(crm.privacy.due([LOST])) == []
    clock.advance(days=60)
    assert [one.id for one in crm.privacy.due([LOST])] == [quiet.id]
    clock.advance(days=300)
    assert {one.id for one in crm.privacy.due([LOST])} == {quiet.id, spoken.id}
    assert {one.id for one in crm.privacy.apply([LOST])} == {quiet.id, spoken.id}
    assert list(crm.privacy.due([LOST])) == []
    assert crm.customers.get(active.id).name == "活跃"
    (told,) = crm.timeline(quiet.id, kinds=["customer-erased"])
    assert told.event.payload["because"] == "lost-24-months"


def test_what_was_stopped_halfway_goes_on_with_what_is_left(every_crm: CRM) -> None:
    crm, clock = aged(every_crm)
    customers = [crm.customers.register(f"客户{number}") for number in range(7)]
    for one in customers:
        crm.lifecycle.advance(one.id, "lost")
    clock.advance(days=800)
    first = crm.privacy.apply([LOST], batch=2)
    begun = {next(first).id, next(first).id, next(first).id}
    left = {one.id for one in crm.privacy.due([LOST])}
    assert len(left) == 3
    assert {one.id for one in crm.privacy.apply([LOST], batch=2)} == left
    assert begun | left < {one.id for one in customers}
    assert all(crm.customers.get(one.id).erased_at is not None for one in customers)


def test_records_of_a_kind_are_kept_for_their_own_time(every_crm: CRM) -> None:
    crm, clock = aged(every_crm)
    customer = crm.customers.register("华为")
    old = crm.notes.add(customer, "旧")
    paper = crm.documents.attach(customer, "旧.pdf", "files/1")
    clock.advance(days=400)
    new = crm.notes.add(customer, "新")
    rules = [
        RetentionRule("notes-1-year", 12, kind="note", by="written_at"),
        RetentionRule("documents-1-year", 12, kind="document", by="added_at"),
    ]
    assert {(one.kind, one.id) for one in crm.privacy.due(rules)} == {("note", old.id), ("document", paper.id)}
    done = list(crm.privacy.apply(rules))
    assert [one.files for one in done if one.id == paper.id] == [("files/1",)]
    assert list(crm.privacy.apply(rules)) == []
    assert list(crm.privacy.due(rules)) == []
    texts = {one.id: one.text for one in crm.notes.of(customer)}
    assert texts == {old.id: ERASED, new.id: "新"}


def test_a_rule_that_names_what_there_is_not_is_refused(crm: CRM) -> None:
    with pytest.raises(UnknownName, match="lost"):
        list(crm.privacy.due([RetentionRule("x", 1, stages=["lots"])]))
    with pytest.raises(UnknownName, match="note"):
        list(crm.privacy.apply([RetentionRule("x", 1, kind="notes", by="written_at")]))
    with pytest.raises(UnknownName, match="written_at"):
        list(crm.privacy.due([RetentionRule("x", 1, kind="note", by="writen_at")]))
    with pytest.raises(InvalidDetail, match="says not when"):
        list(crm.privacy.due([RetentionRule("x", 1, kind="note", by="text")]))
    for wrong in ({"name": "X y"}, {"months": 0}, {"kind": "note"}, {"kind": "note", "by": "x", "stages": ["lost"]}):
        with pytest.raises(InvalidDetail):
            RetentionRule(**{"name": "x", "months": 1, **wrong})  # type: ignore[arg-type]


def test_months_are_those_of_the_calendar() -> None:
    assert months_before(START, 23).date().isoformat() == "2024-12-23"
    assert months_before(START.replace(month=3, day=31), 1).date().isoformat() == "2026-02-28"
    assert months_before(START.replace(month=1, day=1), 12).date().isoformat() == "2025-01-01"


def test_what_is_personal_is_said_of_each_kind(crm: CRM) -> None:
    kinds = crm.storage.kinds
    assert set(kinds.of(Interaction).personal) == {"subject", "body", "outcome"}
    assert set(kinds.of(Purchase).personal) == {"order_number"}
    assert set(kinds.of(Note).personal) == {"text"}
    assert set(Kind("line", Line).personal) == {"said"}
    assert set(Kind("score", Score, when_erased=WhenErased.KEPT).personal) == set()


def test_what_imports_keep_of_rows_is_forgotten_after_its_time(every_crm: CRM, tmp_path: Path) -> None:
    crm, clock = aged(every_crm)
    path = tmp_path / "customers.csv"
    path.write_text("name,region\n秘密公司,Shanghai\n秘密拒绝,Shanghaii\n", encoding="utf-8")
    crm.imports.run(path, guess_mapping(crm.imports.examine(path), crm.imports.target()))
    (customer,) = crm.customers.each()
    crm.privacy.erase(customer)
    clock.advance(days=70)
    list(crm.privacy.apply([RetentionRule("imports-1-month", 1, kind="import-batch", by="written_at")]))
    assert "秘密" not in text_of(stored(crm))

"""Files of customers come in batch by batch, whatever is there already, and go out again as if they had never come."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from crmcore_sqlalchemy import SQLStorage
from crms import COMPANY, crm, every_crm

from crmcore.crm import CRM
from crmcore.customers import Assignment, Contact, ContactPoint, Customer, CustomField, StageChange
from crmcore.customers.contact_points import ContactKind
from crmcore.importing import (
    Action,
    AlreadyImported,
    ChangedSince,
    ColumnMapping,
    Duplicates,
    ImportBatch,
    Outcome,
    Route,
    RunState,
    Seen,
    UndecidedColumn,
    guess_mapping,
    write_rejected,
)
from crmcore.organization import Choice, Dimension, Organization
from crmcore.storage import Event, Holds, MemoryStorage, Query, Stale

__all__ = ["crm", "every_crm"]

TABLE = """公司名称,统一社会信用代码,省份,级别,阶段,联系人,职务,手机,邮箱,行业,seats
华为技术有限公司,914403001922038216,Shanghai,key,商机,任平,采购总监,13800138000,ren@example.com,软件,100
小米科技,,Sichuan,standard,lead,,,,,零售,
字节跳动,,Zhejiang,strategic,,张一,CEO,+86 139 0013 9000,not-a-mail@example.com,软件,12
无名,,Shanghaii,key,,,,,,,
"""


def saved(tmp_path: Path, text: str = TABLE, name: str = "customers.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8-sig")
    return path


def mapped(crm: CRM, path: Path) -> ColumnMapping:
    return guess_mapping(crm.imports.examine(path), crm.imports.target())


def everything(crm: CRM, *records: type[Any]) -> list[Any]:
    with crm.begin(read_only=True) as work:
        return [one for record in records for one in work.job.unit.each(Query(record))]


def names(crm: CRM) -> list[str]:
    return sorted(customer.name for customer in crm.customers.each())


def test_a_file_comes_in_with_all_that_it_says(every_crm: CRM, tmp_path: Path) -> None:
    crm, path = every_crm, saved(tmp_path)
    mapping = mapped(crm, path)
    assert mapping.aside == ()
    outcomes: list[Outcome] = []
    summary = crm.imports.run(path, mapping, each=outcomes.append)
    assert [one.action for one in outcomes] == [Action.ADD, Action.ADD, Action.ADD, Action.REJECT]
    assert (summary.run.added, summary.run.rejected, summary.run.state) == (3, 1, RunState.DONE)
    huawei = next(iter(crm.customers.find({"name": "华为技术有限公司"})))
    assert huawei.registration == "914403001922038216"
    assert huawei.stage == "opportunity"
    assert dict(huawei.custom) == {"region": "Shanghai", "tier": "key", "行业": "software", "seats": 100}
    (contact,) = crm.contacts.of(huawei)
    assert (contact.name, contact.title, contact.primary) == ("任平", "采购总监", True)
    points = {
        (one.point_kind, one.value): one.contact for one in everything(crm, ContactPoint) if one.customer == huawei.id
    }
    assert points == {("phone", "+8613800138000"): contact.id, ("email", "ren@example.com"): None}
    assert {one.person for one in everything(crm, Assignment) if one.customer == huawei.id} == {"li.na"}
    assert [(one.before, one.after) for one in everything(crm, StageChange) if one.customer == huawei.id] == [
        (None, "opportunity")
    ]
    happened = [one.name for one in everything(crm, Event) if one.subject == huawei.id]
    assert sorted(happened)[:3] == ["contact-added", "customer-assigned", "customer-registered"]


def test_a_dry_run_tells_what_a_run_does_and_writes_nothing(every_crm: CRM, tmp_path: Path) -> None:
    crm, path = every_crm, saved(tmp_path, TABLE + "小米科技,,Sichuan,key,,,,,,,\n")
    mapping = mapped(crm, path)
    foretold = list(crm.imports.preview(path, mapping))
    assert everything(crm, Customer, Event) == []
    outcomes: list[Outcome] = []
    crm.imports.run(path, mapping, each=outcomes.append)
    assert [(one.line, one.action, one.name) for one in foretold] == [
        (one.line, one.action, one.name) for one in outcomes
    ]
    assert foretold[4].because == "name"
    assert [str(reason.phrase()) for reason in foretold[3].reasons] == [
        "省份 'Shanghaii': attributes.region has no such value (did you mean 'Shanghai'?)"
    ]


def test_the_same_file_comes_in_once(crm: CRM, tmp_path: Path) -> None:
    path = saved(tmp_path)
    mapping = mapped(crm, path)
    first = crm.imports.run(path, mapping)
    with pytest.raises(AlreadyImported) as caught:
        crm.imports.run(path, mapping)
    assert caught.value.run == first.run.id
    again = crm.imports.run(path, mapping, again=True)
    assert (again.run.added, again.run.rejected) == (0, 4)
    assert [run.id for run in crm.imports.runs()] == [again.run.id, first.run.id]


@pytest.mark.parametrize("rule", list(Duplicates))
def test_customers_that_are_there_are_skipped_updated_or_asked_about(
    crm: CRM, tmp_path: Path, rule: Duplicates
) -> None:
    kept = crm.customers.register("小米科技", attributes={"region": "Sichuan", "tier": "key"}, source="referral")
    path = saved(tmp_path)
    asked: list[str] = []

    def ask(row: Any, seen: Seen) -> str:
        asked.append(seen.customer.name)
        return "update"

    summary = crm.imports.run(path, mapped(crm, path), duplicates=rule, ask=ask)
    after = crm.customers.get(kept.id)
    assert after.source == "referral"
    assert asked == (["小米科技"] if rule is Duplicates.ASK else [])
    assert (summary.run.skipped, summary.run.updated) == ((1, 0) if rule is Duplicates.SKIP else (0, 1))
    assert after.custom["tier"] == ("key" if rule is Duplicates.SKIP else "standard")
    assert names(crm) == ["华为技术有限公司", "字节跳动", "小米科技"]


def test_nobody_to_ask_rejects_the_row_with_the_customer_that_is_there(crm: CRM, tmp_path: Path) -> None:
    there = crm.customers.register("小米科技", attributes={"region": "Sichuan"})
    path = saved(tmp_path)
    outcomes: list[Outcome] = []
    crm.imports.run(path, mapped(crm, path), each=outcomes.append)
    asked = outcomes[1]
    assert (asked.action, asked.customer, asked.because) == (Action.REJECT, there.id, "name")
    assert "--duplicates" in str(asked.reasons[0].phrase())


def test_registration_tells_more_than_the_name_and_an_id_more_than_both(crm: CRM, tmp_path: Path) -> None:
    text = (
        "id,公司名称,税号\nc1,华为,914403001922038216\n,Huawei,914403001922038216\n,华为,914403001922038217\nc2,华为,\n"
    )
    path = saved(tmp_path, text)
    outcomes: list[Outcome] = []
    crm.imports.run(path, mapped(crm, path), duplicates="skip", each=outcomes.append)
    assert [one.because for one in outcomes] == ["", "registration", "", ""]
    assert len(names(crm)) == 3


def test_a_row_is_of_the_customer_that_is_called_so_once_the_rows_before_are_written(crm: CRM, tmp_path: Path) -> None:
    crm.customers.register("旧名", id="c1")
    path = saved(tmp_path, "编号,公司名称,来源\nc1,新名,a\n,旧名,b\n,新名,c\n")
    seen: list[Outcome] = []
    crm.imports.run(path, mapped(crm, path), duplicates=Duplicates.UPDATE, alike=None, each=seen.append)
    assert [(one.action, one.customer == "c1") for one in seen] == [
        (Action.UPDATE, True),
        (Action.ADD, False),
        (Action.UPDATE, True),
    ]
    assert sorted((one.name, one.source) for one in crm.customers.each()) == [("新名", "c"), ("旧名", "b")]


def test_of_several_who_are_called_so_the_one_with_the_first_id_is_meant(crm: CRM, tmp_path: Path) -> None:
    for id_ in ("c2", "c1", "c3"):
        crm.customers.register("小米科技", id=id_)
    path = saved(tmp_path, "公司名称\n小米科技\n")
    seen: list[Outcome] = []
    crm.imports.run(path, mapped(crm, path), duplicates=Duplicates.SKIP, each=seen.append)
    assert [(one.action, one.customer) for one in seen] == [(Action.SKIP, "c1")]


def test_a_number_that_cannot_be_one_rejects_the_row_that_would_write_it_and_no_other(crm: CRM, tmp_path: Path) -> None:
    there = crm.customers.register("华为")
    path = saved(tmp_path, "公司名称,税号\n华为,914403001922038210\n小米,\n")
    outcomes: list[Outcome] = []
    crm.imports.run(path, mapped(crm, path), duplicates="update", each=outcomes.append)
    assert [one.action for one in outcomes] == [Action.REJECT, Action.ADD]
    assert outcomes[0].reasons[0].column == "registration"
    assert crm.customers.get(there.id).registration is None


def test_subsidiaries_find_their_parents_wherever_these_stand(every_crm: CRM, tmp_path: Path) -> None:
    text = "公司,母公司\n子一,集团\n子二,集团\n集团,\n孙,子一\n孤,谁也不是\n"
    path = saved(tmp_path, text)
    run = every_crm.imports.run(path, mapped(every_crm, path), batch=2).run
    by_name = {one.name: one for one in every_crm.customers.each()}
    parents = {
        name: next((p.name for p in by_name.values() if p.id == one.parent), None) for name, one in by_name.items()
    }
    assert parents == {"子一": "集团", "子二": "集团", "集团": None, "孙": "子一", "孤": None}
    undone = every_crm.imports.undo(run)
    assert undone.kept == ()
    assert names(every_crm) == []


def test_an_import_that_is_undone_leaves_nothing_but_its_events(every_crm: CRM, tmp_path: Path) -> None:
    crm = every_crm
    there = crm.customers.register("小米科技", attributes={"region": "Sichuan", "tier": "key"}, source="referral")
    kinds = (Customer, Contact, ContactPoint, StageChange, Assignment, ImportBatch)
    before = [one for one in everything(crm, *kinds) if not isinstance(one, Customer)]
    path = saved(tmp_path)
    run = crm.imports.run(path, mapped(crm, path), duplicates="update", batch=2).run
    assert len(names(crm)) == 3
    undone = crm.imports.undo(run)
    assert (undone.run.state, undone.kept) == (RunState.UNDONE, ())
    after = crm.customers.get(there.id)
    assert (dict(after.custom), after.source) == ({"region": "Sichuan", "tier": "key"}, "referral")
    left = [one for one in everything(crm, *kinds) if not isinstance(one, Customer)]
    assert left == before
    assert crm.imports.undo(run).removed == 0
    assert crm.imports.run(path, mapped(crm, path), duplicates="skip").run.added == 2


def test_what_was_changed_since_is_not_taken_back_unasked(crm: CRM, tmp_path: Path) -> None:
    path = saved(tmp_path)
    run = crm.imports.run(path, mapped(crm, path)).run
    huawei, bytedance = (next(iter(crm.customers.find({"name": name}))) for name in ("华为技术有限公司", "字节跳动"))
    crm.customers.change(huawei, source="referral")
    crm.contacts.add(bytedance, "李四")
    with pytest.raises(ChangedSince) as caught:
        crm.imports.undo(run)
    assert {id_ for _, id_ in caught.value.records} == {huawei.id, bytedance.id}
    assert len(names(crm)) == 3
    undone = crm.imports.undo(run, keep_changed=True)
    assert names(crm) == ["华为技术有限公司", "字节跳动"]
    assert {id_ for kind, id_ in undone.kept if kind == "customer"} == {huawei.id, bytedance.id}
    assert len(crm.contacts.of(huawei)) == 1


def test_a_customer_changed_by_several_batches_is_as_it_was(crm: CRM, tmp_path: Path) -> None:
    there = crm.customers.register("华为", attributes={"region": "Shanghai", "tier": "key"}, source="a")
    text = "公司,级别,来源\n华为,standard,b\n华为,strategic,\n华为,,c\n"
    path = saved(tmp_path, text)
    run = crm.imports.run(path, mapped(crm, path), duplicates="update", batch=1).run
    changed = crm.customers.get(there.id)
    assert (changed.custom["tier"], changed.source) == ("strategic", "c")
    assert crm.imports.undo(run).kept == ()
    after = crm.customers.get(there.id)
    assert (after.custom["tier"], after.source) == ("key", "a")


def test_who_was_assigned_by_a_rule_since_is_no_reason_to_keep_a_customer(every_crm: CRM, tmp_path: Path) -> None:
    crm, path = every_crm, saved(tmp_path)
    run = crm.imports.run(path, mapped(crm, path), assign=False).run
    assert everything(crm, Assignment) == []
    plan = crm.rebalancing.plan()
    assert crm.rebalancing.apply(plan) > 0
    assert crm.imports.undo(run).kept == ()
    assert everything(crm, Customer, Assignment) == []
    again = crm.imports.run(path, mapped(crm, path), assign=False).run
    huawei = next(iter(crm.customers.find({"name": "华为技术有限公司"})))
    crm.assignments.assign(huawei, "account-manager", "wang.wei")
    with pytest.raises(ChangedSince):
        crm.imports.undo(again)


def test_rejected_rows_come_back_and_come_in_once_they_are_mended(crm: CRM, tmp_path: Path) -> None:
    path = saved(tmp_path)
    mapping = mapped(crm, path)
    run = crm.imports.run(path, mapping, batch=3).run
    with (tmp_path / "again.csv").open("wb"):
        pass
    table = crm.imports.examine(path).table
    assert write_rejected(crm.imports.rejected(run, path, mapping), table, tmp_path / "again.csv") == 1
    text = (tmp_path / "again.csv").read_text("utf-8-sig")
    assert "did you mean 'Shanghai'?" in text
    (tmp_path / "again.csv").write_text(text.replace("Shanghaii,", "Shanghai,"), "utf-8-sig")
    assert crm.imports.run(tmp_path / "again.csv", mapping).run.added == 1
    assert len(names(crm)) == 4


def test_what_can_be_read_in_two_ways_stops_before_anything_is_written(tmp_path: Path) -> None:

    fields = [CustomField("since", Holds.DAY, label="日期")]
    crm = CRM.open(MemoryStorage, organization=COMPANY, fields=fields)
    path = saved(
        tmp_path, "公司,日期\n" + "".join(f"公司{n},2026-01-{n:02}\n" for n in range(1, 29)) + "末,02/03/2026\n"
    )
    mapping = ColumnMapping("customers", [Route("name", ["公司"]), Route("attributes.since", ["日期"])])
    with pytest.raises(UndecidedColumn):
        crm.imports.run(path, mapping, batch=5)
    assert names(crm) == []
    assert crm.imports.runs() == ()


def test_two_who_go_on_with_one_import_do_not_double_it(crm: CRM, tmp_path: Path) -> None:
    path = saved(tmp_path)
    mapping = mapped(crm, path)

    def meanwhile(_: Outcome) -> None:
        if len(names(crm)) == 1:
            crm.imports.run(path, mapping, batch=1)

    with pytest.raises(Stale):
        crm.imports.run(path, mapping, batch=1, each=meanwhile)
    assert names(crm) == ["华为技术有限公司", "字节跳动", "小米科技"]
    assert [run.state for run in crm.imports.runs()] == [RunState.DONE]


def test_the_accounts_of_maven_come_in_with_their_parents(crm: CRM, shared_data: Path) -> None:
    path = shared_data / "crm-maven-sales" / "accounts.csv"
    examination = crm.imports.examine(path)
    target = crm.imports.target()
    guessed = guess_mapping(examination, target)
    assert {route.to for route in guessed.routes} >= {"name", "parent", "attributes.company-size"}
    routes = [route for route in guessed.routes if route.to in ("name", "parent", "attributes.company-size")]
    mapping = ColumnMapping("customers", routes, (), guessed.layout)
    run = crm.imports.run(path, mapping, assign=False).run
    assert (run.added, run.rejected) == (85, 0)
    assert sum(one.parent is not None for one in crm.customers.each()) == 15


def test_phones_are_those_of_the_country_that_a_row_names(crm: CRM, tmp_path: Path) -> None:
    path = saved(
        tmp_path,
        """公司,电话,国家
Alfreds Futterkiste,030-0074321,Germany
Around the Horn,020 7946 0018,UK
华为,0755-28780808,中国
Bon app',04 91 24 45 40,france
Nowhere,010 6505 8888,Nirgendwo
""",
    )
    outcomes: list[Outcome] = []
    crm.imports.run(path, mapped(crm, path), each=outcomes.append)
    phones = {one.customer: one.value for one in everything(crm, ContactPoint)}
    assert [phones[one.customer] for one in outcomes] == [
        "+49300074321",
        "+442079460018",
        "+8675528780808",
        "+33491244540",
        "+861065058888",
    ]
    assert [one.reasons[0].phrase() for one in outcomes if one.reasons] == [
        "country 'Nirgendwo': no country is called so (did you mean 'Ireland'?)"
    ]


def test_a_dimension_that_is_the_country_tells_whose_phones_they_are(tmp_path: Path) -> None:
    organization = Organization("x", dimensions=(Dimension("country", Choice(("Germany", "China"))),))
    path = saved(tmp_path, "公司,电话,country\nAlfreds Futterkiste,030-0074321,Germany\n")
    with CRM.open("memory:", organization=organization) as crm:
        crm.imports.run(path, mapped(crm, path))
        assert [one.value for one in everything(crm, ContactPoint)] == ["+49300074321"]
        assert crm.customers.count({"country": "Germany"}) == 1


def test_a_contact_point_comes_in_as_if_it_was_typed(every_crm: CRM, tmp_path: Path) -> None:
    path = saved(tmp_path, "公司,电话,地址\n华为,0755-28780808,广东省深圳市龙岗区坂田街道 518129\n")
    every_crm.imports.run(path, mapped(every_crm, path))
    customer = every_crm.customers.register("中兴")
    for kind, text in (("phone", "0755-28780808"), ("address", "广东省深圳市龙岗区坂田街道 518129")):
        every_crm.contact_points.add(customer, kind, text)
    came, typed = ({one.point_kind: one for one in points} for points in _by_customer(every_crm, customer.id))
    assert came.keys() == typed.keys()
    for kind, one in came.items():
        other = typed[kind]
        assert (one.value, one.key, one.shown, one.details) == (other.value, other.key, other.shown, other.details)
    assert came[ContactKind.ADDRESS].details["city"] == "深圳市"


def _by_customer(crm: CRM, typed: str) -> tuple[list[ContactPoint], list[ContactPoint]]:
    points = everything(crm, ContactPoint)
    return [one for one in points if one.customer != typed], [one for one in points if one.customer == typed]


def test_what_a_row_says_again_in_another_way_is_there_once(crm: CRM, tmp_path: Path) -> None:
    first = saved(tmp_path, "公司,网址\n华为,https://www.huawei.com\n", "first.csv")
    again = saved(tmp_path, "公司,网址\n华为,http://huawei.com\n", "again.csv")
    for path in (first, again):
        crm.imports.run(path, mapped(crm, path), duplicates="update")
    assert [one.value for one in everything(crm, ContactPoint)] == ["https://www.huawei.com"]


def test_the_cards_of_address_books_come_in(crm: CRM, shared_data: Path) -> None:
    added = points = 0
    for path in sorted((shared_data / "contact-points" / "vcard").glob("*.vcf")):
        mapping = mapped(crm, path)
        run = crm.imports.run(path, mapping, duplicates="skip", assign=False).run
        assert run.rejected == 0, path
        added += run.added
        points = len(everything(crm, ContactPoint))
    assert (added, points) == (17, 71)  # one card names its web site twice, with https and with http
    lotus = next(iter(crm.customers.find({"name": "Lotus Development Corporation"})))
    (frank,) = crm.contacts.of(lotus)
    assert frank.name == "Frank Dawson"


WORKER = """
import sys
from functools import partial
from crmcore_sqlalchemy import SQLStorage
from crmcore.crm import CRM
from crmcore.importing import ColumnMapping, Route
sys.path.insert(0, sys.argv[3])
from crms import COMPANY
mapping = ColumnMapping("customers", [Route("name", ["name"]), Route("phone", ["phone"])])
with CRM.open(partial(SQLStorage.open, sys.argv[1]), organization=COMPANY) as crm:
    print("ready", flush=True)
    crm.imports.run(sys.argv[2], mapping, batch=7, assign=False, each=lambda one: print(one.line, flush=True))
print("done", flush=True)
"""


def test_an_import_that_is_killed_goes_on_without_losing_or_doubling(tmp_path: Path) -> None:
    """The process is killed with SIGKILL behind some acknowledged rows, again and again, until the file is in."""
    rows = 300
    path = saved(tmp_path, "name,phone\n" + "".join(f"客户{n},1380013{n:04}\n" for n in range(rows)))
    url = f"sqlite:///{tmp_path / 'crm.db'}"
    tests = str(Path(__file__).parents[1])
    acknowledged: set[str] = set()
    kills = 0
    done = False
    while not done:
        command = [sys.executable, "-c", WORKER, url, str(path), tests]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
            assert worker.stdout is not None
            for seen, line in enumerate(worker.stdout):
                if line.strip() == "done":
                    done = True
                elif line.strip() != "ready":
                    assert line.strip() not in acknowledged
                    acknowledged.add(line.strip())
                if seen == 29 + 11 * kills and not done:
                    worker.send_signal(signal.SIGKILL)
                    kills += 1
                    break
            rest = worker.stdout.read().split()
            acknowledged.update(word for word in rest if word.isdigit())
            done = done or "done" in rest
    assert kills >= 3
    with CRM.open(lambda kinds: SQLStorage.open(url, kinds), organization=COMPANY) as crm:
        assert names(crm) == sorted(f"客户{n}" for n in range(rows))
        assert len(everything(crm, ContactPoint)) == rows
        registered = [one for one in everything(crm, Event) if one.name == "customer-registered"]
        assert {one.subject for one in registered} == {one.id for one in crm.customers.each()}
        (run,) = crm.imports.runs()
        assert (run.state, run.position, run.added) == (RunState.DONE, rows, rows)
        assert crm.imports.undo(run).removed == rows * 3
        assert names(crm) == []


def test_a_row_of_a_customer_that_was_erased_is_rejected_and_the_others_come_in(crm: CRM, tmp_path: Path) -> None:
    crm.privacy.erase(crm.customers.register("华为", id="c1"))
    path = saved(tmp_path, "id,公司名称\nc1,华为\nc2,小米科技\n")
    outcomes: list[Outcome] = []
    crm.imports.run(path, mapped(crm, path), duplicates="update", each=outcomes.append)
    assert [one.action for one in outcomes] == [Action.REJECT, Action.ADD]
    assert "was erased" in str(outcomes[0].reasons[0].phrase())

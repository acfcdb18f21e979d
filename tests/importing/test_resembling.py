"""A row is of a customer that it resembles: found as at entry, for many rows at once, and held to more than there."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from crmcore_sqlalchemy import SQLStorage
from crms import COMPANY, SteppingClock, crm, every_crm, numbered
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from crmcore.crm import CRM
from crmcore.customers import ContactPoint, Customer, DuplicateKey
from crmcore.customers.duplicates import keys
from crmcore.customers.duplicates.distances import distances
from crmcore.customers.profiling import profiles_of
from crmcore.importing import Action, ColumnMapping, Outcome, Route, Seen, TypedRow
from crmcore.importing.records import Maker
from crmcore.importing.resembling import Entered, Resembling
from crmcore.language import speaking, told
from crmcore.storage import MemoryStorage, Query

__all__ = ["crm", "every_crm"]

FIELDS = ("name", "customer_type", "registration", "phone", "email", "web", "source")
MAPPING = ColumnMapping("customers", [Route(name, [name]) for name in FIELDS])
USCC, OTHER_USCC = "914403001922038216", "91440300708461136T"
PHONE = "+8613800138000"


def saved(folder: Path, *rows: dict[str, str]) -> Path:
    path = folder / "rows.csv"
    lines = [",".join(FIELDS), *(",".join(row.get(name, "") for name in FIELDS) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def imported(crm: CRM, path: Path, **options: Any) -> list[Outcome]:
    outcomes: list[Outcome] = []
    crm.imports.run(path, MAPPING, each=outcomes.append, again=True, **options)
    return outcomes


def there(crm: CRM, name: str, *, phone: str = "", web: str = "", **values: Any) -> Customer:
    """A customer that is there."""
    customer = crm.customers.register(name, **values)
    for kind, value in (("phone", phone), ("web", web)):
        if value:
            crm.contact_points.add(customer, kind, value)
    return customer


def everything(crm: CRM, *records: type[Any]) -> list[Any]:
    with crm.begin(read_only=True) as work:
        return [one for record in records for one in work.job.unit.each(Query(record))]


def test_a_row_is_of_the_customer_with_its_phone_and_a_name_in_another_script(every_crm: CRM, tmp_path: Path) -> None:
    known = there(every_crm, "云帆软件有限公司", phone="138 0013 8000")
    path = saved(tmp_path, {"name": "Yunfan Software Inc.", "phone": PHONE})
    (outcome,) = imported(every_crm, path, duplicates="skip")
    assert (outcome.action, outcome.customer, outcome.because) == (Action.SKIP, known.id, "alike")
    assert outcome.score == 1.0
    assert outcome.seen is not None
    assert [one.field for one in outcome.seen.likeness] == ["phone"]
    assert [one.name for one in every_crm.customers.each()] == ["云帆软件有限公司"]


def test_a_row_is_of_the_customer_with_its_name_but_for_the_legal_form_and_its_domain(
    every_crm: CRM, tmp_path: Path
) -> None:
    known = there(every_crm, "深圳市云帆软件股份有限公司", web="https://www.yunfan.cn")
    path = saved(tmp_path, {"name": "云帆软件（深圳）", "email": "sales@yunfan.cn"})
    (outcome,) = imported(every_crm, path, duplicates="skip")
    assert (outcome.action, outcome.customer, outcome.because) == (Action.SKIP, known.id, "alike")
    assert outcome.score > 0.99


def test_an_update_leaves_the_name_and_the_number_and_fills_in_what_is_empty(every_crm: CRM, tmp_path: Path) -> None:
    crm = every_crm
    numbered = there(crm, "云帆软件有限公司", phone=PHONE, registration=USCC)
    bare = there(crm, "晨光贸易有限公司", phone="+8613900139000", source="referral")
    path = saved(
        tmp_path,
        {"name": "云帆软件", "phone": PHONE, "source": "fair", "email": "info@yunfan.cn"},
        {"name": "晨光贸易", "phone": "+8613900139000", "registration": OTHER_USCC},
    )
    outcomes = imported(crm, path, duplicates="update")
    assert [(one.action, one.because) for one in outcomes] == [(Action.UPDATE, "alike")] * 2
    after = crm.customers.get(numbered.id)
    assert (after.name, after.registration, after.source) == ("云帆软件有限公司", USCC, "fair")
    assert {one.value for one in crm.contact_points.of(after)} == {PHONE, "info@yunfan.cn"}
    filled = crm.customers.get(bare.id)
    assert (filled.name, filled.registration, filled.source) == ("晨光贸易有限公司", OTHER_USCC, "referral")
    (run,) = crm.imports.runs()
    assert crm.imports.undo(run).kept == ()
    assert crm.customers.get(numbered.id).source is None
    assert crm.customers.get(bare.id).registration is None
    assert {one.value for one in everything(crm, ContactPoint)} == {PHONE, "+8613900139000"}


def test_nobody_to_ask_rejects_the_row_and_says_whom_it_resembles_and_why_and_what_to_do(
    crm: CRM, tmp_path: Path
) -> None:
    known = there(crm, "云帆软件有限公司", phone=PHONE)
    path = saved(tmp_path, {"name": "云帆软件", "phone": PHONE})
    (outcome,) = imported(crm, path)
    assert (outcome.action, outcome.customer, outcome.because) == (Action.REJECT, known.id, "alike")
    assert str(outcome.phrase()) == (
        f"line 2: rejected: 云帆软件: name '云帆软件': it is probably 云帆软件有限公司 ({known.id}, 100%: "
        "phone: the same: 8613800138000, company name: the same but for the legal form: 云帆软件) "
        "(import it with --duplicates skip or update; if it is another customer, give it an id)"
    )
    with speaking("zh"):
        assert "很可能是 云帆软件有限公司" in told(outcome.phrase())
        assert "如果是另一位客户，请给它一个 id" in told(outcome.phrase())


def test_a_row_with_an_id_of_its_own_is_another_customer(crm: CRM, tmp_path: Path) -> None:
    there(crm, "云帆软件有限公司", phone=PHONE)
    path = tmp_path / "rows.csv"
    path.write_text(f"id,name,phone\nc2,云帆软件,{PHONE}\n", encoding="utf-8")
    mapping = ColumnMapping("customers", [Route(name, [name]) for name in ("id", "name", "phone")])
    assert crm.imports.run(path, mapping).run.added == 1


def test_a_row_that_is_only_likely_of_a_customer_is_added_with_a_remark(every_crm: CRM, tmp_path: Path) -> None:
    known = there(every_crm, "云帆软件有限公司")
    path = saved(tmp_path, {"name": "云帆软件"})
    for rule in ("skip", "update", "ask"):
        (foretold,) = every_crm.imports.preview(path, MAPPING, duplicates=rule)
        assert (foretold.action, foretold.because) == (Action.ADD, "")
        assert foretold.seen is not None
        assert foretold.seen.customer == known
        assert 0.5 <= foretold.score < 0.99
    (outcome,) = imported(every_crm, path)
    assert outcome.action is Action.ADD
    assert f"it is perhaps the same as 云帆软件有限公司 ({known.id}, 71%: " in str(outcome.phrase())
    with speaking("zh"):
        assert "可能与 云帆软件有限公司" in told(outcome.phrase())


@pytest.mark.parametrize(
    ("stored", "row"),
    [
        ({"name": "华为技术有限公司", "phone": PHONE}, {"name": "荣耀终端有限公司", "phone": PHONE}),
        ({"name": "北京云帆软件有限公司", "phone": PHONE}, {"name": "北京云海软件有限公司", "phone": PHONE}),
        ({"name": "如家酒店 1234 店", "phone": PHONE}, {"name": "如家酒店 1243 店", "phone": PHONE}),
        (
            {"name": "云帆软件", "registration": "SH-1", "phone": PHONE},
            {"name": "云帆软件", "registration": "SH-2", "phone": PHONE},
        ),
        (
            {"name": "客户1234有限公司", "phone": "+8613800001234"},
            {"name": "客户1243有限公司", "phone": "+8613800001243"},
        ),
    ],
    ids=["another name", "a company of the group", "a shop of the chain", "another number", "an item of a series"],
)
def test_whoever_is_called_or_registered_otherwise_is_another_customer(
    crm: CRM, tmp_path: Path, stored: dict[str, str], row: dict[str, str]
) -> None:
    there(crm, **stored)
    (outcome,) = imported(crm, saved(tmp_path, row), duplicates="skip", alike=0.5)
    assert outcome.action is Action.ADD
    assert outcome.seen is not None, "somebody should have a look"


@pytest.mark.parametrize(
    ("answer", "action", "count"),
    [("skip", Action.SKIP, 1), ("update", Action.UPDATE, 1), ("add", Action.ADD, 2), ("ask", Action.REJECT, 1)],
)
def test_somebody_is_asked_also_about_a_row_that_is_only_likely_of_a_customer(
    crm: CRM, tmp_path: Path, answer: str, action: Action, count: int
) -> None:
    known = there(crm, "云帆软件有限公司")
    asked: list[Seen] = []

    def ask(row: TypedRow, seen: Seen) -> str:
        asked.append(seen)
        return answer

    (outcome,) = imported(crm, saved(tmp_path, {"name": "云帆软件"}), ask=ask)
    assert (outcome.action, crm.customers.count()) == (action, count)
    (seen,) = asked
    assert (seen.customer, seen.because, seen.sure) == (known, "alike", False)
    assert str(seen.phrase()) == (
        f"云帆软件有限公司 ({known.id}, 71%: company name: the same but for the legal form: 云帆软件)"
    )


@pytest.mark.parametrize("batch", [1, 2, 10])
def test_rows_of_one_file_are_found_to_be_one_customer_wherever_they_stand(
    every_crm: CRM, tmp_path: Path, batch: int
) -> None:
    path = saved(
        tmp_path,
        {"name": "云帆软件有限公司", "phone": PHONE},
        {"name": "晨光贸易有限公司", "email": "info@chenguang.cn"},
        {"name": "云帆软件", "phone": PHONE},
        {"name": "Morning Light Ltd.", "email": "Info@chenguang.cn"},
    )
    wanted = [(Action.ADD, ""), (Action.ADD, ""), (Action.SKIP, "alike"), (Action.SKIP, "alike")]
    foretold = every_crm.imports.preview(path, MAPPING, duplicates="skip")
    assert [(one.action, one.because) for one in foretold] == wanted
    outcomes = imported(every_crm, path, duplicates="skip", batch=batch)
    assert [(one.action, one.because) for one in outcomes] == wanted
    assert outcomes[2].customer == outcomes[0].customer


def test_what_an_update_adds_is_known_to_the_rows_behind_it(crm: CRM, tmp_path: Path) -> None:
    known = there(crm, "云帆软件有限公司")
    path = saved(
        tmp_path, {"name": "云帆软件有限公司", "phone": PHONE}, {"name": "Yunfan Inc.", "phone": PHONE, "source": "b"}
    )
    outcomes = imported(crm, path, duplicates="update")
    assert [(one.because, one.customer) for one in outcomes] == [("name", known.id), ("alike", known.id)]


def test_nothing_is_compared_where_that_is_not_wanted(crm: CRM, tmp_path: Path) -> None:
    there(crm, "云帆软件有限公司", phone=PHONE)
    path = saved(tmp_path, {"name": "云帆软件", "phone": PHONE})
    summary = crm.imports.run(path, MAPPING, alike=None)
    assert (summary.run.added, summary.compared) == (1, True)
    for least in (0.4, 1.1):
        with pytest.raises(ValueError, match="sure"):
            crm.imports.run(path, MAPPING, alike=least)


def test_without_rapidfuzz_rows_come_in_as_ever_and_the_summary_says_so_once(
    crm: CRM, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there(crm, "云帆软件有限公司", phone=PHONE)
    monkeypatch.setitem(sys.modules, "rapidfuzz.distance", None)
    distances.cache_clear()
    try:
        path = saved(tmp_path, {"name": "云帆软件", "phone": PHONE}, {"name": "云帆软件有限公司"})
        outcomes: list[Outcome] = []
        summary = crm.imports.run(path, MAPPING, duplicates="skip", each=outcomes.append)
    finally:
        distances.cache_clear()
    assert [(one.action, one.because) for one in outcomes] == [(Action.ADD, ""), (Action.SKIP, "name")]
    hint = "Customers were recognised by id, registration and name alone; to find more, run "
    said = [str(line) for line in summary.lines()]
    assert said.count(f"{hint}pip install 'crmcore[duplicates]'") == 1


def test_a_key_that_very_many_share_tells_nobody_from_anybody(crm: CRM, tmp_path: Path) -> None:
    for number in range(51):
        there(crm, f"客户{number}", phone=PHONE)
    path = saved(tmp_path, {"name": "Yunfan Inc.", "phone": PHONE})
    (outcome,) = imported(crm, path, duplicates="skip")
    assert (outcome.action, outcome.seen) == (Action.ADD, None)


def test_more_rows_ask_the_storage_no_more_often(opened: Callable[..., SQLStorage], tmp_path: Path) -> None:
    storage = opened(CRM.kinds(COMPANY))
    crm = CRM(storage, organization=COMPANY, clock=SteppingClock(), ids=numbered())
    for number in range(100):
        there(crm, f"云帆{number}软件有限公司", phone=f"+861380013{number:04}")
    said: list[str] = []
    event.listen(storage._source, "before_cursor_execute", lambda *given: said.append(given[2]))

    def asked(count: int) -> int:
        rows = [{"name": f"云帆{number}软件", "phone": f"+861380013{number:04}"} for number in range(count)]
        said.clear()
        outcomes = list(crm.imports.preview(saved(tmp_path, *rows), MAPPING, duplicates="skip"))
        assert [one.because for one in outcomes] == ["alike"] * count
        return sum(statement.lstrip().startswith("SELECT") for statement in said)

    assert asked(10) == asked(100) < 20


NAMES = [
    "云帆软件有限公司",
    "云帆软件",
    "云帆软件（上海）",
    "Yunfan Ruanjian",
    "华为技术有限公司",
    "华为技术公司12",
    "王伟",
]
ROW = st.fixed_dictionaries(
    {
        "name": st.sampled_from(NAMES),
        "customer_type": st.sampled_from(["", "", "person"]),
        "registration": st.sampled_from(["", "", "", USCC, OTHER_USCC, "SH-100001", "SH-100002"]),
        "phone": st.sampled_from(["", "", PHONE, "+8613800138001", "+8613900139000", "1"]),
        "email": st.sampled_from(["", "", "info@yunfan.cn", "inf0@yunfan.cn", "wang.wei@qq.com"]),
        "web": st.sampled_from(["", "", "https://yunfan.cn"]),
    }
).map(lambda row: {**row, "registration": ""} if row["customer_type"] else row)


def registered(crm: CRM, row: dict[str, str]) -> Customer:
    customer = crm.customers.register(
        row["name"], customer_type=row["customer_type"] or "organization", registration=row["registration"] or None
    )
    for kind in ("phone", "email", "web"):
        if row[kind] and row[kind] != "1":
            crm.contact_points.add(customer, kind, row[kind])
    return customer


@settings(max_examples=150, deadline=None)
@given(stored=st.lists(ROW, max_size=8), rows=st.lists(ROW, min_size=1, max_size=8))
def test_many_rows_at_once_find_what_the_check_at_entry_finds_one_by_one(
    stored: list[dict[str, str]], rows: list[dict[str, str]]
) -> None:
    crm = CRM.open(MemoryStorage, organization=COMPANY)
    for row in stored:
        registered(crm, row)
    with crm.begin(read_only=True) as work:
        job, maker, resembling = work.job, Maker(), Resembling(0.99)
        made = []
        for row in rows:
            values: dict[str, Any] = {
                name: [value] if name in ("phone", "email", "web") else value for name, value in row.items() if value
            }
            made.append(maker.made(job, TypedRow(2, values, [])))
        entered = [Entered.of(one) for one in made]
        resembling.look_up(job, entered)
        found = [resembling.find(one) for one in entered]
    for row, one in zip(rows, found, strict=True):
        points = {f"{kind}s": [row[kind]] for kind in ("phone", "email") if row[kind]}
        points |= {"websites": [row["web"]]} if row["web"] else {}
        checked = crm.duplicates.check(
            row["name"],
            customer_type=row["customer_type"] or "organization",
            registration=row["registration"] or None,
            **points,  # type: ignore[arg-type]  # they are lists of texts
        )
        assert (one is None) == (not checked)
        if one is not None:
            (same,) = [each for each in checked if each.customer == one.customer]
            assert (one.score, one.likeness) == (same.score, same.reasons)
            assert one.score >= 0.99 if one.sure else one.customer == checked[0].customer


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    stored=st.lists(ROW, max_size=4),
    rows=st.lists(ROW, min_size=1, max_size=8),
    rule=st.sampled_from(["skip", "update", "ask"]),
    batch=st.integers(1, 8),
)
def test_the_same_becomes_of_rows_however_many_are_written_at_once_and_all_have_their_keys(
    tmp_path: Path, stored: list[dict[str, str]], rows: list[dict[str, str]], rule: str, batch: int
) -> None:
    path = saved(tmp_path, *rows)
    became = []
    for size in (1, batch):
        crm = CRM.open(MemoryStorage, organization=COMPANY, ids=numbered(), clock=SteppingClock())
        for row in stored:
            registered(crm, row)
        outcomes = imported(crm, path, duplicates=rule, batch=size)
        became.append([(one.action, one.because, one.score) for one in outcomes])
        kept: dict[str, set[str]] = {}
        for key in everything(crm, DuplicateKey):
            kept.setdefault(key.customer, set()).add(key.key)
        with crm.begin(read_only=True) as work:
            profiles = profiles_of(work.job, [one.id for one in crm.customers.each()])
        assert kept == {one.id: set(keys(one)) for one in profiles}
        (run,) = crm.imports.runs()
        assert crm.imports.undo(run).kept == ()
        assert crm.customers.count() == len(stored)
    assert became[0] == became[1]

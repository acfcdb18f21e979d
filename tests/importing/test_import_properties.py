"""Whatever a file holds, however often its import is stopped: what is there is what a plain loop makes of it."""

from pathlib import Path
from typing import Any

import pytest
from crms import COMPANY
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmcore.crm import CRM
from crmcore.customers import Assignment, Contact, ContactPoint, Customer, StageChange
from crmcore.importing import ColumnMapping, Duplicates, ImportBatch, Outcome, Route, RunState
from crmcore.storage import Event, MemoryStorage, Query

NAMES = ("id", "name", "tier", "source", "contact", "phone")
HEADER = ",".join(NAMES) + "\n"
MAPPING = ColumnMapping(
    "customers",
    [
        Route("id", ["id"]),
        Route("name", ["name"]),
        Route("attributes.tier", ["tier"]),
        Route("source", ["source"]),
        Route("contact.name", ["contact"]),
        Route("contact.phone", ["phone"]),
    ],
)
IDS = st.sampled_from(["", "", "c1", "c2"])
ROW = st.fixed_dictionaries(
    {
        "id": IDS,
        "name": st.sampled_from(["甲", "乙", "丙"]),
        "tier": st.sampled_from(["", "key", "standard", "strategic", "bad"]),
        "source": st.sampled_from(["", "a", "b"]),
        "contact": st.sampled_from(["", "张一", "李二"]),
        "phone": st.sampled_from(["", "13800138000", "13900139000", "1"]),
    }
).map(lambda row: {**row, "name": f"名{row['id']}"} if row["id"] else row)


class Stopped(Exception):
    """The process is gone."""


def oracle(rows: list[dict[str, str]], rule: Duplicates) -> tuple[list[tuple[str, Any, Any]], dict[str, int]]:
    """What a plain loop makes of rows: customers by name, tier and source, and how many rows became what."""
    there: dict[str, dict[str, Any]] = {}
    counts = {"added": 0, "updated": 0, "skipped": 0, "rejected": 0}
    for row in rows:
        key = row["id"] or row["name"]
        said = {name: row[name] for name in ("tier", "source") if row[name]}
        if row["tier"] == "bad":
            counts["rejected"] += 1
        elif key not in there:
            there[key] = {"name": row["name"], **said}
            counts["added"] += 1
        elif rule is Duplicates.UPDATE:
            there[key] |= said
            counts["updated"] += 1
        else:
            counts["skipped" if rule is Duplicates.SKIP else "rejected"] += 1
    found = [(one["name"], one.get("tier"), one.get("source")) for one in there.values()]
    return sorted(found, key=str), counts


def found(crm: CRM) -> list[tuple[str, Any, Any]]:
    return sorted(((one.name, one.custom.get("tier"), one.source) for one in crm.customers.each()), key=str)


def everything(crm: CRM, *records: type[Any]) -> list[Any]:
    with crm.begin(read_only=True) as work:
        return [one for record in records for one in work.job.unit.each(Query(record))]


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(ROW, min_size=1, max_size=14),
    rule=st.sampled_from(Duplicates),
    batch=st.integers(1, 6),
    stops=st.lists(st.integers(1, 5), max_size=3),
)
def test_an_import_makes_what_a_plain_loop_makes_and_undoing_it_nothing(
    tmp_path: Path, rows: list[dict[str, str]], rule: Duplicates, batch: int, stops: list[int]
) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(HEADER + "".join(",".join(row[name] for name in NAMES) + "\n" for row in rows), encoding="utf-8")
    crm = CRM.open(MemoryStorage, organization=COMPANY)
    foretold = [one.action for one in crm.imports.preview(path, MAPPING, duplicates=rule)]
    seen: list[Outcome] = []

    def stopping(after: int) -> Any:
        left = [after]

        def each(outcome: Outcome) -> None:
            seen.append(outcome)
            left[0] -= 1
            if not left[0]:
                raise Stopped

        return each

    for after in stops:
        try:
            crm.imports.run(path, MAPPING, duplicates=rule, batch=batch, each=stopping(after), again=True)
        except Stopped:
            continue
        break
    unfinished = [run for run in crm.imports.runs() if run.state is not RunState.DONE]
    if unfinished or not crm.imports.runs():
        crm.imports.run(path, MAPPING, duplicates=rule, batch=batch)
    (run,) = crm.imports.runs()
    wanted, counts = oracle(rows, rule)
    assert found(crm) == wanted
    assert {name: getattr(run, name) for name in counts} == counts
    assert (run.state, run.position) == (RunState.DONE, len(rows))
    assert len(foretold) == len(rows)
    if rule is not Duplicates.UPDATE:
        assert [action.value for action in foretold].count("add") == counts["added"]
    registered = [one.subject for one in everything(crm, Event) if one.name == "customer-registered"]
    assert sorted(registered) == sorted(one.id for one in crm.customers.each())
    primary = [one.customer for one in everything(crm, Contact) if one.primary]
    assert len(primary) == len(set(primary))
    assert crm.imports.undo(run).kept == ()
    assert everything(crm, Customer, Contact, ContactPoint, StageChange, Assignment, ImportBatch) == []


def test_an_undo_that_is_stopped_is_gone_on_with(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("name\n" + "".join(f"客户{number}\n" for number in range(20)), encoding="utf-8")
    crm = CRM.open(MemoryStorage, organization=COMPANY)
    run = crm.imports.run(path, ColumnMapping("customers", [Route("name", ["name"])]), batch=3).run

    def stop(_: str, done: float) -> None:
        if done > 0.4:
            raise Stopped

    with pytest.raises(Stopped):
        crm.imports.undo(run, progress=stop)
    assert 0 < crm.customers.count() < 20
    assert crm.imports.runs()[0].state is RunState.UNDOING
    undone = crm.imports.undo(run)
    assert (crm.customers.count(), undone.run.state) == (0, RunState.UNDONE)

"""The storage in a file of JSON lines: what is its own beside the contract."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import frozen
from crmcore_example.jsonlines import JsonLines

from crmcore.storage import Busy, Entity, Field, Holds, Kind, Kinds, Query, StorageUnavailable, Transaction
from crmcore.testing import StorageContract
from crmcore.testing.storages import KINDS, Company, Open, Witness, company, parcel

Opened = Callable[..., JsonLines]


@frozen(kw_only=True)
class Older(Entity):
    name: str


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "客户.jsonl"


@pytest.fixture
def opened(file: Path) -> Opened:
    return lambda kinds=KINDS: JsonLines(f"jsonlines:///{file.as_posix()}", kinds, patience=0.05)


class TestJsonLines(StorageContract):
    @pytest.fixture
    def opened(self, opened: Opened) -> Open:
        return opened

    @pytest.fixture
    def witness(self, file: Path) -> Witness:
        return lambda tenant, kind: lying(file, tenant, kind)


def lying(file: Path, tenant: str, kind: str) -> set[str]:
    """The ids of the records that lie in a file, read without the storage."""
    ids: dict[str, object] = {}
    for line in file.read_bytes().splitlines() if file.exists() else ():
        commit = json.loads(line)
        if commit["tenant"] == tenant:
            ids |= commit["written"].get(kind, {})
    return {id_ for id_, record in ids.items() if record is not None}


def add(storage: JsonLines, *entities: Entity, tenant: str = "acme") -> None:
    with storage.begin(tenant) as work:
        work.add_all(entities)
        work.commit()


def ids(storage: JsonLines) -> list[str]:
    with storage.begin("acme", read_only=True) as work:
        return [one.id for one in work.find(Query(Company))]


def test_a_commit_is_a_line_that_people_can_read(opened: Opened, file: Path) -> None:
    storage = opened()
    add(storage, company("c1"), company("c2", notes={"说": ["明"]}))
    add(storage, parcel())
    first, second = file.read_text(encoding="utf-8").splitlines()
    assert '"name": "华为"' in first
    assert json.loads(first)["written"]["company"]["c2"]["notes"] == {"说": ["明"]}
    assert list(json.loads(second)["written"]) == ["parcel"]


def test_wherever_a_process_was_killed_there_are_whole_commits_and_the_next_one(opened: Opened, file: Path) -> None:
    kinds = Kinds([Kind("partner", Older)])
    names = ["华为", "云帆", "晨光"]
    for name in names:
        add(opened(kinds), Older(id=name, name=name), Older(id=f"{name}2", name=name))
    whole = file.read_bytes()
    for end in range(len(whole) + 1):
        file.write_bytes(whole[:end])
        committed = {id_ for name in names[: whole[:end].count(b"\n")] for id_ in (name, f"{name}2")}
        assert partners(opened(kinds)) == committed
        if end % 20 == 0:
            add(opened(kinds), Older(id="next", name="next"))
            assert partners(opened(kinds)) == {*committed, "next"}


def partners(storage: JsonLines) -> set[str]:
    with storage.begin("acme", read_only=True) as work:
        return {one.id for one in work.find(Query(Older))}


def test_a_line_that_somebody_broke_is_told_with_the_file(opened: Opened, file: Path) -> None:
    add(opened(), company())
    file.write_text("{}\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(StorageUnavailable, match="客户"):
        opened()
    file.write_text("no json\n", encoding="utf-8")
    with pytest.raises(StorageUnavailable, match="客户"):
        opened()


@pytest.mark.parametrize("url", ["jsonlines:", "jsonlines:crm.jsonl", "jsonlines:///"])
def test_a_url_without_a_file_is_told_how_to_name_one(url: str) -> None:
    with pytest.raises(StorageUnavailable, match=r"jsonlines:///crm\.jsonl"):
        JsonLines(url, KINDS)


def test_what_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable):
        JsonLines(f"jsonlines:///{tmp_path.as_posix()}", KINDS).begin("acme")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StorageUnavailable):
        JsonLines(f"jsonlines:///{(tmp_path / 'file' / 'crm.jsonl').as_posix()}", KINDS).begin("acme")


def test_a_writer_who_fails_lets_go_of_the_file(opened: Opened, file: Path) -> None:
    storage = opened()
    file.write_text("no json\n", encoding="utf-8")
    with pytest.raises(StorageUnavailable):
        storage.begin("acme")
    file.unlink()
    add(storage, company())
    assert ids(storage) == ["c1"]


def test_a_second_program_waits_for_the_first_one_to_write(opened: Opened) -> None:
    one, other = opened(), opened()
    with one.begin("acme") as work:
        work.add(company())
        with pytest.raises(Busy):
            other.begin("acme")
        assert ids(other) == []
        work.commit()
    assert ids(other) == ["c1"]


def test_records_of_a_plugin_that_is_gone_stay_in_the_file(opened: Opened) -> None:
    add(opened(), company())
    less = opened(Kinds())
    add(less, parcel())
    assert ids(opened()) == ["c1"]


@frozen(kw_only=True)
class Newer(Entity):
    name: str
    level: str = "standard"


def test_records_of_before_have_the_defaults_of_newer_fields(opened: Opened) -> None:
    add(opened(Kinds([Kind("partner", Older)])), Older(id="p1", name="云帆"))
    custom = [Field("city", Holds.TEXT)]
    with opened(Kinds([Kind("partner", Newer, custom=custom)])).begin("acme") as work:
        assert work.get(Newer, "p1") == Newer(id="p1", version=1, name="云帆")


def test_it_is_a_transaction_of_the_port(opened: Opened) -> None:
    transaction = opened().transaction("acme", read_only=True)
    assert isinstance(transaction, Transaction)
    transaction.rollback()
    transaction.rollback()


_COUNTING = """
import sys
from attrs import evolve
from crmcore_example.jsonlines import JsonLines
from crmcore.testing.storages import KINDS, Company

storage = JsonLines(sys.argv[1], KINDS, patience=60)
for _ in range(int(sys.argv[2])):
    with storage.begin("acme") as work:
        read = work.get(Company, "c1")
        work.put(evolve(read, employees=read.employees + 1))
        work.commit()
"""


def test_no_update_of_several_processes_is_lost(opened: Opened, file: Path) -> None:
    processes, times = 3, 20
    add(opened(), company("c1", employees=0))
    command = [sys.executable, "-c", _COUNTING, f"jsonlines:///{file.as_posix()}", str(times)]
    running = [subprocess.Popen(command) for _ in range(processes)]
    assert [process.wait(timeout=120) for process in running] == [0] * processes
    with opened().begin("acme", read_only=True) as work:
        found = work.get(Company, "c1")
    assert (found.employees, found.version) == (processes * times, processes * times + 1)

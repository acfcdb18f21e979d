"""What holds of the storage in every database, beyond the contract of all storages."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from crmcore_sqlalchemy import SQLStorage
from crmcore_sqlalchemy.storage import engine_of
from databases import database
from sqlalchemy import create_engine, text

from crmcore.storage import Busy, Contains, Is, Kinds, Lacks, NotThere, Query, StartsWith, StorageUnavailable
from crmcore.testing.storages import KINDS, Company, Person, company, event


def test_what_a_program_shares_lasts_only_if_the_program_commits(url: str) -> None:
    SQLStorage.open(url, KINDS).close()
    engine = engine_of(url)
    for commits in (False, True):
        with engine.connect() as connection, connection.begin() as whole:
            connection.execute(text("SELECT 1"))
            shared = SQLStorage(connection, KINDS)
            with shared.begin("acme") as work:
                work.add(company(f"c-{commits}"))
                work.append(event(f"e-{commits}"))
                work.commit()
            with shared.begin("acme") as work:
                work.add(company("rolled-back"))
            if commits:
                whole.commit()
            else:
                whole.rollback()
    engine.dispose()
    with SQLStorage.open(url, KINDS) as storage, storage.begin("acme", read_only=True) as work:
        assert [one.id for one in work.find(Query(Company))] == ["c-True"]


def test_a_unit_of_work_that_fails_leaves_the_rest_of_the_program_s_transaction_alone(url: str) -> None:
    SQLStorage.open(url, KINDS).close()
    engine = engine_of(url)
    with engine.connect() as connection, connection.begin():
        shared = SQLStorage(connection, KINDS)
        with shared.begin("acme") as work:
            work.add(company("c1"))
            work.commit()
        with pytest.raises(NotThere), shared.begin("acme") as work:
            work.add(company("c2"))
            work.put(company("c3"))
        connection.commit()
    engine.dispose()
    with SQLStorage.open(url, KINDS) as storage, storage.begin("acme", read_only=True) as work:
        assert [one.id for one in work.find(Query(Company))] == ["c1"]


def test_an_engine_that_a_program_gives_stays_open(url: str) -> None:
    engine = engine_of(url)
    with SQLStorage(engine, KINDS) as storage, storage.begin("acme") as work:
        work.add(company())
        work.commit()
    with engine.connect() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
    engine.dispose()


def test_texts_are_searched_as_they_are_written(storage: SQLStorage) -> None:
    names = [
        "100%",
        "1000",
        "a_b",
        "aXb",
        "A_B",
        "back\\slash",
        "it's",
        "naïve",
        "naive",
        "\U0010ffff",
        "\ud7ff",
        "\ue000",
    ]
    with storage.begin("acme") as work:
        work.add_all(company(str(number), name) for number, name in enumerate(names))
        for wanted in ("100%", "a_", "_", "%", "\\", "'", "ï", "\U0010ffff", "\ud7ff", "A", ""):
            found = {one.name for one in work.find(Query(Company, where=[Contains("name", wanted)]))}
            assert found == {name for name in names if wanted in name}, wanted
            found = {one.name for one in work.find(Query(Company, where=[StartsWith("name", wanted)]))}
            assert found == {name for name in names if name.startswith(wanted)}, wanted


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("crm.db", "is no URL of a database"),
        ("sqlite://", "a storage in SQLite is a file"),
        ("oracle://host/crm", "oracle"),
        ("nonsense://host/crm", "no database that SQLAlchemy knows"),
        ("sqlite:////nowhere/at/all/crm.db", "unable to open database file"),
        ("postgresql://nobody@127.0.0.1:1/crm", "the database says"),
        ("mariadb://nobody@127.0.0.1:1/crm", "the database says"),
    ],
)
def test_what_cannot_be_opened_is_refused_in_a_sentence(url: str, says: str) -> None:
    with pytest.raises(StorageUnavailable, match=says) as caught:
        SQLStorage.open(url, KINDS, patience=1)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_database_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "crm.db").write_bytes(b"no database at all" * 100)
    with pytest.raises(StorageUnavailable, match="file is not a database"):
        SQLStorage.open(f"sqlite:///{tmp_path / 'crm.db'}", KINDS)


def test_a_password_is_never_told(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable) as caught:
        SQLStorage.open("postgresql://li.na:geheim@127.0.0.1:1/crm", KINDS, patience=1)
    assert "geheim" not in str(caught.value)


def test_a_page_is_one_statement_and_a_tally_is_one(url: str) -> None:
    engine = engine_of(url)
    said: list[str] = []
    with SQLStorage(engine, KINDS) as storage, storage.begin("acme") as work:
        work.add_all(company(str(number)) for number in range(30))
        from sqlalchemy import event as hear  # noqa: PLC0415

        hear.listen(engine, "before_cursor_execute", lambda *given: said.append(given[2]))
        assert len(work.find(Query(Company, limit=10))) == 10
        assert dict(work.count_by(Company, ["tier", "custom.行业"])) == {("standard", None): 30}
        meeting = work.count_meeting(Company, ["tier"], [Is("tier", "key"), Lacks("id", "person", "company")])
        assert meeting == {("standard",): (0, 30)}
        assert len(said) == 3, said
    engine.dispose()


@pytest.mark.parametrize("closed", [False, True], ids=["while it grows", "when it is closed"])
def test_sqlite_answers_by_the_index_that_fits_once_it_holds_much(tmp_path: Path, *, closed: bool) -> None:
    path = tmp_path / "crm.db"
    storage = SQLStorage.open(f"sqlite:///{path}", KINDS)
    companies = 100 if closed else 1_000
    with storage.begin("acme") as work:
        work.add_all(company(f"c{number}", name=f"公司{number}") for number in range(companies))
        work.add_all(Person(id=f"p{number}", company=f"c{number}", name="王伟") for number in range(companies))
        work.commit()
    if closed:
        storage.close()
    sought = "SELECT id FROM crmcore_person WHERE tenant = 'acme' AND company IN ('c1', 'c2') ORDER BY id LIMIT 10"
    with closing(sqlite3.connect(path)) as connection:
        plan = " ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sought}"))
    storage.close()
    assert "company=?" in plan


def test_sqlite_looks_later_at_what_it_holds_while_somebody_writes(tmp_path: Path) -> None:
    path = tmp_path / "crm.db"
    storage = SQLStorage.open(f"sqlite:///{path}", KINDS, patience=600)
    with storage.begin("acme") as work:
        work.add_all(company(f"c{number}") for number in range(200))
        work.commit()
    looked_at = "SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'"
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        storage._look_over()
        assert other.execute(looked_at).fetchall() == []
        other.rollback()
        storage.close()
        assert other.execute(looked_at).fetchall() == [(1,)]


def test_other_programs_read_views_with_plain_numbers(url: str) -> None:
    from decimal import Decimal  # noqa: PLC0415

    with SQLStorage.open(url, KINDS) as storage, storage.begin("acme") as work:
        work.add(company(turnover=Decimal("1234.5"), custom={"行业": "电信"}))
        work.commit()
    engine = create_engine(engine_of(url).url)
    with engine.begin() as connection:
        if engine.name == "postgresql":
            connection.execute(text("SET LOCAL crmcore.tenant = 'acme'"))
        row = connection.execute(text("SELECT tenant, name, turnover, custom_行业 FROM crm_company")).one()
    assert row[:2] == ("acme", "华为")
    assert float(row.turnover) == 1234.5
    assert row[3] == "电信"
    engine.dispose()


def test_the_types_of_columns_are_those_that_reports_need(tmp_path: Path) -> None:
    SQLStorage.open(f"sqlite:///{tmp_path / 'crm.db'}", KINDS).close()
    with sqlite3.connect(tmp_path / "crm.db") as connection:
        types = {row[1]: row[2] for row in connection.execute("PRAGMA table_info(crmcore_company)")}
    connection.close()
    assert types["seen"] == "TIMESTAMP"
    assert types["founded"] == "DATE"
    assert types["turnover"] == "BIGINT"


def test_kinds_that_refer_to_one_another_are_made_in_order(opened: Callable[..., SQLStorage]) -> None:
    backwards = Kinds([KINDS["person"], KINDS["company"]])
    with opened(backwards).begin("acme") as work:
        work.add(company())
        work.add(Person(id="p1", name="李娜", company="c1"))
        work.commit()


def test_more_units_of_work_than_there_are_connections_are_refused_in_a_sentence(
    opened: Callable[..., SQLStorage],
) -> None:
    storage = opened(patience=0.05)
    with ExitStack() as stack, pytest.raises(StorageUnavailable, match="all connections to the database are taken"):
        for _ in range(100):
            stack.enter_context(storage.begin("acme", read_only=True))
    with storage.begin("acme", read_only=True) as work:
        assert work.count(Company) == 0


def test_who_waits_on_postgresql_and_is_cancelled_is_told_to_try_again(tmp_path: Path) -> None:
    """As PostgreSQL says of a wait whose lock comes in the very moment when its patience ends."""
    those_who_wait = "FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with contextmanager(database)("postgresql", tmp_path) as url, SQLStorage.open(url, KINDS) as storage:
        with storage.begin("acme") as work:
            work.add(company(employees=0))
            work.commit()
        engine = engine_of(url)
        with ThreadPoolExecutor(1) as threads, storage.begin("acme") as holder:
            holder.put(company(employees=1, version=1))
            second = threads.submit(_written, storage, employees=2)
            with engine.connect() as watcher:
                while not watcher.execute(text(f"SELECT pg_cancel_backend(pid) {those_who_wait}")).all():
                    watcher.rollback()  # to see what is going on now
            assert type(second.exception()) is Busy
            holder.commit()
        engine.dispose()
        assert _written(storage, employees=3, version=2).employees == 3


def _written(storage: SQLStorage, employees: int, version: int = 1) -> Company:
    with storage.begin("acme") as work:
        written = work.put(company(employees=employees, version=version))
        work.commit()
    return written

"""A copy of an SQLite database is of one moment, whoever writes meanwhile."""

import sqlite3
from pathlib import Path

import pytest
from crmcore_sqlalchemy import SQLStorage
from crmcore_sqlalchemy.backups import back_up, flaws
from crmcore_sqlalchemy.storage import engine_of

from crmcore.storage import StorageUnavailable
from crmcore.testing.storages.samples import KINDS, Company, company


def test_what_others_commit_while_it_is_copied_neither_appears_nor_lets_it_begin_anew(tmp_path: Path) -> None:
    url, copy = f"sqlite:///{tmp_path / 'crm.db'}", tmp_path / "copy.db"
    with SQLStorage.open(url, KINDS) as storage:
        with storage.begin("acme") as work:
            work.add_all(company(f"{number:05}", memo="名" * 2_000) for number in range(6_000))
            work.commit()
        told: list[float] = []

        def write(_: str, done: float) -> None:
            told.append(done)
            with storage.begin("acme") as work:
                work.add(company(f"later-{len(told)}", memo="名" * 9_000))
                work.commit()

        engine = engine_of(url)
        back_up(engine, copy, progress=write)
        engine.dispose()
    assert len(told) > 3
    assert told == sorted(told)
    with SQLStorage.open(f"sqlite:///{copy}", KINDS) as copied, copied.begin("acme", read_only=True) as work:
        assert work.count(Company) == 6_000


def test_a_copy_that_is_not_whole_is_told(tmp_path: Path) -> None:
    engine = engine_of(f"sqlite:///{tmp_path / 'crm.db'}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("CREATE TABLE a (id TEXT PRIMARY KEY)")
        connection.exec_driver_sql("CREATE TABLE b (a TEXT REFERENCES a (id))")
        connection.exec_driver_sql("INSERT INTO b VALUES ('nobody')")
    with pytest.raises(StorageUnavailable, match="b 1 → a"):
        back_up(engine, tmp_path / "copy.db")
    engine.dispose()


def test_a_database_that_is_whole_has_no_flaws(tmp_path: Path) -> None:
    SQLStorage.open(f"sqlite:///{tmp_path / 'crm.db'}", KINDS).close()
    connection = sqlite3.connect(tmp_path / "crm.db")
    assert flaws(connection) == ()
    connection.close()

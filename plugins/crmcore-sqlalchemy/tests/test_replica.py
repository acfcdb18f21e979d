"""PostgreSQL with a replica for reads."""

import pytest
from clusters import Replicated, replicated
from crmcore_sqlalchemy import SQLStorage
from crmcore_sqlalchemy.storage import engine_of
from sqlalchemy import text

from crmcore.storage import Outbox, Query, ReadOnly, StorageUnavailable
from crmcore.testing.storages.samples import KINDS, START, Company, company, parcel

__all__ = ["replicated"]


def test_what_only_reads_is_asked_of_the_replica_and_what_writes_of_the_server(replicated: Replicated) -> None:
    with SQLStorage.open(replicated.primary, KINDS, replica=replicated.replica) as storage:
        with storage.begin("acme") as work:
            work.add(company())
            work.enqueue(parcel())
            work.commit()
        with storage.begin("acme", read_only=True) as work:
            assert [one.name for one in work.find(Query(Company))] == ["华为"]
            with pytest.raises(ReadOnly):
                work.add(company("c2"))
        assert [claim.parcel.id for claim in Outbox(storage, lambda: START).claim(worker="w")] == ["p1"]
        with storage.snapshot() as moment, moment.begin("acme", read_only=True) as work:
            assert work.count(Company) == 1
        with storage.begin("other", read_only=True) as work:
            assert work.count(Company) == 0, "tenants are kept apart there, too"
        assert sessions(replicated.replica) > 0


def sessions(url: str) -> int:
    """Return how many sessions of the application a server has, without the one that asks."""
    engine = engine_of(url)
    with engine.connect() as connection:
        found = connection.execute(
            text("SELECT count(*) FROM pg_stat_activity WHERE usename = 'app' AND pid <> pg_backend_pid()")
        ).scalar_one()
    engine.dispose()
    return int(found)


def test_a_unit_that_only_reads_sees_one_moment_of_the_replica(replicated: Replicated) -> None:
    with SQLStorage.open(replicated.primary, KINDS, replica=replicated.replica) as storage:
        with storage.begin("moment", read_only=True) as before:
            assert before.count(Company) == 0
            with storage.begin("moment") as work:
                work.add(company())
                work.commit()
            assert before.count(Company) == 0
        with storage.begin("moment", read_only=True) as after:
            assert after.count(Company) == 1


def test_a_replica_alone_is_read_and_refuses_to_be_written(replicated: Replicated) -> None:
    SQLStorage.open(replicated.primary, KINDS).close()
    with SQLStorage.open(replicated.replica, KINDS) as storage:
        with storage.begin("alone", read_only=True) as work:
            assert work.count(Company) == 0
        with pytest.raises(StorageUnavailable, match="read-only"), storage.begin("alone") as work:
            work.add(company())


def test_a_replica_that_cannot_be_reached_is_told_when_it_is_asked(replicated: Replicated) -> None:
    nobody = "postgresql://app@127.0.0.1:1/crm"
    with SQLStorage.open(replicated.primary, KINDS, replica=nobody, patience=2) as storage:
        with storage.begin("acme") as work:
            work.count(Company)
        with pytest.raises(StorageUnavailable):
            storage.begin("acme", read_only=True)

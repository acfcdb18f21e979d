"""A unit of work ends with the first thing that goes wrong in the storage, and lets go of it."""

import pytest

from crmcore.storage import Is, Kind, MemoryStorage, Query, Row, Search, StorageUnavailable, Transaction, WorkEnded
from crmcore.storage.memory import MemoryTransaction
from crmcore.storage.units import UnitOfWork
from crmcore.testing.storages import KINDS, Company, company


class Lost(MemoryTransaction):
    """A transaction whose connection is lost."""

    ended = 0

    def fetch(self, kind: Kind, id: str) -> Row | None:  # noqa: A002, ARG002
        raise StorageUnavailable("the connection is lost")

    def select(self, kind: Kind, search: Search) -> list[Row]:  # noqa: ARG002
        raise KeyboardInterrupt

    def rollback(self) -> None:
        self.ended += 1


def lost() -> tuple[UnitOfWork, Lost]:
    storage = MemoryStorage(KINDS)
    transaction: Transaction = Lost(storage, "acme", storage.tables)
    assert isinstance(transaction, Lost)
    return UnitOfWork(KINDS, "acme", transaction), transaction


def test_a_reading_that_the_storage_cannot_do_ends_it() -> None:
    work, transaction = lost()
    with pytest.raises(StorageUnavailable):
        work.get(Company, "c1")
    assert (work.ended, transaction.ended) == (True, 1)
    with pytest.raises(WorkEnded):
        work.count(Company)
    work.rollback()
    assert transaction.ended == 1


def test_who_interrupts_it_ends_it() -> None:
    work, transaction = lost()
    with pytest.raises(KeyboardInterrupt):
        work.find(Query(Company))
    assert (work.ended, transaction.ended) == (True, 1)


def test_a_writing_that_is_interrupted_leaves_nothing() -> None:
    def interrupted() -> object:
        yield company()
        raise KeyboardInterrupt

    storage = MemoryStorage(KINDS)
    with storage.begin("acme") as work, pytest.raises(KeyboardInterrupt):
        work.add_all(interrupted())  # type: ignore[arg-type]
    with storage.begin("acme", read_only=True) as work:
        assert work.count(Company, [Is("id", "c1")]) == 0

"""MariaDB Galera: three nodes that all write. What one node lets happen, another may have refused."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from attrs import evolve
from clusters import Cluster, galera
from crmcore_sqlalchemy import SQLStorage

from crmcore.storage import Busy, Event, Outbox, Parcel, Query, Stale, StorageUnavailable
from crmcore.testing.storages.samples import KINDS, START, Company, company, event, parcel

__all__ = ["galera"]


@pytest.fixture
def nodes(galera: Cluster) -> Iterator[list[SQLStorage]]:
    """A storage on each node."""
    with ExitStack() as stack:
        yield [stack.enter_context(SQLStorage.open(url, KINDS)) for url in galera.urls]


def together(*actions: Any) -> None:
    """Run functions at once; what stops one of them stops the test."""
    ready, errors = Barrier(len(actions)), []

    def run(action: Any) -> None:
        ready.wait()
        try:
            action()
        except BaseException as error:  # it is raised where the test is
            errors.append(error)

    threads = [Thread(target=run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def test_what_is_committed_on_one_node_is_read_on_the_others(nodes: list[SQLStorage]) -> None:
    for number, storage in enumerate(nodes):
        with storage.begin("read") as work:
            work.add(company(f"c{number}"))
            work.commit()
        for other in nodes:
            with other.begin("read", read_only=True) as work:
                assert len(work.find(Query(Company))) == number + 1


def test_of_two_nodes_that_write_the_same_the_later_is_refused_at_its_commit(nodes: list[SQLStorage]) -> None:
    with nodes[0].begin("same") as work:
        work.add(company())
        work.commit()
    with nodes[0].begin("same") as one, nodes[1].begin("same") as other:
        one.put(evolve(one.get(Company, "c1"), name="甲"))
        other.put(evolve(other.get(Company, "c1"), name="乙"))  # on one server it would wait for the first here
        one.commit()
        with pytest.raises(Busy):
            other.commit()
    for storage in nodes:
        with storage.begin("same", read_only=True) as work:
            assert work.get(Company, "c1").name == "甲"


def test_no_update_is_lost_between_nodes(nodes: list[SQLStorage]) -> None:
    with nodes[0].begin("race") as work:
        work.add(company(employees=0))
        work.commit()
    refused: Counter[str] = Counter()

    def count(storage: SQLStorage, times: int) -> None:
        while times:
            try:
                with storage.begin("race") as work:
                    found = work.get(Company, "c1")
                    work.put(evolve(found, employees=(found.employees or 0) + 1))
                    work.commit()
            except (Stale, Busy) as error:
                refused[type(error).__name__] += 1
            else:
                times -= 1

    together(*(lambda storage=storage: count(storage, 25) for storage in nodes for _ in range(2)))
    for storage in nodes:
        with storage.begin("race", read_only=True) as work:
            found = work.get(Company, "c1")
        assert (found.employees, found.version) == (150, 151), refused


def test_every_parcel_is_given_to_one_worker_whichever_node_it_asks(nodes: list[SQLStorage]) -> None:
    with nodes[0].begin("outbox") as work:
        work.add_all(parcel(f"p{number:04}") for number in range(300))
        work.commit()
    given: list[str] = []

    def work_off(storage: SQLStorage, worker: str) -> None:
        outbox = Outbox(storage, lambda: START)
        while True:
            try:
                claims = outbox.claim(7, worker=worker, lease=timedelta(hours=1), tenant="outbox")
            except Busy:
                continue
            if not claims:
                return
            given.extend(claim.parcel.id for claim in claims)

    together(
        *(
            lambda storage=storage, worker=f"w{number}": work_off(storage, worker)
            for number, storage in enumerate(nodes * 2)
        )
    )
    assert sorted(given) == [f"p{number:04}" for number in range(300)]
    with nodes[1].begin("outbox", read_only=True) as work:
        assert {one.attempts for one in work.each(Query(Parcel))} == {1}


def test_the_schema_is_upgraded_on_one_node_for_all(nodes: list[SQLStorage]) -> None:
    assert [storage.schema.missing() for storage in nodes] == [(), (), ()]
    assert nodes[2].schema.upgrade() == ()


def test_what_was_acknowledged_is_there_when_a_node_is_killed(nodes: list[SQLStorage], galera: Cluster) -> None:
    """The last test of the cluster: one of its nodes is gone afterwards."""
    acknowledged: list[list[str]] = [[], [], []]

    def write(node: int) -> None:
        number = 0
        while number < 200:
            id_ = f"n{node}-{number:04}"
            try:
                with nodes[node].begin("killed") as work:
                    work.add(company(id_))
                    work.append(event(f"e-{id_}", subject=id_))
                    work.commit()
            except Busy:
                continue
            except StorageUnavailable:
                return
            acknowledged[node].append(id_)
            number += 1
            if node == 2 and number == 20:
                galera.kill(2)

    together(*(lambda node=node: write(node) for node in range(3)))
    assert len(acknowledged[2]) >= 20
    known = {one for some in acknowledged for one in some}
    for storage in nodes[:2]:
        with storage.begin("killed", read_only=True) as work:
            found = {one.id for one in work.each(Query(Company))}
            told = {one.subject for one in work.each(Query(Event))}
        assert known <= found
        assert told == found, "no record is without its event, and no event without its record"

"""A process that writes is killed at any moment: what it was told is committed is there, and nothing is half there."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from random import Random

import pytest
from attrs import define, field
from crmcore_sqlalchemy import SQLStorage
from crmcore_sqlalchemy.storage import engine_of
from databases import administrator, database
from sqlalchemy import Connection, Engine, text
from storing import commits_on, started

from crmcore.storage import Is, Outbox, Parcel, ParcelState
from crmcore.testing.storages import KINDS, START, Ticking

EACH = 1_000
"""How many numbers each process has for itself."""


@define
class Told:
    """What processes told before they were killed."""

    committed: set[int] = field(factory=set)
    claimed: set[str] = field(factory=set)
    delivered: set[str] = field(factory=set)

    def hear(self, pipe: Pipe) -> None:
        what, which = pipe.recv()
        getattr(self, what).add(which)

    def hear_all(self, pipe: Pipe) -> None:
        while True:
            try:
                self.hear(pipe)
            except EOFError:
                return


@pytest.mark.parametrize("family", ["sqlite", "postgresql"])
def test_a_process_that_is_killed_loses_and_halves_nothing(family: str, tmp_path: Path, kills: int) -> None:
    random, told = Random(family), Told()
    with contextmanager(database)(family, tmp_path) as url:
        SQLStorage.open(url, KINDS).close()
        engine = engine_of(administrator(url).render_as_string(hide_password=False))
        for kill in range(kills):
            process, pipe = started(commits_on, url, kill * EACH)
            for _ in range(random.randint(1, 4)):
                told.hear(pipe)
            pipe.poll(random.uniform(0, 0.01))
            process.kill()
            process.join()
            told.hear_all(pipe)
            pipe.close()
            with snapshot(engine) as connection:
                verify(connection, told)
        assert len(told.committed) >= kills
        with SQLStorage.open(url, KINDS) as storage:
            deliver_the_rest(storage)
        engine.dispose()


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Give a connection that sees one moment: a commit may arrive just after whoever sent it was killed."""
    with engine.connect() as connection:
        begin = "BEGIN" if engine.name == "sqlite" else "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"
        connection.exec_driver_sql(begin)
        yield connection


def verify(connection: Connection, told: Told) -> None:
    def rows(asked: str) -> dict[str, tuple[object, ...]]:
        return {row[0]: tuple(row[1:]) for row in connection.execute(text(asked))}

    companies = rows("SELECT id, version, name FROM crmcore_company")
    events = rows("SELECT id, subject FROM crmcore_event")
    parcels = rows("SELECT id, state, attempts, version, worker FROM crmcore_parcel")
    numbers = {int(id_[1:]) for id_ in companies}
    assert told.committed <= numbers, "an acknowledged commit is lost"
    assert {f"p{number}" for number in numbers} == set(parcels), "a parcel without its record, or the other way round"
    assert {id_ for id_ in events if id_.startswith("e")} == {f"e{number}" for number in numbers}
    for number in numbers:
        assert number % EACH == 0 or number - 1 in numbers, "a commit in the middle is lost"
        again = number + 1 in numbers and (number + 1) % EACH != 0
        assert companies[f"c{number}"] == ((2, "written twice") if again else (1, "华为")), "half a commit"
    delivered = {id_ for id_, (state, *_) in parcels.items() if state == "delivered"}
    assert {id_ for id_ in events if id_.startswith("d-")} == {f"d-{id_}" for id_ in delivered}
    assert told.delivered <= delivered
    assert told.claimed <= {id_ for id_, (_, attempts, *_) in parcels.items() if attempts}
    for id_, (state, attempts, version, worker) in parcels.items():
        assert (attempts, version, worker is None) in {(0, 1, True), (1, 2, False), (1, 3, False)}, id_
        assert (state == "delivered") == (version == 3), "delivered without being claimed"


def deliver_the_rest(storage: SQLStorage) -> None:
    """Deliver what those who were killed left behind, once their leases have run out."""
    outbox = Outbox(storage, Ticking(START + timedelta(days=1)))
    while claims := outbox.claim(100, worker="heir"):
        for claim in claims:
            outbox.delivered(claim)
    with storage.begin("acme", read_only=True) as work:
        assert work.count(Parcel, [Is("state", ParcelState.DELIVERED)]) == work.count(Parcel) > 0

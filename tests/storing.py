"""What processes of their own do with a storage in tests: they commit, count, claim, and open it at once."""

import os
import sys
from collections.abc import Callable
from functools import cache
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from multiprocessing.forkserver import ensure_running
from multiprocessing.synchronize import Barrier
from typing import Any

import pytest
from attrs import evolve
from crmcore_sqlalchemy import SQLStorage

from crmcore.storage import Busy, Outbox, Stale
from crmcore.testing.storages.deliveries import Ticking
from crmcore.testing.storages.samples import KINDS, Company, company, event, parcel

__all__ = ["adds_one", "barrier", "claims_all", "commits_on", "counts", "started"]

_DRIVERS = ["psycopg", "pymysql", "sqlalchemy.dialects.postgresql.psycopg", "sqlalchemy.dialects.mysql.pymysql"]


@cache
def _context() -> ForkServerContext:
    """Return what starts processes as copies of one that has imported this module, so that each starts at once."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["storing", "warmed_up", *_DRIVERS])
    with pytest.MonkeyPatch.context() as patch:  # the one that is copied looks for modules there, and nowhere else
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
        ensure_running()
    return context


def started(work: Callable[..., None], *given: Any) -> tuple[ForkServerProcess, Connection]:
    """Start a process that does some work; return it, and the end of the pipe on which it tells."""
    told, tells = _context().Pipe(duplex=False)
    process = _context().Process(target=work, args=(tells, *given), daemon=True)
    process.start()
    tells.close()
    return process, told


def barrier(processes: int) -> Barrier:
    """Return where so many processes wait for one another before they begin."""
    return _context().Barrier(processes)


def commits_on(tells: Connection, url: str, first: int) -> None:
    """Commit a company, its event and its parcel, again and again; tell of each commit when it is done."""
    with SQLStorage.open(url, KINDS, patience=30) as storage:
        outbox, number = Outbox(storage, Ticking()), first
        while True:
            with storage.begin("acme") as work:
                work.add(company(f"c{number}", notes={"text": "华为" * 100}))
                work.append(event(f"e{number}", f"c{number}"))
                work.enqueue(parcel(f"p{number}"))
                if number > first:
                    work.put(company(f"c{number - 1}", name="written twice", version=1))
                work.commit()
            tells.send(("committed", number))
            for claim in outbox.claim(1, worker=f"w{first}") if number % 3 == 0 else ():
                tells.send(("claimed", claim.parcel.id))
                outbox.delivered(claim, events=[event(f"d-{claim.parcel.id}", claim.parcel.id)])
                tells.send(("delivered", claim.parcel.id))
            number += 1


def counts(tells: Connection, url: str, times: int) -> None:
    """Count one record up so many times, each with its event; tell how often somebody else was first."""
    refused = 0
    with SQLStorage.open(url, KINDS, patience=30) as storage:
        for _ in range(times):
            while True:
                try:
                    with storage.begin("acme") as work:
                        read = work.get(Company, "c1")
                        written = work.put(evolve(read, employees=(read.employees or 0) + 1))
                        work.append(event(f"e{written.version}"))
                        work.commit()
                    break
                except (Stale, Busy):
                    refused += 1
    tells.send(refused)


def claims_all(tells: Connection, url: str, worker: str, batch: int) -> None:
    """Claim parcels until there are none; tell their ids."""
    ids: list[str] = []
    nothing = 0
    with SQLStorage.open(url, KINDS, patience=30) as storage:
        outbox = Outbox(storage, Ticking())
        while nothing < 3:  # others may be about to claim the last
            claims = outbox.claim(batch, worker=worker)
            ids += [claim.parcel.id for claim in claims]
            nothing = 0 if claims else nothing + 1
    tells.send(ids)


def adds_one(tells: Connection, url: str, number: int) -> None:
    """Open a database that is perhaps empty, and add a company."""
    with SQLStorage.open(url, KINDS, patience=60) as storage, storage.begin("acme") as work:
        work.add(company(f"c{number}"))
        work.commit()
    tells.send(number)

"""Many processes at once: no parcel is given to two, and no update is lost."""

from collections import Counter
from datetime import timedelta

from crmcore_sqlalchemy import SQLStorage
from storing import claims_all, counts, started

from crmcore.storage import Event, Is, Parcel, ParcelState
from crmcore.testing.storages import KINDS, START, Company, company, parcel

PROCESSES = 16
PARCELS = 10_000
TIMES = 5


def test_sixteen_processes_claim_each_of_ten_thousand_parcels_once(url: str) -> None:
    with SQLStorage.open(url, KINDS) as storage, storage.begin("acme") as work:
        work.add_all(parcel(f"p{number}", due=START - timedelta(seconds=number % 100)) for number in range(PARCELS))
        work.commit()
    claiming = [started(claims_all, url, f"w{number}", 100) for number in range(PROCESSES)]
    claimed = [told.recv() for _, told in claiming]
    for process, told in claiming:
        process.join()
        told.close()
    assert Counter(id_ for ids in claimed for id_ in ids) == {f"p{number}": 1 for number in range(PARCELS)}
    with SQLStorage.open(url, KINDS) as storage, storage.begin("acme", read_only=True) as work:
        assert work.count(Parcel, [Is("attempts", 1), Is("version", 2), Is("state", ParcelState.WAITING)]) == PARCELS
        workers = {worker: number for (worker,), number in work.count_by(Parcel, ["worker"]).items()}
        assert workers == {f"w{number}": len(ids) for number, ids in enumerate(claimed) if ids}


def test_sixteen_processes_count_one_record_up_and_lose_nothing(url: str) -> None:
    with SQLStorage.open(url, KINDS) as storage, storage.begin("acme") as work:
        work.add(company(employees=0))
        work.commit()
    counting = [started(counts, url, TIMES) for _ in range(PROCESSES)]
    for process, told in counting:
        told.recv()
        process.join()
        told.close()
    with SQLStorage.open(url, KINDS) as storage, storage.begin("acme", read_only=True) as work:
        found = work.get(Company, "c1")
        assert (found.employees, found.version) == (PROCESSES * TIMES, PROCESSES * TIMES + 1)
        assert work.count(Event) == PROCESSES * TIMES

"""What holds of units of work side by side, and of a storage that is opened again."""

from threading import Barrier, Thread

import pytest
from attrs import evolve

from crmcore.storage import (
    AlreadyThere,
    Busy,
    Capability,
    DanglingReference,
    Event,
    NotThere,
    Query,
    Stale,
    StillReferred,
    Storage,
    StorageError,
    UnitOfWork,
)
from crmcore.testing.storages.given import Given, Open, needs, put_in, stored
from crmcore.testing.storages.samples import KINDS, Company, Person, company, event, person

__all__ = ["IsolationContract"]

_THREADS, _TIMES = 4, 10


class IsolationContract(Given):
    """Units of work side by side."""

    def test_own_writes_are_seen_at_once_and_by_nobody_else(self, storage: Storage) -> None:
        """In whatever way they are asked for."""
        put_in(storage, company("c0", employees=1))
        with storage.begin("acme") as work:
            work.add(company("c1", employees=2))
            work.put(company("c0", employees=2, version=1))
            assert _seen(work) == (["c0", "c1"], 2, {(2,): 2})
            with storage.begin("acme", read_only=True) as other:
                assert _seen(other) == (["c0"], 1, {(1,): 1})
            work.commit()
        with storage.begin("acme", read_only=True) as other:
            assert _seen(other) == (["c0", "c1"], 2, {(2,): 2})

    def test_what_only_reads_sees_one_moment(self, storage: Storage) -> None:
        """Also in kinds that it looks at only later."""
        needs(storage, Capability.SNAPSHOTS)
        put_in(storage, company("c0", employees=1))
        with storage.begin("acme", read_only=True) as reader:
            put_in(storage, company("c1"), person("p1", "c0"))
            with storage.begin("acme") as work:
                work.put(company("c0", employees=2, version=1))
                work.append(event())
                work.commit()
            assert _seen(reader) == (["c0"], 1, {(1,): 1})
            assert (reader.count(Person), reader.count(Event)) == (0, 0)
            with pytest.raises(NotThere):
                reader.get(Company, "c1")
        with storage.begin("acme", read_only=True) as reader:
            assert (reader.count(Company), reader.count(Person), reader.count(Event)) == (2, 1, 1)

    def test_what_writes_sees_what_others_committed(self, storage: Storage) -> None:
        """So that it can be tried again on what is there now."""
        needs(storage, Capability.WRITERS)
        put_in(storage, company())
        with storage.begin("acme") as work:
            assert work.get(Company, "c1").version == 1
            with storage.begin("acme") as other:
                other.put(company(name="newer", version=1))
                other.commit()
            assert work.get(Company, "c1") == company(name="newer", version=2)
            with pytest.raises(Stale):
                work.put(company(name="older", version=1))

    def test_a_second_writer_is_busy_where_there_is_room_for_one(self, storage: Storage) -> None:
        """It does not wait for ever, reads meanwhile, and writes afterwards."""
        if Capability.WRITERS in storage.capabilities:
            pytest.skip("several may write at once")
        with storage.begin("acme") as work:
            work.add(company())
            with pytest.raises(Busy):
                storage.begin("other").add(company())
            with storage.begin("acme", read_only=True) as other:
                assert other.count(Company) == 0
            work.commit()
        put_in(storage, company("c2"))

    def test_of_two_that_write_one_record_one_is_refused(self, storage: Storage) -> None:
        """At the writing or at the commit: the first to commit wins, and the other one is told."""
        needs(storage, Capability.WRITERS)
        put_in(storage, company(employees=0))
        with storage.begin("acme") as first, storage.begin("acme") as second:
            read = first.get(Company, "c1"), second.get(Company, "c1")
            first.put(evolve(read[0], employees=1))
            with pytest.raises((Stale, Busy)):
                second.put(evolve(read[1], employees=2))
                first.commit()
                second.commit()
            if not first.ended:
                first.commit()
        with storage.begin("acme", read_only=True) as work:
            assert work.get(Company, "c1") == company(employees=1, version=2)

    def test_of_two_that_remove_and_write_one_record_one_is_refused(self, storage: Storage) -> None:
        """What is removed is not written back by who read it before."""
        needs(storage, Capability.WRITERS)
        put_in(storage, company())
        with storage.begin("acme") as first, storage.begin("acme") as second:
            first.remove(company(version=1))
            with pytest.raises((Stale, NotThere, Busy)):
                second.put(company(name="late", version=1))
                first.commit()
                second.commit()
            if not first.ended:
                first.commit()
        with storage.begin("acme", read_only=True) as work:
            assert work.count(Company) == 0

    def test_of_two_that_add_one_id_one_is_refused(self, storage: Storage) -> None:
        """The record of the first to commit stays."""
        needs(storage, Capability.WRITERS)
        with storage.begin("acme") as first, storage.begin("acme") as second:
            first.add(company(name="first"))
            with pytest.raises((AlreadyThere, Busy)):
                second.add(company(name="second"))
                first.commit()
                second.commit()
            if not first.ended:
                first.commit()
        with storage.begin("acme", read_only=True) as work:
            assert list(work.find(Query(Company))) == stored(company(name="first"))

    def test_nothing_comes_to_refer_to_what_somebody_removes(self, storage: Storage) -> None:
        """Whoever commits second is refused, whichever of the two it is."""
        needs(storage, Capability.WRITERS)
        needs(storage, Capability.REFERENCES)
        for removal_first in (True, False):
            tenant = f"removal-first-{removal_first}"
            put_in(storage, company(), tenant=tenant)
            with storage.begin(tenant) as removing, storage.begin(tenant) as adding:
                with pytest.raises((DanglingReference, StillReferred, Busy)):
                    removing.remove(company(version=1))
                    adding.add(person())
                    for work in (removing, adding) if removal_first else (adding, removing):
                        work.commit()
                for work in (removing, adding):
                    if not work.ended:
                        work.commit()
            with storage.begin(tenant, read_only=True) as work:
                assert (work.count(Company), work.count(Person)) in {(1, 1), (0, 0), (1, 0)}

    def test_units_of_work_that_touch_different_records_do_not_disturb_one_another(self, storage: Storage) -> None:
        """Both commit."""
        needs(storage, Capability.WRITERS)
        put_in(storage, company("c1"), company("c2"))
        with storage.begin("acme") as first, storage.begin("acme") as second, storage.begin("other") as third:
            first.put(company("c1", name="first", version=1))
            second.put(company("c2", name="second", version=1))
            third.add(company("c1", name="third"))
            for work in (first, second, third):
                work.commit()
        with storage.begin("acme", read_only=True) as work:
            assert [one.name for one in work.find(Query(Company))] == ["first", "second"]

    def test_no_update_of_several_threads_is_lost(self, storage: Storage) -> None:
        """Whoever is refused reads again, and tries again; in the end all have counted."""
        put_in(storage, company(employees=0))
        start, wrong = Barrier(_THREADS), list[BaseException]()

        def count() -> None:
            try:
                start.wait()
                for _ in range(_TIMES):
                    while not _counted(storage):
                        pass
            except BaseException as error:
                wrong.append(error)

        threads = [Thread(target=count) for _ in range(_THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not wrong
        with storage.begin("acme", read_only=True) as work:
            found = work.get(Company, "c1")
            assert (found.employees, found.version) == (_THREADS * _TIMES, _THREADS * _TIMES + 1)
            assert work.count(Event) == _THREADS * _TIMES

    def test_what_was_committed_is_there_when_it_is_opened_again(self, opened: Open) -> None:
        """And what was not is not."""
        storage = opened(KINDS)
        needs(storage, Capability.DURABLE)
        put_in(storage, company(notes={"说": "明"}, custom={"行业": "电信"}), person())
        with storage.begin("acme") as work:
            work.append(event())
            work.put(company(name="newer", version=1))
            work.commit()
        with storage.begin("acme") as work:
            work.add(company("c2"))
        storage.close()
        storage.close()
        with opened(KINDS) as again, again.begin("acme", read_only=True) as work:
            assert list(work.find(Query(Company))) == [company(name="newer", version=2)]
            assert list(work.find(Query(Person))) == stored(person())
            assert list(work.find(Query(Event))) == stored(event())

    def test_two_that_have_it_open_see_what_the_other_commits(self, opened: Open) -> None:
        """As two processes have."""
        one = opened(KINDS)
        needs(one, Capability.SHARED)
        other = opened(KINDS)
        put_in(one, company())
        with other.begin("acme") as work:
            work.put(company(name="newer", version=1))
            work.commit()
        with one.begin("acme", read_only=True) as work:
            assert work.get(Company, "c1") == company(name="newer", version=2)


def _seen(work: UnitOfWork) -> tuple[list[str], int, dict[tuple[object, ...], int]]:
    return (
        [one.id for one in work.find(Query(Company))],
        work.count(Company),
        dict(work.count_by(Company, ["employees"])),
    )


def _counted(storage: Storage) -> bool:
    """Count one more; return whether nobody else was first."""
    try:
        with storage.begin("acme") as work:
            read = work.get(Company, "c1")
            written = work.put(evolve(read, employees=(read.employees or 0) + 1))
            work.append(event(f"e{written.version}"))
            work.commit()
    except (Stale, Busy):
        return False
    except StorageError as error:
        raise AssertionError(f"who tries again is told {error!r}, neither Stale nor Busy") from error
    return True

"""What holds of records that a unit of work holds: nobody changes them under it."""

from collections.abc import Callable
from functools import partial
from threading import Barrier, Thread

import pytest
from attrs import evolve

from crmcore.storage import Busy, Capability, NotThere, Query, Stale, Storage, StorageError, UnitOfWork
from crmcore.testing.storages.given import Given, needs, put_in
from crmcore.testing.storages.samples import Company, Person, company, person

__all__ = ["HoldingContract"]

_THREADS, _TIMES, _MOST = 4, 5, 50


class HoldingContract(Given):
    """What is held, with others or alone."""

    @pytest.mark.parametrize("alone", [False, True])
    def test_what_is_held_is_what_is_there(self, storage: Storage, alone: bool) -> None:
        """One or many, of this tenant, as the unit of work itself wrote them; in one that only reads, too."""
        put_in(storage, company("c1"), company("c2"), company("c3"))
        put_in(storage, company("c1", name="another's"), company("c4"), tenant="other")
        with storage.begin("acme") as work:
            work.put(company("c2", name="newer", version=1))
            assert work.hold(Company, "c1", alone=alone) == company("c1", version=1)
            assert work.hold(Company, "c2", alone=alone) == company("c2", name="newer", version=2)
            held = work.hold_all(Company, ["c3", "c9", "c2", "c2", "", "c4", "c1"], alone=alone)
            assert [(one.id, one.version) for one in held] == [("c1", 1), ("c2", 2), ("c3", 1)]
            work.commit()
        with storage.begin("acme", read_only=True) as work:
            assert work.hold(Company, "c2", alone=alone) == company("c2", name="newer", version=2)
            assert [one.id for one in work.hold_all(Company, ["c3", "c1"], alone=alone)] == ["c1", "c3"]
            assert work.hold_all(Company, [], alone=alone) == ()

    def test_what_is_not_there_is_not_held(self, storage: Storage) -> None:
        """Neither is what was removed, or cannot be there."""
        put_in(storage, company("c1"))
        for id_ in ("c1", "c9", ""):
            with storage.begin("acme") as work:
                work.remove(company("c1", version=1))
                with pytest.raises(NotThere) as caught:
                    work.hold(Company, id_)
                assert (caught.value.kind, caught.value.id) == ("company", id_)

    def test_what_is_held_can_be_written(self, storage: Storage) -> None:
        """By whoever holds it."""
        put_in(storage, company("c1"), company("c2"))
        with storage.begin("acme") as work:
            work.put(evolve(work.hold(Company, "c1"), name="newer"))
            work.remove(work.hold(Company, "c2", alone=True))
            work.commit()
        with storage.begin("acme", read_only=True) as work:
            assert [one.name for one in work.find(Query(Company))] == ["newer"]

    def test_many_hold_one_record_and_none_disturbs_another(self, storage: Storage) -> None:
        """Each adds to it, and all commit."""
        needs(storage, Capability.WRITERS)
        put_in(storage, company())
        with storage.begin("acme") as first, storage.begin("acme") as second, storage.begin("acme") as third:
            for number, work in enumerate((first, second, third)):
                assert work.hold(Company, "c1").version == 1
                work.add(person(f"p{number}"))
            for work in (second, third, first):
                work.commit()
        assert _people(storage) == 3

    @pytest.mark.parametrize("alone", [False, True])
    def test_what_one_holds_no_other_writes_before_that_ends(self, storage: Storage, alone: bool) -> None:
        """One of the two is refused: nothing is added to what is no longer as it was held."""
        needs(storage, Capability.WRITERS)
        needs(storage, Capability.HOLDS)
        put_in(storage, company())
        with storage.begin("acme") as holding, storage.begin("acme") as writing:
            holding.hold(Company, "c1", alone=alone)
            holding.add(person())
            with pytest.raises((Busy, Stale)):
                writing.put(company(name="newer", version=1))
                _committed(writing, holding)
            if not holding.ended:
                holding.commit()
        with storage.begin("acme", read_only=True) as work:
            assert (work.get(Company, "c1").version, work.count(Person)) in {(1, 1), (2, 0)}

    def test_who_holds_a_record_alone_is_refused_while_another_holds_it(self, storage: Storage) -> None:
        """So it misses nothing that the other adds."""
        _refused_beside_another(storage, first=False, second=True)

    def test_who_holds_a_record_is_refused_while_another_holds_it_alone(self, storage: Storage) -> None:
        """Also where the other does not write it."""
        _refused_beside_another(storage, first=True, second=False)

    def test_of_two_that_hold_a_record_alone_one_is_refused(self, storage: Storage) -> None:
        """Also where neither writes it."""
        _refused_beside_another(storage, first=True, second=True)

    def test_a_record_of_another_tenant_or_id_is_held_by_itself(self, storage: Storage) -> None:
        """Whoever holds those does not disturb us."""
        needs(storage, Capability.WRITERS)
        for tenant in ("acme", "other"):
            put_in(storage, company("c1"), company("c2"), tenant=tenant)
        with storage.begin("acme") as one, storage.begin("acme") as two, storage.begin("other") as three:
            one.hold(Company, "c1", alone=True)
            two.hold(Company, "c2", alone=True)
            three.hold_all(Company, ["c1", "c2"], alone=True)
            for work in (one, two, three):
                work.commit()

    def test_what_was_held_is_free_when_that_has_ended(self, storage: Storage) -> None:
        """Committed or not."""
        put_in(storage, company())
        for commits in (True, False):
            with storage.begin("acme") as work:
                work.hold(Company, "c1", alone=True)
                if commits:
                    work.commit()
            with storage.begin("acme") as work:
                work.put(evolve(work.hold(Company, "c1", alone=True), employees=1))
                work.commit()

    def test_nobody_adds_to_what_somebody_closes_at_once(self, storage: Storage) -> None:
        """Threads add people to a company that is active; who closes it counts them, and has counted all."""
        needs(storage, Capability.WRITERS)
        needs(storage, Capability.HOLDS)
        companies = [f"c{number}" for number in range(_TIMES)]
        put_in(storage, *(company(one) for one in companies))

        def adds(number: int) -> None:
            for one in companies:
                for time in range(_MOST):
                    if not _insisted(storage, partial(_adds, to=one, id_=f"{one}-{number}-{time}")):
                        break

        def closes() -> None:
            for one in companies:
                _insisted(storage, partial(_closes, one=one))

        _together(*(partial(adds, number) for number in range(_THREADS)), closes)
        with storage.begin("acme", read_only=True) as work:
            counted = {one.id: one.employees for one in work.find(Query(Company))}
            there = {key: count for (key,), count in work.count_by(Person, ["company"]).items()}
        assert counted == {one: there.get(one, 0) for one in companies}

    def test_who_writes_what_many_hold_is_told_to_try_again(self, storage: Storage) -> None:
        """Threads that hold a record and then write it stand in one another's way, and no update is lost."""
        put_in(storage, company(employees=0))

        def count() -> None:
            for _ in range(_TIMES):
                _insisted(storage, _counts)

        _together(*[count] * _THREADS)
        with storage.begin("acme", read_only=True) as work:
            assert work.get(Company, "c1").employees == _THREADS * _TIMES


def _people(storage: Storage, tenant: str = "acme") -> int:
    with storage.begin(tenant, read_only=True) as work:
        return work.count(Person)


def _committed(*works: UnitOfWork) -> None:
    for work in works:
        work.commit()


def _refused_beside_another(storage: Storage, *, first: bool, second: bool) -> None:
    """Let two hold a record, alone or not, and add to it: of the two, one is refused, whichever commits first."""
    needs(storage, Capability.WRITERS)
    needs(storage, Capability.HOLDS)
    for in_order in (True, False):
        tenant = f"in-order-{in_order}"
        put_in(storage, company(), tenant=tenant)
        with storage.begin(tenant) as one, storage.begin(tenant) as other:
            one.hold(Company, "c1", alone=first)
            one.add(person("p1"))
            with pytest.raises((Busy, Stale)):
                other.hold(Company, "c1", alone=second)
                assert other.count(Person) == 0
                other.add(person("p2"))
                _committed(one, other) if in_order else _committed(other, one)
            if other.ended and not one.ended:
                one.commit()
        assert _people(storage, tenant) == 1


def _insisted(storage: Storage, do: Callable[[UnitOfWork], bool]) -> bool:
    """Do something in a unit of work, again and again where it is refused; return what it returns."""
    while True:
        try:
            with storage.begin("acme") as work:
                done = do(work)
                work.commit()
        except (Stale, Busy):
            continue
        except StorageError as error:
            raise AssertionError(f"who tries again is told {error!r}, neither Stale nor Busy") from error
        return done


def _adds(work: UnitOfWork, to: str, id_: str) -> bool:
    if not work.hold(Company, to).active:
        return False
    work.add(person(id_, to))
    return True


def _closes(work: UnitOfWork, one: str) -> bool:
    found = work.hold(Company, one, alone=True)
    counted = sum(each.company == one for each in work.each(Query(Person, limit=1000)))
    work.put(evolve(found, active=False, employees=counted))
    return True


def _counts(work: UnitOfWork) -> bool:
    found = work.hold(Company, "c1")
    work.put(evolve(found, employees=(found.employees or 0) + 1))
    return True


def _together(*acts: Callable[[], None]) -> None:
    """Do things at once, each in a thread; what stops one of them stops the test."""
    start, wrong = Barrier(len(acts)), list[BaseException]()

    def run(act: Callable[[], None]) -> None:
        try:
            start.wait()
            act()
        except BaseException as error:
            wrong.append(error)

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong, wrong

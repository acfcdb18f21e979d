"""The contract, moving: what is exported from a storage and imported into it is what it was."""

import io

import pytest
from attrs import evolve

from crmcore.storage import AlreadyThere, Event, Parcel, Query, Storage, UnitOfWork, read_export, write_export
from crmcore.testing.storages.given import Given
from crmcore.testing.storages.samples import Company, Person, company, event, parcel, person

__all__ = ["MovingContract"]


class MovingContract(Given):
    """What holds of exports and imports."""

    def test_what_is_exported_and_imported_is_what_it_was(self, storage: Storage) -> None:
        """Versions are kept, and records that refer to one another in a circle arrive."""
        _fill(storage)
        assert read_export(storage, _renamed(storage)) == {"globex": 5}
        with storage.begin("acme", read_only=True) as work:
            before = _everything(work)
        with storage.begin("globex", read_only=True) as work:
            assert _everything(work) == before
        assert [one.version for one in before if isinstance(one, Company)] == [2, 1]

    def test_an_import_that_is_run_again_adds_nothing(self, storage: Storage) -> None:
        """What is there already as the file has it is passed over."""
        _fill(storage)
        export = _renamed(storage)
        read_export(storage, export)
        assert read_export(storage, export) == {"globex": 0}

    def test_an_import_that_meets_another_record_writes_nothing(self, storage: Storage) -> None:
        """Nothing is written over."""
        _fill(storage)
        with storage.begin("globex") as work:
            work.add(person(company=work.add(company("c2", "another")).id))
            work.commit()
        with pytest.raises(AlreadyThere):
            read_export(storage, _renamed(storage))
        with storage.begin("globex", read_only=True) as work:
            assert [one.id for one in _everything(work)] == ["c2", "p1"]

    def test_the_tenants_are_told_that_have_records_or_none_can_be_told(self, storage: Storage) -> None:
        """A storage that cannot tell says so; then an export names them."""
        if storage.tenants() is None:
            pytest.skip("it cannot tell which tenants it has")
        assert storage.tenants() == ()
        _fill(storage)
        assert storage.tenants() == ("acme",)


def _fill(storage: Storage) -> None:
    with storage.begin("acme") as work:
        first = work.add(company("c1", notes={"b": [1, 1.5, None], "a": "值"}, custom={"seats": 7}))
        work.add(company("c2", parent="c1"))
        work.add(person())
        work.append(event())
        work.enqueue(parcel(attempts=3, worker="w"))
        work.put(evolve(first, parent="c2"))
        work.commit()


def _renamed(storage: Storage) -> list[str]:
    """Return an export of one tenant as the lines of one of another."""
    file = io.StringIO()
    write_export(storage, file, tenants=["acme"])
    return file.getvalue().replace('"acme"', '"globex"').splitlines(keepends=True)


def _everything(work: UnitOfWork) -> list[Company | Person | Event | Parcel]:
    found: list[Company | Person | Event | Parcel] = []
    for record in (Company, Person, Event, Parcel):
        found.extend(work.find(Query(record)))
    return found

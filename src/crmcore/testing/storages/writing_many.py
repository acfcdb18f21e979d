"""What holds of writing over many records at once, and of removing them: what holds of one after another."""

import pytest
from attrs import evolve

from crmcore.storage import (
    Capability,
    DanglingReference,
    Event,
    InvalidRecord,
    NotThere,
    Query,
    Stale,
    StillReferred,
    Storage,
)
from crmcore.testing.storages.given import Given, needs, put_in
from crmcore.testing.storages.samples import Company, Person, company, event, person

__all__ = ["WritingManyContract"]

_MANY = 1_200  # more than are handed over to the storage at once


def _companies(count: int, version: int = 1) -> list[Company]:
    return [company(f"c{number:04}", f"name {number}", version=version) for number in range(count)]


class WritingManyContract(Given):
    """Many records are written over and removed."""

    def test_many_records_are_written_over_at_once(self, storage: Storage) -> None:
        """They are taken as they come, also of several kinds; each is in its next version."""
        people = [person(f"p{number}", f"c{number:04}", version=1) for number in range(6)]
        put_in(storage, *_companies(_MANY), *people)
        with storage.begin("acme") as work:
            both: list[Company | Person] = [*_companies(_MANY), *people]
            assert work.put_all(evolve(one, name=f"new {one.name}") for one in both) == len(both)
            assert work.put_all([]) == 0
            work.commit()
        with storage.begin("acme", read_only=True) as work:
            wanted = [evolve(one, name=f"new {one.name}", version=2) for one in _companies(_MANY)]
            assert list(work.each(Query(Company))) == wanted
            assert {(one.name, one.version) for one in work.find(Query(Person))} == {("new 李娜", 2)}

    def test_many_records_are_removed_at_once(self, storage: Storage) -> None:
        """One that refers to another comes before it."""
        people = [person(f"p{number}", f"c{number:04}", version=1) for number in range(6)]
        put_in(storage, *_companies(_MANY), *people)
        with storage.begin("acme") as work:
            assert work.remove_all((*people, *_companies(_MANY - 1))) == _MANY + 5
            assert work.remove_all([]) == 0
            work.commit()
        with storage.begin("acme", read_only=True) as work:
            assert [one.id for one in work.each(Query(Company))] == [f"c{_MANY - 1:04}"]
            assert work.count(Person) == 0

    @pytest.mark.parametrize("act", ["put_all", "remove_all"])
    def test_one_that_is_not_as_it_was_read_refuses_all(self, storage: Storage, act: str) -> None:
        """The error names it, whether somebody else wrote it or nobody ever added it."""
        put_in(storage, *_companies(50))
        with storage.begin("acme") as work:
            work.put(company("c0040", version=1))
            work.put(company("c0041", version=1))
            work.commit()
        absent = company("c0025x", version=1)
        for some, error, id_ in (
            (_companies(50), Stale, "c0040"),
            ([*_companies(25), absent, *_companies(50)[25:]], NotThere, "c0025x"),
            ([*_companies(10), *_companies(10)], Stale if act == "put_all" else NotThere, "c0000"),
        ):
            with pytest.raises(error) as caught, storage.begin("acme") as work:
                getattr(work, act)(evolve(one, name="older") for one in some)
            assert getattr(caught.value, "id") == id_  # noqa: B009 (both errors have one)
        with storage.begin("acme", read_only=True) as work:
            found = list(work.each(Query(Company)))
            assert len(found) == 50
            assert "older" not in {one.name for one in found}

    def test_one_that_cannot_be_written_refuses_all(self, storage: Storage) -> None:
        """A field that holds what it must not, and an event, which is never changed."""
        put_in(storage, *_companies(50))
        with storage.begin("acme") as work:
            work.append_all([event(), event("e2")])
            work.commit()
        bad = [evolve(one, memo="a\0b" if one.id == "c0030" else "right") for one in _companies(50)]
        with pytest.raises(InvalidRecord) as caught, storage.begin("acme") as work:
            work.put_all(bad)
        assert (caught.value.id, caught.value.field) == ("c0030", "memo")
        for act in ("put_all", "remove_all"):
            with pytest.raises(InvalidRecord), storage.begin("acme") as work:
                getattr(work, act)([event(version=1), event("e2", version=1)])
        with storage.begin("acme", read_only=True) as work:
            assert {one.memo for one in work.each(Query(Company))} == {None}
            assert work.count(Event) == 2

    def test_references_are_held_for_many_at_once(self, storage: Storage) -> None:
        """What refers to nothing is not written, and what others refer to is not removed."""
        needs(storage, Capability.REFERENCES)
        put_in(storage, *_companies(20), person("p1", "c0003"))
        with pytest.raises(DanglingReference), storage.begin("acme") as work:
            work.put_all(evolve(one, parent="c9" if one.id == "c0010" else None) for one in _companies(20))
        with pytest.raises(StillReferred), storage.begin("acme") as work:
            work.remove_all(_companies(20))
        with storage.begin("acme", read_only=True) as work:
            assert {one.version for one in work.each(Query(Company))} == {1}
            assert work.count(Company) == 20

    def test_companies_that_refer_to_themselves_are_removed(self, storage: Storage) -> None:
        """As one alone is that does."""
        needs(storage, Capability.REFERENCES)
        own = [company(f"c{number}", parent=f"c{number}") for number in range(5)]
        put_in(storage, *own)
        with storage.begin("acme") as work:
            assert work.remove_all(evolve(one, version=1) for one in own) == 5
            work.commit()
        with storage.begin("acme", read_only=True) as work:
            assert work.count(Company) == 0

    def test_who_watches_is_told_of_each(self, storage: Storage) -> None:
        """With what each was, and what it is."""
        put_in(storage, *_companies(8))
        with storage.begin("acme") as work:
            with work.watched() as watch:
                work.put_all(evolve(one, name="new") for one in _companies(8))
                work.remove_all(_companies(4, version=2))
            told = {(one.id, one.before is None, one.after is None) for one in watch.changes}
            assert told == {(one.id, False, number < 4) for number, one in enumerate(_companies(8))}

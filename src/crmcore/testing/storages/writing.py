"""What holds of writing: records, references, the company's own fields, and events."""

from collections.abc import Iterator

import pytest
from attrs import evolve, frozen

from crmcore.errors import UnknownName
from crmcore.storage import (
    EVENT,
    LONGEST_ID,
    AlreadyThere,
    Capability,
    DanglingReference,
    Entity,
    Event,
    Field,
    Holds,
    InvalidRecord,
    Is,
    Kinds,
    NotThere,
    Query,
    ReadOnly,
    Stale,
    StillReferred,
    Storage,
    WorkEnded,
)
from crmcore.testing.storages.given import Given, Open, Witness, needs, put_in, stored
from crmcore.testing.storages.samples import Company, Person, company, event, parcel, person

__all__ = ["WritingContract"]

NO_IDS = ["", "\0", "a\0b", "\ud800", "x" * (LONGEST_ID + 1)]


class WritingContract(Given):
    """What is added, written and removed."""

    def test_a_record_comes_back_as_it_was_added(self, storage: Storage) -> None:
        """Adding counts the version; nothing else changes."""
        given = company(notes={"说明": ["一", 2, None]}, custom={"行业": "电信"}, version=7)
        with storage.begin("acme") as work:
            added = work.add(given)
            assert added == evolve(given, version=1)
            assert work.get(Company, "c1") == added
            work.commit()
        with storage.begin("acme", read_only=True) as work:
            assert work.get(Company, "c1") == added

    def test_each_writing_counts_the_version(self, storage: Storage) -> None:
        """What `put` returns can be put again."""
        with storage.begin("acme") as work:
            written = work.add(company())
            for version in range(2, 6):
                written = work.put(evolve(written, name=f"name {version}"))
                assert written.version == version
            work.commit()
        with storage.begin("acme", read_only=True) as work:
            assert work.get(Company, "c1") == written

    def test_what_was_never_added_is_not_there(self, storage: Storage) -> None:
        """That is told of reading, writing and removing."""
        for act in ("get", "put", "remove"):
            with storage.begin("acme") as work, pytest.raises(NotThere) as caught:
                work.get(Company, "c9") if act == "get" else getattr(work, act)(company("c9", version=1))
            assert (caught.value.kind, caught.value.id) == ("company", "c9")

    @pytest.mark.parametrize("id_", NO_IDS, ids=lambda text: ascii(text[:9]))
    def test_what_cannot_be_an_id_is_not_there_and_is_not_added(self, storage: Storage, id_: str) -> None:
        """Whatever a program was sent, it is asked for without harm."""
        with storage.begin("acme") as work:
            with pytest.raises(NotThere):
                work.get(Company, id_)
            assert work.count(Company) == 0
            with pytest.raises(InvalidRecord):
                work.add(company(id_))

    def test_an_id_that_is_there_is_not_added_again(self, storage: Storage) -> None:
        """Neither in the same unit of work nor in a later one; and the unit of work ends."""
        with storage.begin("acme") as work:
            work.add(company())
            with pytest.raises(AlreadyThere):
                work.add(company(name="another"))
            assert work.ended
        put_in(storage, company())
        with pytest.raises(AlreadyThere), storage.begin("acme") as work:
            work.add(company("c2"))
            work.add(company(name="another"))
            work.commit()
        with storage.begin("acme", read_only=True) as work:
            assert list(work.find(Query(Company))) == stored(company())

    def test_a_stale_version_is_refused(self, storage: Storage) -> None:
        """A record that was read before somebody else wrote it is neither written nor removed."""
        put_in(storage, company())
        with storage.begin("acme") as work:
            newer = work.put(company(name="newer", version=1))
            work.commit()
        for version in (0, 1, 3):
            for act in ("put", "remove"):
                with storage.begin("acme") as work, pytest.raises(Stale) as caught:
                    getattr(work, act)(company(name="older", version=version))
                assert (caught.value.kind, caught.value.id, caught.value.version) == ("company", "c1", version)
        with storage.begin("acme", read_only=True) as work:
            assert work.get(Company, "c1") == newer

    @pytest.mark.parametrize("version", [-1, 2**62, 2**63 - 1, 2**64])
    def test_a_version_that_no_storage_counts_to_is_refused(self, storage: Storage, version: int) -> None:
        """It is the caller's mistake, and not one of the database."""
        put_in(storage, company())
        for act in ("put", "remove"):
            with storage.begin("acme") as work, pytest.raises(InvalidRecord):
                getattr(work, act)(company(version=version))

    def test_what_is_removed_is_gone_and_can_be_added_anew(self, storage: Storage) -> None:
        """A record that is added again begins at version 1."""
        put_in(storage, company(), company("c2"))
        with storage.begin("acme") as work:
            work.remove(company(version=1))
            with pytest.raises(NotThere):
                work.get(Company, "c1")
            assert work.count(Company) == 1
            assert work.add(company(name="anew")).version == 1
            work.remove(company("c2", version=1))
            work.commit()
        with storage.begin("acme", read_only=True) as work:
            assert list(work.find(Query(Company))) == stored(company(name="anew"))

    def test_a_refused_write_ends_the_unit_of_work_and_nothing_of_it_is_kept(
        self, storage: Storage, witness: Witness | None
    ) -> None:
        """Half of what was meant is worse than nothing."""
        with storage.begin("acme") as work:
            work.add(company())
            work.append(event())
            with pytest.raises(NotThere):
                work.put(company("c9", version=1))
            for use in (lambda: work.get(Company, "c1"), lambda: work.add(company("c2")), work.commit):
                with pytest.raises(WorkEnded):
                    use()
        with storage.begin("acme", read_only=True) as work:
            assert (work.count(Company), work.count(Event)) == (0, 0)
        if witness is not None:
            assert not [*witness("acme", "company"), *witness("acme", "event")]

    def test_without_a_commit_nothing_lasts(self, storage: Storage, witness: Witness | None) -> None:
        """Leaving the block rolls back; so does a rollback, once or twice."""
        with storage.begin("acme") as work:
            work.add(company())
        work = storage.begin("acme")
        work.add(company())
        work.rollback()
        work.rollback()
        with pytest.raises(WorkEnded):
            work.get(Company, "c1")
        with storage.begin("acme", read_only=True) as work:
            assert work.count(Company) == 0
        if witness is not None:
            assert not list(witness("acme", "company"))

    def test_a_commit_lets_all_of_it_last_at_once(self, storage: Storage, witness: Witness | None) -> None:
        """The record, its event and its parcel; seen past the storage, too, where somebody can look."""
        with storage.begin("acme") as work:
            work.add(company())
            work.append(event())
            work.enqueue(parcel())
            work.commit()
            assert work.ended
            with pytest.raises(WorkEnded):
                work.add(company("c2"))
        if witness is None:
            pytest.skip("nobody can look past this storage")
        seen = {kind: list(witness("acme", kind)) for kind in ("company", "event", "parcel", "person")}
        assert seen == {"company": ["c1"], "event": ["e1"], "parcel": ["p1"], "person": []}

    def test_a_unit_of_work_that_only_reads_refuses_to_write_and_reads_on(self, storage: Storage) -> None:
        """A mistaken write is told, and harms nothing."""
        put_in(storage, company())
        with storage.begin("acme", read_only=True) as work:
            for act in (work.add, work.put, work.remove):
                with pytest.raises(ReadOnly):
                    act(company(version=1))
            for write in (lambda: work.append(event()), lambda: work.add_all([]), lambda: work.enqueue(parcel())):
                with pytest.raises(ReadOnly):
                    write()
            assert work.get(Company, "c1").name == "华为"
            work.commit()

    def test_any_number_of_records_comes_from_a_generator(self, storage: Storage) -> None:
        """They are taken as they come, also of several kinds, each behind what it refers to."""

        def given() -> Iterator[Entity]:
            for number in range(6_000):
                yield company(f"c{number:05}")
                if number % 1_000 == 0:
                    yield person(f"p{number}", f"c{number:05}")

        with storage.begin("acme") as work:
            assert work.add_all(given()) == 6_006
            assert work.add_all([]) == 0
            work.commit()
        with storage.begin("acme", read_only=True) as work:
            assert (work.count(Company), work.count(Person)) == (6_000, 6)

    def test_a_generator_that_fails_leaves_nothing(self, storage: Storage) -> None:
        """The error is the generator's own."""

        def given() -> Iterator[Entity]:
            for number in range(6_000):
                yield company(f"c{number}")
            raise LookupError("the file ends here")

        with storage.begin("acme") as work, pytest.raises(LookupError, match="ends here"):
            work.add_all(given())
        assert work.ended
        with storage.begin("acme", read_only=True) as work:
            assert work.count(Company) == 0

    def test_one_bad_record_among_many_refuses_all(self, storage: Storage) -> None:
        """Which field of which record it is, the error says."""
        many = [company(f"c{number}", employees=number) for number in range(50)]
        many[40] = evolve(many[40], employees="many")  # type: ignore[arg-type]
        with storage.begin("acme") as work, pytest.raises(InvalidRecord) as caught:
            work.add_all(many)
        assert (caught.value.kind, caught.value.id, caught.value.field) == ("company", "c40", "employees")
        with storage.begin("acme", read_only=True) as work:
            assert work.count(Company) == 0

    def test_fields_of_the_company_s_own_are_typed_and_may_be_empty(self, storage: Storage) -> None:
        """An empty one is left out; a strange name and a wrong type are refused."""
        put_in(storage, company(custom={"行业": "电信", "seats": 12}), company("c2", custom={"seats": None}))
        with storage.begin("acme") as work:
            first, second = work.get(Company, "c1"), work.get(Company, "c2")
            assert (first.custom, second.custom) == ({"行业": "电信", "seats": 12}, {})
            assert work.put(evolve(first, custom={"seats": 13})).custom == {"seats": 13}
            assert work.get(Company, "c1").custom == {"seats": 13}
        for custom in ({"seats": "12"}, {"行业": 5}, {"unknown": 1}, {"name": "x"}):
            with storage.begin("acme") as work, pytest.raises(InvalidRecord):
                work.add(company("c3", custom=custom))

    def test_a_reference_to_what_is_not_there_is_refused(self, storage: Storage) -> None:
        """When it is added, when it is written, and for one among many."""
        needs(storage, Capability.REFERENCES)
        put_in(storage, company())
        with storage.begin("acme") as work, pytest.raises(DanglingReference) as caught:
            work.add(person(company="c9"))
        assert (caught.value.kind, caught.value.refers) == ("person", ("company",))
        with storage.begin("acme") as work, pytest.raises(DanglingReference):
            work.put(company(parent="c9", version=1))
        with storage.begin("acme") as work, pytest.raises(DanglingReference):
            work.add_all([person("p1"), person("p2", "c9"), person("p3")])
        with storage.begin("acme", read_only=True) as work:
            assert work.count(Person) == 0

    def test_what_others_refer_to_is_not_removed(self, storage: Storage) -> None:
        """It is once nobody refers to it any more, also in the same unit of work; a record may refer to itself."""
        needs(storage, Capability.REFERENCES)
        put_in(storage, company(), person(), company("c2", parent="c2"))
        with storage.begin("acme") as work, pytest.raises(StillReferred) as caught:
            work.remove(company(version=1))
        assert (caught.value.kind, caught.value.id) == ("company", "c1")
        with storage.begin("acme") as work:
            work.remove(person(version=1))
            work.remove(company(version=1))
            work.remove(company("c2", parent="c2", version=1))
            work.commit()
        with storage.begin("acme", read_only=True) as work:
            assert (work.count(Company), work.count(Person)) == (0, 0)

    def test_events_are_appended_and_never_changed(self, storage: Storage) -> None:
        """Neither added as a record, nor written over, nor removed."""
        with storage.begin("acme") as work:
            assert work.append(event(payload={"name": "华为"})) == evolve(event(payload={"name": "华为"}), version=1)
            assert work.append_all(event(f"e{number}", caused_by="e1") for number in range(2, 12)) == 10
            work.commit()
        for act in ("add", "put", "remove"):
            with storage.begin("acme") as work, pytest.raises(InvalidRecord):
                getattr(work, act)(event(name="never-happened", version=1))
        with storage.begin("acme") as work, pytest.raises(AlreadyThere):
            work.append(event(name="something-else"))
            work.commit()
        with storage.begin("acme") as work, pytest.raises(InvalidRecord):
            work.append(company())  # type: ignore[arg-type]
        with storage.begin("acme", read_only=True) as work:
            assert work.get(Event, "e1").payload == {"name": "华为"}
            assert work.count(Event, [Is("caused_by", "e1")]) == 10

    def test_events_with_fields_of_the_company_s_own_are_events_still(self, opened: Open) -> None:
        """A company may say more of an event; it does not change one."""
        with opened(Kinds([EVENT.with_custom(Field("branch", Holds.TEXT))])) as storage:
            with storage.begin("acme") as work:
                work.append(event(custom={"branch": "北京"}))
                work.commit()
            with storage.begin("acme", read_only=True) as work:
                (found,) = work.find(Query(Event, where=[Is("custom.branch", "北京")]))
                assert found == event(custom={"branch": "北京"}, version=1)
            with storage.begin("acme") as work, pytest.raises(InvalidRecord):
                work.put(found)

    def test_a_class_of_no_kind_is_refused_by_its_name(self, storage: Storage) -> None:
        """A class that extends one of a kind would lose what it adds."""

        @frozen(kw_only=True)
        class Branch(Company):
            city: str = ""

        with storage.begin("acme") as work, pytest.raises(UnknownName, match="Branch"):
            work.add(Branch(id="b1", name="北京"))

"""What holds of conditions about other records: a record is found to which none of them refers."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.errors import UnknownName
from crmcore.storage import Contains, Filter, InvalidQuery, Is, Lacks, Query, StartsWith, Storage
from crmcore.testing.storages.given import Given, put_in
from crmcore.testing.storages.samples import Company, Person, company, person

__all__ = ["LackingContract"]


def _found(storage: Storage, *where: Filter, tenant: str = "acme") -> list[str]:
    """Return the ids of the companies that meet conditions, told alike by all that can be asked."""
    with storage.begin(tenant, read_only=True) as work:
        ids = [one.id for one in work.find(Query(Company, where=where))]
        assert work.count(Company, where) == len(ids)
        assert sum(work.count_by(Company, ["tier"], where).values()) == len(ids)
        for condition in where:
            met = work.count_meeting(Company, ["tier"], [condition, condition], where)
            assert [sum(numbers) for numbers in zip(*met.values(), strict=True)] == [len(ids)] * 2 * bool(ids)
        return ids


class LackingContract(Given):
    """Conditions about records of other kinds, and of the same."""

    @pytest.fixture
    def peopled(self, storage: Storage) -> Storage:
        """The storage, with companies of which some have people."""
        companies = [company("c1"), company("c2"), company("c3", parent="c1")]
        put_in(storage, *companies, person("p1", "c1", name="王伟"), person("p2", "c2", name="李雷"))
        put_in(storage, company("c1"), tenant="other")
        return storage

    def test_a_record_is_found_to_which_none_of_a_kind_refers(self, peopled: Storage) -> None:
        """A company without people, or without people of some name, is found."""
        assert _found(peopled, Lacks("id", "person", "company")) == ["c3"]
        assert _found(peopled, Lacks("id", "person", "company", [Is("name", "王伟")])) == ["c2", "c3"]
        assert _found(peopled, Lacks("id", "person", "company", [StartsWith("name", "李")]), Is("id", "c1")) == ["c1"]

    def test_those_of_its_own_kind_and_of_another_tenant_are_told_apart(self, peopled: Storage) -> None:
        """A company without subsidiaries is found, and nobody of another tenant counts."""
        assert _found(peopled, Lacks("id", "company", "parent")) == ["c2", "c3"]
        assert _found(peopled, Lacks("id", "person", "company"), tenant="other") == ["c1"]

    def test_what_a_unit_of_work_wrote_itself_counts(self, peopled: Storage) -> None:
        """What was written and is not committed yet is asked too."""
        with peopled.begin("acme") as work:
            work.add(person("p3", "c3", name="韩梅梅"))
            work.remove(work.get(Person, "p1"))
            assert [one.id for one in work.find(Query(Company, where=[Lacks("id", "person", "company")]))] == ["c1"]

    def test_a_condition_about_others_that_cannot_be_asked_is_refused(self, peopled: Storage) -> None:
        """What does not exist, or cannot be compared, is refused, and the unit of work goes on."""
        with peopled.begin("acme", read_only=True) as work:
            for wrong, error in (
                (Lacks("id", "persn", "company"), UnknownName),
                (Lacks("id", "person", "compny"), InvalidQuery),
                (Lacks("nothing", "person", "company"), InvalidQuery),
                (Lacks("id", "person", "company", [Is("name", 7)]), InvalidQuery),
                (Lacks("id", "person", "company", [Lacks("id", "company", "parent")]), InvalidQuery),
            ):
                with pytest.raises(error):
                    work.count(Company, [wrong])
            assert work.count(Company) == 3

    def test_it_finds_what_a_search_one_by_one_finds(self, peopled: Storage) -> None:
        """The one statement finds what a search in two finds."""

        @settings(max_examples=30, deadline=None)
        @given(st.lists(st.sampled_from(["王", "李", "伟", "", "x"]), max_size=2))
        def compared(texts: list[str]) -> None:
            where: list[Any] = [Contains("name", text) for text in texts]
            with peopled.begin("acme", read_only=True) as work:
                referred = {one.company for one in work.each(Query(Person, where=where))}
                expected = [one.id for one in work.find(Query(Company)) if one.id not in referred]
            assert _found(peopled, Lacks("id", "person", "company", where)) == expected

        compared()

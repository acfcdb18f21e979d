"""What holds of tenants: none sees, changes or refers to what is another's."""

from typing import TYPE_CHECKING, Final

import pytest

from crmcore.storage import (
    Capability,
    DanglingReference,
    Event,
    InvalidTenant,
    NotThere,
    Parcel,
    Query,
    Storage,
    UnitOfWork,
)
from crmcore.testing.storages.given import Given, Witness, needs, put_in, stored
from crmcore.testing.storages.samples import Company, Person, company, event, parcel, person

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["TenantsContract"]

_NO_TENANTS: Final = ["", " ", "*", "a ", " a", "a\0b", "a\nb", "\ud800", "a\u200bb", "x" * 101, 5, None]
_TENANTS: Final = [
    "a",
    "A",
    "á",
    "a%",
    "a_",
    "o'brien",
    "客户",
    "𠮷",
    "a;b--",
    "**",
    "x" * 100,
    "%",
    "1",
    "1.0",
    "NULL",
]


class TenantsContract(Given):
    """Two tenants beside one another."""

    def test_one_tenant_s_records_are_not_seen_by_another(self, storage: Storage) -> None:
        """In whatever way they are asked for, by what reads and by what writes."""
        put_in(storage, company(), person(), parcel(), tenant="one")
        with storage.begin("one") as work:
            work.append(event())
            work.commit()
        for read_only in (True, False):
            with storage.begin("two", read_only=read_only) as work:
                for kind in (Company, Person, Event, Parcel):
                    assert not list(work.find(Query(kind)))
                    assert not list(work.each(Query(kind)))
                    assert work.count(kind) == 0
                    assert not work.count_by(kind, ["id"])
                with pytest.raises(NotThere):
                    work.get(Company, "c1")

    def test_one_tenant_s_records_are_not_written_by_another(self, storage: Storage, witness: Witness | None) -> None:
        """It is told that they are not there; the owner finds all as it was."""
        put_in(storage, company(), tenant="one")
        acts: list[Callable[[UnitOfWork], object]] = [
            lambda work: work.put(company(name="taken", version=1)),
            lambda work: work.remove(company(version=1)),
        ]
        for act in acts:
            with storage.begin("two") as work, pytest.raises(NotThere):
                act(work)
        with storage.begin("one", read_only=True) as work:
            assert list(work.find(Query(Company))) == stored(company())
        if witness is not None:
            assert list(witness("one", "company")) == ["c1"]
            assert not list(witness("two", "company"))

    def test_each_tenant_has_its_own_record_of_an_id(self, storage: Storage) -> None:
        """Changing or removing one does nothing to the other."""
        for tenant in ("one", "two"):
            put_in(storage, company(name=tenant), tenant=tenant)
        with storage.begin("one") as work:
            work.put(company(name="changed", version=1))
            work.commit()
        with storage.begin("two") as work:
            assert work.get(Company, "c1") == company(name="two", version=1)
            work.remove(company(name="two", version=1))
            work.commit()
        with storage.begin("one", read_only=True) as work:
            assert work.get(Company, "c1").name == "changed"

    def test_what_another_tenant_has_cannot_be_referred_to(self, storage: Storage) -> None:
        """For this tenant it is not there; and what the other refers to does not keep this one's."""
        needs(storage, Capability.REFERENCES)
        put_in(storage, company(), tenant="one")
        with storage.begin("two") as work, pytest.raises(DanglingReference):
            work.add(person())
        put_in(storage, company(), person(), tenant="two")
        with storage.begin("one") as work:
            work.remove(company(version=1))
            work.commit()

    @pytest.mark.parametrize("tenant", _NO_TENANTS, ids=ascii)
    def test_what_cannot_name_a_tenant_is_refused(self, storage: Storage, tenant: str) -> None:
        """Before anything is asked of the storage."""
        with pytest.raises(InvalidTenant):
            storage.begin(tenant)

    def test_names_of_tenants_are_told_apart_to_the_last_character(self, storage: Storage) -> None:
        """Whatever language, case and signs they are written in."""
        for number, tenant in enumerate(_TENANTS):
            put_in(storage, company(name=f"number {number}"), company(f"c{number + 2}"), tenant=tenant)
        for number, tenant in enumerate(_TENANTS):
            with storage.begin(tenant, read_only=True) as work:
                assert [one.id for one in work.find(Query(Company))] == ["c1", f"c{number + 2}"]
                assert work.get(Company, "c1").name == f"number {number}"

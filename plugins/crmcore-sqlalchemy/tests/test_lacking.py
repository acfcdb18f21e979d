"""What is asked of a record by way of others that refer to it: in every database, and in memory."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from crmcore_sqlalchemy import SQLStorage
from databases import database
from stored import KINDS, Company, Person, company

from crmcore.errors import UnknownName
from crmcore.storage import InvalidQuery, Is, Lacks, MemoryStorage, Query, StartsWith, Storage


@pytest.fixture(params=["memory", "sqlite", "postgresql", "mariadb"])
def filled(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    if request.param == "memory":
        yield _filled(MemoryStorage(KINDS))
        return
    for url in database(request.param, tmp_path):
        with SQLStorage.open(url, KINDS) as storage:
            yield _filled(storage)


def _filled(storage: Storage) -> Storage:
    for tenant in ("acme", "other"):
        with storage.begin(tenant) as work:
            work.add_all([company("c1"), company("c2"), company("c3", parent="c1")])
            if tenant == "acme":
                work.add_all([Person(id="p1", name="王伟", company="c1"), Person(id="p2", name="李雷", company="c2")])
            work.commit()
    return storage


def found(storage: Storage, *where: Any, tenant: str = "acme") -> list[str]:
    with storage.begin(tenant, read_only=True) as work:
        ids = [one.id for one in work.find(Query(Company, where=where))]
        assert work.count(Company, where) == len(ids)
        assert sum(work.count_by(Company, ["name"], where).values()) == len(ids)
        return ids


def test_a_record_to_which_none_of_a_kind_refers_is_found(filled: Storage) -> None:
    assert found(filled, Lacks("id", "person", "company")) == ["c3"]
    assert found(filled, Lacks("id", "person", "company", [Is("name", "王伟")])) == ["c2", "c3"]
    assert found(filled, Lacks("id", "person", "company", [StartsWith("name", "李")]), Is("id", "c1")) == ["c1"]


def test_records_of_the_same_kind_and_of_another_tenant_are_told_apart(filled: Storage) -> None:
    assert found(filled, Lacks("id", "company", "parent")) == ["c2", "c3"]
    assert found(filled, Lacks("id", "person", "company"), tenant="other") == ["c1", "c2", "c3"]


def test_what_cannot_be_asked_is_refused(filled: Storage) -> None:
    with filled.begin("acme", read_only=True) as work:
        with pytest.raises(UnknownName, match="did you mean 'person'"):
            work.count(Company, [Lacks("id", "persn", "company")])
        with pytest.raises(InvalidQuery, match="did you mean 'company'"):
            work.count(Company, [Lacks("id", "person", "compny")])
        with pytest.raises(InvalidQuery, match="no field 'nothing'"):
            work.count(Company, [Lacks("nothing", "person", "company")])
        with pytest.raises(InvalidQuery, match="cannot be compared"):
            work.count(Company, [Lacks("id", "person", "company", [Is("name", 7)])])
        with pytest.raises(InvalidQuery, match="none about others again"):
            work.count(Company, [Lacks("id", "person", "company", [Lacks("id", "company", "parent")])])

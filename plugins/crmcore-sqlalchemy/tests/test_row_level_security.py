"""PostgreSQL keeps tenants apart by itself, below our code: shown in plain SQL."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from crmcore_sqlalchemy import SQLStorage
from databases import database
from sqlalchemy import Connection, Engine, column, func, select, table, text
from sqlalchemy.exc import DBAPIError

from crmcore.testing.storages import KINDS, Company, company, event, parcel, person

TABLES = ("crmcore_company", "crmcore_person", "crmcore_event", "crmcore_parcel")
VIEWS = tuple(table.replace("crmcore", "crm") for table in TABLES)


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SQLStorage]:
    """A database in which two tenants have records."""
    folder = tmp_path_factory.mktemp("nothing")
    with contextmanager(database)("postgresql", folder) as url, SQLStorage.open(url, KINDS) as storage:
        for tenant in ("one", "two"):
            with storage.begin(tenant) as work:
                work.add_all([company(name=tenant), person(), parcel()])
                work.append(event())
                work.commit()
        yield storage


@pytest.fixture
def plain(storage: SQLStorage) -> Iterator[Connection]:
    """A connection to it, as somebody who is nobody special; what it writes is rolled back."""
    engine = storage._source
    assert isinstance(engine, Engine)
    with engine.connect() as connection:
        yield connection


def see_as(connection: Connection, tenant: str) -> None:
    connection.execute(text("SELECT set_config('crmcore.tenant', :tenant, true)"), {"tenant": tenant})


@pytest.mark.parametrize("name", [*TABLES, *VIEWS])
def test_who_names_no_tenant_sees_nothing(plain: Connection, name: str) -> None:
    assert plain.execute(select(func.count()).select_from(table(name))).scalar_one() == 0


@pytest.mark.parametrize("name", [*TABLES, *VIEWS])
def test_who_names_a_tenant_sees_its_rows_alone(plain: Connection, name: str) -> None:
    see_as(plain, "one")
    assert plain.execute(select(column("tenant")).select_from(table(name))).scalars().all() == ["one"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE crmcore_company SET name = 'taken'",
        "DELETE FROM crmcore_parcel",
        "UPDATE crmcore_event SET actor = 'nobody'",
    ],
)
def test_what_is_written_without_a_condition_touches_one_tenant_s_rows(plain: Connection, statement: str) -> None:
    see_as(plain, "one")
    assert plain.execute(text(statement)).rowcount == 1


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO crmcore_person (tenant, id, version, name, company) VALUES ('two', 'p9', 1, 'smuggled', 'c1')",
        "UPDATE crmcore_company SET tenant = 'two', id = 'c9'",
    ],
)
def test_no_row_is_brought_to_another_tenant(plain: Connection, statement: str) -> None:
    see_as(plain, "one")
    with pytest.raises(DBAPIError, match="row-level security"):
        plain.execute(text(statement))


def test_a_worker_for_all_tenants_sees_parcels_and_nothing_else(plain: Connection) -> None:
    see_as(plain, "*")
    counts = [plain.execute(select(func.count()).select_from(table(name))).scalar_one() for name in TABLES]
    assert counts == [0, 0, 0, 2]


def test_a_unit_of_work_leaves_no_tenant_behind_on_its_connection(storage: SQLStorage, plain: Connection) -> None:
    with storage.begin("one", read_only=True) as work:
        assert work.count(Company) == 1
    assert plain.execute(select(func.count()).select_from(table("crmcore_company"))).scalar_one() == 0
    assert not plain.execute(text("SELECT current_setting('crmcore.tenant', true)")).scalar_one()

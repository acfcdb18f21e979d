"""The storage in each database keeps the contract of all storages."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, cast

import pytest
from crmcore_sqlalchemy import SQLStorage
from databases import administrator, database
from hypothesis import settings
from sqlalchemy import Engine, column, create_engine, delete, inspect, select, table, text

from crmcore.storage import Kinds, Storage
from crmcore.testing import StorageContract
from crmcore.testing.storages import Open, Witness

if TYPE_CHECKING:
    from pathlib import Path

Reached = Callable[[str, Kinds], tuple[SQLStorage, str, Engine]]
"""What gives a storage in a database of a family, the URL, and what looks into the database past the storage."""


@pytest.fixture(scope="module")
def reached(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reached]:
    """One database for all tests that need the same tables: to make one takes longer than most tests.

    A storage that was closed may be used again: it connects anew.
    """
    known: dict[str, tuple[SQLStorage, str, Engine]] = {}
    with ExitStack() as stack:

        def reached(family: str, kinds: Kinds) -> tuple[SQLStorage, str, Engine]:
            tables = f"{family} { ({kind.name: list(kind.all_fields) for kind in kinds.values()}) }"
            if tables not in known:
                folder: Path = tmp_path_factory.mktemp(family)
                url = stack.enter_context(contextmanager(database)(family, folder))
                engine = create_engine(administrator(url))
                stack.callback(engine.dispose)
                storage = SQLStorage.open(url, kinds, patience=0.05)
                stack.callback(storage.close)
                known[tables] = storage, url, engine
            return known[tables]

        yield reached


class SQLContract(StorageContract):
    family = ""

    @pytest.fixture
    def looking(self) -> list[Engine]:
        return []

    @pytest.fixture
    def opened(self, reached: Reached, looking: list[Engine]) -> Iterator[Open]:
        storages: list[SQLStorage] = []

        def opened(kinds: Kinds) -> Storage:
            storage, url, engine = reached(self.family, kinds)
            if engine not in looking:
                looking.append(engine)
                _empty(engine)
                return storage
            storages.append(SQLStorage.open(url, kinds, patience=0.05))
            return storages[-1]

        yield opened
        for storage in storages:
            storage.close()

    @pytest.fixture
    def witness(self, looking: list[Engine]) -> Witness:
        def witness(tenant: str, kind: str) -> list[str]:
            with looking[0].connect() as connection:
                rows = table(f"crmcore_{kind}", column("id"), column("tenant"))
                asked = select(rows.c.id).where(rows.c.tenant == tenant).order_by(rows.c.id)
                return list(connection.execute(asked).scalars())

        return witness

    def held(self, storage: Storage) -> int:
        return cast("Engine", cast("SQLStorage", storage)._source).pool.checkedout()  # type: ignore[attr-defined, no-any-return]


def _empty(engine: Engine) -> None:
    with engine.begin() as connection:
        if engine.name == "postgresql":  # without statistics it looks for references row by row, in all rows
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        present = set(inspect(connection).get_table_names())
        for name in ("crmcore_person", "crmcore_company", "crmcore_event", "crmcore_parcel"):
            if name in present:
                if name == "crmcore_company" and engine.name != "postgresql":
                    connection.execute(text("UPDATE crmcore_company SET parent = NULL"))
                connection.execute(delete(table(name)))


class TestSQLite(SQLContract):
    family = "sqlite"


class TestPostgreSQL(SQLContract):
    family = "postgresql"
    model_settings = settings(SQLContract.model_settings, max_examples=12)


class TestMariaDB(SQLContract):
    family = "mariadb"
    model_settings = settings(SQLContract.model_settings, max_examples=8)  # it waits for a whole second

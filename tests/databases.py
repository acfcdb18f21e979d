"""Databases to test against: SQLite, and the PostgreSQL and MariaDB servers that are there."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from crmcore_sqlalchemy import SQLStorage
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from crmcore.storage import Kinds
from crmcore.testing.storages.samples import KINDS

SERVERS = {
    "postgresql": ("CRMCORE_TEST_POSTGRES", "postgresql+psycopg://root@127.0.0.1:5432/postgres"),
    "mariadb": ("CRMCORE_TEST_MARIADB", "mariadb+pymysql://root@127.0.0.1:3306/test"),
}
APP = "crmcore_test"
"""Whom the tests connect to PostgreSQL as: nobody special, so that the database keeps tenants apart from them, too."""

Opened = Callable[..., SQLStorage]


@pytest.fixture(params=["sqlite", "postgresql", "mariadb"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database."""
    yield from database(request.param, tmp_path)


def database(family: str, folder: Path) -> Iterator[str]:
    """Make an empty database, give its URL, and remove it."""
    if family == "sqlite":
        yield f"sqlite:///{folder / 'crm.db'}"
        return
    variable, local = SERVERS[family]
    server = make_url(os.environ.get(variable, local))
    name = f"crmcore_test_{uuid4().hex[:12]}"
    _administer(server, variable, _made(family, name))
    url = server.set(database=name, drivername=family)
    yield (url.set(username=APP, password=None) if family == "postgresql" else url).render_as_string(
        hide_password=False
    )
    _administer(server, variable, _removed(family, name))


def administrator(url: str) -> URL:
    """The URL by which the tests look past the storage into a database: nothing is kept from whom it names."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return parsed
    return make_url(os.environ.get(*SERVERS[parsed.get_backend_name()])).set(database=parsed.database)


def _made(family: str, name: str) -> list[str]:
    if family == "mariadb":
        return [f"CREATE DATABASE {name}"]
    role = f"DO $$ BEGIN CREATE ROLE {APP} LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    return [role, f"CREATE DATABASE {name} OWNER {APP}"]


def _removed(family: str, name: str) -> list[str]:
    return [f"DROP DATABASE {name}" if family == "mariadb" else f"DROP DATABASE {name} WITH (FORCE)"]


def _administer(server: URL, variable: str, statements: list[str]) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    try:
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
    except DBAPIError as error:
        if not error.connection_invalidated and "connect" not in str(error.orig).lower():
            raise
        pytest.skip(f"no server at {server!r}: start one, or name one in {variable}")
    finally:
        engine.dispose()


@pytest.fixture
def opened(url: str) -> Iterator[Opened]:
    """What opens the database, again and again; everything is closed at the end."""
    storages: list[SQLStorage] = []

    def opened(kinds: Kinds = KINDS, *, patience: float = 10.0) -> SQLStorage:
        storages.append(SQLStorage.open(url, kinds, patience=patience))
        return storages[-1]

    yield opened
    for storage in storages:
        storage.close()


@pytest.fixture
def storage(opened: Opened) -> SQLStorage:
    """The database, opened."""
    return opened()

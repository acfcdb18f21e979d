"""Storages that versions of the organization lie in: every one that there is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from crmcore_sqlalchemy import SQLStorage
from databases import database

from crmcore.adoption import ORGANIZATION_VERSION
from crmcore.storage import Kinds, MemoryStorage, Storage


@pytest.fixture(params=["memory", "sqlite", "postgresql", "mariadb"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    """An empty storage."""
    kinds = Kinds([ORGANIZATION_VERSION])
    if request.param == "memory":
        yield MemoryStorage(kinds)
        return
    with contextmanager(database)(request.param, tmp_path) as url, SQLStorage.open(url, kinds, patience=2) as opened:
        yield opened

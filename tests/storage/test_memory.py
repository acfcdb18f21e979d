"""The storage in memory keeps the contract; it is what the contract's own dict is tested with, too."""

from collections.abc import Iterator

import pytest

from crmcore.storage import Kinds, MemoryStorage, Storage
from crmcore.testing import StorageContract
from crmcore.testing.storages import Open, Witness


class TestMemory(StorageContract):
    @pytest.fixture
    def storages(self) -> list[MemoryStorage]:
        return []

    @pytest.fixture
    def opened(self, storages: list[MemoryStorage]) -> Iterator[Open]:
        def opened(kinds: Kinds) -> Storage:
            storages.append(MemoryStorage(kinds))
            return storages[-1]

        yield opened

    @pytest.fixture
    def witness(self, storages: list[MemoryStorage]) -> Witness:
        return lambda tenant, kind: storages[-1].tables.get((tenant, kind), {})

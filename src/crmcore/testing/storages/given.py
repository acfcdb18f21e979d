"""What the contract of a storage is given: how to open it, and what looks past it."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Final

import pytest
from attrs import evolve

from crmcore.storage import Capability, Entity, Kinds, Query, Storage, UnitOfWork
from crmcore.testing.storages.samples import KINDS

__all__ = ["Given", "Open", "Witness", "each_of", "needs", "put_in", "stored"]

Open = Callable[[Kinds], Storage]
"""What opens the storage of a test for some kinds, again and again; at first there is nothing in it."""

Witness = Callable[[str, str], Iterable[str]]
"""What tells the ids of the records of a tenant (first) and a kind (second) that lie in the storage, not asking it."""


_MOST: Final = 1_000
"""More records than a test adds that reads them page by page."""


class Given:
    """The fixtures that the author of a storage brings, and those that follow from them."""

    @pytest.fixture
    def opened(self) -> Iterator[Open]:
        """What opens the storage, and opens it again; the fixture closes what was opened.

        A unit of work that has to wait for another should be `Busy` after a fraction of a second.
        """
        raise NotImplementedError("give the contract your storage: a fixture `opened` that yields what opens it")

    @pytest.fixture
    def witness(self) -> Witness | None:
        """What looks past the storage at what lies in it; None where nothing can."""
        return None

    def held(self, storage: Storage) -> int:
        """Return how many connections, locks or units of work the storage still holds; a storage that has none: 0."""
        del storage
        return 0

    @pytest.fixture
    def storage(self, opened: Open) -> Iterator[Storage]:
        """The storage, opened for the kinds of the contract; at the end nothing may be held open."""
        storage = opened(KINDS)
        yield storage
        assert self.held(storage) == 0, "units of work have ended, and something is still held open"


def needs(storage: Storage, capability: Capability) -> None:
    """Skip the test where the storage does not declare a capability."""
    if capability not in storage.capabilities:
        pytest.skip(f"{type(storage).__name__} does not declare {capability}")


def put_in(storage: Storage, *entities: Entity, tenant: str = "acme") -> None:
    """Add records in a unit of work of their own."""
    with storage.begin(tenant) as work:
        work.add_all(entities)
        work.commit()


def stored(*entities: Any) -> list[Any]:
    """Return records as they are once they are stored."""
    return [evolve(one, version=1) for one in entities]


def each_of(work: UnitOfWork, query: Query[Any]) -> list[Any]:
    """Return all that a query asks for; a storage that gives the same page for ever gives more than there can be."""
    found = list(islice(work.each(query), _MOST))
    assert len(found) < _MOST, "the pages have no end"
    return found

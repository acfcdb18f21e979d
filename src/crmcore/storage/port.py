"""The port: what a storage has to bring. The rest (what is refused, and how it is told) is the same for all.

A storage opens units of work. Behind each of them is a `Transaction` of the storage's own, which writes and reads rows.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from enum import StrEnum
from types import TracebackType
from typing import Any, ClassVar, Self

from crmcore.storage.filters import Among, Filter
from crmcore.storage.kinds import Kinds
from crmcore.storage.outbox import Claim, Wanted
from crmcore.storage.queries import Order, Search
from crmcore.storage.records import Kind
from crmcore.storage.rows import Row
from crmcore.storage.tenancy import tenant_named
from crmcore.storage.units import UnitOfWork

__all__ = ["Capability", "Storage", "Transaction"]


class Capability(StrEnum):
    """What not every storage can do. The contract's tests of it are skipped where it is not declared."""

    DURABLE = "durable"
    """What is committed is there when the storage is opened again, also after the process was killed."""
    SHARED = "shared"
    """Several processes have it open at once."""
    WRITERS = "writers"
    """Several units of work that write are open at once; without it, a second one waits for the first, or is `Busy`."""
    SNAPSHOTS = "snapshots"
    """A unit of work that only reads sees one moment, whatever others commit meanwhile."""
    REFERENCES = "references"
    """A reference to a record that is not there is refused, and so is the removal of one that is referred to."""
    HOLDS = "holds"
    """What a unit of work holds is kept as it is until that has ended. Where one writes at a time, it is anyway."""


class Transaction(ABC):
    """What a storage does for one unit of work, on the rows of its tenant alone.

    Rows hold the values of `Kind.all_fields` in that order; they were looked through before. A method that raises
    leaves a transaction that is only rolled back. Trees are given as mappings and lists, and are returned so.
    """

    @abstractmethod
    def insert(self, kind: Kind, rows: Sequence[Row]) -> None:
        """Add rows, each in the version that it says: 1 for a new record, any for one that comes from elsewhere.

        Raises:
            AlreadyThere: the tenant has a row of one of the ids.
            DanglingReference: a row refers to one that is not there.
            Busy: another transaction is about to write one of the ids.
        """

    @abstractmethod
    def fetch(self, kind: Kind, id: str) -> Row | None:  # noqa: A002 (a record's id is called so everywhere)
        """Return the row of an id; None when there is none."""

    @abstractmethod
    def replace(self, kind: Kind, row: Row, version: int) -> bool:
        """Write a row over the one of its id and of a version; return whether there was such a one.

        Raises:
            DanglingReference: the row refers to one that is not there.
            Busy: another transaction is about to write it.
        """

    @abstractmethod
    def delete(self, kind: Kind, id: str, version: int) -> bool:  # noqa: A002 (as above)
        """Remove the row of an id and a version; return whether there was such a one.

        Raises:
            StillReferred: other rows refer to it.
            Busy: another transaction is about to write it.
        """

    def replace_all(self, kind: Kind, rows: Sequence[Row], versions: Sequence[int]) -> int | None:
        """Write rows over those of their ids and of some versions; return the place of the first that was not there.

        It writes one after another, unless a storage knows how to write many at once.

        Raises:
            DanglingReference, Busy: as for one.
        """
        given = enumerate(zip(rows, versions, strict=True))
        return next((place for place, (row, version) in given if not self.replace(kind, row, version)), None)

    def delete_all(self, kind: Kind, ids: Sequence[str], versions: Sequence[int]) -> int | None:
        """Remove the rows of some ids and versions; return the place of the first that was not there.

        It removes one after another, unless a storage knows how to remove many at once.

        Raises:
            StillReferred, Busy: as for one.
        """
        given = enumerate(zip(ids, versions, strict=True))
        return next((place for place, (id_, version) in given if not self.delete(kind, id_, version)), None)

    @abstractmethod
    def select(self, kind: Kind, search: Search) -> list[Row]:
        """Return the rows that meet all conditions, in the order asked for, behind the position, up to the limit."""

    @abstractmethod
    def count(self, kind: Kind, where: Sequence[Filter]) -> int:
        """Return how many rows meet all conditions."""

    @abstractmethod
    def tally(self, kind: Kind, names: Sequence[str], where: Sequence[Filter]) -> Mapping[tuple[Any, ...], int]:
        """Return how many rows that meet all conditions have each combination of values of some fields."""

    def tally_meeting(
        self, kind: Kind, names: Sequence[str], conditions: Sequence[Filter], where: Sequence[Filter]
    ) -> Mapping[tuple[Any, ...], Sequence[int]]:
        """Return how many rows of each combination of values meet each of some further conditions, in their order.

        It asks for a tally a condition, unless a storage knows how to answer all of them in one pass.
        """
        found: dict[tuple[Any, ...], list[int]] = {}
        for place, condition in enumerate(conditions):
            for key, number in self.tally(kind, names, (*where, condition)).items():
                found.setdefault(key, [0] * len(conditions))[place] = number
        return found

    def hold(self, kind: Kind, ids: Sequence[str], *, alone: bool) -> list[Row]:
        """Return the rows of ids that are there, and keep others from writing or removing them until the end.

        Any number of transactions hold a row at once, unless one holds it alone. From then on that one reads what those
        committed that held the row before it. Whoever cannot let others wait refuses at the commit: the one that held
        or wrote the row while another did that was the first to commit.

        What is here only reads, for storages older than this method. That is right where one transaction writes at a
        time; a storage with `Capability.WRITERS` should have its own, and declare `Capability.HOLDS`.

        Args:
            kind: of what kind they are.
            ids: the ids, each once, in their order: who holds several takes them in the same order as all others.
            alone: whether nobody else may hold them.

        Raises:
            Busy: another transaction holds or is about to write one of them.
        """
        del alone
        if len(ids) == 1:
            row = self.fetch(kind, ids[0])
            return [] if row is None else [row]
        return self.select(kind, Search((Among("id", tuple(ids)),), (Order("id"),), len(ids)))

    @abstractmethod
    def commit(self) -> None:
        """Make everything that was written last, at once.

        Raises:
            Stale, AlreadyThere, NotThere, DanglingReference, StillReferred, Busy: what others committed meanwhile
                speaks against it. Nothing is written.
        """

    @abstractmethod
    def rollback(self) -> None:
        """Forget everything that was written, and let go of what it holds."""


class Storage(ABC):
    """Where records lie. As a context manager it is closed at the end.

    Attributes:
        kinds: the kinds of records that it knows.
        capabilities: what it can do beyond what every storage can.
    """

    capabilities: ClassVar[frozenset[Capability]] = frozenset()

    def __init__(self, kinds: Kinds) -> None:
        self.kinds = kinds

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def begin(self, tenant: str, *, read_only: bool = False) -> UnitOfWork:
        """Begin a unit of work.

        Args:
            tenant: whose records it reads and writes; no other's are seen. 1 to 100 characters.
            read_only: whether it refuses to write; it then sees one moment, where the storage can do that.

        Raises:
            InvalidTenant: the tenant's name cannot be one.
            Busy: another one writes, and the storage has room for one at a time.
            StorageUnavailable: the storage cannot be reached.
        """
        named = tenant_named(tenant)
        return UnitOfWork(self.kinds, named, self.transaction(named, read_only=read_only), read_only=read_only)

    @abstractmethod
    def transaction(self, tenant: str, *, read_only: bool) -> Transaction:
        """Begin what is behind a unit of work."""

    @abstractmethod
    def claim(self, wanted: Wanted) -> tuple[Claim, ...]:
        """Give parcels that wait and are due to a worker, those due first first, and commit that.

        Each is written with the next version, one attempt more, the worker, and the end of the lease as `due`.
        """

    def tenants(self) -> tuple[str, ...] | None:
        """Return the names of the tenants that have records, in order; None where the storage cannot tell."""
        return None

    @abstractmethod
    def close(self) -> None:
        """Let go of everything that is held open; once more does no harm."""

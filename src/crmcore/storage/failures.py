"""What can go wrong with what is stored: a class for each thing that a caller can do about it."""

from typing import ClassVar

from crmcore.errors import CrmError
from crmcore.language import Phrase, say, told

__all__ = [
    "AlreadyThere",
    "Busy",
    "DanglingReference",
    "InvalidExport",
    "InvalidQuery",
    "InvalidRecord",
    "InvalidTenant",
    "LeaseLost",
    "NotThere",
    "ReadOnly",
    "Stale",
    "StillReferred",
    "StorageError",
    "StorageUnavailable",
    "WorkEnded",
]


class StorageError(CrmError):
    """Anything that a storage refuses."""

    code: ClassVar[str] = "storage-error"


class _OfRecord(StorageError):
    """What a storage refuses of one record.

    Attributes:
        kind: of the record.
        id: of the record; empty where the storage cannot tell which of many it is.
    """

    def __init__(self, kind: str, id: str) -> None:  # noqa: A002 (a record's id is called so everywhere)
        self.kind, self.id = kind, id
        super().__init__(kind, id)

    def __str__(self) -> str:
        return told(self._said())

    def _said(self) -> Phrase:
        raise NotImplementedError


class NotThere(_OfRecord):
    """A record is asked for that this tenant has not. Ask for another, or add it."""

    code: ClassVar[str] = "not-there"

    def _said(self) -> Phrase:
        return say("there is no {kind} {id!r}", kind=self.kind, id=self.id)


class AlreadyThere(_OfRecord):
    """A record is added whose id this tenant has already. Change the one that is there, or give another id."""

    code: ClassVar[str] = "already-there"

    def _said(self) -> Phrase:
        if not self.id:
            return say("one of the records of the kind {kind} is there already", kind=self.kind)
        return say("there is a {kind} {id!r} already", kind=self.kind, id=self.id)


class StillReferred(_OfRecord):
    """A record is removed to which others refer. Remove those first, or let them refer to another."""

    code: ClassVar[str] = "still-referred"

    def _said(self) -> Phrase:
        return say("{kind} {id!r} cannot be removed: other records refer to it", kind=self.kind, id=self.id)


class Stale(StorageError):
    """Somebody else changed a record since it was read. Read it again, and decide again.

    Attributes:
        kind: of the record.
        id: of the record.
        version: the version that was read.
    """

    code: ClassVar[str] = "stale"

    def __init__(self, kind: str, id: str, version: int) -> None:  # noqa: A002 (a record's id is called so everywhere)
        self.kind, self.id, self.version = kind, id, version
        super().__init__(kind, id, version)

    def __str__(self) -> str:
        return told(
            say(
                "{kind} {id!r} was changed by somebody else since version {version} was read: read it again",
                kind=self.kind,
                id=self.id,
                version=self.version,
            )
        )


class InvalidRecord(StorageError):
    """A record cannot be stored as it is. Mend the field.

    Attributes:
        kind: of the record.
        id: of the record.
        field: the field that is wrong.
        reason: what is wrong, and what is allowed.
    """

    code: ClassVar[str] = "invalid-record"

    def __init__(self, kind: str, id: str, field: str, reason: str) -> None:  # noqa: A002 (as above)
        self.kind, self.id, self.field, self.reason = kind, id, field, reason
        super().__init__(kind, id, field, reason)

    def __str__(self) -> str:
        return told(
            say("{field} of {kind} {id!r}: {reason}", field=self.field, kind=self.kind, id=self.id, reason=self.reason)
        )


class DanglingReference(StorageError):
    """A record refers to one that is not there. Add that one first, or refer to another.

    Attributes:
        kind: of the record that refers.
        id: of the record that refers; empty where the storage cannot tell which of many it is.
        refers: the kinds to which records of this kind refer; the one that is missing is of one of them.
    """

    code: ClassVar[str] = "dangling-reference"

    def __init__(self, kind: str, id: str, refers: tuple[str, ...]) -> None:  # noqa: A002 (as above)
        self.kind, self.id, self.refers = kind, id, refers
        super().__init__(kind, id, refers)

    def __str__(self) -> str:
        kinds = ", ".join(self.refers)
        return told(
            say(
                "{kind} {id!r} refers to a record that is not there ({kinds}): add that one first",
                kind=self.kind,
                id=self.id,
                kinds=kinds,
            )
        )


class _WithReason(StorageError):
    """What a storage refuses for a reason.

    Attributes:
        reason: what is wrong, and what is allowed.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)

    def __str__(self) -> str:
        return told(self.reason)


class InvalidQuery(_WithReason):
    """A query asks for what a record has not, or compares what cannot be compared. Mend the query."""

    code: ClassVar[str] = "invalid-query"


class InvalidTenant(_WithReason):
    """The name of a tenant cannot be one. Give another."""

    code: ClassVar[str] = "invalid-tenant"


class StorageUnavailable(_WithReason):
    """A storage cannot be opened or reached: a wrong address, a server that is down, a schema of another version."""

    code: ClassVar[str] = "storage-unavailable"


class InvalidExport(StorageError):
    """A file is no export of a storage, is damaged or cut off, or does not fit. Export anew, or give another file.

    Attributes:
        line: the line, from 1.
        reason: what is wrong.
    """

    code: ClassVar[str] = "invalid-export"

    def __init__(self, line: int, reason: str) -> None:
        self.line, self.reason = line, reason
        super().__init__(line, reason)

    def __str__(self) -> str:
        return told(say("line {line} of the export: {reason}", line=self.line, reason=self.reason))


class Busy(StorageError):
    """Others write what this unit of work writes, and did not end in time. Begin another, and do it again."""

    code: ClassVar[str] = "busy"

    def __str__(self) -> str:
        return told(say("another unit of work writes the same records, and did not end in time: try again"))


class ReadOnly(StorageError):
    """A unit of work that only reads is asked to write. Begin one that writes."""

    code: ClassVar[str] = "read-only"

    def __str__(self) -> str:
        return told(say("this unit of work only reads: begin one that writes"))


class WorkEnded(StorageError):
    """A unit of work is used after its commit, its rollback, its `with` block or its failure. Begin another."""

    code: ClassVar[str] = "work-ended"

    def __str__(self) -> str:
        return told(say("this unit of work has ended: begin another"))


class LeaseLost(StorageError):
    """A worker speaks of a parcel that it has no longer: its lease ran out, and another may have it. Leave it alone.

    Attributes:
        id: of the parcel.
    """

    code: ClassVar[str] = "lease-lost"

    def __init__(self, id: str) -> None:  # noqa: A002 (as above)
        self.id = id
        super().__init__(id)

    def __str__(self) -> str:
        return told(say("the lease of parcel {id!r} has run out: leave it to whoever claims it next", id=self.id))

"""What is remembered of imports: how far each of them came, and every record that it wrote."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from attrs import field, frozen

from crmcore.storage import Entity, Kind, personal, reference

__all__ = [
    "IMPORT_BATCH",
    "IMPORT_KINDS",
    "IMPORT_RUN",
    "Change",
    "ImportBatch",
    "ImportRun",
    "RunState",
    "batch_id",
    "packed",
]

Change = tuple[int, str, str, int, Mapping[str, Any] | None]
"""A record that an import wrote: the line of its row, its kind, its id, the version that it got, and what its changed
fields held before; None for one that was added."""


class RunState(StrEnum):
    """How far an import came."""

    RUNNING = "running"
    """Rows are written."""
    LINKING = "linking"
    """All rows are written; customers are put below those that they belong to."""
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


@frozen(kw_only=True)
class ImportRun(Entity):
    """One import of one file. It is written in the transaction of each batch, so that it tells what is there.

    Attributes:
        file: the name of the file.
        digest: the SHA-256 of its bytes, of the mapping and of the rules for duplicates: what is the same again.
        target: what it is imported into.
        state: how far it came.
        position: how many rows were dealt with.
        batches: how many batches were written.
        linked: in how many of them customers were put below those that they belong to.
        added: how many rows became new customers.
        updated: how many rows changed customers that were there.
        skipped: how many rows are of customers that were there, and were left as they are.
        rejected: how many rows could not be imported.
        started_at: when it began.
        ended_at: when it was done, or undone.
        started_by: who began it.
    """

    file: str
    digest: str
    target: str
    state: RunState = field(default=RunState.RUNNING, converter=RunState)
    position: int = 0
    batches: int = 0
    linked: int = 0
    added: int = 0
    updated: int = 0
    skipped: int = 0
    rejected: int = 0
    started_at: datetime
    ended_at: datetime | None = None
    started_by: str


IMPORT_RUN: Final = Kind("import-run", ImportRun, indexed=["digest", "started_at"])


@frozen(kw_only=True)
class ImportBatch(Entity):
    """What one transaction of an import wrote.

    Attributes:
        run: the import.
        written: `changes`, packed into one text.
        rejected: each row that it rejected: the row, and why, a sentence each.
        written_at: when. Rows and former values name people: a retention rule forgets them after their time, and the
            import cannot be undone any longer.
    """

    run: str = reference("import-run")
    written: Sequence[Any] = personal(default=())
    rejected: Sequence[Any] = personal(default=())
    written_at: datetime | None = None

    @property
    def changes(self) -> list[Change]:
        """Each record that it wrote."""
        packed = json.loads(self.written[0]) if self.written else ()
        return [(line, kind, id_, version, held) for line, kind, id_, version, held in packed]


def packed(changes: Iterable[Change]) -> Sequence[str]:
    """Return changes as one text, which a storage looks through at once, and not value by value."""
    return (json.dumps(list(changes), ensure_ascii=False, separators=(",", ":")),)


IMPORT_BATCH: Final = Kind("import-batch", ImportBatch)

IMPORT_KINDS: Final = (IMPORT_RUN, IMPORT_BATCH)
"""The kinds of records of this room."""


def batch_id(run: str, number: int) -> str:
    """Return the id of a batch of an import, counted from 1."""
    return f"{run}-{number:06}"

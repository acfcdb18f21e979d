"""What can go wrong with merging: a class for each thing that a caller can do about it."""

from typing import ClassVar

from crmcore.errors import CrmError
from crmcore.language import listed, say, told

__all__ = ["ChangedSinceMerge", "MergeRefused"]

_SHOWN = 5


class MergeRefused(CrmError):
    """Two customers cannot be merged, or a merge cannot be undone. Mend what is named, or leave them as they are.

    Attributes:
        survivor: the id of the customer that should stay.
        other: the id of the one that should be merged into it.
        reason: why not.
    """

    code: ClassVar[str] = "merge-refused"

    def __init__(self, survivor: str, other: str, reason: str) -> None:
        self.survivor, self.other, self.reason = survivor, other, reason
        super().__init__(survivor, other, reason)

    def __str__(self) -> str:
        return told(
            say("{other} and {survivor}: {reason}", other=self.other, survivor=self.survivor, reason=self.reason)
        )


class ChangedSinceMerge(CrmError):
    """A merge cannot be undone exactly. Look at what was changed since, and undo it with `keep=True` to keep that.

    Attributes:
        merge: the id of the merge.
        changes: what was changed since: kind and id of each record, with the names of the fields; no names where the
            record was removed, or is there again.
    """

    code: ClassVar[str] = "changed-since-merge"

    def __init__(self, merge: str, changes: tuple[tuple[str, str, tuple[str, ...]], ...]) -> None:
        self.merge, self.changes = merge, changes
        super().__init__(merge, changes)

    def __str__(self) -> str:
        shown = [
            say("{kind} {id!r} ({fields})", kind=kind, id=id_, fields=listed(fields))
            if fields
            else say("{kind} {id!r}", kind=kind, id=id_)
            for kind, id_, fields in self.changes[:_SHOWN]
        ]
        return told(
            say(
                "{count} records were changed since merge {merge!r}, such as {shown}: keep=True keeps that",
                count=len(self.changes),
                merge=self.merge,
                shown=listed(shown),
            )
        )

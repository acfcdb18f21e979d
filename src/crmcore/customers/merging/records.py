"""Merges as records: who was merged into whom, and every change that it made, so that each can be taken back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from attrs import frozen

from crmcore.storage import Entity, Kind, WhenErased, personal, reference

__all__ = ["MERGE", "MERGE_STEP", "Merge", "MergeStep"]


@frozen(kw_only=True)
class Merge(Entity):
    """A customer was merged into another. A merge that is undone is there no more; events tell of it.

    Attributes:
        survivor: the customer that stayed.
        other: the customer that was merged into it.
        merged_at: when.
        merged_by: who did it.
        fields: by which rule the value of each field was chosen, where both customers had another one.
    """

    survivor: str = reference("customer")
    other: str = reference("customer")
    merged_at: datetime
    merged_by: str
    fields: Mapping[str, str]


MERGE = Kind("merge", Merge, indexed=[("survivor", "merged_at")], when_erased=WhenErased.KEPT)


@frozen(kw_only=True)
class MergeStep(Entity):
    """What a merge did to one record.

    Attributes:
        merge: the merge.
        number: which step it was, from 1.
        of: the kind of the record.
        record: the id of the record.
        before: what changed, as it was before, as JSON has it, by field; all fields of a record that was removed; None
            for one that was added.
        after: the same as it was afterwards; None for a record that was removed.
        contact: the contact that a removed record was of; None for others. Who forgets the contact finds it so.
    """

    merge: str = reference("merge")
    number: int
    of: str
    record: str
    before: Mapping[str, Any] | None = personal(default=None)
    after: Mapping[str, Any] | None = personal(default=None)
    contact: str | None = reference("contact", default=None)


MERGE_STEP = Kind("merge-step", MergeStep, indexed=[("merge", "number")], when_erased=WhenErased.REMOVED)

"""Merging: customers that are there twice become one, field by field, and can be taken apart again."""

from crmcore.customers.merging.failures import ChangedSinceMerge, MergeRefused
from crmcore.customers.merging.merging import MergePreview, Merging
from crmcore.customers.merging.records import MERGE, MERGE_STEP, Merge, MergeStep
from crmcore.customers.merging.survivorship import Choice, FieldChoice, Survivorship

__all__ = [
    "MERGE",
    "MERGE_STEP",
    "ChangedSinceMerge",
    "Choice",
    "FieldChoice",
    "Merge",
    "MergePreview",
    "MergeRefused",
    "MergeStep",
    "Merging",
    "Survivorship",
]

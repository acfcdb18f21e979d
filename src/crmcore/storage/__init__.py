"""Storage: where records lie. The port that every backend brings, and the smallest backend, in memory."""

from crmcore.storage.changes import RecordChange, Watch
from crmcore.storage.delivery import Backoff, Outbox
from crmcore.storage.events import EVENT, Event
from crmcore.storage.failures import (
    AlreadyThere,
    Busy,
    DanglingReference,
    InvalidExport,
    InvalidQuery,
    InvalidRecord,
    InvalidTenant,
    LeaseLost,
    NotThere,
    ReadOnly,
    Stale,
    StillReferred,
    StorageError,
    StorageUnavailable,
    WorkEnded,
)
from crmcore.storage.filters import (
    Above,
    Among,
    Below,
    Between,
    Contains,
    Filter,
    Is,
    Lacks,
    StartsWith,
    matches,
    under,
)
from crmcore.storage.kinds import Kinds
from crmcore.storage.matching import admitting
from crmcore.storage.memory import MemoryStorage
from crmcore.storage.outbox import PARCEL, Claim, Parcel, ParcelState, Wanted
from crmcore.storage.plain import plain_row, row_of_plain
from crmcore.storage.port import Capability, Storage, Transaction
from crmcore.storage.queries import LARGEST_PAGE, MOST_CONDITIONS, Order, Page, Query, Search
from crmcore.storage.records import CUSTOM, LONGEST_INDEXED, Entity, Field, Kind, WhenErased, personal, reference
from crmcore.storage.rows import Row, Rows
from crmcore.storage.transfer import kinds_of_export, read_export, write_export
from crmcore.storage.trees import as_text
from crmcore.storage.units import UnitOfWork
from crmcore.storage.values import DECIMALS, DEEPEST_TREE, DIGITS, EARLIEST_YEAR, LONGEST_ID, LONGEST_TEXT, Holds

__all__ = [
    "CUSTOM",
    "DECIMALS",
    "DEEPEST_TREE",
    "DIGITS",
    "EARLIEST_YEAR",
    "EVENT",
    "LARGEST_PAGE",
    "LONGEST_ID",
    "LONGEST_INDEXED",
    "LONGEST_TEXT",
    "MOST_CONDITIONS",
    "PARCEL",
    "Above",
    "AlreadyThere",
    "Among",
    "Backoff",
    "Below",
    "Between",
    "Busy",
    "Capability",
    "Claim",
    "Contains",
    "DanglingReference",
    "Entity",
    "Event",
    "Field",
    "Filter",
    "Holds",
    "InvalidExport",
    "InvalidQuery",
    "InvalidRecord",
    "InvalidTenant",
    "Is",
    "Kind",
    "Kinds",
    "Lacks",
    "LeaseLost",
    "MemoryStorage",
    "NotThere",
    "Order",
    "Outbox",
    "Page",
    "Parcel",
    "ParcelState",
    "Query",
    "ReadOnly",
    "RecordChange",
    "Row",
    "Rows",
    "Search",
    "Stale",
    "StartsWith",
    "StillReferred",
    "Storage",
    "StorageError",
    "StorageUnavailable",
    "Transaction",
    "UnitOfWork",
    "Wanted",
    "Watch",
    "WhenErased",
    "WorkEnded",
    "admitting",
    "as_text",
    "kinds_of_export",
    "matches",
    "personal",
    "plain_row",
    "read_export",
    "reference",
    "row_of_plain",
    "under",
    "write_export",
]

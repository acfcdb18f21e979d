"""Messages that the tests send, receive and invent."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from crmcore.customers import CUSTOMER_KINDS, Customer
from crmcore.messaging import (
    MESSAGE_KINDS,
    Address,
    Attachment,
    IncomingMessage,
    Notice,
    OutgoingMessage,
    StoredMessage,
)
from crmcore.storage import Event, Kinds, Query, Storage

__all__ = [
    "KINDS",
    "START",
    "Ticking",
    "events",
    "incoming_messages",
    "introduced",
    "kept",
    "letter",
    "notices",
    "outgoing_messages",
    "written",
]

START = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
KINDS = Kinds([*CUSTOMER_KINDS, *MESSAGE_KINDS])


class Ticking:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **length: float) -> None:
        self.now += timedelta(**length)


def letter(id: str = "m1", **fields: Any) -> OutgoingMessage:  # noqa: A002 (a message's id is called so)
    """Return a message to send through a `MemoryChannel`, unless `to` says otherwise."""
    given = {"to": [Address("memory", "wang.wei@kunde.example", "王伟")], "subject": "续约", "text": "您好，王伟。"}
    return OutgoingMessage(id=id, **{**given, **fields})


def written(id: str = "x1@kunde.example", **fields: Any) -> IncomingMessage:  # noqa: A002 (as above)
    """Return a message that a customer wrote."""
    given = {"sender": Address("memory", "wang.wei@kunde.example", "王伟"), "subject": "回复：续约", "text": "好的。"}
    return IncomingMessage(id=id, **{**given, "received_at": START, **fields})


def introduced(storage: Storage, *tenants: str) -> Storage:
    """Return a storage after the customers c1 and c7 came into it, of `acme` or of some tenants."""
    for tenant in tenants or ("acme",):
        with storage.begin(tenant) as work:
            for id_ in ("c1", "c7"):
                work.add(Customer(id=id_, name="甲公司", stage_since=START, registered_at=START))
            work.commit()
    return storage


def kept(storage: Storage, event: Event, tenant: str = "acme") -> StoredMessage:
    """Return the message that an event tells of."""
    with storage.begin(tenant, read_only=True) as work:
        return work.get(StoredMessage, event.payload["message"])


def events(storage: Storage, tenant: str = "acme") -> list[Event]:
    """Return the events of a tenant, as they were written."""
    with storage.begin(tenant, read_only=True) as work:
        found = list(work.each(Query(Event)))
    return sorted(found, key=lambda one: one.at)


_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
_WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"]), min_size=1, max_size=20)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=5,
)
_TREES = st.dictionaries(_TEXTS, _JSON, max_size=3)
_ADDRESSES = st.builds(Address, _WORDS, _WORDS, _TEXTS | st.just("王小明"))
_TYPES = st.sampled_from(["application/pdf", "text/plain", "image/svg+xml"])
_FILES = st.one_of(
    st.builds(Attachment, _TEXTS, _TYPES, content=st.binary(max_size=60)),
    st.builds(Attachment, _TEXTS, _TYPES, reference=_WORDS, size=st.none() | st.integers(0, 2**40)),
)
_IDS = st.from_regex("[A-Za-z0-9_-]{1,100}", fullmatch=True)
_PARTS: dict[str, Any] = {
    "cc": st.lists(_ADDRESSES, max_size=2),
    "subject": _TEXTS,
    "text": _TEXTS,
    "html": st.none() | _TEXTS,
    "attachments": st.lists(_FILES, max_size=2),
    "in_reply_to": st.none() | _WORDS,
    "references": st.lists(_WORDS, max_size=3),
    "metadata": _TREES,
}

outgoing_messages: st.SearchStrategy[OutgoingMessage] = st.builds(
    OutgoingMessage,
    id=_IDS,
    to=st.lists(_ADDRESSES, min_size=1, max_size=3),
    sender=st.none() | _ADDRESSES,
    reached=st.lists(_ADDRESSES, max_size=2),
    **_PARTS,
)
incoming_messages: st.SearchStrategy[IncomingMessage] = st.builds(
    IncomingMessage,
    id=_WORDS,
    sender=st.none() | _ADDRESSES,
    to=st.lists(_ADDRESSES, max_size=3),
    received_at=st.datetimes(datetime(1000, 1, 2), timezones=st.just(UTC)),
    automatic=st.booleans(),
    **_PARTS,
)
notices: st.SearchStrategy[Notice] = st.builds(
    Notice, id=_IDS, person=_WORDS, name=_TEXTS, subject=_TEXTS, text=_TEXTS, metadata=_TREES
)

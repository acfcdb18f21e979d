"""The ids of letters: ours become Message-IDs, and Message-IDs of ours become ours again."""

import re
from hashlib import sha256
from typing import Final

__all__ = ["message_id", "named", "named_ids"]

_NAMED: Final = re.compile(r"<\s*([^<>\s]+)\s*>")
_SENDABLE: Final = re.compile(r"[!-;=?-~]{1,250}")
_LONGEST: Final = 250
_MOST: Final = 100


def message_id(id_: str, domain: str) -> str | None:
    """Return what stands for an id in a letter, without brackets; None for what cannot stand there.

    Args:
        id_: one of ours, or a Message-ID of somebody else.
        domain: what stands behind ours.
    """
    whole = id_ if "@" in id_ else f"{id_}@{domain}"
    return whole if _SENDABLE.fullmatch(whole) else None


def named_ids(value: str, domain: str) -> tuple[str, ...]:
    """Return the ids that a header names, ours as we gave them; the last ones, of too many."""
    return tuple(dict.fromkeys(_short(_ours(one, domain)) for one in _NAMED.findall(value)[-_MOST:]))


def named(value: str, raw: bytes) -> str:
    """Return the id of a letter: its Message-ID or, where it has none, one that its bytes always give.

    It is never one of ours: a letter from outside that bears the Message-ID of one of ours is still another letter.
    """
    found = _NAMED.search(value)
    return _short(found[1] if found else value.strip()) or f"{sha256(raw).hexdigest()}@no-message-id"


def _ours(whole: str, domain: str) -> str:
    id_, at, behind = whole.rpartition("@")
    return id_ if at and id_ and "@" not in id_ and behind.lower() == domain.lower() else whole


def _short(id_: str) -> str:
    return id_ if len(id_) <= _LONGEST else f"{sha256(id_.encode()).hexdigest()}@long"

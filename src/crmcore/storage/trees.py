"""Trees as text: mappings, lists and values, as JSON has them."""

import json
from collections.abc import Mapping
from typing import Final

__all__ = ["as_text"]


def as_text(tree: object) -> str:
    """Return a tree as JSON; the keys of its mappings stay in their order."""
    return _ENCODER.encode(tree)


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value))


_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=_plain)

"""Ids for what a DMN file calls by names that people read."""

import re
from collections.abc import Iterable
from typing import Final

from crmcore.organization.space import DAY, STAGE

__all__ = ["ids"]

_NO_ID: Final = re.compile(r"[^a-z0-9._-]+")


def ids(names: Iterable[str], otherwise: str) -> list[str]:
    """Return an id for each name: what is left of it in small letters, digits and dashes; each is there once.

    Args:
        names: what people read.
        otherwise: what to call a name of which nothing is left.
    """
    taken = {STAGE, DAY, "all"}
    found = []
    for number, name in enumerate(names, 1):
        made = _NO_ID.sub("-", name[:60].lower()).strip("-._") or f"{otherwise}-{number}"
        one, suffix = made, 1
        while one in taken:
            suffix += 1
            one = f"{made}-{suffix}"
        taken.add(one)
        found.append(one)
    return found

"""Labels compared, and ids for them: that of a record with this label, else one made of the label."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any, Final

from crmcore.organization.shapes import ID

__all__ = ["Names", "folded", "slug"]

_OTHER: Final = re.compile(r"[^a-z0-9]+")
_BEHIND: Final = re.compile(r"(.*\S)\s*[(（]([a-z0-9][a-z0-9._-]*)[)）]")
_LONGEST: Final = 60
_LONGEST_LABEL: Final = 300


def folded(text: str) -> str:
    """Return a text as it is compared: letters of one width and case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def slug(label: str) -> str:
    """Return an id made of a label in Latin letters; empty for one in other letters."""
    bare = "".join(
        letter for letter in unicodedata.normalize("NFKD", label).casefold() if not unicodedata.combining(letter)
    )
    if any(letter.isalpha() and not letter.isascii() for letter in bare):
        return ""
    return _OTHER.sub("-", bare).strip("-")[:_LONGEST].strip("-")


class Names:
    """The names of one section: those of the organization, and those that a sheet adds.

    Args:
        kind: what a made id begins with, such as `touchpoint`.
        records: what the organization has.
        reserved: ids that must not be made.
    """

    def __init__(self, kind: str, records: Iterable[Any], reserved: Iterable[str] = ()) -> None:
        self.kind = kind
        self.new: dict[str, str] = {}
        self._reserved = set(reserved)
        self._ids: set[str] = set()
        self._by_label: dict[str, str] = {}
        for record in records:
            self._ids.add(record.id)
            label = getattr(record, "label", "") or getattr(record, "name", "")
            self._by_label.setdefault(folded(label or record.id), record.id)

    def known(self, label: str) -> str | None:
        """Return the id that a label, an id, or a label with its id behind it stands for; None when it is new."""
        if label in self._ids:
            return label
        behind = _BEHIND.fullmatch(label) if len(label) <= _LONGEST_LABEL else None
        if behind is not None and behind[2] in self._ids:
            return behind[2]
        return self._by_label.get(folded(label))

    def of(self, label: str, id_: str | None = None) -> str:
        """Return the id of a label, which is new from now on when it was not known.

        Args:
            label: what people read.
            id_: the id that the sheet gives; None when it gives none.
        """
        if id_ is not None:
            if id_ not in self._ids and ID.fullmatch(id_) and id_ not in self._reserved:
                self.add(id_, label)
            return id_
        known = self.known(label)
        return known if known is not None else self.add(self.free(slug(label)), label)

    def add(self, id_: str, label: str) -> str:
        """Make an id known, with its label."""
        self._ids.add(id_)
        self._by_label.setdefault(folded(label or id_), id_)
        self.new[id_] = "" if label == id_ else label
        return id_

    def free(self, wanted: str) -> str:
        """Return an id like the one wanted that nothing has; one with a number when none is wanted."""
        if wanted and wanted not in self._ids and wanted not in self._reserved:
            return wanted
        stem = wanted or self.kind
        number = 2 if wanted else len(self.new) + 1
        while f"{stem}-{number}" in self._ids:
            number += 1
        return f"{stem}-{number}"

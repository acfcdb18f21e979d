"""A company's own fields of a record: typed, and with a dictionary where only some values are meant."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from attrs import field, frozen

from crmcore.customers.failures import ValueNotAllowed
from crmcore.errors import nearest
from crmcore.storage import Field, Holds

__all__ = ["CustomField"]


def _dictionary(entries: Mapping[str, str] | Iterable[str]) -> Mapping[str, str]:
    return dict(entries) if isinstance(entries, Mapping) else {entry: entry for entry in entries}


@frozen(slots=False)
class CustomField:
    """A field that a company added itself.

    Attributes:
        name: lower-case letters (also Chinese ones), digits and _.
        holds: what it holds.
        of: the kind of the records that have it.
        label: what people read.
        entries: the values that are allowed, each with what people read; empty where any value is. A list gives
            each value as its own label. Labels are taken for the values that they stand for.
    """

    name: str
    holds: Holds = field(default=Holds.TEXT, converter=Holds)
    of: str = field(default="customer", kw_only=True)
    label: str = field(default="", kw_only=True)
    entries: Mapping[str, str] = field(default=(), kw_only=True, converter=_dictionary)

    @property
    def stored(self) -> Field:
        """The field as a storage knows it."""
        return Field(self.name, self.holds, optional=True)

    @cached_property
    def _by_label(self) -> Mapping[str, str]:
        return {label.casefold(): value for value, label in self.entries.items()}

    def admitted(self, value: Any) -> Any:
        """Return a value as it is stored: an entry's label becomes the entry.

        Raises:
            ValueNotAllowed: the dictionary has no such entry.
        """
        if value is None or not self.entries or value in self.entries:
            return value
        text = str(value)
        found = self._by_label.get(text.casefold())
        if found is None:
            candidates = {**{entry: entry for entry in self.entries}, **{v: k for k, v in self.entries.items()}}
            near = nearest(text, candidates)
            raise ValueNotAllowed(self.name, text[:100], tuple(self.entries), near and candidates[near])
        return found

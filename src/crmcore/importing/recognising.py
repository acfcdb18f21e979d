"""Which customers of a file are there already: by id, registration or name, asked for many at once."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from attrs import define, field, frozen

from crmcore.customers import Customer, Job
from crmcore.customers.duplicates import Reason as Likeness
from crmcore.importing.rows import TypedRow
from crmcore.language import Phrase, listed, say
from crmcore.storage import Among, Is, Order, Query

__all__ = ["ALIKE", "Known", "Seen"]

ALIKE: Final = "alike"
"""By what a customer is recognised where so much of it is alike that it probably is the one."""

_PAGE: Final = 10_000
_BY: Final = ("id", "registration", "name")


@frozen
class Seen:
    """A customer that is there, and by what it was recognised.

    Attributes:
        customer: it.
        because: the field: `id`, `registration` or `name`; or `alike`, where so much is alike that it probably is it.
        score: how likely it is, from 0 to 1.
        likeness: what speaks for it and against it, where it is recognised so: the weightiest first.
        sure: whether that is enough to take it for the customer where nobody is asked.
    """

    customer: Customer
    because: str
    score: float = 1.0
    likeness: tuple[Likeness, ...] = ()
    sure: bool = True

    def phrase(self) -> Phrase:
        """Return which customer it is, and why, as people read it."""
        told = {"name": self.customer.name, "id": self.customer.id, "score": self.score}
        reasons = listed([one.phrase() for one in self.likeness])
        return say("{name} ({id}, {score:.0%}: {reasons})", **told, reasons=reasons)


@define
class Known:
    """The customers that rows can be of: those of the storage, and those of rows before.

    A row that gives an id means the customer of that id. One that gives none means the one of the same registration;
    and where one of the two has no registration, the one of the same name.
    """

    _customers: dict[str, Customer] = field(factory=dict, init=False)
    _ids: dict[str, dict[str, tuple[str, ...]]] = field(factory=lambda: {name: {} for name in _BY[1:]}, init=False)

    def look_up(self, job: Job, rows: Iterable[TypedRow]) -> None:
        """Ask the storage for the customers that some rows can be of, all at once."""
        rows = list(rows)
        for name in _BY:
            wanted = {row.values[name] for row in rows if name in row.values}
            for some in _parts(sorted(wanted)):
                where = [Among(name, some), Is("merged_into", None)]
                query = Query(Customer, where=where, order=[Order(name)], limit=_PAGE)  # by which an index is found
                for customer in job.unit.each(query):
                    self.add(customer)

    def add(self, customer: Customer) -> None:
        """Make a customer known, as it is now."""
        self._customers[customer.id] = customer
        for name, ids in self._ids.items():
            value = getattr(customer, name)
            if value is not None:
                some = ids.get(value, ())
                ids[value] = some if customer.id in some else (*some, customer.id)

    def replace(self, before: Customer, after: Customer) -> None:
        """Let a customer take the place of what it was."""
        for name, ids in self._ids.items():
            value = getattr(before, name)
            ids[value] = tuple(id_ for id_ in ids.get(value, ()) if id_ != before.id)
        self.add(after)

    def find(self, row: TypedRow) -> Seen | None:
        """Return the customer that a row is of; None for a new one."""
        values = row.values
        registration = values.get("registration")
        known = self._customers.get(values.get("id", ""))
        if known is not None:
            return Seen(known, "id")
        known = self._of("registration", registration)
        if known is not None:
            return Seen(known, "registration")
        named = self._of("name", values["name"])
        if named is None or "id" in values or (registration is not None and named.registration is not None):
            return None
        return Seen(named, "name")

    def _of(self, name: str, value: str | None) -> Customer | None:
        """Return the customer of which a field has a value; of several the one with the first id."""
        ids = self._ids[name].get(value) if value is not None else None
        return self._customers[min(ids)] if ids else None


def _parts(values: Sequence[Any]) -> Iterable[tuple[Any, ...]]:
    return (tuple(values[start : start + _PAGE]) for start in range(0, len(values), _PAGE))

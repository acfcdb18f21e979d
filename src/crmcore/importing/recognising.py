"""Which customers of a file are there already: by id, registration or name, asked for many at once."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from attrs import define, field, frozen

from crmcore.customers import Customer, Job
from crmcore.importing.rows import TypedRow
from crmcore.storage import Among, Is, Query

__all__ = ["Known", "Seen"]

_PAGE: Final = 10_000
_BY: Final = ("id", "registration", "name")


@frozen
class Seen:
    """A customer that is there, and by what it was recognised.

    Attributes:
        customer: it.
        because: the field.
    """

    customer: Customer
    because: str


@define
class Known:
    """The customers that rows can be of: those of the storage, and those of rows before.

    A row that gives an id means the customer of that id. One that gives none means the one of the same registration;
    and where one of the two has no registration, the one of the same name.
    """

    _found: dict[tuple[str, str], Customer] = field(factory=dict)

    def look_up(self, job: Job, rows: Iterable[TypedRow]) -> None:
        """Ask the storage for the customers that some rows can be of, all at once."""
        rows = list(rows)
        for name in _BY:
            wanted = {row.values[name] for row in rows if name in row.values}
            for some in _parts(sorted(wanted)):
                where = [Among(name, some), Is("merged_into", None)]
                for customer in job.unit.each(Query(Customer, where=where, limit=_PAGE)):
                    self.add(customer)

    def add(self, customer: Customer) -> None:
        """Make a customer known; one that is known for the same is kept."""
        for name in _BY:
            value = getattr(customer, name)
            if value is not None:
                self._found.setdefault((name, value), customer)

    def replace(self, before: Customer, after: Customer) -> None:
        """Let a customer take the place of what it was."""
        for key, customer in list(self._found.items()):
            if customer.id == before.id:
                self._found[key] = after

    def find(self, row: TypedRow) -> Seen | None:
        """Return the customer that a row is of; None for a new one."""
        values = row.values
        if "id" in values and ("id", values["id"]) in self._found:
            return Seen(self._found["id", values["id"]], "id")
        registration = values.get("registration")
        if registration is not None and ("registration", registration) in self._found:
            return Seen(self._found["registration", registration], "registration")
        named = self._found.get(("name", values["name"]))
        if named is None or "id" in values or (registration is not None and named.registration is not None):
            return None
        return Seen(named, "name")


def _parts(values: Sequence[Any]) -> Iterable[tuple[Any, ...]]:
    return (tuple(values[start : start + _PAGE]) for start in range(0, len(values), _PAGE))

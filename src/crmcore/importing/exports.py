"""Taking customers out: each a row, with somebody there and by what they are reached, as an import takes them in."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from crmcore.customers import (
    Contact,
    ContactPoint,
    Customer,
    Customers,
    Desk,
    Job,
    dimensions_on_file,
    field_name,
)
from crmcore.importing.exporting import export
from crmcore.storage import Among, Is, Query

__all__ = ["Exports"]

_PAGE: Final = 1_000
_PLAIN: Final = ("id", "name", "customer_type", "stage", "registration", "parent", "source", "language", "time_zone")
_POINTS: Final = ("phone", "email", "web", "address")
_CONTACT: Final = ("name", "title", "department")
_CARD: Final = ("name", "organization", "title", "department")


@frozen
class _Whole:
    """A customer with what belongs to it."""

    customer: Customer
    contact: Contact | None
    points: Mapping[tuple[str, bool], list[str]]


class Exports(Desk):
    """Customers go out into files."""

    def customers(self, path: Path | str, where: Mapping[str, Any] | None = None) -> int:
        """Write customers into a file, and return how many: safe to open in a spreadsheet, and ready to come in again.

        Args:
            path: a file that ends in .csv, .tsv, .xlsx, .jsonl or .vcf.
            where: which customers, as `crm.customers.find` takes it; None for all.

        Raises:
            UnreadableSheet, MissingLibrary, OSError: as `export`.
            InvalidQuery: a field of `where` does not exist.
        """
        path = Path(path)
        with self._begin(read_only=True) as job:
            if path.suffix.lower() == ".vcf":
                return export((_card(one) for one in _all(job, where)), path, self._card_columns(job, where))
            own = {field_name(one.id): one.id for one in dimensions_on_file(job.organization)}
            fields = {one.name: own.get(one.name, one.name) for one in job.kinds.of(Customer).custom}
            most = _most(job, where)
            columns = (
                *_PLAIN,
                *fields.values(),
                *(column for kind in _POINTS for column in _numbered(kind, most.get((kind, False), 0))),
                *(f"contact.{name}" for name in _CONTACT),
                *(column for kind in _POINTS[:2] for column in _numbered(f"contact.{kind}", most.get((kind, True), 0))),
            )
            return export((_row(one, fields) for one in _all(job, where)), path, columns)

    def _card_columns(self, job: Job, where: Mapping[str, Any] | None) -> Sequence[str]:
        most = _most(job, where)
        count = {kind: most.get((kind, False), 0) + most.get((kind, True), 0) for kind in ("phone", "email", "web")}
        numbered = (f"{kind} {number}" for kind, several in count.items() for number in range(1, several + 1))
        return (*_CARD, *numbered, "address 1 street")


def _numbered(name: str, most: int) -> list[str]:
    """Return the names of columns for several values; there is always one."""
    return [name, *(f"{name} {number}" for number in range(2, most + 1))]


def _most(job: Job, where: Mapping[str, Any] | None) -> Mapping[tuple[str, bool], int]:
    """Return how many contact points of a kind the customers have at most, and how many their contacts."""
    most: dict[tuple[str, bool], int] = {}
    for one in _all(job, where):
        for key, values in one.points.items():
            most[key] = max(most.get(key, 0), len(values))
    return most


def _all(job: Job, where: Mapping[str, Any] | None) -> Iterator[_Whole]:
    """Yield customers page by page, with their first contact and all contact points."""
    desk, after = Customers.within(job), None
    while True:
        page = desk.find(where, limit=_PAGE, after=after)
        ids = tuple(customer.id for customer in page)
        contacts: dict[str, Contact] = {}
        points: dict[str, dict[tuple[str, bool], list[str]]] = {}
        if ids:
            of_these = Among("customer", ids)
            for contact in job.unit.each(Query(Contact, where=[of_these, Is("left_at", None)], limit=_PAGE)):
                if contact.primary or contact.customer not in contacts:
                    contacts[contact.customer] = contact
            for point in job.unit.each(Query(ContactPoint, where=[of_these], limit=_PAGE)):
                first = contacts.get(point.customer)
                if point.contact is None or (first is not None and point.contact == first.id):
                    values = points.setdefault(point.customer, {}).setdefault(
                        (point.point_kind, point.contact is not None), []
                    )
                    values.insert(0 if point.primary else len(values), point.value)
        for customer in page:
            yield _Whole(customer, contacts.get(customer.id), points.get(customer.id, {}))
        if page.after is None:
            return
        after = page.after


def _row(one: _Whole, fields: Mapping[str, str]) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(one.customer, name) for name in _PLAIN}
    row["customer_type"] = one.customer.customer_type.value
    row |= {column: one.customer.custom.get(name) for name, column in fields.items()}
    if one.contact is not None:
        row |= {f"contact.{name}": getattr(one.contact, name) for name in _CONTACT}
    for (kind, of_contact), values in one.points.items():
        name = f"contact.{kind}" if of_contact else kind
        row |= dict(zip(_numbered(name, len(values)), values, strict=True))
    return row


def _card(one: _Whole) -> dict[str, Any]:
    contact = one.contact
    row: dict[str, Any] = {"name": contact.name if contact is not None else one.customer.name}
    if contact is not None:
        row |= {"organization": one.customer.name, "title": contact.title, "department": contact.department}
    for kind in ("phone", "email", "web"):
        values = [*one.points.get((kind, True), ()), *one.points.get((kind, False), ())]
        row |= {f"{kind} {number}": value for number, value in enumerate(values, 1)}
    address = one.points.get(("address", False), ())
    row["address 1 street"] = address[0] if address else None
    return row

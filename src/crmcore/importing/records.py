"""From a typed row to the records of a customer: itself, somebody there, and by what they are reached."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from attrs import define, field, frozen

from crmcore.customers import Contact, ContactPoint, Customer, CustomerType, Job, StageChange
from crmcore.customers.attributes import own_fields, validated
from crmcore.customers.contact_point_records import contact_point
from crmcore.customers.contact_points import ContactKind, ContactValue, InvalidContactPoint, normalised
from crmcore.customers.identity import InvalidIdentifier, country_code, uscc
from crmcore.customers.staging import first_change
from crmcore.errors import CrmError
from crmcore.importing.customer_targets import ATTRIBUTES, CONTACT_ATTRIBUTES
from crmcore.importing.rows import Reason, TypedRow
from crmcore.language import say
from crmcore.organization import Number
from crmcore.storage import Entity, Holds

__all__ = ["Made", "Maker"]

_MOST_REMEMBERED: Final = 10_000
_USCC_LENGTH: Final = 18
_CONTACT: Final = "contact."
_NOTHING: Final[Mapping[str, Any]] = {}
_POINTS: Final = ("phone", "email", "web", "address")
_PLAIN: Final = ("language", "time_zone", "source")


Point = tuple[bool, str, str, ContactValue | None]


@frozen
class Made:
    """What a row is made into.

    Attributes:
        values: the plain fields of the customer that the row says.
        attributes: its dimensions and the company's own fields, as they are stored.
        contact: the plain fields of somebody there; empty for nobody.
        contact_attributes: the company's own fields of that contact.
        points: by what the customer (False) and the contact (True) are reached: by what, the text, and its forms; None
            where it has no normal form.
        reasons: what is wrong; empty where nothing is.
        remarks: what was not understood, and is kept as it is written.
    """

    values: Mapping[str, Any]
    attributes: Mapping[str, Any]
    contact: Mapping[str, Any]
    contact_attributes: Mapping[str, Any]
    points: tuple[Point, ...]
    reasons: tuple[Reason, ...]
    remarks: tuple[Reason, ...]


@define
class Maker:
    """Makes records of rows for one job after another; what it found out of a value it remembers.

    Attributes:
        region: the country of phone numbers and addresses of rows that name none.
    """

    region: str = "CN"
    _known: dict[tuple["_Read", str, Any], Mapping[str, Any] | Reason] = field(factory=dict, init=False)
    _points: dict[tuple[str, str, str], ContactValue | Reason] = field(factory=dict, init=False)

    def made(self, job: Job, row: TypedRow) -> Made:
        """Return what a row says, held to what the organization and the storage allow."""
        values: dict[str, Any] = {"name": row.values["name"]}
        attributes: dict[str, Any] = {}
        contact: dict[str, Any] = {}
        contact_attributes: dict[str, Any] = {}
        points: list[Point] = []
        reasons: list[Reason] = []
        remarks: list[Reason] = []
        region = self._country(row, remarks)
        for name, value in row.values.items():
            prefix, bare = _parts_of(name)
            if prefix == CONTACT_ATTRIBUTES:
                self._take(contact_attributes, self._remembered(job, _own, bare, value), reasons)
            elif prefix == ATTRIBUTES:
                self._take(attributes, self._remembered(job, _attribute, bare, value), reasons)
            elif bare in _POINTS:
                for text in value:
                    point = self._point(bare, text, region)
                    if isinstance(point, Reason):
                        remarks.append(point)
                        points.append((prefix == _CONTACT, bare, text, None))
                    else:
                        points.append((prefix == _CONTACT, bare, point.value, point))
            elif prefix == _CONTACT:
                contact[bare] = value
            elif name == "registration":
                values[name] = self._registration(value, remarks)
            elif name in _PLAIN:
                values[name] = value
        if "customer_type" in row.values:
            values["customer_type"] = CustomerType(row.values["customer_type"])
        if contact and "name" not in contact:
            found = say("it belongs to a contact, and the row names none")
            remarks += [
                Reason(f"contact.{field}", str(value), found, say("name the contact"))
                for field, value in contact.items()
            ]
            contact = {}
        points = [(of_contact and bool(contact), *rest) for of_contact, *rest in points]  # type: ignore[misc]
        return Made(
            values,
            attributes,
            contact or _NOTHING,
            contact_attributes or _NOTHING,
            tuple(dict.fromkeys(points)),
            tuple(reasons),
            tuple(remarks),
        )

    def _take(self, into: dict[str, Any], found: Mapping[str, Any] | Reason, reasons: list[Reason]) -> None:
        if isinstance(found, Reason):
            reasons.append(found)
        else:
            into.update(found)

    def _remembered(self, job: Job, read: "_Read", name: str, value: Any) -> Mapping[str, Any] | Reason:
        known = self._known.get((read, name, value))
        if known is None:
            try:
                known = read(job, name, value)
            except CrmError as error:
                known = Reason(f"contact.{name}" if read is _own else name, str(value), str(error))
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known[read, name, value] = known
        return known

    def _country(self, row: TypedRow, remarks: list[Reason]) -> str:
        """Return the country of a row, by its two letters: what a column says, or a dimension of that name."""
        for name in ("country", f"{ATTRIBUTES}country"):
            text = row.values.get(name)
            if isinstance(text, str):
                try:
                    return country_code(text)
                except InvalidIdentifier as error:
                    if name == "country":
                        remarks.append(Reason.of(name, error))
        return self.region

    def _point(self, kind: str, text: str, region: str) -> ContactValue | Reason:
        known = self._points.get((kind, text, region))
        if known is None:
            try:
                known = normalised(kind, text, region=region)
            except InvalidContactPoint as error:
                known = Reason.of(kind, error, kept=True)
            if len(self._points) >= _MOST_REMEMBERED:
                self._points.clear()
            self._points[kind, text, region] = known
        return known

    def _registration(self, text: str, remarks: list[Reason]) -> str:
        bare = "".join(text.split()).upper()
        if len(bare) != _USCC_LENGTH or not bare.isascii() or not bare.isalnum():
            return text
        try:
            uscc(bare)
        except InvalidIdentifier as error:
            remarks.append(Reason.of("registration", error, kept=True))
        return bare

    def records(self, job: Job, row: TypedRow, made: Made, events: list[Any]) -> list[Entity]:
        """Return the records of a new customer, those that others refer to first, and add its events to a list.

        Raises:
            InvalidRecord: a storage cannot keep one of them.
        """
        now = job.now()
        stages = job.organization.stages
        customer = Customer(
            id=row.values.get("id") or job.ids(),
            stage=row.values.get("stage") or (stages[0].id if stages else None),
            stage_since=now,
            registered_at=now,
            custom=made.attributes,
            **made.values,
        )
        records: list[Entity] = [customer]
        events.append(job.event("customer-registered", customer, stage=customer.stage, source=customer.source))
        change: StageChange | None = first_change(job, customer)
        if change is not None:
            records.append(change)
        contact: Contact | None = None
        if made.contact:
            contact = Contact(
                id=job.ids(), customer=customer.id, primary=True, custom=made.contact_attributes, **made.contact
            )
            records.append(contact)
            events.append(job.event("contact-added", customer, contact=contact.id))
        records += self.points(job, customer.id, contact.id if contact is not None else None, made, ())
        if "id" in row.values or not all(isinstance(value, str) for value in made.attributes.values()):
            job.kinds.rows(job.kinds.of(Customer)).of(customer)  # texts were looked through when they were read
        if contact is not None and made.contact_attributes:
            job.kinds.rows(job.kinds.of(Contact)).of(contact)
        return records

    def points(
        self, job: Job, customer: str, contact: str | None, made: Made, known: Sequence[ContactPoint]
    ) -> Iterator[ContactPoint]:
        """Yield the contact points of a row that are not known."""
        if not made.points:
            return
        ids, texts = {one.id for one in known}, {(one.contact, one.point_kind, one.value) for one in known}
        first = {(of, kind) for of, kind, _ in texts}
        for of_contact, kind, text, value in made.points:
            of = contact if of_contact else None
            if (of, kind, text) in texts:
                continue
            primary = (of, ContactKind(kind)) not in first
            if value is not None:
                point = contact_point(value, customer, of, added_at=job.now(), primary=primary)
            else:
                point = ContactPoint(
                    id=job.ids(),
                    customer=customer,
                    contact=of,
                    point_kind=ContactKind(kind),
                    value=text,
                    primary=primary,
                    added_at=job.now(),
                )
            if point.id not in ids:
                ids.add(point.id)
                first.add((of, point.point_kind))
                yield point


@lru_cache(maxsize=_MOST_REMEMBERED)
def _parts_of(name: str) -> tuple[str, str]:
    """Return what a field of the target belongs to, and its name there."""
    prefix = next((prefix for prefix in (CONTACT_ATTRIBUTES, _CONTACT, ATTRIBUTES) if name.startswith(prefix)), "")
    return prefix, name.removeprefix(prefix)


_Read = Callable[[Job, str, Any], Mapping[str, Any]]
"""What makes of a value of a column what is stored."""


def _attribute(job: Job, name: str, value: Any) -> Mapping[str, Any]:
    kind, dimension = job.kinds.of(Customer), job.organization.by_id("dimensions").get(name)
    number = dimension is not None and isinstance(dimension.domain, Number) and not dimension.domain.integer
    given = float(value) if number or _is_float(kind.all_fields.get(f"custom.{name}")) else value
    return validated({name: given}, job.organization, job.fields.get("customer", {}), kind)


def _own(job: Job, name: str, value: Any) -> Mapping[str, Any]:
    kind = job.kinds.of(Contact)
    given = float(value) if _is_float(kind.all_fields.get(f"custom.{name}")) else value
    return own_fields({name: given}, job.fields.get("contact", {}), kind)


def _is_float(known: Any) -> bool:
    return known is not None and known.holds is Holds.NUMBER

"""One batch of an import: some rows, written in one transaction together with how far the import came."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from attrs import define, evolve, field

from crmcore.customers import (
    Contact,
    ContactPoint,
    Contacts,
    Customer,
    Customers,
    InvalidCustomer,
    Job,
    dimensions_on_file,
    field_name,
)
from crmcore.customers.covering import cover_new
from crmcore.customers.current import current_customer
from crmcore.customers.duplicate_keys import refresh_keys, write_keys
from crmcore.customers.identity import InvalidIdentifier
from crmcore.customers.registration import registration_number
from crmcore.importing.held import kept
from crmcore.importing.outcomes import Action, Duplicates, Outcome
from crmcore.importing.recognising import ALIKE, Known, Seen
from crmcore.importing.records import Made, Maker
from crmcore.importing.resembling import Entered, Resembling
from crmcore.importing.rows import Reason, RejectedRow, TypedRow
from crmcore.importing.run_records import Change
from crmcore.language import say
from crmcore.organization.faults import quoted
from crmcore.storage import Among, Entity, Event, InvalidRecord, Query

__all__ = ["Ask", "Batch"]

Ask = Callable[[TypedRow, Seen], Action | Duplicates | str]
"""Says what is done with a row whose customer is there, or probably is: `skip`, `update`, or `add` for another one."""

_CONTACT_FIELDS: Final = ("title", "department", "language", "time_zone")


@define
class Batch:
    """Some rows on their way into the storage.

    Attributes:
        job: what they are written with.
        maker: what makes records of them.
        known: the customers that they can be of.
        resembling: the customers that they can resemble.
        duplicates: what is done with those that are there already.
        ask: who is asked about those; None for nobody.
        assign: whether new customers are assigned at once.
        dry: whether nothing is written.
        changes: what was written.
    """

    job: Job
    maker: Maker
    known: Known
    resembling: Resembling
    duplicates: Duplicates
    ask: Ask | None = None
    assign: bool = True
    dry: bool = False
    changes: list[Change] = field(factory=list)
    _events: list[Event] = field(factory=list)
    _new: dict[type[Entity], list[Entity]] = field(factory=dict)
    _keys: dict[str, tuple[str, ...]] = field(factory=dict)
    _lines: dict[str, int] = field(factory=dict)

    def write(self, rows: Sequence[TypedRow | RejectedRow]) -> list[Outcome]:
        """Write rows, and return what became of each."""
        typed = {place: row for place, row in enumerate(rows) if isinstance(row, TypedRow)}
        made = {place: self.maker.made(self.job, row) for place, row in typed.items()}
        self.known.look_up(self.job, typed.values())
        new = (place for place, row in typed.items() if not made[place].reasons and self.known.find(row) is None)
        entered = {place: Entered.of(made[place]) for place in new}
        self.resembling.look_up(self.job, entered.values())
        outcomes = [
            self._outcome(row, made[place], entered.get(place))
            if isinstance(row, TypedRow)
            else Outcome(row.line, Action.REJECT, str(row.values.get("name", "")), reasons=row.reasons)
            for place, row in enumerate(rows)
        ]
        if not self.dry:
            self._write_new()
        return outcomes

    def _outcome(self, row: TypedRow, made: Made, entered: Entered | None) -> Outcome:
        name = str(row.values["name"])
        if made.reasons:
            return Outcome(row.line, Action.REJECT, name, reasons=made.reasons)
        seen = self.known.find(row)
        if seen is None and entered is None:  # it was of a customer that a row before changed
            entered = Entered.of(made)
            self.resembling.look_up_too(self.job, [entered])
        if seen is None and entered is not None and "id" not in row.values:
            seen = self.resembling.find(entered)
        if seen is None:
            return self._added(row, made, entered)
        action = self._action(row, seen)
        if action is Action.ADD:
            return self._added(row, made, entered, None if self._asks else seen)
        if action is Action.UPDATE:
            return self._updated(row, made, seen)
        reasons = (_there(row, seen),) if action is Action.REJECT else ()
        return Outcome(row.line, action, name, seen.customer.id, seen.because, reasons, seen)

    @property
    def _asks(self) -> bool:
        """Whether somebody decides."""
        return self.duplicates is Duplicates.ASK and self.ask is not None and not self.dry

    def _action(self, row: TypedRow, seen: Seen) -> Action:
        """Return what is done with a row whose customer is there, or perhaps is."""
        rule: Action | Duplicates | str = self.duplicates
        if self._asks and self.ask is not None:
            rule = self.ask(row, seen)
        elif not seen.sure:
            return Action.ADD
        if rule == Duplicates.ASK.value or (rule == Action.ADD.value and seen.because == "id"):
            return Action.REJECT
        return Action(rule)

    def _added(self, row: TypedRow, made: Made, entered: Entered | None, seen: Seen | None = None) -> Outcome:
        """Add a new customer, and say whom it resembles."""
        events: list[Event] = []
        name = str(row.values["name"])
        try:
            records = self.maker.records(self.job, row, made, events)
        except InvalidRecord as error:
            reason = Reason(error.field, str(row.values.get(error.field, "")), error.reason)
            return Outcome(row.line, Action.REJECT, name, reasons=(reason,))
        customer = records[0]
        assert isinstance(customer, Customer)  # noqa: S101 (it stands first)
        self._events += events
        self._lines[customer.id] = row.line
        for record in records:
            self._new.setdefault(type(record), []).append(record)
            self.changes.append((row.line, self.job.kinds.of(type(record)).name, record.id, 1, None))
        self.known.add(customer)
        entered = entered or Entered.of(made)
        self._keys[customer.id] = entered.keys
        self.resembling.add(customer, entered)
        remarks = made.remarks
        if seen is not None:
            remarks = (*remarks, Reason("", "", say("it is perhaps the same as {other}", other=seen.phrase())))
        return Outcome(row.line, Action.ADD, name, customer.id, reasons=remarks, seen=seen)

    def _write_new(self) -> None:
        """Write new customers and all that belongs to them, a kind after the other, and their events."""
        for kind in self.job.kinds.in_order:  # those first that others refer to
            self.job.unit.add_all(self._new.get(kind.record, ()))
        write_keys(self.job, self._keys)
        self.job.tell(self._events)
        if self.assign:
            self._cover([one for one in self._new.get(Customer, ()) if isinstance(one, Customer)])
        self._new, self._keys, self._events = {}, {}, []

    def _cover(self, customers: Sequence[Customer]) -> None:
        for id_, covered in cover_new(self.job, customers).items():
            line = self._lines[id_]
            self.changes += [(line, "assignment", one.id, 1, None) for one in covered.assigned]
            self.changes += [(line, "task", one.id, 1, None) for one in covered.tasks]

    def _updated(self, row: TypedRow, made: Made, seen: Seen) -> Outcome:
        """Write what a row says over a customer that is there; what it does not say stays."""
        name = str(row.values["name"])
        left = self._left(row, made, seen)
        outcome = Outcome(row.line, Action.UPDATE, name, seen.customer.id, seen.because, left, seen)
        if self.dry:
            return outcome
        if seen.customer.id in self._keys:  # it is of a row before, and not written yet
            self._write_new()
        try:
            before = current_customer(self.job, seen.customer.id, alone=True)
        except InvalidCustomer as error:  # it was merged or erased since it was looked up
            by = "name" if seen.because == ALIKE else seen.because
            reason = Reason(by, str(row.values[by]), error.reason)
            return Outcome(row.line, Action.REJECT, name, seen.customer.id, seen.because, (reason,))
        custom = {field: before.custom.get(field) for field in made.attributes}
        stays = _staying(before, seen)
        values = {field: value for field, value in made.values.items() if field not in stays}
        try:
            wanted = evolve(before, custom={**before.custom, **made.attributes}, **values)
            self.job.kinds.rows(self.job.kinds.of(Customer)).of(wanted)  # a write that fails would end the job
            registration_number(values.get("registration"), wanted.customer_type)
        except InvalidRecord as error:
            reason = Reason(error.field, str(row.values.get(error.field, "")), error.reason)
            return Outcome(row.line, Action.REJECT, name, reasons=(reason,))
        except InvalidIdentifier as error:
            return Outcome(row.line, Action.REJECT, name, reasons=(Reason.of("registration", error),))
        after = Customers.within(self.job).change(before, attributes=self._named(made.attributes), **values)
        if after.version != before.version:
            held: dict[str, Any] = {field: getattr(before, field) for field in values}
            held |= {f"custom.{field}": value for field, value in custom.items()}
            self.changes.append((row.line, "customer", after.id, after.version, kept(held)))
            self.known.replace(before, after)
        self._reach(row.line, after, made)
        self.resembling.replace(self.job, after.id)
        return outcome

    def _left(self, row: TypedRow, made: Made, seen: Seen) -> tuple[Reason, ...]:
        """Return what was not understood of a row, and that the stage of a customer changes by its lifecycle."""
        stage = row.values.get("stage")
        if stage is None or stage == seen.customer.stage:
            return made.remarks
        found = say("it stays in {stage}: a stage changes by the lifecycle alone", stage=seen.customer.stage or "-")
        return (*made.remarks, Reason("stage", stage, found))

    def _named(self, stored: Mapping[str, Any]) -> dict[str, Any]:
        """Return attributes by the names that `Customers.change` takes: dimensions by their ids."""
        ids = {field_name(one.id): one.id for one in dimensions_on_file(self.job.organization)}
        return {ids.get(field, field): value for field, value in stored.items()}

    def _reach(self, line: int, customer: Customer, made: Made) -> None:
        """Add the contact of a row, unless somebody of that name is there, and the contact points that are new."""
        contact: Contact | None = None
        if made.contact:
            contact = self._contact(line, customer, made)
        where = [Among("customer", (customer.id,))]
        known = tuple(self.job.unit.each(Query(ContactPoint, where=where)))
        points = list(self.maker.points(self.job, customer.id, contact.id if contact else None, made, known))
        if points:
            self.job.unit.add_all(points)
            refresh_keys(self.job, customer)
            kinds = sorted(point.point_kind.value for point in points)
            self.job.happened("contact-points-added", customer, kinds=kinds)
        self.changes += [(line, "contact-point", point.id, 1, None) for point in points]

    def _contact(self, line: int, customer: Customer, made: Made) -> Contact:
        desk = Contacts.within(self.job)
        where = [Among("customer", (customer.id,)), Among("name", (made.contact["name"],))]
        before = next(iter(self.job.unit.find(Query(Contact, where=where, limit=1))), None)
        if before is None:
            added = desk.add(customer, fields=made.contact_attributes, **made.contact)
            self.changes.append((line, "contact", added.id, added.version, None))
            return added
        values = {field: made.contact[field] for field in _CONTACT_FIELDS if field in made.contact}
        after = desk.change(before, fields=made.contact_attributes, **values)
        if after.version != before.version:
            held = {field: getattr(before, field) for field in values}
            held |= {f"custom.{field}": before.custom.get(field) for field in made.contact_attributes}
            self.changes.append((line, "contact", after.id, after.version, kept(held)))
        return after


def _there(row: TypedRow, seen: Seen) -> Reason:
    """Return why a row is rejected whose customer is there, where nobody can be asked."""
    mend = say("import it with --duplicates skip or update")
    if seen.because == ALIKE:
        found = say("it is probably {other}", other=seen.phrase())
        mend = say("{mend}; if it is another customer, give it an id", mend=mend)
        return Reason("name", str(row.values["name"]), found, mend)
    found = say("{name} is there already, as {id}", name=quoted(seen.customer.name), id=seen.customer.id)
    return Reason(seen.because, str(row.values[seen.because]), found, mend)


def _staying(customer: Customer, seen: Seen) -> frozenset[str]:
    """Return the fields of a customer that an update leaves: the name by which it was recognised, or resembles a row.

    A number in a register is filled in where there is none: no other number is ever taken for one that is alike.
    """
    if seen.because != ALIKE:
        return frozenset({"name"} if seen.because == "name" else ())
    return frozenset({"name"} if customer.registration is None else {"name", "registration"})

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
from crmcore.customers.appointing import covering
from crmcore.customers.current import current_customer
from crmcore.customers.duplicate_keys import add_keys, refresh_keys
from crmcore.customers.planning import planned
from crmcore.importing.held import kept
from crmcore.importing.outcomes import Action, Duplicates, Outcome
from crmcore.importing.recognising import Known, Seen
from crmcore.importing.records import Made, Maker
from crmcore.importing.rows import Reason, RejectedRow, TypedRow
from crmcore.importing.run_records import Change
from crmcore.language import say
from crmcore.organization.faults import quoted
from crmcore.storage import Among, Entity, Event, InvalidRecord, Query

__all__ = ["Ask", "Batch"]

Ask = Callable[[TypedRow, Customer], Duplicates | str]
"""Says what is done with a row whose customer is there: `skip` or `update`."""

_CONTACT_FIELDS: Final = ("title", "department", "language", "time_zone")


@define
class Batch:
    """Some rows on their way into the storage.

    Attributes:
        job: what they are written with.
        maker: what makes records of them.
        known: the customers that they can be of.
        duplicates: what is done with those that are there already.
        ask: who is asked about those; None for nobody.
        assign: whether new customers are assigned at once.
        dry: whether nothing is written.
        changes: what was written.
    """

    job: Job
    maker: Maker
    known: Known
    duplicates: Duplicates
    ask: Ask | None = None
    assign: bool = True
    dry: bool = False
    changes: list[Change] = field(factory=list)
    _events: list[Event] = field(factory=list)
    _new: dict[str, list[Entity]] = field(factory=dict)
    _lines: dict[str, int] = field(factory=dict)

    def write(self, rows: Sequence[TypedRow | RejectedRow]) -> list[Outcome]:
        """Write rows, and return what became of each."""
        self.known.look_up(self.job, (row for row in rows if isinstance(row, TypedRow)))
        outcomes = [self._outcome(row) for row in rows]
        if not self.dry:
            self._write_new()
        return outcomes

    def _outcome(self, row: TypedRow | RejectedRow) -> Outcome:
        if isinstance(row, RejectedRow):
            return Outcome(row.line, Action.REJECT, str(row.values.get("name", "")), reasons=row.reasons)
        made = self.maker.made(self.job, row)
        name = str(row.values["name"])
        if made.reasons:
            return Outcome(row.line, Action.REJECT, name, reasons=made.reasons)
        seen = self.known.find(row)
        if seen is None:
            return self._added(row, made)
        of, by = seen.customer.id, seen.because
        rule = self._rule(row, seen)
        if rule is Duplicates.SKIP:
            return Outcome(row.line, Action.SKIP, name, of, by)
        if rule is Duplicates.UPDATE:
            return self._updated(row, made, seen)
        found = say("{name} is there already, as {id}", name=quoted(seen.customer.name), id=seen.customer.id)
        reason = Reason(by, str(row.values[by]), found, say("import it with --duplicates skip or update"))
        return Outcome(row.line, Action.REJECT, name, of, by, (reason,))

    def _rule(self, row: TypedRow, seen: Seen) -> Duplicates:
        if self.duplicates is Duplicates.ASK and self.ask is not None and not self.dry:
            return Duplicates(self.ask(row, seen.customer))
        return self.duplicates

    def _added(self, row: TypedRow, made: Made) -> Outcome:
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
        self._new[customer.id] = records
        self._lines[customer.id] = row.line
        self.known.add(customer)
        return Outcome(row.line, Action.ADD, name, customer.id, reasons=made.remarks)

    def _write_new(self) -> None:
        """Write new customers and all that belongs to them, a kind after the other, and their events."""
        unit, kinds = self.job.unit, self.job.kinds
        by_kind: dict[type[Entity], list[Entity]] = {}
        for id_, records in self._new.items():
            for record in records:
                by_kind.setdefault(type(record), []).append(record)
                self.changes.append((self._lines[id_], kinds.of(type(record)).name, record.id, 1, None))
        for kind in kinds.in_order:  # those first that others refer to
            unit.add_all(by_kind.get(kind.record, ()))
        add_keys(self.job, [one for one in by_kind.get(Customer, ()) if isinstance(one, Customer)])
        self.job.tell(self._events)
        if self.assign:
            for id_, records in self._new.items():
                customer = records[0]
                assert isinstance(customer, Customer)  # noqa: S101 (it stands first)
                self._cover(self._lines[id_], customer)
        self._new, self._events = {}, []

    def _cover(self, line: int, customer: Customer) -> None:
        assigned = covering(self.job, customer).assigned
        tasks = planned(self.job, customer, {one.role: one for one in assigned})
        self.changes += [(line, "assignment", one.id, one.version, None) for one in assigned]
        self.changes += [(line, "task", one.id, one.version, None) for one in tasks]

    def _updated(self, row: TypedRow, made: Made, seen: Seen) -> Outcome:
        """Write what a row says over a customer that is there; what it does not say stays."""
        name = str(row.values["name"])
        outcome = Outcome(row.line, Action.UPDATE, name, seen.customer.id, seen.because, self._left(row, made, seen))
        if self.dry:
            return outcome
        if seen.customer.id in self._new:
            self._write_new()
        try:
            before = current_customer(self.job, seen.customer.id, alone=True)
        except InvalidCustomer as error:  # it was merged or erased since it was looked up
            reason = Reason(seen.because, str(row.values[seen.because]), error.reason)
            return Outcome(row.line, Action.REJECT, name, seen.customer.id, seen.because, (reason,))
        custom = {field: before.custom.get(field) for field in made.attributes}
        values = {field: value for field, value in made.values.items() if field != "name" or seen.because != "name"}
        try:
            wanted = evolve(before, custom={**before.custom, **made.attributes}, **values)
            self.job.kinds.rows(self.job.kinds.of(Customer)).of(wanted)  # a write that fails would end the job
        except InvalidRecord as error:
            reason = Reason(error.field, str(row.values.get(error.field, "")), error.reason)
            return Outcome(row.line, Action.REJECT, name, reasons=(reason,))
        after = Customers.within(self.job).change(before, attributes=self._named(made.attributes), **values)
        if after.version != before.version:
            held: dict[str, Any] = {field: getattr(before, field) for field in values}
            held |= {f"custom.{field}": value for field, value in custom.items()}
            self.changes.append((row.line, "customer", after.id, after.version, kept(held)))
            self.known.replace(before, after)
        self._reach(row.line, after, made)
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

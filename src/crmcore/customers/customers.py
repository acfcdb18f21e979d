"""Customers: they come in, are looked up, and change."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from attrs import evolve

from crmcore.customers.appointing import covering
from crmcore.customers.attributes import conditions, field_name, searched_name, validated
from crmcore.customers.current import current_customer, current_customers, id_of
from crmcore.customers.duplicate_keys import add_keys, refresh_keys
from crmcore.customers.duplicates import Profile
from crmcore.customers.failures import InvalidCustomer, KnownCustomer, UnknownField
from crmcore.customers.handing_over import handed_over
from crmcore.customers.planning import planned
from crmcore.customers.preferences import spoken
from crmcore.customers.recognition import profile_given, recognized
from crmcore.customers.records import CUSTOMER, Customer, CustomerType
from crmcore.customers.registration import registration_number
from crmcore.customers.staging import began
from crmcore.customers.work import Desk, Job
from crmcore.errors import UnknownName, nearest
from crmcore.language import say
from crmcore.storage import Filter, Is, NotThere, Order, Page, Query

__all__ = ["Customers"]

_CHANGEABLE: Final = ("name", "customer_type", "language", "time_zone", "source", "registration")
_DEEPEST: Final = 100
"""How many customers one above another a group has at most."""
_SHOWN: Final = 3
_RECOGNISED_BY: Final = frozenset({"name", "customer_type", "registration"})


class Customers(Desk):
    """The customers, without those that were merged into others."""

    def register(
        self,
        name: str,
        *,
        customer_type: CustomerType | str = CustomerType.ORGANIZATION,
        attributes: Mapping[str, Any] | None = None,
        stage: str | None = None,
        parent: str | None = None,
        language: str | None = None,
        time_zone: str | None = None,
        source: str | None = None,
        registration: str | None = None,
        id: str | None = None,  # noqa: A002 (a record's id is called so everywhere)
        unless_known: Profile | bool = False,
    ) -> Customer:
        """Take a customer in, and assign those who answer for it in its stage, as far as that can be told.

        Args:
            name: as the customer writes it.
            customer_type: `organization` or `person`.
            attributes: values by the ids of dimensions, or the names of the company's own fields. What is not known
                yet may be left out.
            stage: where in the lifecycle; None for its first stage.
            parent: the id of the customer that it belongs to.
            language: in which it is spoken to, BCP 47.
            time_zone: where it is, an IANA name.
            source: where it came from.
            registration: its number in a public register.
            id: its id; None for a new one.
            unless_known: whether it is refused where it is probably known already. A profile brings more by which it
                may be recognised, such as phone numbers: `Profile("", phones=["+86 138 1234 5678"])`.

        Raises:
            InvalidCustomer: it has no name, or an impossible language or time zone, or its parent was merged or erased.
            KnownCustomer: it is probably known already; the error says who it is, and why.
            InvalidIdentifier: its registration looks like a USCC (统一社会信用代码) and cannot be one.
            UnknownName: the organization has no such stage.
            UnknownField, OutsideSpace, ValueNotAllowed: an attribute does not exist, or cannot have that value.
            AlreadyThere: there is a customer of that id.
            DanglingReference: there is no such parent.
            MissingExtra: rapidfuzz, by which `unless_known` compares, is not installed.
        """
        with self._begin() as job:
            customer = Customer(
                id=id or job.ids(),
                name=_named(name),
                customer_type=_typed(customer_type),
                stage=_stage(job, stage),
                stage_since=job.now(),
                parent=parent,
                source=source,
                registration=registration_number(registration, _typed(customer_type)),
                **spoken({"language": language, "time_zone": time_zone}),
                registered_at=job.now(),
                custom=_known(_attributes(job, attributes or {})),
            )
            if unless_known is not False:
                _refuse_known(job, profile_given(unless_known, customer))
            if parent is not None:
                _refuse_gone(job, parent)
            customer = job.unit.add(customer)
            add_keys(job, [customer])
            job.happened("customer-registered", customer, stage=customer.stage, source=source)
            began(job, customer)
            coverage = covering(job, customer)
            planned(job, customer, {one.role: one for one in coverage.assigned})
            return customer

    def get(self, id: str) -> Customer:  # noqa: A002 (as above)
        """Return a customer; one that was merged into another is returned as it was, and says into which.

        Raises:
            NotThere: there is none of that id.
        """
        with self._begin(read_only=True) as job:
            return job.unit.get(Customer, id)

    def change(
        self, customer: Customer | str, *, attributes: Mapping[str, Any] | None = None, **values: Any
    ) -> Customer:
        """Change what is known of a customer, and return it as it is then. Its stage changes by the lifecycle alone.

        Where others answer for it than before, it is handed over to them.

        Args:
            customer: the customer as it was read, so that nobody's change is lost; or its id, for its newest version.
            attributes: values by the ids of dimensions, or the names of the company's own fields; None empties one.
            values: fields of the record by name: `name`, `customer_type`, `language`, `time_zone`, `source`,
                `registration`.

        Raises:
            Stale: somebody else changed it since it was read.
            UnknownField, OutsideSpace, ValueNotAllowed, InvalidCustomer, InvalidIdentifier: as for `register`.
        """
        with self._begin() as job:
            before = current_customer(job, customer, alone=True)
            for name in values:
                if name not in _CHANGEABLE:
                    raise UnknownField(CUSTOMER.name, name, nearest(name, _CHANGEABLE))
            if "name" in values:
                values["name"] = _named(values["name"])
            if "customer_type" in values:
                values["customer_type"] = _typed(values["customer_type"])
            if "registration" in values:
                sort = values.get("customer_type", before.customer_type)
                values["registration"] = registration_number(values["registration"], sort)
            values = spoken(values)
            custom = _known({**before.custom, **_attributes(job, attributes or {})})
            after = evolve(before, custom=custom, **values)
            changed = [name for name in values if getattr(before, name) != getattr(after, name)]
            changed += [name for name in attributes or {} if _value(before, name) != _value(after, name)]
            if not changed:
                return before
            after = job.unit.put(after)
            if not _RECOGNISED_BY.isdisjoint(changed):
                refresh_keys(job, after)
            event = job.happened("customer-changed", after, fields=sorted(changed))
            if before.custom != after.custom:
                handed_over(job, before, after, caused_by=event.id)
                covering(job, after)
            return after

    def move(self, customer: Customer | str, parent: str | None) -> Customer:
        """Let a customer belong to another, such as a subsidiary to its group; None: to none.

        Raises:
            InvalidCustomer: it would belong to itself through others, or one of the two was merged into another.
            NotThere: there is no such parent.
        """

        def moved() -> Customer:
            with self._begin() as job:
                both = (customer,) if parent is None else (customer, parent)
                before = current_customers(job, *both, alone=True)[0]
                if parent is not None and before.id in [parent, *(above.id for above in self._above(job, parent))]:
                    raise InvalidCustomer("parent", say("{customer} would belong to itself", customer=before.id))
                after = job.unit.put(evolve(before, parent=parent))
                job.happened("customer-moved", after, parent=parent, before=before.parent)
                return after

        return self._tried(moved)

    def above(self, customer: Customer | str) -> tuple[Customer, ...]:
        """Return the customers that a customer belongs to, the nearest first."""
        with self._begin(read_only=True) as job:
            return tuple(self._above(job, id_of(customer)))

    def _above(self, job: Job, id_: str) -> Iterator[Customer]:
        for _ in range(_DEEPEST):
            parent = job.unit.hold(Customer, id_).parent
            if parent is None:
                return
            yield job.unit.hold(Customer, parent)
            id_ = parent
        raise InvalidCustomer("parent", say("more than {most} customers stand one above another", most=_DEEPEST))

    def find(
        self,
        where: Mapping[str, Any] | None = None,
        *,
        filters: Sequence[Filter] = (),
        order: Sequence[Order] = (),
        limit: int = 100,
        after: str | None = None,
        merged: bool = False,
    ) -> Page[Customer]:
        """Return one page of the customers that meet all conditions.

        Args:
            where: by dimension or field a value, a list of values, an `Interval` for a number, or the inner name of a
                tree, which stands for everything below it; None for not known.
            filters: other conditions, such as `StartsWith("name", "华")`.
            order: what to order by.
            limit: how many customers a page has, from 1 to 10,000.
            after: the cursor of the page before.
            merged: whether those are found too that were merged into others.

        Raises:
            UnknownField: there is no such dimension or field.
            InvalidQuery: a value is not of the field's kind, or a tree has no such name.
        """
        with self._begin(read_only=True) as job:
            wanted = _wanted(job, where, filters, merged=merged)
            return job.unit.find(Query(Customer, where=wanted, order=order, limit=limit, after=after))

    def each(self, where: Mapping[str, Any] | None = None, *, filters: Sequence[Filter] = ()) -> Iterator[Customer]:
        """Yield all customers that meet all conditions, page by page.

        Raises:
            UnknownField, InvalidQuery: as `find`.
        """
        with self._begin(read_only=True) as job:
            yield from job.unit.each(Query(Customer, where=_wanted(job, where, filters), limit=1000))

    def count(self, where: Mapping[str, Any] | None = None, *, filters: Sequence[Filter] = ()) -> int:
        """Return how many customers meet all conditions.

        Raises:
            UnknownField, InvalidQuery: as `find`.
        """
        with self._begin(read_only=True) as job:
            return job.unit.count(Customer, _wanted(job, where, filters))

    def count_by(
        self, *names: str, where: Mapping[str, Any] | None = None, filters: Sequence[Filter] = ()
    ) -> Mapping[tuple[Any, ...], int]:
        """Return how many customers have each combination of values, in one pass of the storage.

        Args:
            names: dimensions, the company's own fields, or fields of the record such as `stage`.
            where: as for `find`.
            filters: as for `find`.

        Raises:
            UnknownField, InvalidQuery: as `find`.
        """
        with self._begin(read_only=True) as job:
            fields = [searched_name(name, job.organization, job.kinds.of(Customer)) for name in names]
            return job.unit.count_by(Customer, fields, _wanted(job, where, filters))


def _refuse_known(job: Job, profile: Profile) -> None:
    known = recognized(job, profile, limit=_SHOWN)
    if known:
        matches = ((one.customer.id, one.customer.name, one.score, tuple(map(str, one.reasons))) for one in known)
        raise KnownCustomer(profile.names[0], tuple(matches))


def _refuse_gone(job: Job, parent: str) -> None:
    """Refuse a parent that was merged or erased; that there is none, the storage tells."""
    with suppress(NotThere):
        current_customer(job, parent)


def _named(name: str) -> str:
    if not isinstance(name, str) or not name.strip():
        raise InvalidCustomer("name", say("a customer has a name"))
    return name.strip()


def _typed(customer_type: CustomerType | str) -> CustomerType:
    try:
        return CustomerType(customer_type)
    except ValueError:
        raise InvalidCustomer(
            "customer_type", say("a customer is an organization or a person, not {value!r}", value=str(customer_type))
        ) from None


def _stage(job: Job, stage: str | None) -> str | None:
    stages = job.organization.by_id("stages")
    if stage is None:
        return next(iter(one.id for one in job.organization.stages), None)
    if stage not in stages:
        raise UnknownName("stage", stage, nearest(stage, stages))
    return stage


def _attributes(job: Job, attributes: Mapping[str, Any]) -> dict[str, Any]:
    fields = job.fields.get(CUSTOMER.name, {})
    return validated(attributes, job.organization, fields, job.kinds.of(Customer))


def _known(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in attributes.items() if value is not None}


def _value(customer: Customer, name: str) -> Any:
    return customer.custom.get(field_name(name), customer.custom.get(name))


def _wanted(
    job: Job, where: Mapping[str, Any] | None, filters: Sequence[Filter], *, merged: bool = False
) -> tuple[Filter, ...]:
    kept = () if merged else (Is("merged_into", None),)
    return (*conditions(where or {}, job.organization, job.kinds.of(Customer)), *filters, *kept)

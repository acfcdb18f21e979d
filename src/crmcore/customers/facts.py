"""Facts: what a customer has told, who learned it, when and where; so that nobody asks for it again."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from itertools import chain

from attrs import evolve, frozen

from crmcore.customers.current import current_customer, id_of
from crmcore.customers.records import Customer
from crmcore.customers.work import Desk, Job
from crmcore.errors import UnknownName, nearest
from crmcore.organization import Organization, Touchpoint
from crmcore.storage import Entity, Is, Kind, NotThere, Order, Query, personal, reference

__all__ = ["FACT", "Fact", "Facts", "fact_id", "facts_of", "known_facts"]


@frozen(kw_only=True)
class Fact(Entity):
    """Something that is known of a customer.

    Attributes:
        customer: the customer.
        name: what it is, as touchpoints and handoffs of the organization name it.
        value: what the customer told.
        learned_by: who learned it.
        department: the department of that person; None for a program, or somebody in no department.
        touchpoint: where it was learned; None for elsewhere.
        learned_at: when.
    """

    customer: str = reference("customer")
    name: str
    value: str = personal()
    learned_by: str
    department: str | None = None
    touchpoint: str | None = None
    learned_at: datetime


FACT = Kind("fact", Fact, indexed=["name"])


class Facts(Desk):
    """What customers have told."""

    def learn(self, customer: Customer | str, name: str, value: str, *, touchpoint: str | None = None) -> Fact:
        """Remember what a customer told; what it told before under that name is replaced.

        Args:
            customer: the customer, or its id.
            name: what it is, as touchpoints, handoffs and stages of the organization name it.
            value: what the customer told.
            touchpoint: where.

        Raises:
            UnknownName: the organization has no such fact, or no such touchpoint.
        """
        with self._begin() as job:
            found = current_customer(job, customer)
            names = facts_of(job.organization)
            if name not in names:
                raise UnknownName("fact", name, nearest(name, names))
            if touchpoint is not None:
                _touchpoint(job, touchpoint)
            person = job.organization.by_id("people").get(job.actor)
            fact = Fact(
                id=fact_id(found.id, name),
                customer=found.id,
                name=name,
                value=value,
                learned_by=job.actor,
                department=person and person.department,
                touchpoint=touchpoint,
                learned_at=job.now(),
            )
            try:
                before = job.unit.get(Fact, fact.id)
            except NotThere:
                fact = job.unit.add(fact)
            else:
                fact = job.unit.put(evolve(fact, version=before.version))
            job.happened("fact-learned", found, fact=name, touchpoint=touchpoint)
            return fact

    def of(self, customer: Customer | str) -> Mapping[str, Fact]:
        """Return what is known of a customer, by name: who learned it, when and where."""
        with self._begin(read_only=True) as job:
            return known_facts(job, id_of(customer))

    def to_ask(self, customer: Customer | str, touchpoint: str) -> tuple[str, ...]:
        """Return what a customer is asked for at a touchpoint: what it has told already is left out.

        Raises:
            UnknownName: there is no such touchpoint.
        """
        with self._begin(read_only=True) as job:
            known = known_facts(job, id_of(customer))
            return tuple(name for name in _touchpoint(job, touchpoint).asks if name not in known)

    def missing(self, customer: Customer | str, touchpoint: str) -> tuple[str, ...]:
        """Return what whoever serves a touchpoint needs, and nobody knows yet.

        Raises:
            UnknownName: there is no such touchpoint.
        """
        with self._begin(read_only=True) as job:
            known = known_facts(job, id_of(customer))
            return tuple(name for name in _touchpoint(job, touchpoint).needs if name not in known)


def facts_of(organization: Organization) -> tuple[str, ...]:
    """Return the facts that an organization speaks of, in the order of their first mention."""
    return tuple(
        dict.fromkeys(
            chain(
                chain.from_iterable((*one.asks, *one.needs) for one in organization.touchpoints),
                chain.from_iterable(one.carries for one in organization.handoffs),
                chain.from_iterable(one.needs for one in organization.stages),
            )
        )
    )


def known_facts(job: Job, customer: str) -> Mapping[str, Fact]:
    """Return what is known of a customer, by name."""
    found = job.unit.each(Query(Fact, where=[Is("customer", customer)], order=[Order("name")]))
    return {fact.name: fact for fact in found}


def _touchpoint(job: Job, name: str) -> Touchpoint:
    touchpoints = job.organization.responsibilities.touchpoints
    if name not in touchpoints:
        raise UnknownName("touchpoint", name, nearest(name, touchpoints))
    return touchpoints[name]


def fact_id(customer: str, name: str) -> str:
    """Return the id of a fact: a customer has one of a name."""
    return sha256(f"{customer}\0{name}".encode()).hexdigest()[:40]

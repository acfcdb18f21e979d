"""All customers on file, counted by what decides who answers: what a proof is joined with."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from attrs import frozen

from crmcore.checks import Report, attributes_of_customers, check, with_customers
from crmcore.customers.assignment_records import Assignment
from crmcore.customers.attributes import field_name
from crmcore.customers.records import Customer
from crmcore.organization import STAGE, Organization
from crmcore.storage import CUSTOM, Is, Kinds, UnitOfWork

__all__ = ["Population", "population"]


@frozen
class Population:
    """The customers on file.

    Attributes:
        counts: how many there are for each combination of values of `attributes_of_customers`; None for a value that is
            missing.
        loads: how many customers each person looks after now, a customer once for each role.
    """

    counts: Mapping[tuple[Any, ...], int]
    loads: Mapping[str, int]

    def checked(self, organization: Organization, *, on: date | None = None, until: date | None = None) -> Report:
        """Prove an organization, and say how many customers on file each finding is about.

        Args:
            organization: what to prove: the one of which the customers were counted.
            on: the first day of the proof; None for today in the organization's timezone.
            until: the last day of the proof; None for the first day alone.
        """
        return with_customers(check(organization, on=on, until=until, load=self.loads), organization, self.counts)


def population(work: UnitOfWork, kinds: Kinds, organization: Organization) -> Population:
    """Count the customers on file, in one statement, and those whom each person looks after, in another.

    Customers that were merged into others, or erased, are none.

    Args:
        work: where they are counted.
        kinds: the kinds of the storage. A dimension that its customers have no field for is missing of all of them.
        organization: by whose dimensions they are counted.
    """
    fields = kinds.of(Customer).all_fields
    names = attributes_of_customers(organization)
    columns = {name: name if name == STAGE else f"{CUSTOM}{field_name(name)}" for name in names}
    asked = [name for name in names if columns[name] in fields]
    found = work.count_by(Customer, [columns[name] for name in asked], [Is("merged_into", None), Is("erased_at", None)])
    counts: dict[tuple[Any, ...], int] = {}
    for values, count in found.items():
        known = dict(zip(asked, values, strict=True))
        counts[tuple(known.get(name) for name in names)] = count
    loads = work.count_by(Assignment, ["person"], [Is("until", None)])
    return Population(counts, {person: count for (person,), count in loads.items()})

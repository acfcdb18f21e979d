"""Steps: what a merge does to one record, decided before anything is written."""

from typing import Any, Final

from attrs import frozen

from crmcore.customers.merging.survivorship import Survivorship
from crmcore.customers.records import Customer
from crmcore.customers.work import Job
from crmcore.storage import Entity, Is, Order, Query

__all__ = ["Pair", "Step", "records_of", "written"]

_PAGE: Final = 1_000


@frozen
class Pair:
    """Two customers that become one.

    Attributes:
        job: with which records are read.
        survivor: the customer that stays, as it is before.
        result: the same as it is afterwards.
        other: the customer that is merged into it.
        rules: by which values are chosen.
    """

    job: Job
    survivor: Customer
    result: Customer
    other: Customer
    rules: Survivorship


@frozen
class Step:
    """What becomes of a record.

    Attributes:
        before: the record as it is; None for a new one.
        after: the record as it will be; None for one that is removed. With another id it takes the place of the other.
        aside: what does not stand any longer by this step, and is kept with the merge; None for nothing.
    """

    before: Entity | None
    after: Entity | None
    aside: Entity | None = None


def records_of(job: Job, record: type[Any], customer: str) -> list[Any]:
    """Return the records of a class that refer to a customer as `customer`, in the order of their ids."""
    return list(job.unit.each(Query(record, where=[Is("customer", customer)], order=[Order("id")], limit=_PAGE)))


def written(job: Job, step: Step) -> None:
    """Do what a step says."""
    before, after = step.before, step.after
    if before is not None and after is not None and before.id == after.id:
        job.unit.put(after)
        return
    if before is not None:
        job.unit.remove(before)
    if after is not None:
        job.unit.add(after)

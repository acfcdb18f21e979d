"""Putting customers of an import below those that they belong to, once all of them are there."""

from collections.abc import Mapping

from attrs import evolve

from crmcore.customers import Customer, Customers, InvalidCustomer, Job
from crmcore.importing.held import kept
from crmcore.importing.run_records import Change, ImportBatch, packed
from crmcore.storage import Among, Is, Query

__all__ = ["link"]


def link(job: Job, batch: str, parents: Mapping[int, str]) -> None:
    """Put the customers of one batch below those that their rows name, and remember it with the batch.

    A parent is named by its id or its name. One that is not there, is named by several customers, or would make a
    customer belong to itself is left out.

    Args:
        job: the job.
        batch: the id of the batch.
        parents: what rows name, by line.
    """
    record = job.unit.get(ImportBatch, batch)
    wanted = {parents[change[0]] for change in record.changes if change[1] == "customer" and change[0] in parents}
    found = _found(job, wanted)
    changes: list[Change] = []
    for line, kind, id_, version, held in record.changes:
        parent = found.get(parents.get(line, "")) if kind == "customer" else None
        if parent is None or parent == id_:
            changes.append((line, kind, id_, version, held))
            continue
        before = job.unit.get(Customer, id_)
        after = _moved(job, before, parent)
        known = held if held is None or after is before else {**kept({"parent": before.parent}), **held}
        changes.append((line, kind, id_, after.version if version == before.version else version, known))
    if changes != record.changes:
        job.unit.put(evolve(record, written=packed(changes)))


def _moved(job: Job, customer: Customer, parent: str) -> Customer:
    if customer.parent == parent:
        return customer
    try:
        return Customers.within(job).move(customer, parent)
    except InvalidCustomer:
        return customer


def _found(job: Job, wanted: set[str]) -> dict[str, str]:
    """Return the ids of customers that are named by their ids, or by names that only one of them has."""
    if not wanted:
        return {}
    texts = tuple(sorted(wanted))
    there = [Is("merged_into", None)]
    named: dict[str, list[str]] = {}
    for customer in job.unit.each(Query(Customer, where=[Among("name", texts), *there])):
        named.setdefault(customer.name, []).append(customer.id)
    found = {name: ids[0] for name, ids in named.items() if len(ids) == 1}
    found |= {one.id: one.id for one in job.unit.each(Query(Customer, where=[Among("id", texts), *there]))}
    return found

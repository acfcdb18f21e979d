"""Undoing a merge: every field and reference as it was, from the steps that the merge left."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from attrs import evolve, field, frozen

from crmcore.customers.merging.records import MergeStep
from crmcore.customers.merging.settling import derived_id
from crmcore.customers.records import CONTACT, CUSTOMER
from crmcore.customers.work import Job
from crmcore.storage import CUSTOM, Among, Entity, Is, Kind, NotThere, Order, Query, plain_row, row_of_plain

__all__ = ["Changed", "differences", "entity_of", "gone_along", "steps_of", "taken_back"]

_PAGE: Final = 1_000


@frozen
class Changed:
    """A record that somebody wrote since a merge, so that it cannot be brought back as it was.

    Attributes:
        step: what the merge did to it.
        fields: the fields that are not as the merge left them; none where the record is gone, or there again.
    """

    step: MergeStep
    fields: tuple[str, ...] = field(default=())


def steps_of(job: Job, merge: str) -> tuple[MergeStep, ...]:
    """Return what a merge did, the last first."""
    order = [Order("number", descending=True)]
    return tuple(job.unit.each(Query(MergeStep, where=[Is("merge", merge)], order=order, limit=_PAGE)))


def differences(job: Job, steps: Sequence[MergeStep]) -> Iterator[Changed]:
    """Yield the records that somebody wrote since, as far as the merge wrote the same fields."""
    for step in steps:
        now = _now(job, step)
        if step.after is None:
            if now is not None:
                yield Changed(step)
        elif now is None:
            yield Changed(step)
        else:
            changed = tuple(name for name, value in step.after.items() if now.get(name) != value)
            if changed:
                yield Changed(step, changed)


def taken_back(job: Job, steps: Sequence[MergeStep], kept: Mapping[str, Changed]) -> None:
    """Take steps back, the last first.

    Args:
        job: the job.
        steps: what the merge did, the last first.
        kept: what somebody wrote since, by the id of the step: it stays as it is.
    """
    for step in steps:
        changed = kept.get(step.id)
        if changed is None:
            _back(job, step, ())
        elif changed.fields and step.before is not None:
            _back(job, step, changed.fields)


def gone_along(job: Job, steps: Sequence[MergeStep], survivor: str, other: str) -> None:
    """Let records that were made since with contacts of the other customer go back with these contacts."""
    contacts = [
        step.record
        for step in steps
        if step.of == CONTACT.name and step.before is not None and step.before.get("customer") == other
    ]
    both = {kind.name: (kind, name) for kind, name in job.kinds.references[CONTACT.name]}
    for kind, by in both.values() if contacts else ():
        for of, customer in job.kinds.references[CUSTOMER.name]:
            if of is kind and not customer.startswith(CUSTOM):
                where = [Among(by, contacts), Is(customer, survivor)]
                for record in tuple(job.unit.each(Query(kind.record, where=where, limit=_PAGE))):
                    _returned(job, record, {customer: other})


def entity_of(job: Job, kind: Kind, values: Mapping[str, Any], version: int = 0) -> Entity:
    """Return the record of values as JSON has them."""
    return job.kinds.rows(kind).entity(row_of_plain(kind, {**values, "version": version}))


def _returned(job: Job, record: Entity, owner: Mapping[str, str]) -> None:
    after = evolve(record, **owner)
    id_ = derived_id(after)
    if id_ is None:
        job.unit.put(after)
        return
    job.unit.remove(record)
    job.unit.add(evolve(after, id=id_, version=0))


def _back(job: Job, step: MergeStep, kept: Sequence[str]) -> None:
    """Take one step back, but for fields that somebody wrote since."""
    kind = job.kinds[step.of]
    if step.after is None:
        assert step.before is not None  # noqa: S101 (a step has one of the two)
        job.unit.add(entity_of(job, kind, step.before))
        return
    now = job.unit.get(kind.record, step.record)
    if step.before is None:
        job.unit.remove(now)
        return
    before = {name: value for name, value in step.before.items() if name not in kept}
    values = {**plain_row(kind, job.kinds.rows(kind).of(now)), **before}
    job.unit.put(entity_of(job, kind, values, now.version))


def _now(job: Job, step: MergeStep) -> Mapping[str, Any] | None:
    kind = job.kinds[step.of]
    try:
        return plain_row(kind, job.kinds.rows(kind).of(job.unit.get(kind.record, step.record)))
    except NotThere:
        return None

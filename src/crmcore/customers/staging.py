"""How it is written down that a customer came into a stage, in a job that is open."""

from datetime import datetime

from crmcore.customers.records import Customer
from crmcore.customers.stage_records import StageChange
from crmcore.customers.work import Job
from crmcore.organization import Stage

__all__ = ["began", "first_change", "stage_change"]


def began(job: Job, customer: Customer) -> None:
    """Write down that a customer came into its first stage."""
    change = first_change(job, customer)
    if change is not None:
        job.unit.add(change)


def first_change(job: Job, customer: Customer) -> StageChange | None:
    """Return what is written down when a customer comes into its first stage; None where it has none."""
    if customer.stage is None:
        return None
    stage = job.organization.by_id("stages")[customer.stage]
    return _written(job, customer, None, stage, at=customer.stage_since, note=None)


def stage_change(job: Job, before: Customer, stage: Stage, note: str | None) -> StageChange:
    """Return what is written down when a customer comes from its stage into another.

    Args:
        job: the job.
        before: the customer as it was.
        stage: the stage that it comes into.
        note: why, in words.
    """
    return _written(job, before, before.stage, stage, at=job.now(), note=note)


def _written(
    job: Job, customer: Customer, before: str | None, stage: Stage, *, at: datetime, note: str | None
) -> StageChange:
    return StageChange(
        id=job.ids(),
        customer=customer.id,
        before=before,
        after=stage.id,
        at=at,
        changed_by=job.actor,
        note=note,
        probability=stage.probability,
        seconds=None if before is None else max(0, int((at - customer.stage_since).total_seconds())),
    )

"""The way of a customer through the lifecycle, as records."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from attrs import frozen

from crmcore.storage import Entity, Kind, personal, reference

__all__ = ["STAGE_CHANGE", "Funnel", "Passage", "StageChange"]


@frozen(kw_only=True)
class StageChange(Entity):
    """A customer came into a stage.

    Attributes:
        customer: the customer.
        before: the stage that it left; None for its first.
        after: the stage that it came into.
        at: when.
        changed_by: who did it.
        note: why, in words.
        probability: how likely it was to buy then, in percent, as the organization said it.
        seconds: how long it had been in the stage that it left; None for its first.
    """

    customer: str = reference("customer")
    before: str | None = None
    after: str
    at: datetime
    changed_by: str
    note: str | None = personal(default=None)
    probability: int | None = None
    seconds: int | None = None


STAGE_CHANGE = Kind("stage-change", StageChange, indexed=[("after", "at"), ("before", "at"), ("customer", "at")])


@frozen
class Passage:
    """How customers pass through one stage.

    Attributes:
        entered: how many came into it.
        left: to which stage how many went.
        there: how many of those who entered have not left it.
        median: how long those who left were in it, in the middle; None where nobody left.
    """

    entered: int
    left: Mapping[str, int]
    there: int
    median: timedelta | None

    def conversion(self, stage: str) -> float | None:
        """Return which part of those who entered went to a stage, from 0 to 1; None where nobody entered."""
        return self.left.get(stage, 0) / self.entered if self.entered else None


@frozen
class Funnel:
    """How the customers that began in a time passed through the lifecycle.

    Attributes:
        customers: how many began.
        stages: how they pass through each stage, in the order of the organization.
    """

    customers: int
    stages: Mapping[str, Passage]

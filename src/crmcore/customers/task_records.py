"""Tasks: what somebody has to do next, for a customer or as an action of a meeting."""

from datetime import datetime
from enum import StrEnum

from attrs import field, frozen

from crmcore.storage import Entity, Kind, personal, reference

__all__ = ["TASK", "Task", "TaskState"]


class TaskState(StrEnum):
    """How far a task has come."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@frozen(kw_only=True)
class Task(Entity):
    """Something that somebody has to do.

    Attributes:
        customer: for which customer; None for none in particular.
        title: what.
        owner: who.
        due: until when; None for no time in particular.
        state: open, done, or dropped with a reason.
        recurs: the rule by which it comes again once it is done (RFC 5545); None for never.
        series: the first task of a series that recurs; None for one that stands alone or is itself the first.
        remind_at: when the owner is reminded; None for never.
        reminded_at: when the owner was.
        role: the role through which the owner has it: it goes along when another person takes the customer in it.
        stage: the stage whose plan it belongs to; None for none.
        forum: the meeting that decided it; None for none.
        created_by: who set it.
        created_at: when.
        closed_by: who did or dropped it.
        closed_at: when.
        outcome: what came of it, or why it was dropped.
    """

    customer: str | None = reference("customer", default=None)
    title: str = personal()
    owner: str
    due: datetime | None = None
    state: TaskState = field(default=TaskState.OPEN, converter=TaskState)
    recurs: str | None = None
    series: str | None = None
    remind_at: datetime | None = None
    reminded_at: datetime | None = None
    role: str | None = None
    stage: str | None = None
    forum: str | None = None
    created_by: str
    created_at: datetime
    closed_by: str | None = None
    closed_at: datetime | None = None
    outcome: str | None = personal(default=None)


TASK = Kind(
    "task",
    Task,
    indexed=[
        ("owner", "state", "due"),
        ("customer", "state", "due"),
        ("state", "remind_at"),
        ("forum", "state", "due"),
    ],
)

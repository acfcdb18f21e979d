"""Promises to the customer as instants: when an answer and a solution are due, and who hears of it before."""

from collections.abc import Iterable
from datetime import datetime

from attrs import frozen

from crmcore.calendars.moments import Moment, Pause
from crmcore.calendars.working_time import WorkingTime
from crmcore.organization import Escalation, Promise

__all__ = ["Alarm", "Due", "alarms", "due"]


@frozen
class Due:
    """When what is promised is due.

    Attributes:
        respond: when the first answer is due; None when none is promised.
        resolve: when it has to be done; None when that is not promised.
    """

    respond: Moment | None
    resolve: Moment | None


@frozen
class Alarm:
    """When a step of an escalation is taken.

    Attributes:
        at: the instant.
        to: the role that then hears of it.
    """

    at: Moment
    to: str


def due(promise: Promise, created: datetime, hours: WorkingTime, *, pauses: Iterable[Pause] = ()) -> Due:
    """Return when a promise is due, in working time, or by the clock where it says `elapsed`.

    A promise that changed meanwhile is asked with the same instant and the same pauses: what has passed, counts.

    Args:
        promise: what a touchpoint promises, its `sla`.
        created: when the customer came.
        hours: the working time of the company.
        pauses: when the promise stood still; one that lasts ends now.

    Raises:
        NeverOpen: when there are no open hours.
        OutOfReach: when it is due more than `HORIZON` years ahead.
    """
    stood_still = tuple(pauses)
    respond, resolve = (
        None if limit is None else hours.add(created, limit, pauses=stood_still, elapsed=promise.elapsed)
        for limit in (promise.respond, promise.resolve)
    )
    return Due(respond, resolve)


def alarms(
    escalation: Escalation,
    created: datetime,
    hours: WorkingTime,
    *,
    pauses: Iterable[Pause] = (),
    elapsed: bool = False,
) -> tuple[Alarm, ...]:
    """Return when each step of an escalation is taken, in the order of its steps.

    Args:
        escalation: who hears of it, and after how long.
        created: when the customer came.
        hours: the working time of the company.
        pauses: when the promise stood still; one that lasts ends now.
        elapsed: whether the promise that it guards counts the clock.

    Raises:
        NeverOpen: when there are no open hours.
        OutOfReach: when a step is taken more than `HORIZON` years ahead.
    """
    stood_still = tuple(pauses)
    return tuple(
        Alarm(hours.add(created, step.after, pauses=stood_still, elapsed=elapsed), step.to) for step in escalation.steps
    )

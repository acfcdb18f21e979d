"""Whether what is covered on the first day of the window stays covered to its last."""

from collections.abc import Iterator, Sequence
from typing import Final

from crmcore.checks.boxes import example, first_day, in_common, later_days, region, throughout
from crmcore.checks.context import Context
from crmcore.checks.coverage import holes, spaces, undecided
from crmcore.checks.findings import Check, Problem, Severity
from crmcore.checks.vacancies import vacancies
from crmcore.language import say, template
from crmcore.organization import DAY, Role, Touchpoint
from crmcore.responsibility import Box, Responsibilities, merged, uncovered

__all__ = ["CHECKS"]

_UNANSWERED: Final = template("from {day} on nobody is accountable for {subject}{example}")
_VACANT: Final = template("from {day} on too few people hold {subject}{example}")


def lapsing_cover(context: Context) -> Iterator[Problem]:
    """COV108: cover does not end inside the proven window."""
    if context.responsibilities.space.days.size > 1:
        yield from _lapsing_duties(context)
        yield from _lapsing_roles(context)


def _lapsing_duties(context: Context) -> Iterator[Problem]:
    responsibilities = context.responsibilities
    for touchpoint, space in spaces(context):
        today, later = first_day(space), later_days(space)
        if today is None or later is None:
            continue
        found = holes(responsibilities, touchpoint, later)
        for box in _ended(responsibilities, holes(responsibilities, touchpoint, today).boxes, found.boxes):
            yield _lapse(responsibilities, touchpoint, _UNANSWERED, box)
        if not found.complete:
            yield undecided(touchpoint, say("cover lasts"))


def _lapsing_roles(context: Context) -> Iterator[Problem]:
    for vacancy in vacancies(context).values():
        now = [part for box in vacancy.boxes if (part := first_day(box))]
        later = [part for box in vacancy.boxes if (part := later_days(box))]
        for box in _ended(context.responsibilities, now, later):
            yield _lapse(context.responsibilities, vacancy.role, _VACANT, box)


def _ended(responsibilities: Responsibilities, now: Sequence[Box], later: Sequence[Box]) -> list[Box]:
    """Return what is open later and not on the first day: what is open then is reported as open already."""
    open_now = [throughout(responsibilities, box) for box in now]
    return merged(rest for box in later for rest in uncovered(box, open_now).boxes)


def _lapse(responsibilities: Responsibilities, record: Touchpoint | Role, text: str, box: Box) -> Problem:
    where = region(responsibilities, box)
    known = in_common(responsibilities, record.id) if isinstance(record, Touchpoint) else {}
    said = {**known, DAY: where["box"].get(DAY, [])}  # the message begins with the day
    return Problem(
        subject=record.id,
        place=record.place,
        text=text,
        arguments={
            "day": responsibilities.space.days.witness(box[-1]),
            "subject": record.id,
            "example": example(where, said),
        },
        help="Prolong what ends on the day before, or let another follow it.",
        **where,
    )


CHECKS = (Check("COV108", "lapsing-cover", Severity.WARNING, lapsing_cover),)

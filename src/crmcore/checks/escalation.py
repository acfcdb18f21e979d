"""Whether an escalation rises: in rank, to the top, and in time."""

from collections.abc import Iterator, Sequence

from crmcore.checks.answering import guarded, standing
from crmcore.checks.context import Context
from crmcore.checks.findings import Check, Problem, Related, Severity
from crmcore.checks.structure import top_departments, top_people
from crmcore.language import listed, say
from crmcore.organization import ALL, Escalation, EscalationStep, Touchpoint
from crmcore.responsibility import Box, is_covered
from crmcore.values import Duration

__all__ = ["CHECKS"]


def _steps(context: Context, escalation: Escalation) -> Sequence[tuple[int, EscalationStep]]:
    """Return the steps whose role exists, numbered as they are written."""
    return [(index, step) for index, step in enumerate(escalation.steps) if step.to in context.roles]


def _subject(escalation: Escalation) -> str:
    return ALL if escalation.touchpoints == ALL else ", ".join(escalation.touchpoints)


def _touchpoints(escalation: Escalation) -> str:
    """Name what an escalation is for, in a sentence."""
    return say("all touchpoints") if escalation.touchpoints == ALL else listed(escalation.touchpoints)


def escalation_cycle(context: Context) -> Iterator[Problem]:
    """ESC401: an escalation never comes back to a role it passed.

    The role that is accountable has been passed before the first step; where it is another one for some customers, as a
    fallback often is, nothing comes back for the others, and that is no cycle.
    """
    for escalation in context.organization.escalations:
        passed: dict[str, int] = {}
        for index, step in _steps(context, escalation):
            if step.to in passed:
                yield Problem(
                    subject=_subject(escalation),
                    place=escalation.place.at(f"steps[{index}].to"),
                    text="the escalation of {touchpoints} comes back to {role}",
                    arguments={"touchpoints": _touchpoints(escalation), "role": step.to},
                    related=[
                        Related(
                            say("{role} has heard of it here", role=step.to),
                            escalation.place.at(f"steps[{passed[step.to]}]"),
                        )
                    ],
                    help="Let every step go to a role that has not heard of it yet.",
                )
            else:
                passed[step.to] = index
        yield from _back_to_the_accountable(context, escalation, passed)


def _back_to_the_accountable(context: Context, escalation: Escalation, steps: dict[str, int]) -> Iterator[Problem]:
    found: dict[str, list[Touchpoint]] = {}
    for touchpoint, part in guarded(context, escalation):
        alone: dict[str, list[Box]] = {}
        for answer in context.responsibilities.answers(touchpoint.id):
            alone.setdefault(answer.rule.role, []).extend(answer.boxes)
        for role in steps.keys() & alone.keys():
            if is_covered(part, [*alone[role], *context.responsibilities.impossible]):
                found.setdefault(role, []).append(touchpoint)
    for role, touchpoints in found.items():
        yield Problem(
            subject=_subject(escalation),
            place=escalation.place.at(f"steps[{steps[role]}].to"),
            text="the escalation of {touchpoint} comes back to {role}, which is accountable for it",
            arguments={"touchpoint": touchpoints[0].id, "role": role},
            related=[
                Related(say("{role} is accountable for {touchpoint}", role=role, touchpoint=each.id), each.place)
                for each in touchpoints
            ],
            help="Escalate to a role that stands above the accountable one.",
        )


def escalation_stops_low(context: Context) -> Iterator[Problem]:
    """ESC402: its last step reaches the customer lead or the top."""
    high = _high_roles(context)
    for escalation in context.organization.escalations:
        steps = _steps(context, escalation)
        if steps and steps[-1][1].to in high:
            continue
        if escalation.steps and not steps:
            continue  # none of its roles exists, which is another finding
        index, role = (steps[-1][0], steps[-1][1].to) if steps else (0, None)
        yield Problem(
            subject=_subject(escalation),
            place=escalation.place.at(f"steps[{index}].to" if steps else "steps"),
            text=(
                "the escalation of {touchpoints} ends with {role}, below the customer lead and the top"
                if steps
                else "the escalation of {touchpoints} has no step"
            ),
            arguments={"touchpoints": _touchpoints(escalation), "role": role},
            help="Add a last step to the role that leads customers, or to one that the top holds.",
        )


def _high_roles(context: Context) -> set[str]:
    """The roles that lead customers, or that the top of the company holds."""
    top = {person.id for person in top_people(context)[:1]}
    top |= {department.lead for department in top_departments(context)[:1] if department.lead is not None}
    held = {entry.role for entry in standing(context) if not top.isdisjoint(entry.holders)}
    return held | {role.id for role in context.organization.roles if role.leads_customers}


def escalation_late(context: Context) -> Iterator[Problem]:
    """ESC403: steps rise in time, and the last comes before the promise it guards is broken."""
    for escalation in context.organization.escalations:
        yield from _not_rising(context, escalation)
        if not escalation.steps:
            continue
        last = len(escalation.steps) - 1
        after = escalation.steps[last].after
        for touchpoint, _ in guarded(context, escalation):
            sla = touchpoint.sla
            limit = None if sla is None else sla.resolve or sla.respond
            if sla is None or limit is None:
                continue
            if _minutes(context, after, elapsed=sla.elapsed) >= _minutes(context, limit, elapsed=sla.elapsed):
                key = "resolve" if sla.resolve else "respond"
                promised = say("{key}: {limit} is promised", key=key, limit=str(limit))
                yield Problem(
                    subject=touchpoint.id,
                    place=escalation.place.at(f"steps[{last}].after"),
                    text="the escalation of {touchpoint} ends after {after}, but the customer is promised {limit}",
                    arguments={"touchpoint": touchpoint.id, "after": str(after), "limit": str(limit)},
                    related=[Related(promised, touchpoint.place.at(f"sla.{key}"))],
                    help="Let the last step come sooner, or promise less.",
                )


def _not_rising(context: Context, escalation: Escalation) -> Iterator[Problem]:
    """Compare the steps in the time of the touchpoints: working time, unless all of them count the clock."""
    promises = [touchpoint.sla for touchpoint, _ in guarded(context, escalation)]
    elapsed = bool(promises) and all(promise is not None and promise.elapsed for promise in promises)
    for index, (before, step) in enumerate(zip(escalation.steps, escalation.steps[1:], strict=False), 1):
        if _minutes(context, step.after, elapsed=elapsed) <= _minutes(context, before.after, elapsed=elapsed):
            yield Problem(
                subject=_subject(escalation),
                place=escalation.place.at(f"steps[{index}].after"),
                text="the escalation of {touchpoints} goes to {role} after {after}, and a step earlier after {before}",
                arguments={
                    "touchpoints": _touchpoints(escalation),
                    "role": step.to,
                    "after": str(step.after),
                    "before": str(before.after),
                },
                related=[
                    Related(
                        say("to {role} after {after}", role=before.to, after=str(before.after)),
                        escalation.place.at(f"steps[{index - 1}].after"),
                    )
                ],
                help="Let the steps rise in time; a day is a working day, unless `elapsed` counts the clock.",
            )


def _minutes(context: Context, duration: Duration, *, elapsed: bool) -> float:
    calendar = context.organization.calendar
    if elapsed:
        return duration.minutes()
    return duration.minutes(day=calendar.day_minutes, week=len(calendar.workdays))


CHECKS = (
    Check("ESC401", "escalation-cycle", Severity.ERROR, escalation_cycle),
    Check("ESC402", "escalation-stops-low", Severity.WARNING, escalation_stops_low),
    Check("ESC403", "escalation-late", Severity.ERROR, escalation_late),
)

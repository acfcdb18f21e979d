"""Whether what is done for customers is measured: touchpoints by metrics, departments by scorecards."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from crmcore.checks.answering import journey_departments
from crmcore.checks.context import Context
from crmcore.checks.findings import Check, Problem, Related, Severity
from crmcore.language import joined, say

if TYPE_CHECKING:
    from crmcore.organization import Scorecard

__all__ = ["CHECKS", "outcomes"]

_TOLERANCE: Final = Fraction(1, 10**9)


def unmeasured_touchpoint(context: Context) -> Iterator[Problem]:
    """GOV501: every touchpoint has a metric, every metric an owner and a target."""
    yield from _unmeasured(context)
    for metric in context.organization.metrics:
        owned, aimed = metric.owner in context.roles, metric.target is not None
        if not (owned and aimed):
            yield Problem(
                subject=metric.id,
                place=metric.place,
                text=(
                    "{metric} has no owner"
                    if aimed
                    else "{metric} has no target"
                    if owned
                    else "{metric} has no owner and no target"
                ),
                arguments={"metric": metric.id},
                help="Say which role answers for it in `owner`, and what is to be reached in `target`.",
            )


def _unmeasured(context: Context) -> Iterator[Problem]:
    organization = context.organization
    known = {metric.id for metric in organization.metrics}
    lacking = [each for each in organization.touchpoints if known.isdisjoint(each.metrics)]
    if not organization.metrics and len(lacking) > 1:
        yield Problem(
            subject=organization.name,
            place=organization.place.at("touchpoints"),
            text="there is no metric at all, so that none of {count} touchpoints is measured",
            arguments={"count": len(lacking)},
            related=[
                Related(say("{touchpoint} is measured by nothing", touchpoint=each.id), each.place) for each in lacking
            ],
            help="Write `metrics`, and name one at each touchpoint.",
        )
        return
    for touchpoint in lacking:
        yield Problem(
            subject=touchpoint.id,
            place=touchpoint.place,
            text="{touchpoint} is measured by nothing",
            arguments={"touchpoint": touchpoint.id},
            help="Name a metric in `metrics`.",
        )


def outcomes(context: Context) -> set[str]:
    """Return the ids of the metrics that say how customers fare."""
    return {metric.id for metric in context.organization.metrics if metric.outcome}


def no_outcome_in_scorecard(context: Context) -> Iterator[Problem]:
    """GOV502: every department on the journey is scored on at least one customer outcome."""
    good = outcomes(context)
    scorecards: dict[str, list[Scorecard]] = {}
    for scorecard in context.organization.scorecards:
        scorecards.setdefault(scorecard.department, []).append(scorecard)
    departments = journey_departments(context)
    if not scorecards and len(departments) > 1:
        yield _no_scorecards(context, departments)
        return
    for department in departments:
        cards = scorecards.get(department, ())
        if any(weight > 0 and metric in good for card in cards for metric, weight in card.weights.items()):
            continue
        record = context.departments[department]
        yield Problem(
            subject=department,
            place=cards[0].place if cards else record.place,
            text=(
                "{department} serves customers and is scored on no customer outcome"
                if cards
                else "{department} serves customers and has no scorecard"
            ),
            arguments={"department": department},
            related=[Related(say("the department"), record.place)] if cards else (),
            help="Score it on a metric that says `outcome: true`.",
        )


def _no_scorecards(context: Context, departments: Sequence[str]) -> Problem:
    return Problem(
        subject=context.organization.name,
        place=context.organization.place,
        text="no department has a scorecard: {departments} serve customers, and are scored on nothing",
        arguments={"departments": joined(departments)},
        related=[
            Related(say("{department} serves customers", department=each), context.departments[each].place)
            for each in departments
        ],
        help="Give each a scorecard with a metric that says `outcome: true`.",
    )


def unbalanced_scorecard(context: Context) -> Iterator[Problem]:
    """GOV503: weights are positive and sum to 1."""
    for scorecard in context.organization.scorecards:
        for metric, weight in scorecard.weights.items():
            if weight <= 0:
                yield Problem(
                    subject=scorecard.department,
                    place=scorecard.place.at(f"weights.{metric}"),
                    text="the scorecard of {department} weighs {metric} {weight}, which is not positive",
                    arguments={"department": scorecard.department, "metric": metric, "weight": f"{weight:g}"},
                    help="Give it a positive weight, or remove it.",
                )
        # A weight is the decimal number that is written, not the binary one nearby: 0.1 + 0.2 + 0.7 is 1.
        total = sum((Fraction(str(weight)) for weight in scorecard.weights.values()), Fraction())
        if abs(total - 1) > _TOLERANCE:
            yield Problem(
                subject=scorecard.department,
                place=scorecard.place.at("weights"),
                text="the weights in the scorecard of {department} sum to {total}, not to 1",
                arguments={
                    "department": scorecard.department,
                    "total": f"{(Decimal(total.numerator) / Decimal(total.denominator)).normalize():f}",
                },
                help="Let the weights sum to 1.",
            )


CHECKS = (
    Check("GOV501", "unmeasured-touchpoint", Severity.WARNING, unmeasured_touchpoint),
    Check("GOV502", "no-outcome-in-scorecard", Severity.WARNING, no_outcome_in_scorecard),
    Check("GOV503", "unbalanced-scorecard", Severity.ERROR, unbalanced_scorecard),
)

"""Whether customers are passed on, and what they told with them: over every possible customer and on every way."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from attrs import frozen

from crmcore.checks.boxes import example, in_common, region
from crmcore.checks.breaks import Break, Breaks, Trace, breaks
from crmcore.checks.context import Context
from crmcore.checks.findings import Check, Problem, Related, Severity
from crmcore.checks.journeys import Visit
from crmcore.checks.tracing import Stop
from crmcore.language import Phrase, say, template
from crmcore.organization import Touchpoint
from crmcore.responsibility import Box, intersection, merged, readable, uncovered

__all__ = ["CHECKS"]


def missing_handoff(context: Context) -> Iterator[Problem]:
    """JRN303: where consecutive touchpoints are answered by different departments, a handoff joins them."""
    yield from _problems(
        context,
        breaks(context).missing,
        template("{giver} answers at {earlier} and {taker} then at {touchpoint}, but no handoff joins them{example}"),
        template("Write a handoff from {giver} to {taker}; with `at`, name the stages of both touchpoints."),
    )
    yield from _undecided(context, say("departments that follow one another are joined by handoffs"))


def lost_fact(context: Context) -> Iterator[Problem]:
    """JRN304: every fact that is needed has been asked for on every way, and carried by every handoff between."""
    lost = breaks(context).lost
    yield from _problems(
        context,
        {what: traces for what, traces in lost.items() if not what.asked},
        template("{touchpoint} needs {fact}, but on a way there nobody has asked for it{example}"),
        template("Ask for {fact} at a touchpoint that always comes before, or ask for it here."),
        part="needs",
    )
    yield from _problems(
        context,
        {what: traces for what, traces in lost.items() if what.asked},
        template("{touchpoint} needs {fact}, but no handoff carries it on the way from {giver} to {taker}{example}"),
        template("Let the handoff from {giver} to {taker} carry {fact}."),
        part="needs",
    )
    yield from _undecided(context, say("every fact is there where it is needed"))


def asked_twice(context: Context) -> Iterator[Problem]:
    """JRN305: no touchpoint asks for a fact that is already there on every way."""
    yield from _problems(
        context,
        breaks(context).repeated,
        template("{touchpoint} asks for {fact}, which {department} has already{example}"),
        template("Take {fact} out of `asks`; if it is needed here, write it into `needs`."),
        part="asks",
    )
    yield from _undecided(context, say("nothing is asked for twice"))


@frozen
class _Scene:
    """Where it breaks for some customers in contact.

    Attributes:
        box: the customers in contact.
        way: how they came there.
    """

    box: Box
    way: tuple[Stop, ...]


def _problems(
    context: Context,
    failing: Mapping[Break, Sequence[Trace]],
    text: str,
    mend: str,
    *,
    part: Literal["asks", "needs"] | None = None,
) -> Iterator[Problem]:
    found = breaks(context)
    for what, traces in failing.items():
        touchpoint = context.touchpoints[what.touchpoint]
        place = touchpoint.place
        if part is not None:
            place = place.at(f"{part}[{getattr(touchpoint, part).index(what.fact)}]")
        known = in_common(context.responsibilities, what.touchpoint)
        for scene in _scenes(context, found, what, traces):
            where = region(context.responsibilities, scene.box)
            names = {
                "touchpoint": what.touchpoint,
                "department": _name(what.department),
                "fact": what.fact,
                "giver": _name(what.giver),
                "taker": _name(what.taker),
            }
            if part is None:
                names["earlier"] = found.journey.visits[scene.way[-2][0]].touchpoint
            yield Problem(
                subject=what.touchpoint,
                place=place,
                text=text,
                arguments={**names, "example": example(where, known)},
                related=_related(context, found, what, scene.way),
                help=Phrase(mend, mend, names),
                **where,
            )


def _scenes(context: Context, found: Breaks, what: Break, traces: Sequence[Trace]) -> Iterator[_Scene]:
    """Yield where it breaks in few and large boxes, each with the way of the customer who is its witness."""
    scenes = [
        _Scene(box, trace.way)
        for trace in traces
        for answered in found.serving.answered[trace.way[-1]]
        for customers in trace.boxes
        if (box := intersection(answered, customers)) is not None
    ]
    boxes = merged(scene.box for scene in scenes)
    within = context.responsibilities.touchpoint_box(what.touchpoint) or context.responsibilities.space.whole
    rest = uncovered(within, boxes)
    for box in readable(boxes, rest.boxes, within) if rest.complete else boxes:
        witness = tuple(mask & -mask for mask in box)
        yield _Scene(box, next(scene.way for scene in scenes if intersection(scene.box, witness) is not None))


def _name(department: str | None) -> str:
    return say("roles without a department") if department is None else department


def _related(context: Context, found: Breaks, what: Break, way: Sequence[Stop]) -> Iterator[Related]:
    """Tell a way, visit by visit."""
    for number, (position, department) in enumerate(way, 1):
        visit = found.journey.visits[position]
        touchpoint = context.touchpoints[visit.touchpoint]
        name = _name(found.serving.departments[department])
        yield Related(_stop(number, visit, name, what.fact if number < len(way) else "", touchpoint), touchpoint.place)


def _stop(number: int, visit: Visit, department: str, fact: str, touchpoint: Touchpoint) -> Phrase:
    where = say("{touchpoint} in {stage}", touchpoint=visit.touchpoint, stage=visit.stage)
    stop: dict[str, Any] = {
        "number": number,
        "visit": visit.touchpoint if visit.stage is None else where,
        "department": department,
    }
    if fact in touchpoint.asks:
        return say("{number}. {visit}: {department} asks for {fact}", **stop, fact=fact)
    return say("{number}. {visit}: {department} answers", **stop)


def _undecided(context: Context, what: Phrase) -> Iterator[Problem]:
    if not breaks(context).complete:
        yield Problem(
            subject=context.organization.name,
            place=context.organization.place,
            text="it could not be decided for every customer whether {what}",
            arguments={"what": what},
            help="Let fewer attributes decide which department answers at the touchpoints that follow one another.",
            proven=False,
        )


CHECKS = (
    Check("JRN303", "missing-handoff", Severity.ERROR, missing_handoff),
    Check("JRN304", "lost-fact", Severity.ERROR, lost_fact),
    Check("JRN305", "asked-twice", Severity.WARNING, asked_twice),
)

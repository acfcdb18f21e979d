"""Whether the journey hangs together: its stages, what happens in them, in which order, and who passes customers on.

These checks look at a few dozen stages and touchpoints. networkx would do, but importing it takes longer than the whole
check of a usual company; the tests hold these against it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from crmcore.checks.context import Context
from crmcore.checks.findings import Check, Problem, Related, Severity
from crmcore.checks.journeys import journey, reachable, stages_of, transitions
from crmcore.language import listed, say
from crmcore.organization import STAGE, Handoff, Stage, Touchpoint
from crmcore.responsibility import is_covered
from crmcore.values import Place

__all__ = ["CHECKS"]


def unreachable_stage(context: Context) -> Iterator[Problem]:
    """JRN301: every stage can be reached from the first, and reaches a terminal one."""
    stages = {stage.id: stage for stage in context.organization.stages}
    if not stages:
        return
    following = transitions(context.organization)
    first = context.organization.stages[0].id
    reached = reachable([first], following.__getitem__)
    for stage in stages.values():
        if stage.id not in reached:
            yield Problem(
                subject=stage.id,
                place=stage.place,
                text="no way leads from {first}, the first stage, to {stage}",
                arguments={"first": first, "stage": stage.id},
                help="Name it in `next` of a stage that comes before it, or remove it.",
            )
    terminal = [stage.id for stage in stages.values() if stage.terminal]
    if not terminal:
        last = context.organization.stages[-1]
        yield Problem(
            subject=last.id,
            place=last.place,
            text="no stage is terminal, so that the lifecycle never ends",
            help="Write `terminal: true` at each stage with which it ends.",
        )
        return
    backwards: dict[str, list[str]] = {stage: [] for stage in stages}
    for stage_id, after in following.items():
        for later in after:
            backwards[later].append(stage_id)
    ending = reachable(terminal, backwards.__getitem__)
    for stage in stages.values():
        if stage.id not in ending:
            ahead = [one for one in reachable(following[stage.id], following.__getitem__) if one != stage.id]
            yield Problem(
                subject=stage.id,
                place=stage.place,
                text="no way leads from {stage} to a terminal stage",
                arguments={"stage": stage.id},
                related=[
                    Related(say("{stage} leads to {next}", stage=stage.id, next=one), stages[one].place)
                    for one in ahead
                ],
                help="Name in `next` a stage with which it ends, or write `terminal: true` here.",
            )


def silent_stage(context: Context) -> Iterator[Problem]:
    """JRN302: every stage that is not terminal has a touchpoint."""
    responsibilities = context.responsibilities
    happening = {stage for touchpoint in context.touchpoints for stage in stages_of(responsibilities, touchpoint)}
    for stage in context.organization.stages:
        if not stage.terminal and stage.id not in happening and not _impossible(context, stage):
            yield Problem(
                subject=stage.id,
                place=stage.place,
                text="in {stage} the company never meets the customer",
                arguments={"stage": stage.id},
                help="Name it in `stages` of a touchpoint, or join it with a stage that has one.",
            )


def _impossible(context: Context, stage: Stage) -> bool:
    responsibilities = context.responsibilities
    axis = responsibilities.space.index(STAGE)
    if axis is None:
        return False
    whole = list(responsibilities.space.whole)
    whole[axis] = responsibilities.space.axes[axis].mask([stage.id])
    return is_covered(tuple(whole), responsibilities.impossible) is True


def open_ended_handoff(context: Context) -> Iterator[Problem]:
    """JRN306: every handoff has a deadline, and someone accountable on both sides."""
    responsibilities = context.responsibilities
    accountable = {
        responsibilities.department_of(answer.rule.role)
        for touchpoint in context.touchpoints
        for answer in responsibilities.answers(touchpoint)
    }
    one_sided: dict[str, list[Handoff]] = {}
    for handoff in context.organization.handoffs:
        if handoff.within is None:
            yield Problem(
                subject=f"{handoff.from_}, {handoff.to}",
                place=handoff.place,
                text="the handoff from {giver} to {taker} has no deadline",
                arguments={"giver": handoff.from_, "taker": handoff.to},
                help="Say in `within` how soon it has to be taken.",
            )
        for department in dict.fromkeys((handoff.from_, handoff.to)):
            if department in context.departments and department not in accountable:
                one_sided.setdefault(department, []).append(handoff)
    yield from (_one_sided(department, handoffs) for department, handoffs in one_sided.items())


def _one_sided(department: str, handoffs: Sequence[Handoff]) -> Problem:
    """Say of a department once, however many handoffs it has, that nobody there answers."""
    first, *more = handoffs
    return Problem(
        subject=f"{first.from_}, {first.to}",
        place=first.place,
        text="the handoff from {giver} to {taker} has nobody on one side: {department} is accountable for nothing",
        arguments={"giver": first.from_, "taker": first.to, "department": department},
        related=[
            Related(say("so has the handoff from {giver} to {taker}", giver=each.from_, taker=each.to), each.place)
            for each in more
        ],
        help="Give a role of that department an accountable duty.",
    )


def broken_path(context: Context) -> Iterator[Problem]:
    """JRN307: `follows` has no cycle inside one stage, and every touchpoint can be reached from the first."""
    yield from _cycles(context)
    yield from _never_before(context)


def _cycles(context: Context) -> Iterator[Problem]:
    order = journey(context.responsibilities)
    steps = order.steps(frozenset(range(len(order.visits))), frozenset())
    told: set[frozenset[str]] = set()
    for following in order.inside.values():
        for cycle in _shortest_cycles(following):
            touchpoints = [order.visits[visit].touchpoint for visit in cycle]
            if frozenset(touchpoints) in told:
                continue
            told.add(frozenset(touchpoints))
            behind = reachable(cycle, steps.following.__getitem__).keys() - steps.reached.keys() - set(cycle)
            lost = dict.fromkeys(order.visits[visit].touchpoint for visit in sorted(behind))
            yield _cycle(context, touchpoints, [one for one in lost if one not in touchpoints])


def _shortest_cycles(following: Mapping[int, Sequence[int]]) -> Iterator[list[int]]:
    """Yield, for every set of visits that all lead to one another, one way around through the first of them."""
    after = {visit: reachable(following[visit], following.__getitem__) for visit in following}
    told: set[int] = set()
    for visit, later in after.items():
        if visit in later and visit not in told:
            told.update(other for other in later if visit in after[other])
            cycle = [visit]
            while (earlier := later[cycle[-1]]) is not None:
                cycle.append(earlier)
            yield cycle[:1] + cycle[:0:-1]


def _cycle(context: Context, touchpoints: Sequence[str], behind: Sequence[str]) -> Problem:
    way = [*touchpoints, touchpoints[0]]
    return Problem(
        subject=touchpoints[0],
        place=_follow(context, touchpoints[0], touchpoints[-1]),
        text="{touchpoint} comes before itself: {way}",
        arguments={"touchpoint": touchpoints[0], "way": " → ".join(way)},
        related=[
            *(
                Related(
                    say("{later} follows {earlier}", later=later, earlier=earlier), _follow(context, later, earlier)
                )
                for earlier, later in pairwise(way)
            ),
            *(
                Related(say("no way leads to {touchpoint}", touchpoint=one), context.touchpoints[one].place)
                for one in behind
            ),
        ],
        help="Take one of these touchpoints out of `follows` of the next.",
    )


def _follow(context: Context, later: str, earlier: str) -> Place:
    """Where it is written that one touchpoint follows another."""
    record: Touchpoint = context.touchpoints[later]
    return record.place.at(f"follows[{record.follows.index(earlier)}]")


def _either(names: Iterable[str]) -> str:
    *first, last = names
    return say("{names} or {last}", names=listed(first), last=last) if first else last


def _never_before(context: Context) -> Iterator[Problem]:
    """Look for touchpoints that follow only what comes later in the lifecycle, or never."""
    following = transitions(context.organization)
    ahead: dict[str | None, set[str | None]] = {None: {None}}
    for stage in following:
        ahead[stage] = {stage, *reachable(following[stage], following.__getitem__)}
    for touchpoint in context.organization.touchpoints:
        here = stages_of(context.responsibilities, touchpoint.id)
        before = {
            earlier: stages
            for earlier in touchpoint.follows
            if earlier in context.touchpoints and (stages := stages_of(context.responsibilities, earlier))
        }
        if not here or not before:
            continue
        if any(not ahead[stage].isdisjoint(here) for stages in before.values() for stage in stages):
            continue
        yield Problem(
            subject=touchpoint.id,
            place=touchpoint.place.at("follows"),
            text="no way leads from {earlier} to {touchpoint}, which follows",
            arguments={"earlier": _either(before), "touchpoint": touchpoint.id},
            related=[
                Related(
                    say("{touchpoint} happens in {stages}", touchpoint=earlier, stages=listed(map(str, stages))),
                    context.touchpoints[earlier].place,
                )
                for earlier, stages in before.items()
            ],
            help="Name in `follows` what comes before in the lifecycle, or mend `next` of the stages between.",
        )


CHECKS = (
    Check("JRN301", "unreachable-stage", Severity.ERROR, unreachable_stage),
    Check("JRN302", "silent-stage", Severity.WARNING, silent_stage),
    Check("JRN306", "open-ended-handoff", Severity.WARNING, open_ended_handoff),
    Check("JRN307", "broken-path", Severity.ERROR, broken_path),
)

"""Whether someone is accountable for every possible customer at every touchpoint, and not too many are."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from attrs import frozen

from crmcore.checks.boxes import example, first_day, in_common, region, throughout
from crmcore.checks.context import Context
from crmcore.checks.findings import Check, Problem, Related, Severity
from crmcore.language import Phrase, joined, say, template
from crmcore.organization import DutyKind, Touchpoint
from crmcore.responsibility import (
    Box,
    Budget,
    Part,
    Responsibilities,
    Table,
    intersection,
    merged,
    partition,
    readable,
    uncovered,
)
from crmcore.responsibility.axes import cells

__all__ = ["CHECKS", "KINDS", "Holes", "holes", "spaces", "undecided"]

KINDS: Final[tuple[DutyKind, ...]] = ("accountable", "responsible", "consulted", "informed", "veto")
"""Every kind of duty."""


@frozen
class Holes:
    """Where too few roles are accountable for a touchpoint.

    Attributes:
        boxes: where; they share no point.
        complete: whether these are known to be all.
        wide: the same in few and large boxes, which may overlap.
    """

    boxes: Sequence[Box]
    complete: bool
    wide: Callable[[], Sequence[Box]]


def holes(responsibilities: Responsibilities, touchpoint: Touchpoint, within: Box) -> Holes:
    """Find where fewer roles are accountable than a touchpoint needs, what is impossible left out."""
    table = responsibilities.table(touchpoint.id)
    wanted = touchpoint.accountable.min
    if wanted == 0:
        return Holes((), True, tuple)
    if wanted == 1:
        blockers = [*table.boxes, *responsibilities.impossible]
        result = responsibilities.left(within, table)
        return Holes(result.boxes, result.complete, lambda: readable(result.boxes, blockers, within))
    parts, complete = _where_roles(responsibilities, table, within, lambda count: count < wanted)
    boxes = merged(part.box for part in parts)
    return Holes(boxes, complete, lambda: boxes)


def _where_roles(
    responsibilities: Responsibilities, table: Table, within: Box, wrong: Callable[[int], bool]
) -> tuple[list[Part], bool]:
    """Find where the number of roles at the winning priority is wrong, what is impossible left out."""
    impossible = len(responsibilities.impossible)
    roles = [rule.role for rule in table.rules]
    priorities = [rule.priority for rule in table.rules]

    def judge(covering: Sequence[int], partly: Sequence[int]) -> bool | None:
        if any(number < impossible for number in covering):
            return False
        ranks = [number - impossible for number in covering]
        best = max((priorities[rank] for rank in ranks), default=None)
        if any(number < impossible or best is None or priorities[number - impossible] >= best for number in partly):
            return None
        return wrong(len({roles[rank] for rank in ranks if priorities[rank] == best}))

    result = partition(within, [*responsibilities.impossible, *table.boxes], judge)
    winners = [
        Part(part.box, _winners(tuple(number - impossible for number in part.rules), priorities))
        for part in result.parts
    ]
    return winners, result.complete


def _winners(ranks: tuple[int, ...], priorities: Sequence[int]) -> tuple[int, ...]:
    best = max((priorities[rank] for rank in ranks), default=0)
    return tuple(rank for rank in ranks if priorities[rank] == best)


def undecided(touchpoint: Touchpoint, what: Phrase) -> Problem:
    """Say that a proof spent its budget before it came to its end."""
    return Problem(
        subject=touchpoint.id,
        place=touchpoint.place,
        text="it could not be decided everywhere whether {what} at {touchpoint}",
        arguments={"what": what, "touchpoint": touchpoint.id},
        help="Split the touchpoint in two, or write its duties with fewer overlapping conditions.",
        proven=False,
    )


def spaces(context: Context) -> Iterator[tuple[Touchpoint, Box]]:
    """Yield every touchpoint that happens for somebody, and its space."""
    total = len(context.touchpoints)
    for number, touchpoint in enumerate(context.touchpoints.values()):
        context.progress(say("proving {touchpoint}", touchpoint=touchpoint.id), number / total)
        box = context.responsibilities.touchpoint_box(touchpoint.id)
        if box is not None:
            yield touchpoint, box


def uncovered_touchpoint(context: Context) -> Iterator[Problem]:
    """COV101: at every point of a touchpoint's space someone is accountable."""
    responsibilities = context.responsibilities
    for touchpoint, space in spaces(context):
        today = first_day(space)
        if today is None:
            continue
        found = holes(responsibilities, touchpoint, today)
        wanted, known = touchpoint.accountable.min, in_common(responsibilities, touchpoint.id)
        for box in found.wide():
            where = region(responsibilities, throughout(responsibilities, box))
            yield Problem(
                subject=touchpoint.id,
                place=touchpoint.place,
                text=(
                    "nobody is accountable for {touchpoint}{example}"
                    if wanted == 1
                    else "fewer than {wanted} roles are accountable for {touchpoint}{example}"
                ),
                arguments={"touchpoint": touchpoint.id, "wanted": wanted, "example": example(where, known)},
                help="Give an accountable duty there to a role, or say in `impossible` why it cannot occur.",
                **where,
            )
        if not found.complete:
            yield undecided(touchpoint, say("someone is accountable"))


def conflicting_accountability(context: Context) -> Iterator[Problem]:
    """COV102: no point has more accountable roles at the winning priority than the touchpoint allows."""
    for touchpoint, space in spaces(context):
        most = touchpoint.accountable.max
        table = context.responsibilities.table(touchpoint.id)
        if most is None or len({rule.role for rule in table.rules}) <= most:
            continue
        if most == 1:
            parts, complete = _pairs(context.responsibilities, table)
        else:
            parts, complete = _crowds(context.responsibilities, table, space, most)
        for part in parts:
            yield _crowd(context, touchpoint, table, part, _ACCOUNTABLE)
        if not complete:
            yield undecided(touchpoint, say("no more roles are accountable than may be"))


@frozen
class _Crowded:
    """What is said of too many roles: of two, and of more; and of the duty of each."""

    two: str
    many: str
    each: Callable[[str], Phrase]


_ACCOUNTABLE: Final = _Crowded(
    template("{roles} are both accountable for {touchpoint}{example}"),
    template("{roles} are all accountable for {touchpoint}{example}"),
    lambda role: say("{role} is accountable by this duty", role=role),
)
_RESPONSIBLE: Final = _Crowded(
    template("{count} roles are responsible for {touchpoint}{example}"),
    template("{count} roles are responsible for {touchpoint}{example}"),
    lambda role: say("{role} is responsible by this duty", role=role),
)
_CONSULTED: Final = _Crowded(
    template("{count} roles are consulted for {touchpoint}{example}"),
    template("{count} roles are consulted for {touchpoint}{example}"),
    lambda role: say("{role} is consulted by this duty", role=role),
)


def _crowd(context: Context, touchpoint: Touchpoint, table: Table, part: Part, texts: _Crowded) -> Problem:
    where = region(context.responsibilities, part.box)
    rules = [table.rules[rank] for rank in part.rules]
    roles = list(dict.fromkeys(rule.role for rule in rules))
    return Problem(
        subject=touchpoint.id,
        place=rules[-1].record.place,
        text=texts.two if len(roles) == 2 else texts.many,
        arguments={
            "roles": joined(roles),
            "count": len(roles),
            "touchpoint": touchpoint.id,
            "example": example(where, in_common(context.responsibilities, touchpoint.id)),
        },
        related=[Related(texts.each(rule.role), rule.record.place) for rule in rules],
        help="Narrow the `where` of one duty, or give one a higher priority.",
        **where,
    )


def _pairs(responsibilities: Responsibilities, table: Table) -> tuple[list[Part], bool]:
    """Find where duties of one priority and different roles win together: pair by pair, so that boxes stay large."""
    of_role: dict[str, int] = {}
    for rank, rule in enumerate(table.rules):
        of_role[rule.role] = of_role.get(rule.role, 0) | 1 << rank
    together: dict[Box, set[int]] = {}
    budget = Budget()
    for rank, rule in enumerate(table.rules):
        higher = table.higher(rank)
        if table.spanning(rule.box) & higher:
            continue
        rivals = table.meeting(rule.box) & table.level(rank) & ~of_role[rule.role] & -(1 << rank)
        for rival in cells(rivals):
            shared = intersection(rule.box, table.rules[rival].box)
            if shared is None or table.spanning(shared) & higher:
                continue
            blockers = [*table.pick(table.meeting(shared) & higher), *responsibilities.impossible]
            result = uncovered(shared, blockers, budget)
            for box in merged(result.boxes):
                together.setdefault(box, set()).update((rank, rival))
            if not result.complete:
                return _parts(together), False
    return _parts(together), True


def _parts(together: dict[Box, set[int]]) -> list[Part]:
    return [Part(box, tuple(sorted(ranks))) for box, ranks in together.items()]


def _crowds(responsibilities: Responsibilities, table: Table, within: Box, most: int) -> tuple[list[Part], bool]:
    """Find where more roles than may be win together; neighbouring boxes of the same duties become one."""
    parts, complete = _where_roles(responsibilities, table, within, lambda count: count > most)
    together: dict[tuple[int, ...], list[Box]] = {}
    for part in parts:
        together.setdefault(part.rules, []).append(part.box)
    return [Part(box, ranks) for ranks, boxes in together.items() for box in merged(boxes)], complete


def caught_by_fallback(context: Context) -> Iterator[Problem]:
    """COV106: no point is answered only by a duty of negative priority."""
    responsibilities = context.responsibilities
    for touchpoint, space in spaces(context):
        table = responsibilities.table(touchpoint.id)
        if not any(rule.priority < 0 for rule in table.rules):
            continue
        ordinary = [rule.box for rule in table.rules if rule.priority >= 0]
        found = uncovered(space, [*ordinary, *responsibilities.impossible])
        caught: dict[Box, str] = {}
        for answer in responsibilities.answers(touchpoint.id):
            if answer.rule.priority < 0:
                caught.update((box, answer.rule.role) for box in merged(answer.boxes))
        known = in_common(responsibilities, touchpoint.id)
        for box, role in caught.items():
            where = region(responsibilities, box)
            yield Problem(
                subject=touchpoint.id,
                place=touchpoint.place,
                text="only the fallback {role} answers for {touchpoint}{example}",
                arguments={"role": role, "touchpoint": touchpoint.id, "example": example(where, known)},
                help="Give a duty of priority 0 or more there to the role that should answer.",
                **where,
            )
        if not found.complete:
            yield undecided(touchpoint, say("more than a fallback answers"))


def crowded_duty(context: Context) -> Iterator[Problem]:
    """COV110: no point has more roles responsible, or consulted, than the limits."""
    settings = context.organization.checks
    for touchpoint, space in spaces(context):
        limits: tuple[tuple[DutyKind, int, _Crowded, Phrase], ...] = (
            ("responsible", settings.responsible, _RESPONSIBLE, say("few enough roles are responsible")),
            ("consulted", settings.consulted, _CONSULTED, say("few enough roles are consulted")),
        )
        for kind, most, texts, doubt in limits:
            table = context.responsibilities.table(touchpoint.id, kind)
            if len({rule.role for rule in table.rules}) <= most:
                continue
            parts, complete = _crowds(context.responsibilities, table, space, most)
            for part in parts:
                yield _crowd(context, touchpoint, table, part, texts)
            if not complete:
                yield undecided(touchpoint, doubt)


CHECKS = (
    Check("COV101", "uncovered-touchpoint", Severity.ERROR, uncovered_touchpoint),
    Check("COV102", "conflicting-accountability", Severity.ERROR, conflicting_accountability),
    Check("COV106", "caught-by-fallback", Severity.WARNING, caught_by_fallback),
    Check("COV110", "crowded-duty", Severity.INFO, crowded_duty),
)

"""Whether every duty can be reached, says something that no other says, and every scope holds somebody."""

from collections.abc import Iterator, Mapping
from datetime import date

from crmcore.checks.context import Context
from crmcore.checks.coverage import KINDS, spaces
from crmcore.checks.findings import Check, Problem, Related, Severity
from crmcore.language import listed, say
from crmcore.organization import ALL, Duty, Record, Scope, Touchpoint
from crmcore.responsibility import Budget, Responsibilities, Rule, Table, intersection, is_covered
from crmcore.responsibility.axes import Box, cells
from crmcore.values import Interval

__all__ = ["CHECKS"]

_NAMED = 5


def _tables(context: Context) -> Iterator[tuple[Touchpoint, Table]]:
    for touchpoint, _ in spaces(context):
        for kind in KINDS:
            table = context.responsibilities.table(touchpoint.id, kind)
            if table.rules:
                yield touchpoint, table


def unreachable_duty(context: Context) -> Iterator[Problem]:
    """COV103: no duty is hidden everywhere by higher ones."""
    hidden: dict[int, tuple[Rule, list[Rule]]] = {}
    undecided: dict[int, Rule] = {}
    reached: set[int] = set()
    for _, table in _tables(context):
        budget = Budget()
        for rank, rule in enumerate(table.rules):
            key = id(rule.record)
            if key in reached or is_covered(rule.box, context.responsibilities.impossible):
                continue
            hiders = _hiders(context.responsibilities, table, rank, budget)
            if hiders is None:
                undecided[key] = rule
            elif hiders:
                hidden.setdefault(key, (rule, []))[1].extend(hiders)
            else:
                reached.add(key)
    for key, (rule, hiders) in hidden.items():
        if key not in reached and key not in undecided:
            yield _hidden(rule, hiders)
    for key, rule in undecided.items():
        if key not in reached:
            yield Problem(
                subject=rule.role,
                place=rule.record.place,
                text="it could not be decided whether this duty of {role} is hidden everywhere",
                arguments={"role": rule.role},
                help="Write the duties of higher priority with fewer overlapping conditions.",
                proven=False,
            )


def _hiders(responsibilities: Responsibilities, table: Table, rank: int, budget: Budget) -> list[Rule] | None:
    """Return the duties of higher priority that together hide one, none if they do not; None if undecided."""
    rule = table.rules[rank]
    higher = table.higher(rank)
    rivals = table.meeting(rule.box) & higher
    if not rivals:
        return []
    whole = table.spanning(rule.box) & rivals
    if whole:
        return [table.rules[next(cells(whole))]]
    verdict = is_covered(rule.box, [*table.pick(rivals), *responsibilities.impossible], budget)
    if verdict is None:
        return None
    return [table.rules[rival] for rival in cells(rivals)] if verdict else []


def _hidden(rule: Rule, hiders: list[Rule]) -> Problem:
    records = list({id(hider.record): hider.record for hider in hiders}.values())
    names = list(dict.fromkeys(record.role for record in records))
    shown = listed(names[:_NAMED])
    if len(names) > _NAMED:
        shown = say("{names} and others", names=shown)
    return Problem(
        subject=rule.role,
        place=rule.record.place,
        text="this duty of {role} never wins: duties of higher priority ({hiders}) cover all of it",
        arguments={"role": rule.role, "hiders": shown},
        related=[
            Related(say("a duty of {role} that hides it", role=record.role), record.place)
            for record in records[:_NAMED]
        ],
        help="Delete the duty, raise its priority, or narrow those that hide it.",
    )


def redundant_duty(context: Context) -> Iterator[Problem]:
    """COV105: no duty repeats another of the same role."""
    repeated: dict[int, tuple[Rule, Rule]] = {}
    needed: set[int] = set()
    for _, table in _tables(context):
        of_role: dict[str, int] = {}
        for rank, rule in enumerate(table.rules):
            of_role[rule.role] = of_role.get(rule.role, 0) | 1 << rank
        for rank, rule in enumerate(table.rules):
            key = id(rule.record)
            if key in needed:
                continue
            same = of_role[rule.role] & table.level(rank) & ~(1 << rank)
            others = table.spanning(rule.box) & same if same else 0
            other = next(
                (table.rules[one] for one in cells(others) if _stands(table.rules[one], one, rule, rank)), None
            )
            if other is None:
                needed.add(key)
            else:
                repeated.setdefault(key, (rule, other))
    for key, (rule, other) in repeated.items():
        if key not in needed:
            yield Problem(
                subject=rule.role,
                place=rule.record.place,
                text="this duty of {role} repeats another of the same role",
                arguments={"role": rule.role},
                related=[Related(say("the duty that says it already"), other.record.place)],
                help="Delete the duty.",
            )


def _stands(other: Rule, other_rank: int, rule: Rule, rank: int) -> bool:
    """Whether the other may stand for the rule: it lasts as long, and of two that are equal the first stays."""
    mine, theirs = rule.record, other.record
    lasts = (theirs.from_ or date.min) <= (mine.from_ or date.min) and (mine.to or date.max) <= (theirs.to or date.max)
    equal = other.box == rule.box and (mine.from_, mine.to) == (theirs.from_, theirs.to)
    return lasts and (not equal or other_rank < rank)


def empty_scope(context: Context) -> Iterator[Problem]:
    """COV107: every `where` and every touchpoint's space has at least one point."""
    organization, responsibilities = context.organization, context.responsibilities
    for entry in organization.impossible:
        if _empty(responsibilities, entry.where, ()):
            yield _nowhere(entry, "impossible", say("this combination"))
    happening: dict[str, Box] = {}
    for touchpoint in organization.touchpoints:
        box = responsibilities.touchpoint_box(touchpoint.id)
        if box is not None and not is_covered(box, responsibilities.impossible):
            happening[touchpoint.id] = box
        elif not _unknown(responsibilities, _touchpoint_scope(touchpoint)):
            yield _nowhere(touchpoint, touchpoint.id, say("touchpoint {touchpoint}", touchpoint=touchpoint.id))
    for staffing in organization.staffing:
        if _empty(responsibilities, staffing.where, responsibilities.impossible):
            yield _nowhere(staffing, staffing.role, say("this staffing of {role}", role=staffing.role))
    for escalation in organization.escalations:
        if _empty(responsibilities, escalation.where, responsibilities.impossible):
            yield _nowhere(escalation, "escalations", say("this escalation"))
    for duty in organization.duties:
        if len(duty.where) and _meets_no_touchpoint(responsibilities, duty, happening):
            yield _nowhere(duty, duty.role, say("this duty of {role}", role=duty.role))


def _touchpoint_scope(touchpoint: Touchpoint) -> Scope:
    named = (("stage", touchpoint.stages), ("channel", touchpoint.channels))
    return Scope((*touchpoint.where, *((name, values) for name, values in named if values)))


def _unknown(responsibilities: Responsibilities, scope: Scope) -> bool:
    """Whether a scope names a value that does not exist: that is reported as such, not as emptiness."""
    for name, values in scope:
        position = responsibilities.space.index(name)
        if position is not None and any(
            not isinstance(value, Interval) and not responsibilities.space.axes[position].mask([value])
            for value in values
        ):
            return True
    return False


def _empty(responsibilities: Responsibilities, scope: Scope, impossible: tuple[Box, ...]) -> bool:
    if not len(scope) or _unknown(responsibilities, scope):
        return False
    box = responsibilities.scope_box(scope)
    return box is None or bool(is_covered(box, impossible))


def _meets_no_touchpoint(responsibilities: Responsibilities, duty: Duty, happening: Mapping[str, Box]) -> bool:
    """Whether a duty's scope is empty, or misses all of its touchpoints that happen for somebody."""
    if _unknown(responsibilities, duty.where):
        return False
    box = responsibilities.scope_box(duty.where)
    if box is None:
        return True
    named = [name for name in (happening if duty.touchpoints == ALL else duty.touchpoints) if name in happening]
    for name in named:
        shared = intersection(box, happening[name])
        if shared is not None and not is_covered(shared, responsibilities.impossible):
            return False
    return bool(named)


def _nowhere(record: Record, subject: str, what: str) -> Problem:
    return Problem(
        subject=subject,
        place=record.place,
        text="{what} holds for no customer at all",
        arguments={"what": what},
        help="Look at its `where`: the values exclude each other, lie outside the range, or cannot occur together.",
    )


CHECKS = (
    Check("COV103", "unreachable-duty", Severity.WARNING, unreachable_duty),
    Check("COV105", "redundant-duty", Severity.INFO, redundant_duty),
    Check("COV107", "empty-scope", Severity.ERROR, empty_scope),
)

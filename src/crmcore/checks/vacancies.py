"""Whether the roles that answer have people in them, and not more than they should."""

from collections.abc import Iterable, Iterator
from itertools import product

from attrs import define, field

from crmcore.checks.answering import guarded
from crmcore.checks.boxes import example, first_day, in_common, region, throughout
from crmcore.checks.context import Context
from crmcore.checks.coverage import KINDS
from crmcore.checks.findings import Check, Problem, Related, Severity
from crmcore.language import listed, say
from crmcore.organization import Role
from crmcore.responsibility import Box, Responsibilities, intersection, merged, uncovered

__all__ = ["CHECKS", "Vacancy", "vacancies"]

_ABSORBED = 1_000
"""Beyond so many boxes of one role nobody reads them, and comparing each with each takes too long."""


@define
class Vacancy:
    """Where a role answers and has too few people.

    Attributes:
        role: the role.
        at: by touchpoint, where it answers there, in the whole window.
        most: the most people who hold it in any of these boxes.
    """

    role: Role
    at: dict[str, list[Box]] = field(factory=dict)
    most: int = 0

    @property
    def boxes(self) -> list[Box]:
        """Where, whatever the touchpoint."""
        return [box for boxes in self.at.values() for box in boxes]

    def touchpoints(self, point: Box) -> list[str]:
        """Return the touchpoints at which the role answers, and is short of people, all over a part of the space."""
        return [name for name, boxes in self.at.items() if any(intersection(point, box) == point for box in boxes)]

    def add(self, touchpoint: str, box: Box, people: int) -> None:
        """Take in one more box, where so many people hold the role."""
        self.at.setdefault(touchpoint, []).append(box)
        self.most = max(self.most, people)


def _short(responsibilities: Responsibilities, role: Role) -> list[tuple[Box, int]]:
    """Return the parts of the whole space in which a role has too few people, and how many it has."""
    pools = responsibilities.pools(role.id, responsibilities.space.whole)
    return [(box, len(people)) for box, people in pools if len(people) < role.holders.min]


def vacancies(context: Context) -> dict[str, Vacancy]:
    """Find, for every role, where it has to answer and has fewer people than its minimum.

    It has to answer where it wins a duty of any kind, and where an escalation comes to it.
    """
    responsibilities = context.responsibilities
    short = {role.id: parts for role in context.roles.values() if (parts := _short(responsibilities, role))}
    found: dict[str, Vacancy] = {}
    for touchpoint in context.touchpoints if short else ():
        for kind in KINDS:
            if not any(rule.role in short for rule in responsibilities.rules(touchpoint, kind)):
                continue
            for answer in responsibilities.answers(touchpoint, kind):
                role = answer.rule.role
                for box, people in _shared(answer.boxes, short.get(role, ())):
                    found.setdefault(role, Vacancy(context.roles[role])).add(touchpoint, box, people)
    for escalation in context.organization.escalations if short else ():
        for role in {step.to for step in escalation.steps} & short.keys():
            for record, part in guarded(context, escalation):
                possible = uncovered(part, responsibilities.impossible).boxes
                for box, people in _shared(possible, short[role]):
                    found.setdefault(role, Vacancy(context.roles[role])).add(record.id, box, people)
    return found


def _shared(boxes: Iterable[Box], parts: Iterable[tuple[Box, int]]) -> Iterator[tuple[Box, int]]:
    for box, (part, people) in product(boxes, parts):
        shared = intersection(box, part)
        if shared is not None:
            yield shared, people


def vacant_role(context: Context) -> Iterator[Problem]:
    """COV104: wherever a role answers, it has at least its minimum of active holders that day."""
    for vacancy in vacancies(context).values():
        today = [part for box in vacancy.boxes if (part := first_day(box))]
        for box in merged(throughout(context.responsibilities, part) for part in _absorbed(today)):
            where = region(context.responsibilities, box)
            touchpoints = vacancy.touchpoints(tuple(mask & -mask for mask in box))
            wanted = vacancy.role.holders.min
            yield Problem(
                subject=vacancy.role.id,
                place=vacancy.role.place,
                text=(
                    "fewer than {wanted} people hold {role}, which answers at {touchpoints}{example}"
                    if vacancy.most or wanted > 1
                    else "nobody holds {role}, which answers at {touchpoints}{example}"
                ),
                arguments={
                    "role": vacancy.role.id,
                    "wanted": wanted,
                    "touchpoints": _some(touchpoints),
                    "example": example(where, in_common(context.responsibilities, *touchpoints)),
                },
                related=[
                    Related(
                        say("{role} answers at {touchpoint}", role=vacancy.role.id, touchpoint=touchpoint),
                        context.touchpoints[touchpoint].place,
                    )
                    for touchpoint in touchpoints
                ],
                help="Name holders in `staffing`, or a backup for those who are away.",
                **where,
            )


def _absorbed(boxes: list[Box]) -> list[Box]:
    """Leave out the boxes that others hold: one role often answers at several touchpoints for the same customers."""
    kept: list[Box] = []
    few = merged(boxes)
    if len(few) > _ABSORBED:
        return few
    for box in few:
        if not any(intersection(box, other) == box for other in kept):
            kept = [other for other in kept if intersection(box, other) != other]
            kept.append(box)
    return kept


def _some(names: list[str], most: int = 3) -> str:
    shown, more = listed(names[:most]), len(names) - most
    return say("{shown} and {count:,} more", shown=shown, count=more) if more > 0 else shown


def crowded_role(context: Context) -> Iterator[Problem]:
    """COV109: nowhere has a role more holders than its maximum."""
    responsibilities = context.responsibilities
    for role in context.roles.values():
        if role.holders.max is None:
            continue
        crowds: dict[frozenset[str], list[Box]] = {}
        for box, people in responsibilities.pools(role.id, responsibilities.space.whole):
            if len(people) > role.holders.max:
                crowds.setdefault(people, []).extend(uncovered(box, responsibilities.impossible).boxes)
        for people, boxes in crowds.items():
            for box in merged(boxes):
                where = region(responsibilities, box)
                yield Problem(
                    subject=role.id,
                    place=role.place,
                    text="{count} people hold {role}, at most {most} should: {people}{example}",
                    arguments={
                        "count": len(people),
                        "role": role.id,
                        "most": role.holders.max,
                        "people": listed(sorted(people)),
                        "example": example(where),
                    },
                    help="Take holders away, or divide them by `where`.",
                    **where,
                )


CHECKS = (
    Check("COV104", "vacant-role", Severity.ERROR, vacant_role),
    Check("COV109", "crowded-role", Severity.ERROR, crowded_role),
)

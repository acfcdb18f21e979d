"""The calendar of cover: on which days which customers have nobody, and what ends that day."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from attrs import frozen

from crmcore.language import Phrase, say
from crmcore.organization import Person, Staffing
from crmcore.responsibility.axes import Box, intersection, runs
from crmcore.responsibility.compiling import Responsibilities
from crmcore.responsibility.lasting import unbroken
from crmcore.responsibility.partition import merged, uncovered
from crmcore.responsibility.tables import Rule
from crmcore.values import Place

__all__ = ["Lapse", "Reason", "lapses"]


@frozen
class Reason:
    """What happens on the first day of a lapse.

    Attributes:
        told: it, in words.
        place: where it is written.
    """

    told: Phrase
    place: Place


@frozen
class Lapse:
    """Days on which some customers have nobody at a touchpoint.

    Attributes:
        touchpoint: the touchpoint.
        role: the accountable role that is held by too few; None where no role is accountable.
        first: the first day.
        last: the last day, which may be the last of the window.
        boxes: the customers, in parts of the space that share no point; their days are those of the lapse.
        reasons: what ends on the day before the first, as far as the file says; none for what is open from the start.
    """

    touchpoint: str
    role: str | None
    first: date
    last: date
    boxes: tuple[Box, ...]
    reasons: tuple[Reason, ...]


def lapses(responsibilities: Responsibilities) -> tuple[Lapse, ...]:
    """Find the days of the window on which customers have nobody: by the first day, then in the order of the file.

    A customer has nobody where no role is accountable, or where an accountable role has fewer people than its minimum.
    """
    touchpoints = dict.fromkeys(touchpoint.id for touchpoint in responsibilities.organization.touchpoints)
    order = {touchpoint: number for number, touchpoint in enumerate(touchpoints)}
    found = [lapse for touchpoint in order for lapse in _at(responsibilities, touchpoint)]
    return tuple(sorted(found, key=lambda lapse: (lapse.first, lapse.last, order[lapse.touchpoint], lapse.boxes)))


def _at(responsibilities: Responsibilities, touchpoint: str) -> Iterator[Lapse]:
    opened: dict[str | None, list[Box]] = {}
    for role, box in _open(responsibilities, touchpoint):
        opened.setdefault(role, []).append(box)
    spans: dict[tuple[str | None, int, int], list[Box]] = {}
    for role, parts in opened.items():
        apart: list[Box] = []  # two duties of one role may win for one customer
        for box in merged(parts):
            apart.extend(uncovered(box, apart).boxes)
        for box in unbroken(apart, responsibilities.space.days.full):
            for span in runs(box[-1]):
                spans.setdefault((role, *span), []).append(box)
    days = responsibilities.space.days
    for (role, start, stop), boxes in spans.items():
        mask = (1 << stop) - (1 << start)
        few = tuple(sorted(merged((*box[:-1], mask) for box in boxes)))
        first, last = days.first_day(start), _last_day(responsibilities, stop)
        reasons = dict.fromkeys(_reasons(responsibilities, touchpoint, role, few, first)) if start else ()
        yield Lapse(touchpoint, role, first, last, few, tuple(reasons))


def _last_day(responsibilities: Responsibilities, stop: int) -> date:
    days = responsibilities.space.days
    last = days.last if stop == days.size else days.cuts[stop - 1] - timedelta(days=1)
    assert last is not None  # noqa: S101 (a window has an end)
    return last


def _open(responsibilities: Responsibilities, touchpoint: str) -> Iterator[tuple[str | None, Box]]:
    """Yield where nobody is accountable, and where an accountable role is held by too few."""
    space = responsibilities.touchpoint_box(touchpoint)
    if space is None:
        return
    for box in responsibilities.left(space, responsibilities.table(touchpoint)).boxes:
        yield None, box
    for answer in responsibilities.answers(touchpoint):
        role = responsibilities.roles[answer.rule.role]
        for box in answer.boxes:
            for part, people in responsibilities.pools(role.id, box):
                if len(people) < role.holders.min:
                    yield role.id, part


def _reasons(
    responsibilities: Responsibilities, touchpoint: str, role: str | None, boxes: Iterable[Box], first: date
) -> Iterator[Reason]:
    eve = first - timedelta(days=1)
    boxes = tuple(boxes)
    duties = [rule.record for rule in responsibilities.rules(touchpoint) if _meets(rule, boxes)]
    for duty in duties:
        if duty.to == eve and duty.role != role:
            yield Reason(say("the duty of {role} ends on {day}", role=duty.role, day=eve), duty.place)
        if duty.from_ == first and duty.role == role:
            yield Reason(say("the duty of {role} begins on {day}", role=role, day=first), duty.place)
    if role is None:
        return
    for entry in dict.fromkeys(rule.record for rule in responsibilities.staffing(role).rules if _meets(rule, boxes)):
        if entry.to == eve:
            yield Reason(say("the staffing of {role} ends on {day}", role=role, day=eve), entry.place)
        if entry.from_ == first:
            yield Reason(say("the staffing of {role} begins on {day}", role=role, day=first), entry.place)
        for person in _concerned(responsibilities, entry, eve):  # type: ignore[arg-type]
            yield from _of_person(person, first)


def _concerned(responsibilities: Responsibilities, entry: Staffing, eve: date) -> Iterator[Person]:
    """Yield the people of a staffing entry, and whoever stood in for one of them that day."""
    people = responsibilities.people
    for name in dict.fromkeys((*entry.holders, *entry.backup)):
        if name in people:
            yield people[name]
            absence = people[name].absence(eve)
            if absence is not None and absence.cover is not None and absence.cover in people:
                yield people[absence.cover]


def _meets(rule: Rule, boxes: Iterable[Box]) -> bool:
    """Whether a rule holds for some of the customers, on whichever days."""
    return any(intersection(rule.box[:-1], box[:-1]) is not None for box in boxes)


def _of_person(person: Person, first: date) -> Iterator[Reason]:
    if person.to is not None and person.to + timedelta(days=1) == first:
        yield Reason(say("{person} leaves after {day}", person=person.id, day=person.to), person.place)
    for absence in person.absences:
        if absence.from_ == first:
            yield Reason(
                say("{person} is away from {first} to {last}", person=person.id, first=first, last=absence.to),
                absence.place,
            )

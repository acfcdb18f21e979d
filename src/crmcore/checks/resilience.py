"""Whether the customer side goes on when one person does not: leaves, is away, or has too much to do."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from crmcore.checks.answering import answering, places, staffed, standing
from crmcore.checks.boxes import example, in_common
from crmcore.checks.context import Context
from crmcore.checks.coverage import undecided
from crmcore.checks.findings import Check, Problem, Related, Severity
from crmcore.language import say, template
from crmcore.organization import Absence, Person, Staffing, Touchpoint
from crmcore.responsibility import Box, intersection, merged

__all__ = ["CHECKS"]


def single_point_of_failure(context: Context) -> Iterator[Problem]:
    """ORG204: no one person's leaving opens a gap or a vacancy."""
    lost: dict[str, dict[tuple[str, str], list[Box]]] = {}
    unknown: dict[str, Touchpoint] = {}
    fragile: dict[str, Mapping[str, Sequence[Box]]] = {}
    for each in answering(context, "accountable", "responsible"):
        if not each.complete:
            unknown[each.touchpoint.id] = each.touchpoint
        if each.role not in fragile:
            fragile[each.role] = _fragile(context, each.role)
        for holder, boxes in fragile[each.role].items():
            parts = [part for box in boxes if (part := intersection(box, each.box)) is not None]
            if parts:
                lost.setdefault(holder, {}).setdefault((each.touchpoint.id, each.role), []).extend(parts)
    for person in context.organization.people:
        if person.id in lost:
            yield _leaving(context, person, lost[person.id])
    for touchpoint in unknown.values():
        yield undecided(touchpoint, say("the work goes on when one person leaves"))


def _fragile(context: Context, role: str) -> Mapping[str, Sequence[Box]]:
    """Return for whom a role falls below its minimum when one person leaves, by person.

    Whoever leaves takes away one of a pool, and may bring in a backup. So only a pool that has its minimum and no more
    can fall below it, and only there the pool without that person has to be made.
    """
    least = context.roles[role].holders.min
    tight: dict[str, list[Box]] = {}
    for box, people in staffed(context.responsibilities, role):
        for person in people if len(people) == least else ():
            tight.setdefault(person, []).append(box)
    fragile: dict[str, list[Box]] = {}
    for person, boxes in tight.items():
        others = context.responsibilities.excluding(person)
        for box in boxes:
            short = [part for part, people in staffed(others, role, box) if len(people) < least]
            if short:
                fragile.setdefault(person, []).extend(short)
    return fragile


def _leaving(context: Context, person: Person, lost: Mapping[tuple[str, str], Sequence[Box]]) -> Problem:
    responsibilities = context.responsibilities
    boxes = {where: merged(parts) for where, parts in lost.items()}
    count = sum(len(parts) for parts in boxes.values())
    touchpoint, role = max(boxes, key=lambda where: max(map(responsibilities.space.points, boxes[where])))
    space = responsibilities.touchpoint_box(touchpoint)
    largest = max(places(responsibilities, boxes[touchpoint, role], space), key=lambda where: where["points"])
    return Problem(
        subject=person.id,
        place=person.place,
        text=(
            "without {person}, {role} is short of people at {touchpoint}{example} ({count} box in all)"
            if count == 1
            else "without {person}, {role} is short of people at {touchpoint}{example} ({count} boxes in all)"
        ),
        arguments={
            "person": person.id,
            "role": role,
            "touchpoint": touchpoint,
            "example": example(largest, in_common(responsibilities, touchpoint)),
            "count": count,
        },
        related=[
            Related(say("{role} is lost at {touchpoint}", role=role, touchpoint=at), context.touchpoints[at].place)
            for at, role in boxes
        ],
        help="Name a second holder or a `backup`.",
        **largest,
    )


def overloaded_person(context: Context) -> Iterator[Problem]:
    """ORG208: nobody holds more than the capacity stated."""
    answers: dict[str, str] = {}
    if any(person.capacity is not None and person.capacity < 1 for person in context.organization.people):
        answers = _answer(context)
    for person in context.organization.people:
        if person.capacity is None:
            continue
        count = None if context.load is None else context.load.get(person.id, 0)
        if count is not None and count > person.capacity:
            text = template("{person} looks after {count} customers; the capacity is {capacity}")
        elif person.capacity < 1 and person.id in answers:
            text = template("{person} answers as {role}; the capacity is {capacity}")
        else:
            continue
        yield Problem(
            subject=person.id,
            place=person.place.at("capacity"),
            text=text,
            arguments={
                "person": person.id,
                "count": count,
                "capacity": person.capacity,
                "role": answers.get(person.id),
            },
            help="Share the customers with another holder, or correct `capacity`.",
        )


def _answer(context: Context) -> dict[str, str]:
    """Return the people who answer for somebody, each with a role as which they do."""
    roles: dict[str, list[Box]] = {}
    for each in answering(context, "accountable", "responsible"):
        roles.setdefault(each.role, []).append(each.box)
    return {
        person: role
        for role, boxes in roles.items()
        for box, people in staffed(context.responsibilities, role)
        if any(intersection(box, other) for other in boxes)
        for person in people
    }


def no_backup(context: Context) -> Iterator[Problem]:
    """ORG209: every accountable holder has a second holder or a backup who is not absent the same days."""
    accountable: dict[str, list[Box]] = {}
    for each in answering(context, "accountable"):
        accountable.setdefault(each.role, []).append(each.box)
    entries: dict[str, list[Staffing]] = {}
    for entry in standing(context):
        if entry.role in accountable:
            entries.setdefault(entry.role, []).append(entry)
    alone: dict[tuple[str, str], list[tuple[Problem, Related]]] = {}
    for role, of_role in entries.items():
        for entry in of_role:
            box = context.responsibilities.scope_box(entry.where, entry.from_, entry.to)
            if box is not None and any(intersection(box, other) for other in accountable[role]):
                for problem in _alone(context, entry, _beside(context, entry, box, of_role)):
                    here = say("{person} holds {role} alone here too", person=problem.subject, role=role)
                    found = Related(here, problem.place)
                    alone.setdefault((problem.subject, role), []).append((problem, found))
    for (first, _), *more in alone.values():
        yield Problem(
            subject=first.subject,
            place=first.place,
            text=first.text,
            arguments=first.arguments,
            related=[related for _, related in more],
            help=first.help,
        )


def _beside(context: Context, entry: Staffing, box: Box, entries: Sequence[Staffing]) -> Sequence[str]:
    """Return who holds the role wherever an entry holds, the entry's own backup and holders included."""
    people = [*entry.holders, *entry.backup]
    for other in entries:
        if other is not entry and other.priority == entry.priority:
            around = context.responsibilities.scope_box(other.where, other.from_, other.to)
            if around is not None and intersection(around, box) == box:
                people.extend(other.holders)
    return people


def _alone(context: Context, entry: Staffing, beside: Sequence[str]) -> Iterator[Problem]:
    for index, holder in enumerate(entry.holders):
        person = context.people.get(holder)
        if person is None or not person.employed(context.on) or holder in context.without:
            continue
        others = [context.people[one] for one in dict.fromkeys(beside) if one in context.people and one != holder]
        covers = [context.people[each.cover] for each in person.absences if each.cover in context.people]
        arguments = {"person": holder, "role": entry.role}
        if not any(other.employed(context.on) and other.id not in context.without for other in (*others, *covers)):
            text = template("nobody stands in for {person} as {role}")
        else:
            day = _first_day_alone(context, person, others)
            if day is None:
                continue
            text = template("nobody stands in for {person} as {role} on {day}, when they are away")
            arguments["day"] = day.isoformat()
        yield Problem(
            subject=holder,
            place=entry.place.at(f"holders[{index}]"),
            text=text,
            arguments=arguments,
            help="Name a second holder, or a `backup` who is there on the days when the holder is not.",
        )


def _first_day_alone(context: Context, person: Person, others: Sequence[Person]) -> date | None:
    """Return the first day of an absence, from the first day of the proof, on which nobody stands in."""
    for absence in sorted(person.absences, key=lambda each: each.from_):
        cover = context.people.get(absence.cover) if absence.cover else None
        there = (*others, cover) if cover is not None else tuple(others)
        for day in _changes(absence, there, context.on):
            if not any(context.responsibilities.roster.available(one.id, day) for one in there):
                return day
    return None


def _changes(absence: Absence, people: Sequence[Person], first: date) -> Sequence[date]:
    """Return the days of an absence on which someone may be missing who was there the day before, and its first."""
    days = {max(absence.from_, first)}
    for person in people:
        days |= {away.from_ for away in person.absences}
        if person.to is not None and person.to < date.max:
            days.add(person.to + timedelta(days=1))
    return sorted(day for day in days if max(absence.from_, first) <= day <= absence.to)


CHECKS = (
    Check("ORG204", "single-point-of-failure", Severity.WARNING, single_point_of_failure),
    Check("ORG208", "overloaded-person", Severity.WARNING, overloaded_person),
    Check("ORG209", "no-backup", Severity.WARNING, no_backup),
)

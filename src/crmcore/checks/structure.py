"""Whether departments and people hang together, and somebody leads the customer side."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crmcore.checks.answering import standing
from crmcore.checks.context import Context
from crmcore.checks.findings import Check, Problem, Related, Severity
from crmcore.language import say, template
from crmcore.organization import Department, Person

__all__ = ["CHECKS", "top_departments", "top_people"]


def _superiors(context: Context) -> Mapping[str, str]:
    """Person to superior, as far as both exist."""
    people = context.people
    return {
        each.id: each.reports_to
        for each in context.organization.people
        if each.reports_to and each.reports_to in people
    }


def _parents(context: Context) -> Mapping[str, str]:
    """Department to parent, as far as both exist."""
    departments = context.departments
    return {
        each.id: each.parent for each in context.organization.departments if each.parent and each.parent in departments
    }


def _cycles(above: Mapping[str, str]) -> Iterator[Sequence[str]]:
    """Yield every way that comes back to where it began, once."""
    seen: set[str] = set()
    for start in above:
        way: dict[str, None] = {}
        here: str | None = start
        while here is not None and here not in seen:
            seen.add(here)
            way[here] = None
            here = above.get(here)
        if here in way:
            members = list(way)
            yield members[members.index(here) :]


def _climb(start: str, above: Mapping[str, str]) -> Sequence[str] | None:
    """Return the way from somebody to the top, both included; None when it never gets there."""
    way = {start: None}
    while (here := above.get(next(reversed(way)))) is not None:
        if here in way:
            return None
        way[here] = None
    return list(way)


def reporting_cycle(context: Context) -> Iterator[Problem]:
    """ORG201: nobody reports to themself through others; no department contains itself."""
    people, superiors = context.people, _superiors(context)
    for members in _cycles(superiors):
        yield Problem(
            subject=members[0],
            place=people[members[0]].place.at("reports_to"),
            text="{first} reports to themself: {way}" if len(members) > 1 else "{first} reports to themself",
            arguments=_around(members),
            related=[
                Related(
                    say("{person} reports to {superior}", person=one, superior=superiors[one]),
                    people[one].place.at("reports_to"),
                )
                for one in members
            ],
            help="Correct one `reports_to`.",
        )
    departments, parents = context.departments, _parents(context)
    for members in _cycles(parents):
        yield Problem(
            subject=members[0],
            place=departments[members[0]].place.at("parent"),
            text="{first} contains itself: {way}" if len(members) > 1 else "{first} contains itself",
            arguments=_around(members),
            related=[
                Related(
                    say("{department} is a part of {parent}", department=one, parent=parents[one]),
                    departments[one].place.at("parent"),
                )
                for one in members
            ],
            help="Correct one `parent`.",
        )


def _around(members: Sequence[str]) -> Mapping[str, str]:
    return {"first": members[0], "way": " → ".join((*members, members[0]))}


def top_people(context: Context) -> Sequence[Person]:
    """Return who reports to nobody, the one with the most people below first.

    Partners and whoever has left when the proof begins stand outside; who names a superior that does not exist has one.
    """
    tops = [
        each
        for each in context.organization.people
        if each.reports_to is None and not each.external and not _has_left(each, context)
    ]
    return _by_following(tops, _superiors(context))


def top_departments(context: Context) -> Sequence[Department]:
    """Return the departments that belong to no other, the one with the most below first."""
    tops = [each for each in context.organization.departments if each.parent is None]
    return _by_following(tops, _parents(context))


def _by_following(tops: Sequence[Any], above: Mapping[str, str]) -> Sequence[Any]:
    below: dict[str, list[str]] = {}
    for one, superior in above.items():
        below.setdefault(superior, []).append(one)

    def following(top: Any) -> int:
        found = [top.id]
        for here in found:
            found.extend(below.get(here, ()))
        return len(found)

    return sorted(tops, key=following, reverse=True)


def _has_left(person: Person, context: Context) -> bool:
    return person.to is not None and person.to < context.on


def detached_unit(context: Context) -> Iterator[Problem]:
    """ORG202: one top; every department and person hangs from it."""
    yield from _several_tops(
        top_departments(context),
        len(context.organization.departments),
        none=template("none of {count} departments has a parent, so that they have no common top"),
        some=template("{unit} belongs to no department, and neither does {top}"),
        help=say("Give it a `parent`; one department alone has none."),
    )
    yield from _several_tops(
        top_people(context),
        sum(not each.external and not _has_left(each, context) for each in context.organization.people),
        none=template("none of {count} people says whom they report to"),
        some=template("{unit} reports to nobody, and neither does {top}"),
        help=say("Say whom they report to in `reports_to`; one person alone reports to nobody."),
    )
    yield from _below_the_departed(context)
    yield from _without_department(context)


def _several_tops(tops: Sequence[Any], count: int, *, none: str, some: str, help: str) -> Iterator[Problem]:  # noqa: A002
    if len(tops) <= 1:
        return
    top, *others = tops
    if len(tops) == count:
        yield Problem(subject=top.id, place=top.place, text=none, arguments={"count": count}, help=help)
        return
    for other in others:
        yield Problem(
            subject=other.id,
            place=other.place,
            text=some,
            arguments={"unit": other.id, "top": top.id},
            related=[Related(say("{unit} is the top", unit=top.id), top.place)],
            help=help,
        )


def _below_the_departed(context: Context) -> Iterator[Problem]:
    for person in context.organization.people:
        superior = context.people.get(person.reports_to or "")
        if superior is not None and _has_left(superior, context) and not _has_left(person, context):
            yield Problem(
                subject=person.id,
                place=person.place.at("reports_to"),
                text="{person} reports to {superior}, who left after {day}",
                arguments={"person": person.id, "superior": superior.id, "day": superior.to},
                related=[Related(say("{person} leaves", person=superior.id), superior.place.at("to"))],
                help="Say whom they report to now, or keep the seat with `status: vacant`.",
            )


def _without_department(context: Context) -> Iterator[Problem]:
    if not context.departments:
        return
    leads = {each.lead for each in context.organization.departments}
    people = [each for each in context.organization.people if not each.external and not _has_left(each, context)]
    lost = [each for each in people if each.department is None and each.id not in leads]
    if len(lost) == len(people) > 1:
        yield Problem(
            subject=lost[0].id,
            place=lost[0].place,
            text="none of {count} people says which department they work in",
            arguments={"count": len(lost)},
            help="Say it in `department`.",
        )
        return
    for person in lost:
        yield Problem(
            subject=person.id,
            place=person.place,
            text="{person} works in no department",
            arguments={"person": person.id},
            help="Say in `department` where they work, or `external: true`.",
        )


def span_of_control(context: Context) -> Iterator[Problem]:
    """ORG203: nobody leads more people than the limit."""
    limit = context.organization.checks.span_of_control
    reports = Counter(
        each.reports_to for each in context.organization.people if each.reports_to and each.employed(context.on)
    )
    for person in context.organization.people:
        if reports[person.id] > limit:
            yield Problem(
                subject=person.id,
                place=person.place,
                text="{person} leads {count} people directly; the limit is {limit}",
                arguments={"person": person.id, "count": reports[person.id], "limit": limit},
                help="Put a leader between, or raise `checks: span_of_control`.",
            )


def departed_holder(context: Context) -> Iterator[Problem]:
    """ORG205: nobody who has left, or starts later, holds a role today."""
    for entry in standing(context):
        if entry.from_ is not None and entry.from_ > context.on:
            continue
        for index, holder in enumerate(entry.holders):
            person = context.people.get(holder)
            if person is None or person.status == "vacant" or person.employed(context.on):
                continue
            left = _has_left(person, context)
            yield Problem(
                subject=person.id,
                place=entry.place.at(f"holders[{index}]"),
                text=(
                    "{person} holds {role}, but left after {day}"
                    if left
                    else "{person} holds {role}, but starts only on {day}"
                ),
                arguments={"person": person.id, "role": entry.role, "day": person.to if left else person.from_},
                related=[
                    Related(say("the dates of {person}", person=person.id), person.place.at("to" if left else "from"))
                ],
                help="Name another holder, or give this entry `from` and `to`.",
            )


def idle_role(context: Context) -> Iterator[Problem]:
    """ORG206: every role has a duty, every active person on the customer side a role."""
    organization = context.organization
    with_duty = {each.role for each in organization.duties if each.to is None or each.to >= context.on}
    busy = with_duty | {step.to for each in organization.escalations for step in each.steps}
    busy |= {each.owner for each in organization.metrics if each.owner}
    busy |= {each.chair for each in organization.forums if each.chair}
    for role in organization.roles:
        if role.id not in busy and not role.leads_customers:
            yield Problem(
                subject=role.id,
                place=role.place,
                text="{role} has no duty",
                arguments={"role": role.id},
                help="Give it a duty, or remove it.",
            )
    yield from _idle_people(context, with_duty)


def _idle_people(context: Context, with_duty: set[str]) -> Iterator[Problem]:
    organization = context.organization
    customer_side = {context.responsibilities.department_of(role) for role in with_duty} - {None}
    occupied = {one for entry in standing(context) for one in (*entry.holders, *entry.backup)}
    occupied |= {absence.cover for each in organization.people for absence in each.absences if absence.cover}
    occupied |= {each.lead for each in organization.departments if each.lead}
    occupied |= {each.reports_to for each in organization.people if each.reports_to}
    occupied |= {each.id for each in top_people(context)}
    for person in organization.people:
        if person.department not in customer_side or person.id in occupied or person.external:
            continue
        if person.employed(context.on) and person.id not in context.without:
            yield Problem(
                subject=person.id,
                place=person.place,
                text="{person} works in {department} and holds no role",
                arguments={"person": person.id, "department": person.department},
                help="Say in `staffing` what they do for customers.",
            )


def no_customer_lead(context: Context) -> Iterator[Problem]:
    """ORG207: one role leads customers, held, not too far below the top."""
    leading = [role for role in context.organization.roles if role.leads_customers]
    if not leading:
        yield Problem(
            subject=context.organization.name,
            place=context.organization.place,
            text="no role leads customers",
            help="Give one role `leads_customers: true`: whoever holds it answers for the whole customer side.",
        )
    for other in leading[1:]:
        yield Problem(
            subject=other.id,
            place=other.place.at("leads_customers"),
            text="{role} leads customers, and so does {first}",
            arguments={"role": other.id, "first": leading[0].id},
            related=[
                Related(say("{role} leads customers", role=leading[0].id), leading[0].place.at("leads_customers"))
            ],
            help="Let one role lead, and the other answer to it.",
        )
    for role in leading[:1]:
        space = context.responsibilities.space.whole
        pools = context.responsibilities.pools(role.id, (*space[:-1], 1))
        holders = sorted({person for _, people in pools for person in people})
        if not holders:
            yield Problem(
                subject=role.id,
                place=role.place,
                text="nobody holds {role}, which leads customers",
                arguments={"role": role.id},
                help="Name a holder in `staffing`.",
            )
        yield from _too_far_down(context, role.id, holders)


def _too_far_down(context: Context, role: str, holders: Sequence[str]) -> Iterator[Problem]:
    limit = context.organization.checks.customer_lead_distance
    above = _superiors(context)
    for holder in holders:
        way = _climb(holder, above)
        if way is not None and len(way) - 1 > limit:
            person = context.people[holder]
            yield Problem(
                subject=role,
                place=person.place.at("reports_to"),
                text="{person} holds {role} {steps} steps below the top; the limit is {limit}",
                arguments={"person": holder, "role": role, "steps": len(way) - 1, "limit": limit},
                related=[
                    Related(
                        say("{person} reports to {superior}", person=one, superior=above[one]),
                        context.people[one].place.at("reports_to"),
                    )
                    for one in way[:-1]
                ],
                help="Let them report higher, or raise `checks: customer_lead_distance`.",
            )


CHECKS = (
    Check("ORG201", "reporting-cycle", Severity.ERROR, reporting_cycle),
    Check("ORG202", "detached-unit", Severity.ERROR, detached_unit),
    Check("ORG203", "span-of-control", Severity.WARNING, span_of_control),
    Check("ORG205", "departed-holder", Severity.ERROR, departed_holder),
    Check("ORG206", "idle-role", Severity.INFO, idle_role),
    Check("ORG207", "no-customer-lead", Severity.ERROR, no_customer_lead),
)

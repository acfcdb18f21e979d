"""Whether what is done for customers is talked about, and guarded by a second pair of eyes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Final

from crmcore.checks.answering import journey_departments, places, staffed
from crmcore.checks.boxes import example, in_common
from crmcore.checks.context import Context
from crmcore.checks.coverage import undecided
from crmcore.checks.findings import Check, Problem, Related, Severity
from crmcore.checks.measurement import outcomes
from crmcore.language import Phrase, joined, listed, say
from crmcore.organization import DutyKind, Forum, Handoff, Touchpoint
from crmcore.responsibility import Box, intersection, merged, uncovered

__all__ = ["CHECKS"]

_OFTEN = ("day", "week", "fortnight", "month")
_PERIODS: Final[Mapping[str, Phrase]] = {
    "day": say("day"),
    "week": say("week"),
    "fortnight": say("fortnight"),
    "month": say("month"),
    "quarter": say("quarter"),
    "half-year": say("half-year"),
    "year": say("year"),
}


def _are_others(context: Context, promiser: str, guard: str) -> bool:
    """Whether two roles are known to belong to different departments; without departments every role is one."""
    if not context.departments:
        return promiser != guard
    one, other = (context.responsibilities.department_of(role) for role in (promiser, guard))
    return one is not None and other is not None and one != other


def _promising(context: Context) -> Iterator[tuple[Touchpoint, Box]]:
    """Yield the touchpoints where something is promised, and their space."""
    for touchpoint in context.organization.touchpoints:
        space = context.responsibilities.touchpoint_box(touchpoint.id) if touchpoint.promises else None
        if space is not None:
            yield touchpoint, space


def _winning(context: Context, touchpoint: Touchpoint, duty: DutyKind) -> tuple[Mapping[str, list[Box]], bool]:
    """Return where each role wins a duty, and whether all of that is known."""
    answers = context.responsibilities.answers(touchpoint.id, duty)
    boxes: dict[str, list[Box]] = {}
    for answer in answers:
        boxes.setdefault(answer.rule.role, []).extend(answer.boxes)
    return {role: merged(parts) for role, parts in boxes.items()}, all(answer.complete for answer in answers)


def unguarded_promise(context: Context) -> Iterator[Problem]:
    """GOV504: where something is promised, a role of another department than the promiser's holds a veto."""
    for touchpoint, space in _promising(context):
        promisers, all_promisers = _winning(context, touchpoint, "accountable")
        guards, all_guards = _winning(context, touchpoint, "veto")
        complete = all_promisers and all_guards
        for roles in _by_department(context, promisers):
            guarded = [box for guard, boxes in guards.items() if _are_others(context, roles[0], guard) for box in boxes]
            left = [uncovered(box, guarded) for role in roles for box in promisers[role]]
            complete = complete and all(each.complete for each in left)
            open_boxes = [box for each in left for box in each.boxes]
            if not (open_boxes and all_guards):
                continue
            for where in places(context.responsibilities, open_boxes, space):
                yield Problem(
                    subject=touchpoint.id,
                    place=touchpoint.place,
                    text="{promiser} promises at {touchpoint}, and no other department can veto it{example}",
                    arguments={
                        "promiser": context.responsibilities.department_of(roles[0]) or roles[0],
                        "touchpoint": touchpoint.id,
                        "example": example(where, in_common(context.responsibilities, touchpoint.id)),
                    },
                    related=[
                        Related(say("{role} is accountable", role=role), context.roles[role].place) for role in roles
                    ],
                    help="Give a role of another department, one that has to keep the promise, `duty: veto` here.",
                    **where,
                )
        if not complete:
            yield undecided(touchpoint, say("every promise is guarded"))


def _by_department(context: Context, roles: Iterable[str]) -> Iterable[Sequence[str]]:
    """Group roles by department; a role of no known department stands alone."""
    groups: dict[tuple[str | None, str], list[str]] = {}
    for role in roles:
        department = context.responsibilities.department_of(role)
        groups.setdefault((department, "" if department and context.departments else role), []).append(role)
    return groups.values()


def one_hand_both_sides(context: Context) -> Iterator[Problem]:
    """GOV507: nobody holds, at one point, both the role that promises and the role that vetoes it."""
    pools: dict[str, Sequence[tuple[Box, frozenset[str]]]] = {}
    known: dict[tuple[str, str], Sequence[tuple[str, Box]]] = {}
    for touchpoint, space in _promising(context):
        promisers, all_promisers = _winning(context, touchpoint, "accountable")
        guards, all_guards = _winning(context, touchpoint, "veto")
        for role in (*promisers, *guards):
            if role not in pools:
                pools[role] = staffed(context.responsibilities, role)
        for promiser, guard in product(promisers, guards):
            pair = (promiser, guard)
            if pair not in known:
                known[pair] = _same_hand(pools[promiser], pools[guard])
            both: dict[str, list[Box]] = {}
            for (person, held), promised in product(known[pair], promisers[promiser]):
                here = intersection(held, promised)
                for guarded in guards[guard] if here else ():
                    shared = None if here is None else intersection(here, guarded)
                    if shared is not None:
                        both.setdefault(person, []).append(shared)
            for person, boxes in both.items():
                for where in places(context.responsibilities, boxes, space):
                    yield Problem(
                        subject=touchpoint.id,
                        place=touchpoint.place,
                        text="{person} promises as {promiser} at {touchpoint} and vetoes as {guard}{example}",
                        arguments={
                            "person": person,
                            "promiser": promiser,
                            "guard": guard,
                            "touchpoint": touchpoint.id,
                            "example": example(where, in_common(context.responsibilities, touchpoint.id)),
                        },
                        related=[Related(say("this is {person}", person=person), context.people[person].place)],
                        help="Staff one of the two roles with somebody else.",
                        **where,
                    )
        if not (all_promisers and all_guards):
            yield undecided(touchpoint, say("nobody both promises and vetoes"))


def _same_hand(
    promisers: Sequence[tuple[Box, frozenset[str]]], guards: Sequence[tuple[Box, frozenset[str]]]
) -> Sequence[tuple[str, Box]]:
    """Return the people who are in the pools of both of two roles at one point, and where."""
    return [
        (person, box)
        for (one, promising), (other, guarding) in product(promisers, guards)
        if not promising.isdisjoint(guarding) and (box := intersection(one, other)) is not None
        for person in sorted(promising & guarding)
    ]


def _members(context: Context, forum: Forum) -> set[str]:
    """Return the departments that sit in a forum, that of its chair included."""
    chair = None if forum.chair is None else context.responsibilities.department_of(forum.chair)
    return {*forum.members, *(() if chair is None else (chair,))}


def no_shared_forum(context: Context) -> Iterator[Problem]:
    """GOV505: for every handoff, both departments sit in one forum."""
    forums = [_members(context, forum) for forum in context.organization.forums]
    pairs: dict[frozenset[str], list[Handoff]] = {}
    for handoff in context.organization.handoffs:
        pair = frozenset((handoff.from_, handoff.to))
        if len(pair) == 2 and pair <= context.departments.keys() and not any(pair <= members for members in forums):
            pairs.setdefault(pair, []).append(handoff)
    if not forums and len(pairs) > 1:
        yield _no_forums(context, [handoff for of_pair in pairs.values() for handoff in of_pair])
        return
    for first, *more in pairs.values():
        yield Problem(
            subject=f"{first.from_}, {first.to}",
            place=first.place,
            text="{giver} hands customers to {taker}, and they sit in no forum together",
            arguments={"giver": first.from_, "taker": first.to},
            related=[
                Related(say("{giver} also hands customers to {taker}", giver=each.from_, taker=each.to), each.place)
                for each in more
            ],
            help="Let both be `members` of one forum, where they talk about what goes wrong between them.",
        )


def _no_forums(context: Context, handoffs: Sequence[Handoff]) -> Problem:
    departments = dict.fromkeys(department for handoff in handoffs for department in (handoff.from_, handoff.to))
    return Problem(
        subject=context.organization.name,
        place=context.organization.place.at("forums"),
        text="there is no forum at all, and {departments} hand customers to one another",
        arguments={"departments": joined(departments)},
        related=[
            Related(say("{giver} hands customers to {taker}", giver=each.from_, taker=each.to), each.place)
            for each in handoffs
        ],
        help="Write `forums`, where they talk about what goes wrong between them.",
    )


def no_voice_of_customer(context: Context) -> Iterator[Problem]:
    """GOV506: a forum reviews an outcome metric at least every month, with every department on the journey."""
    organization = context.organization
    if not organization.touchpoints:
        return
    known = outcomes(context)
    journey = journey_departments(context)
    listening = [
        (forum, [department for department in journey if department not in _members(context, forum)])
        for forum in organization.forums
        if forum.every in _OFTEN and not known.isdisjoint(forum.reviews)
    ]
    if not listening:
        yield Problem(
            subject=organization.name,
            place=organization.place.at("forums"),
            text="no forum reviews a customer outcome at least every month",
            related=[
                Related(say("{forum} meets every {period}", forum=each.id, period=_PERIODS[each.every]), each.place)
                for each in organization.forums
            ],
            help="Let a forum meet every month and review a metric that says `outcome: true`.",
        )
        return
    forum, absent = min(listening, key=lambda each: len(each[1]))
    if absent:
        yield Problem(
            subject=forum.id,
            place=forum.place.at("members"),
            text="{forum} reviews customer outcomes without {departments}",
            arguments={"forum": forum.id, "departments": listed(absent)},
            related=[
                Related(say("{department} serves customers", department=each), context.departments[each].place)
                for each in absent
            ],
            help="Let every department that does something for customers be a member.",
        )


CHECKS = (
    Check("GOV504", "unguarded-promise", Severity.ERROR, unguarded_promise),
    Check("GOV505", "no-shared-forum", Severity.INFO, no_shared_forum),
    Check("GOV506", "no-voice-of-customer", Severity.WARNING, no_voice_of_customer),
    Check("GOV507", "one-hand-both-sides", Severity.ERROR, one_hand_both_sides),
)

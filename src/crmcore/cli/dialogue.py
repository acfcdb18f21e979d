"""The dialogue of `crmcore init --ask`: four steps, at whose end there is an organization."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from attrs import evolve

from crmcore.cli.asking import NONE, Ids, ask, ask_duration, ask_list, ask_number, ask_one_of, heading
from crmcore.cli.team import LEAD, Team
from crmcore.language import Phrase, current, say, told
from crmcore.organization import (
    Duty,
    Escalation,
    EscalationStep,
    Forum,
    Handoff,
    Metric,
    Organization,
    Scorecard,
    Stage,
    Touchpoint,
)

__all__ = ["asked"]

_JOURNEY: Final[Mapping[str, tuple[Phrase, Mapping[str, Phrase]]]] = {
    "awareness": (
        say("Awareness"),
        {"site-visit": say("Visit of the site"), "trial-request": say("Trial request")},
    ),
    "purchase": (
        say("Purchase"),
        {"first-contact": say("First contact"), "demo": say("Demo"), "contract-signing": say("Contract signing")},
    ),
    "use": (
        say("Use"),
        {"go-live": say("Go-live"), "after-sales": say("After-sales service"), "complaint": say("Complaint")},
    ),
    "renewal": (say("Renewal"), {"renewal-call": say("Renewal call")}),
    "referral": (say("Referral"), {"referral-request": say("Asking for a referral")}),
}
_END: Final = Stage("left", terminal=True)
_SIGNING: Final = "contract-signing"
_OFTEN: Final = {"week": say("week"), "fortnight": say("fortnight"), "month": say("month")}
_PLACES: Final = {"en": ("en", "UTC"), "zh": ("zh-CN", "Asia/Shanghai")}


def asked() -> Organization:
    """Ask how a company serves its customers, and return that as an organization; what is open shows in its check."""
    company = ask(say("What is your company called?"))
    stages, touchpoints = _journey()
    team = Team(company)
    duties = _answers(team, touchpoints)
    touchpoints, guards = _promises(team, touchpoints)
    touchpoints, handoffs = _handed_over(team, touchpoints)
    metrics, forum = _measured()
    escalations = _escalated(team, touchpoints)
    departments = team.departments
    locale, timezone = _PLACES[current()]
    return Organization(
        company,
        locale=locale,
        timezone=timezone,
        stages=stages,
        departments=departments,
        people=team.people,
        roles=team.roles,
        staffing=team.staffing,
        touchpoints=[evolve(one, metrics=[metric.id for metric in metrics]) for one in touchpoints],
        duties=[*duties, *guards],
        handoffs=handoffs,
        escalations=escalations,
        metrics=metrics,
        scorecards=[Scorecard(one.id, {"satisfaction": 0.5, "retention": 0.5}) for one in departments],
        forums=[evolve(forum, members=[one.id for one in departments])],
    )


def _journey() -> tuple[list[Stage], list[Touchpoint]]:
    """Ask for the stages and touchpoints, each touchpoint after the one before it."""
    heading(
        say("Step 1 of 4: the journey"),
        say("Which stages does a customer go through, and where do you meet the customer in each?"),
    )
    labels = {"left": told(say("Left")), **{id_: told(label) for id_, (label, _) in _JOURNEY.items()}}
    stage_ids = Ids("stage", labels)
    touchpoint_ids = Ids("touchpoint", {id_: told(label) for _, few in _JOURNEY.values() for id_, label in few.items()})
    names: list[str] = []
    while not names:
        names = ask_list(say("Stages, in order, with commas"), [label for label, _ in _JOURNEY.values()])
    happens: dict[str, list[str]] = {}
    for name in names:
        stage = stage_ids.of(name)
        _, usual = _JOURNEY.get(stage, ("", {}))
        for label in ask_list(say("Touchpoints in {stage}", stage=name), usual.values()):
            happens.setdefault(touchpoint_ids.of(label), []).append(stage)
    order = [*(id_ for id_ in stage_ids.names if id_ != _END.id), _END.id]
    stages = [
        Stage(id_, label=stage_ids.names[id_], next=list(dict.fromkeys((after, _END.id))))
        for id_, after in pairwise(order)
    ]
    touchpoints = [
        Touchpoint(id_, label=touchpoint_ids.names[id_], stages=where, follows=[before] if before else [])
        for (id_, where), before in zip(happens.items(), ("", *happens), strict=False)
    ]
    return [*stages, evolve(_END, label=labels[_END.id])], touchpoints


def _answers(team: Team, touchpoints: Sequence[Touchpoint]) -> list[Duty]:
    """Ask for the role that answers at each touchpoint, and for the people who hold it."""
    heading(
        say("Step 2 of 4: who answers"),
        say("One role answers at each touchpoint. One person may hold many roles."),
    )
    team.ask_lead()
    answering: dict[str, list[str]] = {}
    for touchpoint in touchpoints:
        role = team.ask_role(touchpoint)
        answering.setdefault(role, []).append(touchpoint.id)
    return [Duty(where, role, "accountable") for role, where in answering.items()]


def _promises(team: Team, touchpoints: Sequence[Touchpoint]) -> tuple[list[Touchpoint], list[Duty]]:
    """Ask where something is promised, and who of another department may refuse it."""
    names = {one.id: one.label for one in touchpoints}
    usual = _SIGNING if _SIGNING in names else ""
    question = say(
        "At which touchpoint do you promise something, such as a price or a date? {none} for nowhere", none=NONE
    )
    promised = ask_one_of(question, names, usual)
    others = team.others(promised) if promised else {}
    guards = []
    if others:
        question = say("Which role of another department may say no to that promise?")
        guards.append(Duty([promised], ask_one_of(question, others, next(iter(others))), "veto"))
    return [evolve(one, promises=one.id == promised) for one in touchpoints], guards


def _handed_over(team: Team, touchpoints: Sequence[Touchpoint]) -> tuple[list[Touchpoint], list[Handoff]]:
    """Ask what goes along wherever another department takes over: it is asked before, and needed after."""
    heading(
        say("Step 3 of 4: what is handed over"),
        say("When another department takes over, what has it to know already, so that nobody asks the customer again?"),
    )
    changed = {one.id: one for one in touchpoints}
    passed: dict[tuple[str, str], list[str]] = {}
    handoffs: dict[tuple[str, str], Handoff] = {}
    for before, after in pairwise(touchpoints):
        ends = (team.department_of(before.id), team.department_of(after.id))
        if ends[0] == ends[1]:
            continue
        passed.setdefault(ends, []).extend((*before.stages, *after.stages))
        if ends not in handoffs:
            names = {"giver": team.department_name(ends[0]), "taker": team.department_name(ends[1])}
            carries = ask_list(say("What does {taker} have to know from {giver}? With commas", **names), [say("needs")])
            soon = ask_duration(say("Within how long does {taker} take over?", **names), "1d")
            handoffs[ends] = Handoff(*ends, carries=carries, within=soon)
            known = {fact for one in changed.values() for fact in one.asks}
            asks = [fact for fact in carries if fact not in known]
            changed[before.id] = evolve(changed[before.id], asks=[*changed[before.id].asks, *asks])
            changed[after.id] = evolve(changed[after.id], needs=carries)
    return list(changed.values()), [
        evolve(handoff, at=list(dict.fromkeys(passed[ends]))) for ends, handoff in handoffs.items()
    ]


def _measured() -> tuple[list[Metric], Forum]:
    """Ask for the targets, and how often people meet about them."""
    heading(
        say("Step 4 of 4: how it is measured"),
        say("Three figures are enough to begin with, and one meeting in which only customers are talked about."),
    )
    content = ask_number(say("How many customers of a hundred should be satisfied?"), 90)
    staying = ask_number(say("How many customers of a hundred should stay each year?"), 85)
    hours = ask_number(say("Within how many hours should a customer be answered?"), 4)
    often = ask_one_of(
        say("How often do you meet about it: every week, fortnight or month?"),
        {id_: told(word) for id_, word in _OFTEN.items()},
        "month",
    )
    metrics = [
        Metric(
            "satisfaction", label=told(say("Satisfaction")), target=content, unit="percent", owner=LEAD, outcome=True
        ),
        Metric("retention", label=told(say("Retention")), target=staying, unit="percent", owner=LEAD, outcome=True),
        Metric(
            "response-time", label=told(say("Response time")), target=hours, unit="hours", better="lower", owner=LEAD
        ),
    ]
    label = told(say("Voice of the customer"))
    every = next(each for each in ("week", "fortnight", "month") if each == often)
    return metrics, Forum(
        "voice-of-customer", label=label, chair=LEAD, every=every, reviews=["satisfaction", "retention"]
    )


def _escalated(team: Team, touchpoints: Sequence[Touchpoint]) -> list[Escalation]:
    """Ask when the lead hears of what nobody answered; where the lead answers, there is nobody above."""
    below = [one.id for one in touchpoints if team.answering[one.id] != LEAD]
    if not below:
        return []
    after = ask_duration(
        say("After how long does {lead} hear of a customer whom nobody answered?", lead=team.lead), "1d"
    )
    return [Escalation(below, [EscalationStep(after, LEAD)])]

"""The dialogue of `crmcore init --ask`: four steps, at whose end there is an organization."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final, cast

from attrs import evolve

from crmcore.cli.asking import NONE, ask, ask_duration, ask_list, ask_number, ask_one_of, heading
from crmcore.cli.journey import ask_journey
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
    Touchpoint,
)

if TYPE_CHECKING:
    from crmcore.organization.measures import Frequency

__all__ = ["asked"]

_SIGNING: Final = "contract-signing"
_OUTCOMES: Final = ("satisfaction", "retention")
_OFTEN: Final = {"week": say("week"), "fortnight": say("fortnight"), "month": say("month")}
_PLACES: Final = {"en": ("en", "UTC"), "zh": ("zh-CN", "Asia/Shanghai")}


def asked() -> Organization:
    """Ask how a company serves its customers, and return that as an organization; what is open shows in its check."""
    company = ask(say("What is your company called?"))
    stages, touchpoints = ask_journey()
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
        scorecards=[Scorecard(one.id, dict.fromkeys(_OUTCOMES, 0.5)) for one in departments],
        forums=[evolve(forum, members=[one.id for one in departments], reviews=_OUTCOMES)],
    )


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
    question = say(
        "At which touchpoint do you promise something, such as a price or a date? {none} for nowhere", none=NONE
    )
    promised = ask_one_of(question, names, _SIGNING if _SIGNING in names else "", optional=True)
    others = team.others(promised) if promised else {}
    if not others:
        return [evolve(one, promises=one.id == promised) for one in touchpoints], []
    question = say("Which role of another department may say no to that promise?")
    guard = Duty([promised], ask_one_of(question, others, next(iter(others))), "veto")
    return [evolve(one, promises=one.id == promised) for one in touchpoints], [guard]


def _handed_over(team: Team, touchpoints: Sequence[Touchpoint]) -> tuple[list[Touchpoint], list[Handoff]]:
    """Ask what goes along wherever another department takes over: it is asked before, and needed after."""
    heading(
        say("Step 3 of 4: what is handed over"),
        say("When another department takes over, what has it to know already, so that nobody asks the customer again?"),
    )
    told_of = {one.id: one for one in touchpoints}
    handoffs: dict[tuple[str, str], Handoff] = {}
    for before, after in pairwise(touchpoints):
        ends = (team.department_of(before.id), team.department_of(after.id))
        if ends[0] == ends[1]:
            continue
        if ends not in handoffs:
            handoffs[ends] = _ask_handoff(team, *ends)
            _pass_on(told_of, handoffs[ends].carries, before.id, after.id)
        stages = dict.fromkeys((*handoffs[ends].at, *before.stages, *after.stages))
        handoffs[ends] = evolve(handoffs[ends], at=list(stages))
    return list(told_of.values()), list(handoffs.values())


def _ask_handoff(team: Team, giver: str, taker: str) -> Handoff:
    names = {"giver": team.department_name(giver), "taker": team.department_name(taker)}
    carries = ask_list(say("What does {taker} have to know from {giver}? With commas", **names), [say("needs")])
    within = ask_duration(say("Within how long does {taker} take over?", **names), "1d")
    return Handoff(giver, taker, carries=carries, within=within)


def _pass_on(touchpoints: dict[str, Touchpoint], facts: Sequence[str], giver: str, taker: str) -> None:
    """Let facts be needed where they arrive, and be asked for where they leave unless somebody has asked before."""
    known = {fact for one in touchpoints.values() for fact in one.asks}
    asks = (*touchpoints[giver].asks, *(fact for fact in facts if fact not in known))
    touchpoints[giver] = evolve(touchpoints[giver], asks=asks)
    touchpoints[taker] = evolve(touchpoints[taker], needs=facts)


def _measured() -> tuple[list[Metric], Forum]:
    """Ask for the targets, and how often people meet about them."""
    heading(
        say("Step 4 of 4: how it is measured"),
        say("Three figures are enough to begin with, and one meeting in which only customers are talked about."),
    )
    content = ask_number(say("How many customers of a hundred should be satisfied?"), 90)
    staying = ask_number(say("How many customers of a hundred should stay each year?"), 85)
    hours = ask_number(say("Within how many hours should a customer be answered?"), 4)
    question = say("How often do you meet about it: every week, fortnight or month?")
    often = cast("Frequency", ask_one_of(question, {id_: told(word) for id_, word in _OFTEN.items()}, "month"))
    forum = Forum("voice-of-customer", label=told(say("Voice of the customer")), chair=LEAD, every=often)
    return [
        _outcome("satisfaction", say("Satisfaction"), content),
        _outcome("retention", say("Retention"), staying),
        Metric(
            "response-time", label=told(say("Response time")), unit="hours", better="lower", target=hours, owner=LEAD
        ),
    ], forum


def _outcome(metric: str, label: Phrase, target: float) -> Metric:
    return Metric(metric, label=told(label), unit="percent", target=target, owner=LEAD, outcome=True)


def _escalated(team: Team, touchpoints: Sequence[Touchpoint]) -> list[Escalation]:
    """Ask when the lead hears of what nobody answered; where the lead answers, there is nobody above."""
    below = [one.id for one in touchpoints if team.answering[one.id] != LEAD]
    if not below:
        return []
    after = ask_duration(
        say("After how long does {lead} hear of a customer whom nobody answered?", lead=team.lead), "1d"
    )
    return [Escalation(below, [EscalationStep(after, LEAD)])]

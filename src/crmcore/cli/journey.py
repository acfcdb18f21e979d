"""The first step of the dialogue: the stages that a customer goes through, and the touchpoints in them."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final

from crmcore.cli.asking import Ids, ask_list, heading
from crmcore.language import Phrase, say, told
from crmcore.organization import Stage, Touchpoint

__all__ = ["ask_journey"]

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
"""What is offered: stages, each with its name and its touchpoints, by id."""

_END: Final = "left"


def ask_journey() -> tuple[list[Stage], list[Touchpoint]]:
    """Ask for the stages and touchpoints, each touchpoint after the one before it; every customer may leave."""
    heading(
        say("Step 1 of 4: the journey"),
        say("Which stages does a customer go through, and where do you meet the customer in each?"),
    )
    stages = Ids("stage", {_END: told(say("Left")), **{id_: told(label) for id_, (label, _) in _JOURNEY.items()}})
    usual = {id_: told(label) for _, some in _JOURNEY.values() for id_, label in some.items()}
    touchpoints = Ids("touchpoint", usual)
    happens: dict[str, list[str]] = {}
    while not happens:
        happens = _ask_stages(stages, touchpoints)
    return _stages(stages), _touchpoints(touchpoints, happens)


def _ask_stages(stages: Ids, touchpoints: Ids) -> dict[str, list[str]]:
    """Return every touchpoint with the stages in which it happens."""
    happens: dict[str, list[str]] = {}
    for name in ask_list(say("Stages, in order, with commas"), [label for label, _ in _JOURNEY.values()]):
        stage = stages.of(name)
        _, usual = _JOURNEY.get(stage, ("", {}))
        for label in ask_list(say("Touchpoints in {stage}", stage=name), usual.values()):
            happens.setdefault(touchpoints.of(label), []).append(stage)
    return happens


def _stages(ids: Ids) -> list[Stage]:
    ids.of(told(say("Left")))
    order = [*(id_ for id_ in ids.names if id_ != _END), _END]
    before = [
        Stage(id_, label=ids.names[id_], next=list(dict.fromkeys((after, _END)))) for id_, after in pairwise(order)
    ]
    return [*before, Stage(_END, label=ids.names[_END], terminal=True)]


def _touchpoints(ids: Ids, happens: Mapping[str, Sequence[str]]) -> list[Touchpoint]:
    return [
        Touchpoint(id_, label=ids.names[id_], stages=stages, follows=[before] if before else [])
        for (id_, stages), before in zip(happens.items(), ("", *happens), strict=False)
    ]

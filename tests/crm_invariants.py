"""What holds of a CRM whatever was done with it, in whatever order, by how many at once, and however it was stopped."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from typing import Any

from customer_by_customer import Stored, agrees, audited, stored

from crmcore.crm import CRM
from crmcore.customers import Assignment, CustomerHandoff, HandoffState, StageChange

__all__ = ["verify"]

_OF_CUSTOMER = {"customer-registered", "customer-changed", "customer-moved", "stage-changed"}
_OF_HANDOFF = {
    "handoff-opened": None,
    "handoff-accepted": HandoffState.ACCEPTED,
    "handoff-returned": None,
    "handoff-offered-again": None,
    "handoff-late": None,
    "handoff-obsolete": HandoffState.OBSOLETE,
}


def verify(crm: CRM, kept: Stored | None = None) -> Stored:
    """Refuse a CRM that breaks its promises; return what it keeps.

    Args:
        crm: the CRM.
        kept: what it keeps, where that was read already.
    """
    kept = stored(crm) if kept is None else kept
    _stages_are_paths(crm, kept)
    _assignments_follow_one_another(kept)
    _handoffs_are_one_at_a_time(kept.handoffs)
    _everything_has_its_event(kept)
    agrees(crm, kept)
    audited(crm, kept)
    _totals_agree(crm, kept)
    return kept


def _stages_are_paths(crm: CRM, kept: Stored) -> None:
    allowed = set(crm.organization.stage_transitions())
    for customer in kept.customers:
        path: list[StageChange] = [one for one in kept.records["stage-change"] if one.customer == customer.id]
        path.sort(key=lambda one: (one.at, one.id))
        assert path[0].before is None
        assert path[-1].after == customer.stage
        for before, after in pairwise(path):
            assert after.before == before.after, "the way of a customer has a hole"
            assert (after.before, after.after) in allowed


def _assignments_follow_one_another(kept: Stored) -> None:
    released = Counter(
        (event.subject, event.payload["role"]) for event in kept.records["event"] if event.name == "customer-released"
    )
    given = Counter(
        (event.subject, event.payload["role"]) for event in kept.records["event"] if event.name == "customer-assigned"
    )
    ordered = sorted(kept.assignments, key=lambda one: (one.customer, one.role, one.since))
    for key, group in groupby(ordered, key=lambda one: (one.customer, one.role)):
        periods = list(group)
        assert given.pop(key) == len(periods), "an assignment without its event, or the other way round"
        assert _pauses(periods) == released.pop(key, 0), "a time in which nobody was, without a release"
    assert not given
    assert not released


def _pauses(periods: Sequence[Assignment]) -> int:
    """Count the times in which nobody looks after the customer any longer; refuse periods that overlap."""
    pauses = int(periods[-1].until is not None)
    for one in periods:
        assert one.until is None or one.since < one.until
    for before, after in pairwise(periods):
        assert before.until is not None, "two last at once"
        assert before.until <= after.since, "two periods overlap"
        pauses += before.until < after.since
    return pauses


def _handoffs_are_one_at_a_time(handoffs: Iterable[CustomerHandoff]) -> None:
    ways = Counter(
        (one.customer, one.to_department if one.from_department == one.to_department else "another")
        for one in handoffs
        if one.open
    )
    assert all(count == 1 for count in ways.values()), ways


def _everything_has_its_event(kept: Stored) -> None:
    events: Sequence[Any] = kept.records["event"]
    told = Counter(event.name for event in events)
    assert told["customer-registered"] == len(kept.customers)
    assert told["stage-changed"] + len(kept.customers) == len(kept.records["stage-change"])
    customers = Counter(event.subject for event in events if event.name in _OF_CUSTOMER)
    assert customers == {one.id: one.version for one in kept.customers}, "a customer was written without an event"
    facts = Counter((event.subject, event.payload["fact"]) for event in events if event.name == "fact-learned")
    assert facts == {(one.customer, one.name): one.version for one in kept.facts}
    handoffs = Counter(event.payload["handoff"] for event in events if event.name in _OF_HANDOFF)
    assert handoffs == {one.id: one.version for one in kept.handoffs}, "a handoff was written without an event"
    states = Counter(one.state for one in kept.handoffs)
    assert all(told[name] == states[state] for name, state in _OF_HANDOFF.items() if state is not None)
    tasks = Counter(event.payload["task"] for event in events if event.name.startswith("task-"))
    assert tasks == {one.id: one.version for one in kept.tasks}, "a task was written without an event"
    for kind, given, withdrawn in (
        ("consent", "consent-given", "consent-withdrawn"),
        ("veto", "veto-raised", "veto-withdrawn"),
    ):
        assert told[given] == len(kept.records[kind])
        assert told[withdrawn] == sum(one.withdrawn_at is not None for one in kept.records[kind])


def _totals_agree(crm: CRM, kept: Stored) -> None:
    for name in ("stage", "region", "tier"):
        counted = crm.customers.count_by(name)
        listed = Counter((one.stage if name == "stage" else one.custom.get(name),) for one in kept.customers)
        assert counted == listed
        for (value,), count in counted.items():
            assert len(crm.customers.find({name: value}, limit=5_000)) == count
    assert crm.customers.count() == len(kept.customers)
    assert crm.assignments.loads() == Counter(one.person for one in kept.lasting.values())

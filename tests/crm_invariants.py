"""What holds of a CRM whatever was done with it, in whatever order, by how many at once, and however it was stopped."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from typing import Any

from customer_by_customer import Stored, agrees, audited, stored

from crmcore.crm import CRM
from crmcore.customers import Assignment, Customer, CustomerHandoff, HandoffState, Job, StageChange, Task, TaskState
from crmcore.customers.erasing import emptied
from crmcore.customers.holdings import held
from crmcore.storage import WhenErased

__all__ = ["nothing_left_behind", "verify"]

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


def nothing_left_behind(crm: CRM) -> None:
    """Refuse a CRM in which something stands at a customer that is gone, or stands there twice.

    Nothing refers to a customer that was merged but the merge; nothing that is personal is left of one that was erased;
    and of what a customer has one at a time, it has one at most.
    """
    with crm.begin(read_only=True) as work:
        job, kept = work.job, stored(crm)
        merged = {one.id for one in kept.customers if one.merged_into is not None}
        for kind, name in job.kinds.references["customer"]:
            referring = [one for one in kept.records[kind.name] if kind.value(one, name) in merged]
            assert not referring or kind.name == "merge", "a record refers to a customer that was merged"
        for customer in kept.customers:
            if customer.erased_at is not None:
                _is_forgotten(job, customer)
    _handoffs_are_one_at_a_time(kept.handoffs)
    lasting = Counter((one.customer, one.role) for one in kept.assignments if one.until is None)
    assert all(count == 1 for count in lasting.values()), "two last at once"


def _is_forgotten(job: Job, customer: Customer) -> None:
    for name, records in held(job, customer).items():
        for one in records.values():
            kind = job.kinds[name]
            assert kind.when_erased is not WhenErased.REMOVED or job.kinds.references[name], f"{one} was not removed"
            assert emptied(job, kind, one) == one, f"{one} was not emptied"
            assert not (isinstance(one, Assignment) and one.until is None), f"{one} was not ended"
            assert not (isinstance(one, CustomerHandoff) and one.open), f"{one} was not ended"
            assert not (isinstance(one, Task) and one.state is TaskState.OPEN), f"{one} was not ended"

"""Who looks after a customer that two become: those of the survivor stay, those of the other fill what is free."""

from collections.abc import Iterator

from attrs import evolve

from crmcore.customers.appointing import past
from crmcore.customers.assignment_records import Assignment, AssignmentReason, current_id
from crmcore.customers.attributes import point_of
from crmcore.customers.merging.steps import Pair, Step, records_of
from crmcore.customers.task_records import Task, TaskState

__all__ = ["passed_on", "teams"]

_SAME = "the same task is open already"


def teams(pair: Pair) -> Iterator[Step]:
    """Yield the assignments: of each role one lasts at most, that of the survivor where both have one.

    One that lasts for a role which does not answer for the survivor in its stage ends, too.
    """
    taken, wanted = _lasting(pair, pair.survivor.id), _roles(pair)
    for one in records_of(pair.job, Assignment, pair.other.id):
        moved = evolve(one, customer=pair.survivor.id)
        if one.until is not None:
            yield Step(one, moved)
        elif one.role in taken or one.role not in wanted:
            yield Step(one, evolve(past(pair.job, moved), reason=AssignmentReason.MERGED), aside=one)
        else:
            yield Step(one, evolve(moved, id=current_id(pair.survivor.id, one.role), version=0))


def passed_on(pair: Pair) -> Iterator[Step]:
    """Yield the tasks: who has the customer now has them; of a task that both had to be done, one is left."""
    takers = _takers(pair)
    mine = records_of(pair.job, Task, pair.survivor.id)
    same = {_sort(one): one for one in mine if one.state is TaskState.OPEN}
    for one in records_of(pair.job, Task, pair.other.id):
        moved = evolve(one, customer=pair.survivor.id)
        if one.state is not TaskState.OPEN:
            yield Step(one, moved)
        elif one.stage is not None and _sort(one) in same:
            closed = {"closed_by": pair.job.actor, "closed_at": pair.job.now(), "outcome": _SAME}
            yield Step(one, evolve(moved, state=TaskState.DROPPED, **closed), aside=one)
        elif one.owner in takers:
            yield Step(one, evolve(moved, owner=takers[one.owner], reminded_at=None))
        else:
            yield Step(one, moved)


def _sort(task: Task) -> tuple[str, str | None, str | None, str | None]:
    return task.title, task.role, task.stage, task.recurs


def _lasting(pair: Pair, customer: str) -> dict[str, str]:
    """Return who looks after a customer now, by role."""
    return {one.role: one.person for one in records_of(pair.job, Assignment, customer) if one.until is None}


def _roles(pair: Pair) -> frozenset[str]:
    """Return the roles that answer for the survivor in its stage."""
    point = point_of(pair.result.custom, pair.job.organization)
    return frozenset(pair.job.answers.roles(pair.result.stage, point, pair.job.today()))


def _takers(pair: Pair) -> dict[str, str]:
    """Return who takes over from whom: from those whose role another has at the survivor, and who have none there."""
    mine, theirs = _lasting(pair, pair.survivor.id), _lasting(pair, pair.other.id)
    wanted = _roles(pair)
    stay = {*mine.values(), *(person for role, person in theirs.items() if role not in mine and role in wanted)}
    return {person: mine[role] for role, person in theirs.items() if role in mine and person not in stay}

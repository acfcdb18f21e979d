"""What one change of duties does: which customers lose their answer and which find one, without proving all anew.

Only the changed duties' own boxes can open or close, so that only these are proven, each against what else holds there.
"""

from collections.abc import Iterable, Mapping

from attrs import frozen

from crmcore.organization import ALL, Duty
from crmcore.responsibility.axes import Box
from crmcore.responsibility.compiling import Responsibilities
from crmcore.responsibility.partition import uncovered

__all__ = ["Change", "changed"]


@frozen
class Change:
    """What a change of accountable duties does.

    Attributes:
        responsibilities: who answers after the change; the boxes are parts of its space.
        opened: for every touchpoint the customers who had an answer and have none now, in boxes that share no point.
        closed: for every touchpoint the customers who had no answer and have one now.
        complete: whether these are known to be all.
    """

    responsibilities: Responsibilities
    opened: Mapping[str, tuple[Box, ...]]
    closed: Mapping[str, tuple[Box, ...]]
    complete: bool


def changed(responsibilities: Responsibilities, *, removed: Iterable[Duty] = (), added: Iterable[Duty] = ()) -> Change:
    """Take duties away and add others, and say which customers that leaves without an answer, or gives one.

    Args:
        responsibilities: who answers before the change. It stays as it is.
        removed: duties that it has, the very records.
        added: duties that it has not.
    """
    removed, added = tuple(removed), tuple(added)
    before = responsibilities.cut_for(added)
    after = before.with_duties(removed=removed, added=added)
    opened, lost_all = _boxes_left(before, removed, after)
    closed, found_all = _boxes_left(after, added, before)
    return Change(after, opened, closed, lost_all and found_all)


def _boxes_left(
    here: Responsibilities, duties: tuple[Duty, ...], there: Responsibilities
) -> tuple[Mapping[str, tuple[Box, ...]], bool]:
    """Return what accountable duties cover here and nothing covers there."""
    own = {id(duty) for duty in duties}
    left: dict[str, tuple[Box, ...]] = {}
    complete = True
    for touchpoint in dict.fromkeys(name for duty in duties for name in _touchpoints(here, duty)):
        table = there.table(touchpoint)
        boxes: list[Box] = []
        for rule in here.rules(touchpoint):
            if id(rule.record) in own:
                result = uncovered(rule.box, [*table.pick(table.meeting(rule.box)), *there.impossible, *boxes])
                boxes.extend(result.boxes)
                complete = complete and result.complete
        if boxes:
            left[touchpoint] = tuple(boxes)
    return left, complete


def _touchpoints(responsibilities: Responsibilities, duty: Duty) -> Iterable[str]:
    if duty.duty != "accountable":
        return ()
    names = responsibilities.touchpoints if duty.touchpoints == ALL else duty.touchpoints
    return [name for name in names if name in responsibilities.touchpoints]

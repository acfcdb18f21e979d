"""Conditions on whole rows, for storages that go through their rows one by one."""

from collections.abc import Callable, Iterable, Sequence

from crmcore.storage.filters import Filter, Lacks, matches
from crmcore.storage.kinds import Kinds
from crmcore.storage.records import Kind
from crmcore.storage.rows import Row

__all__ = ["admitting"]


def admitting(
    kind: Kind, where: Sequence[Filter], kinds: Kinds, matching: Callable[[Kind, Sequence[Filter]], Iterable[Row]]
) -> Callable[[Row], bool]:
    """Return what tells whether a row meets all conditions.

    Args:
        kind: of the rows.
        where: the conditions.
        kinds: the kinds that the storage knows.
        matching: what finds the rows of a kind that meet conditions: it is asked once for each condition about others.
    """
    places = {name: place for place, name in enumerate(kind.all_fields)}
    tests = [(places[one.name], one) for one in where if not isinstance(one, Lacks)]
    lacks = []
    for one in where:
        if isinstance(one, Lacks):
            other = kinds[one.kind]
            place = list(other.all_fields).index(one.by)
            lacks.append((places[one.name], {row[place] for row in matching(other, one.where)}))

    def admits(row: Row) -> bool:
        return all(matches(condition, row[place]) for place, condition in tests) and all(
            row[place] is None or row[place] not in referred for place, referred in lacks
        )

    return admits

"""How one of a pool is chosen for a customer: the rules that `assign` of a staffing entry names."""

from collections.abc import Callable, Mapping
from typing import Final

from attrs import field, frozen

from crmcore.organization import Person

__all__ = ["ASSIGNERS", "Assigner", "Candidates"]


@frozen
class Candidates:
    """Those of whom one is chosen.

    Attributes:
        customer: the id of the customer.
        role: the role that is to be filled for it.
        pool: who is there and can take it, in the order of the organization; never empty.
        loads: how many customers each looks after; who is absent looks after none.
        last: who was given the last customer of this pool; None when nobody ever was.
        before: who looked after this customer before, in any role, the latest first.
    """

    customer: str
    role: str
    pool: tuple[Person, ...]
    loads: Mapping[str, int] = field(factory=dict, kw_only=True)
    last: str | None = field(default=None, kw_only=True)
    before: tuple[str, ...] = field(default=(), kw_only=True)

    @property
    def free(self) -> tuple[Person, ...]:
        """Those of the pool who can take one more by their capacity; all of them where nobody can."""
        return tuple(one for one in self.pool if self.spare(one) > 0) or self.pool

    def spare(self, person: Person) -> float:
        """Return how many more customers somebody can take; without end where no capacity is said."""
        return float("inf") if person.capacity is None else person.capacity - self.loads.get(person.id, 0)


@frozen
class Assigner:
    """A rule by which one of a pool is chosen.

    Attributes:
        name: as `assign` of a staffing entry names it.
        choose: returns one of the pool.
        summary: what it does, in a sentence.
    """

    name: str
    choose: Callable[[Candidates], Person]
    summary: str = ""


def first(candidates: Candidates) -> Person:
    """Choose the first of the pool."""
    return candidates.pool[0]


def round_robin(candidates: Candidates) -> Person:
    """Choose the next in turn who has room; one who left, or is away, is passed over."""
    ids = [person.id for person in candidates.pool]
    start = ids.index(candidates.last) + 1 if candidates.last in ids else 0
    turn = (*candidates.pool[start:], *candidates.pool[:start])
    free = {person.id for person in candidates.free}
    return next(person for person in turn if person.id in free)


def least_loaded(candidates: Candidates) -> Person:
    """Choose who has the smallest part of the capacity in use; the first of the pool where several have."""
    stated = [person.capacity for person in candidates.pool if person.capacity]
    usual = sum(stated) / len(stated) if stated else 1

    def load(person: Person) -> float:
        return candidates.loads.get(person.id, 0) / (person.capacity or usual)

    return min(candidates.free, key=load)


def sticky(candidates: Candidates) -> Person:
    """Choose who looked after the customer before; the least loaded where nobody of the pool did."""
    pool = {person.id: person for person in candidates.pool}
    known = next((pool[person] for person in candidates.before if person in pool), None)
    return least_loaded(candidates) if known is None else known


ASSIGNERS: Final = (
    Assigner("first", first, "the first of the pool"),
    Assigner("least-loaded", least_loaded, "who has the smallest part of the capacity in use"),
    Assigner("round-robin", round_robin, "the next in turn who has room"),
    Assigner("sticky", sticky, "who looked after the customer before"),
)
"""The rules that crmcore brings."""

"""Who of a pool is chosen, for one customer after another, with what those before were given in mind."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from attrs import define, field

from crmcore.customers.assigning import Candidates
from crmcore.customers.assignment_records import Assignment
from crmcore.customers.work import Job
from crmcore.errors import UnknownName, nearest
from crmcore.organization import Person
from crmcore.responsibility import Resolution
from crmcore.storage import Among, Is, Order, Query

__all__ = ["Choosing", "lasting_pool", "rule"]

_Pool = tuple[str, tuple[str, ...]]


def lasting_pool(resolution: Resolution) -> tuple[Person, ...]:
    """Return those of a pool who hold the role; those who only stand in where none of the holders is there."""
    stand_ins = {one.by.id for one in resolution.replaced if one.by is not None} - set(resolution.staffing.holders)
    return tuple(person for person in resolution.pool if person.id not in stand_ins) or resolution.pool


def rule(job: Job, name: str) -> Callable[[Candidates], Person]:
    """Return the rule by which one of a pool is chosen.

    Raises:
        UnknownName: no plugin adds a rule of that name.
    """
    assigners = job.plugins.assigners
    if name not in assigners:
        raise UnknownName("assigner", name, nearest(name, assigners))
    return assigners[name].choose


@define
class Choosing:
    """How many customers each person has, and who was given the last one, at every moment of many choices.

    Attributes:
        job: the job.
        loads: how many each person has.
    """

    job: Job
    loads: Counter[str] = field(factory=Counter)
    _last: dict[_Pool, tuple[datetime | None, str | None]] = field(factory=dict, init=False)

    @classmethod
    def among(cls, job: Job, resolutions: Iterable[Resolution]) -> "Choosing":
        """Return it as the storage has it: the loads in one statement, and one for the last of each role and pool."""
        pools = dict.fromkeys(map(_pool, resolutions))
        people = tuple(dict.fromkeys(person for _, pool in pools for person in pool))
        if not people:
            return cls(job)
        counted = job.unit.count_by(Assignment, ["person"], [Is("until", None), Among("person", people)])
        choosing = cls(job, Counter({person: count for (person,), count in counted.items()}))
        for role, pool in pools:
            choosing._last[role, pool] = None, None
            latest = Query(
                Assignment,
                where=[Is("role", role), Among("person", pool)],
                order=[Order("since", descending=True)],
                limit=1,
            )
            for one in job.unit.find(latest):
                choosing._last[role, pool] = one.since, one.person
        return choosing

    def person(self, customer: str, resolution: Resolution, before: Sequence[str]) -> Person:
        """Return who of a pool is chosen for a customer.

        Args:
            customer: its id.
            resolution: who answers for it.
            before: who looked after it before, the latest first.

        Raises:
            UnknownName: no plugin adds the rule of the staffing.
        """
        role, pool = _pool(resolution)
        candidates = Candidates(
            customer,
            role,
            lasting_pool(resolution),
            loads={person: self.loads[person] for person in pool if self.loads[person]},
            last=self._last.setdefault((role, pool), (None, None))[1],
            before=tuple(dict.fromkeys(before)),
        )
        return rule(self.job, resolution.assign)(candidates)

    def took(self, role: str, person: str, since: datetime | None = None) -> None:
        """Bear in mind that somebody was given a customer: for each pool of the role that has that person.

        Args:
            role: the role.
            person: who it is.
            since: from when; None for after all others.
        """
        self.loads[person] += 1
        for (of, pool), (latest, _) in self._last.items():
            if of == role and person in pool and (since is None or latest is None or since > latest):
                self._last[of, pool] = since, person


def _pool(resolution: Resolution) -> _Pool:
    return resolution.role.id, tuple(person.id for person in lasting_pool(resolution))

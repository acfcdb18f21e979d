"""The meaning of an organization by brute force: every possible customer, every day, one after another.

Nothing here is taken from the code under test but the records: each rule is read from the contract of the file. Small
random organizations come from a seed, so that a failure can be repeated.
"""

import itertools
import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from crmcore.organization import (
    ALL,
    Absence,
    Choice,
    Count,
    Dimension,
    Duty,
    DutyKind,
    Impossible,
    Number,
    Organization,
    Person,
    Role,
    Scope,
    Staffing,
    Stage,
    Touchpoint,
    Tree,
)
from crmcore.values import Interval

FIRST = date(2026, 1, 1)
_KINDS: tuple[DutyKind, ...] = ("accountable", "accountable", "accountable", "accountable", "responsible", "consulted")
Point = tuple[tuple[str, Any], ...]
"""One customer in contact: a value for every dimension, and for the stage; numbers are cut at the ends of rules."""


class Oracle:
    """An organization, asked point by point."""

    def __init__(self, organization: Organization, on: date, until: date) -> None:
        self.organization = organization
        self.days = [on + timedelta(days=number) for number in range((until - on).days + 1)]
        self.people = {person.id: person for person in organization.people}
        self.roles = {role.id: role for role in organization.roles}
        self.below = {
            dimension.id: _leaves_below(dimension.domain)
            for dimension in organization.dimensions
            if isinstance(dimension.domain, Tree)
        }

    def points(self) -> list[Point]:
        """Every possible customer in contact."""
        axes: list[list[tuple[str, Any]]] = []
        for dimension in self.organization.dimensions:
            domain = dimension.domain
            if isinstance(domain, Tree):
                values: list[Any] = list(domain.leaves)
            elif isinstance(domain, Choice):
                values = list(domain.values)
            else:
                values = [domain.min, *sorted(end for end in self._ends(dimension.id) if domain_inside(domain, end))]
            axes.append([(dimension.id, value) for value in values])
        if self.organization.stages:
            axes.append([("stage", stage.id) for stage in self.organization.stages])
        return [tuple(point) for point in itertools.product(*axes)]

    def _ends(self, dimension: str) -> set[float]:
        organization = self.organization
        scopes = [duty.where for duty in organization.duties] + [entry.where for entry in organization.staffing]
        scopes += [touchpoint.where for touchpoint in organization.touchpoints]
        scopes += [entry.where for entry in organization.impossible]
        ends: set[float] = set()
        for scope in scopes:
            for value in scope.get(dimension) or ():
                if isinstance(value, Interval):
                    ends |= {end for end in (value.start, value.stop) if end is not None}
        return ends

    def admits(self, scope: Scope, point: Point) -> bool:
        """Whether a customer lies in a scope."""
        customer = dict(point)
        for name, values in scope:
            here = customer[name]
            if not any(
                here in value if isinstance(value, Interval) else here == value or here in self.below_name(name, value)
                for value in values
            ):
                return False
        return True

    def below_name(self, dimension: str, name: str) -> set[str]:
        return self.below.get(dimension, {}).get(name, set())

    def possible(self, point: Point) -> bool:
        return not any(self.admits(entry.where, point) for entry in self.organization.impossible)

    def happens(self, touchpoint: Touchpoint, point: Point) -> bool:
        stages = touchpoint.stages or [stage.id for stage in self.organization.stages]
        in_stage = not self.organization.stages or dict(point)["stage"] in stages
        return in_stage and self.admits(touchpoint.where, point) and self.possible(point)

    def matching(self, touchpoint: Touchpoint, duty: str, point: Point, day: date) -> list[Duty]:
        return [
            record
            for record in self.organization.duties
            if record.duty == duty
            and record.role in self.roles
            and (record.touchpoints == ALL or touchpoint.id in record.touchpoints)
            and _holds(record, day)
            and self.admits(record.where, point)
        ]

    def winners(self, touchpoint: Touchpoint, duty: str, point: Point, day: date) -> list[Duty]:
        matching = self.matching(touchpoint, duty, point, day)
        best = max((record.priority for record in matching), default=0)
        return [record for record in matching if record.priority == best]

    def there(self, person: str, day: date) -> bool:
        record = self.people.get(person)
        if record is None or record.status == "vacant":
            return False
        away = any(absence.from_ <= day <= absence.to for absence in record.absences)
        return (record.from_ or day) <= day <= (record.to or day) and not away

    def pool(self, role: str, point: Point, day: date) -> set[str]:
        entries = [
            entry
            for entry in self.organization.staffing
            if entry.role == role and _holds(entry, day) and self.admits(entry.where, point)
        ]
        best = max((entry.priority for entry in entries), default=0)
        pool: set[str] = set()
        for entry in entries:
            if entry.priority == best:
                pool |= self._present(entry, day)
        return pool

    def _present(self, entry: Staffing, day: date) -> set[str]:
        known = [holder for holder in entry.holders if holder in self.people]
        present = {holder for holder in known if self.there(holder, day)}
        for holder in known:
            if self.there(holder, day):
                continue
            away = [absence for absence in self.people[holder].absences if absence.from_ <= day <= absence.to]
            candidates = [absence.cover for absence in away[:1] if absence.cover] + list(entry.backup)
            free = [other for other in candidates if self.there(other, day)]
            unused = [other for other in free if other not in present]
            if free:
                present.add((unused or free)[0])
        return present


def domain_inside(domain: Number, end: float) -> bool:
    return (domain.min is None or domain.min < end) and (domain.max is None or end < domain.max)


def _holds(record: Duty | Staffing, day: date) -> bool:
    return (record.from_ or day) <= day <= (record.to or day)


def _leaves_below(tree: Tree) -> Mapping[str, set[str]]:
    below: dict[str, set[str]] = {}

    def leaves(node: Any) -> set[str]:
        found = set().union(*(leaves(child) for child in node.children)) if node.children else {node.name}
        below[node.name] = found
        return found

    for root in tree.roots:
        leaves(root)
    return below


def expand(oracle: Oracle, box: Mapping[str, list[Any]]) -> Iterator[tuple[Point, date]]:
    """Yield every customer and day that a box of a report holds, read as a person would read it."""
    for point in oracle.points():
        customer = dict(point)
        if all(_inside(oracle, name, customer[name], values) for name, values in box.items() if name != "day"):
            for day in oracle.days:
                spans = box.get("day")
                if spans is None or any(first <= day.isoformat() <= last for first, last in spans):
                    yield point, day


def _inside(oracle: Oracle, name: str, here: Any, values: list[Any]) -> bool:
    for value in values:
        if isinstance(value, list):
            low, high = value
            if (low is None or low <= here) and (high is None or here < high):
                return True
        elif here == value or here in oracle.below_name(name, value):
            return True
    return False


def random_organization(seed: int) -> tuple[Organization, date, date]:
    """Make a small organization, and the window to prove it for."""
    draw = random.Random(seed)
    dimensions = _random_dimensions(draw)
    stages = [Stage(f"s{number}") for number in range(draw.choice([0, 0, 1, 2]))]
    people = [_random_person(draw, number) for number in range(draw.randint(1, 4))]
    names = [person.id for person in people] + ["nobody"]
    roles = [
        Role(
            f"r{number}",
            holders=draw.choice([Count(), Count(), Count(min=0), Count(min=2), Count(max=1), Count(min=0, max=2)]),
        )
        for number in range(draw.randint(1, 3))
    ]
    role_names = [role.id for role in roles] + (["ghost"] if draw.random() < 0.1 else [])
    touchpoints = [
        Touchpoint(
            f"t{number}",
            stages=[stage.id for stage in stages if draw.random() < 0.5],
            where=_random_scope(draw, dimensions, 0.3),
            accountable=draw.choice([Count(min=1, max=1)] * 6 + [Count(min=0, max=1), Count(min=2, max=2), Count()]),
        )
        for number in range(draw.randint(1, 2))
    ]
    duties = [
        Duty(
            ALL if draw.random() < 0.2 else [touchpoint.id for touchpoint in touchpoints if draw.random() < 0.7],
            draw.choice(role_names),
            draw.choice(_KINDS),
            where=_random_scope(draw, dimensions, 0.6),
            priority=draw.choice([0, 0, 0, 1, -1]),
            **_random_period(draw, 0.2),
        )
        for _ in range(draw.randint(0, 7))
    ]
    staffing = [
        Staffing(
            draw.choice(role_names),
            holders=draw.sample(names, draw.randint(0, min(2, len(names)))),
            backup=draw.sample(names, draw.choice([0, 0, 1])),
            where=_random_scope(draw, dimensions, 0.4),
            priority=draw.choice([0, 0, 0, 1]),
            **_random_period(draw, 0.2),
        )
        for _ in range(draw.randint(1, 4))
    ]
    impossible = [Impossible(_random_scope(draw, dimensions, 0.9))] if dimensions and draw.random() < 0.3 else []
    organization = Organization(
        f"seed {seed}",
        dimensions=dimensions,
        stages=stages,
        people=people,
        roles=roles,
        touchpoints=touchpoints,
        duties=duties,
        staffing=staffing,
        impossible=impossible,
    )
    return organization, FIRST, FIRST + timedelta(days=draw.choice([0, 0, 0, 2, 4]))


def _random_dimensions(draw: random.Random) -> list[Dimension]:
    trees: list[dict[str, object]] = [
        {"A": ["a1", "a2"], "B": None},
        {"A": {"AA": ["a1", "a2"], "AB": ["a3"]}, "B": ["b1"]},
        {"A": ["a1"]},
    ]
    kinds = [
        Dimension("region", Tree.of(draw.choice(trees))),
        Dimension("tier", Choice(["x", "y", "z"][: draw.randint(1, 3)])),
        Dimension("size", Number(min=0, max=10, integer=True)),
    ]
    draw.shuffle(kinds)
    return kinds[: draw.randint(0, 3)]


def _random_scope(draw: random.Random, dimensions: list[Dimension], chance: float) -> Scope:
    chosen: list[tuple[str, tuple[str | Interval, ...]]] = []
    for dimension in dimensions:
        if draw.random() < chance:
            domain = dimension.domain
            if isinstance(domain, Number):
                low, high = sorted(draw.sample(range(-1, 12), 2))
                start, stop = draw.choice([(low, high), (low, None), (None, high)])
                chosen.append((dimension.id, (Interval(start, stop),)))
            else:
                names = [node.name for node in domain.walk()] if isinstance(domain, Tree) else list(domain.values)
                chosen.append((dimension.id, tuple(draw.sample(names, draw.randint(1, min(2, len(names)))))))
    return Scope(tuple(chosen))


def _random_period(draw: random.Random, chance: float) -> dict[str, Any]:
    period: dict[str, Any] = {}
    if draw.random() < chance:
        period["from_"] = FIRST + timedelta(days=draw.randint(-1, 4))
    if draw.random() < chance:
        period["to"] = max(FIRST + timedelta(days=draw.randint(-1, 4)), period.get("from_", date.min))
    return period


def _random_person(draw: random.Random, number: int) -> Person:
    absences = []
    if draw.random() < 0.3:
        first = FIRST + timedelta(days=draw.randint(-1, 4))
        cover = draw.choice([None, "p0", "p1"])
        absences = [Absence(from_=first, to=first + timedelta(days=draw.randint(0, 2)), cover=cover)]
    vacant = draw.random() < 0.1
    return Person(
        f"p{number}", status="vacant" if vacant else "active", absences=absences, **_random_period(draw, 0.15)
    )

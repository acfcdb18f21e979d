"""A storage beside a plain dict: whatever is done with units of work side by side, both have to say the same."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import count
from typing import Any, Final

import pytest
from attrs import define, evolve, field
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from crmcore.storage import (
    AlreadyThere,
    Busy,
    Capability,
    Claim,
    DanglingReference,
    Entity,
    Event,
    LeaseLost,
    NotThere,
    Order,
    Outbox,
    Parcel,
    ParcelState,
    Query,
    Stale,
    StillReferred,
    Storage,
    StorageError,
    UnitOfWork,
)
from crmcore.testing.storages.deliveries import Ticking
from crmcore.testing.storages.given import each_of
from crmcore.testing.storages.samples import Company, Person, company, event, parcel, person
from crmcore.testing.storages.values import companies

__all__ = ["Side", "StorageMachine"]

Key = tuple[type[Entity], str]
"""A class and an id."""

_REFUSED: Final = object()
_MOST_SIDES: Final = 3
_COMPANIES: Final = st.sampled_from(["c0", "华"])
_PEOPLE: Final = st.sampled_from(["p0", "p1"])
_FIRST: Final = st.sampled_from([True, True, True, False])
_ACTS: Final = st.sampled_from(["add", "put", "remove"])
_SIDES: Final = st.integers(0, _MOST_SIDES - 1)
_NUMBERS: Final = count()
_CLASSES: Final[tuple[type[Entity], ...]] = (Company, Person, Event, Parcel)


@define(eq=False)
class Side:
    """A unit of work, and what it should see.

    Attributes:
        tenant: whose.
        work: the unit of work itself.
        moment: what a unit of work that only reads saw at its beginning; None for one that writes.
        written: what it wrote; None for what it removed.
        found: the versions of what it wrote, as they were when it did; 0 for what was not there.
    """

    tenant: str
    work: UnitOfWork
    moment: Mapping[Key, Entity] | None
    written: dict[Key, Entity | None] = field(factory=dict)
    found: dict[Key, int] = field(factory=dict)


class StorageMachine(RuleBasedStateMachine):
    """Random units of work, up to three side by side, on two tenants.

    Args:
        reopen: what opens the storage again.
        held: what counts what the storage still holds open.
    """

    def __init__(self, reopen: Callable[[], Storage], held: Callable[[Storage], int]) -> None:
        super().__init__()
        self.reopen = reopen
        self.held = held
        self.storage = reopen()
        self.clock = Ticking()
        self.sides: list[Side] = []
        self.claims: list[Claim] = []
        self.committed: dict[str, dict[Key, Entity]] = {}
        self.refers = Capability.REFERENCES in self.storage.capabilities

    @initialize(reading=st.booleans())
    def two_tenants(self, *, reading: bool) -> None:
        """Begin with two tenants, of which one has a little of everything."""
        number = next(_NUMBERS)
        self.committed = {f"model-{number}-{name}": {} for name in ("one", "two")}
        for one in (company("c0"), person("p0", "c0"), event("e0"), parcel("q0"), parcel("q1")):
            self._add(0, one)
        self.commit(0)
        if reading:
            self.begin(first=True, read_only=True)

    @precondition(lambda self: len(self.sides) < _MOST_SIDES)
    @rule(first=_FIRST, read_only=st.sampled_from([False, False, True]))
    def begin(self, *, first: bool, read_only: bool) -> None:
        """Begin a unit of work."""
        tenant = list(self.committed)[0 if first else 1]
        writing = self._writers()
        read_only = read_only and all(side.moment is None for side in self.sides)  # one that reads is enough
        if read_only or not writing or Capability.WRITERS in self.storage.capabilities:
            work = self.storage.begin(tenant, read_only=read_only)
            self.sides.append(Side(tenant, work, dict(self.committed[tenant]) if read_only else None))
            return
        with pytest.raises(Busy):
            self.storage.begin(tenant).add(person())

    @rule(at=_SIDES, one=companies(_COMPANIES), parent=st.none() | _COMPANIES)
    def add_company(self, at: int, one: Company, parent: str | None) -> None:
        """Add a company."""
        self._add(at, evolve(one, parent=parent))

    @rule(at=_SIDES, id_=_PEOPLE, of=_COMPANIES)
    def add_person(self, at: int, id_: str, of: str) -> None:
        """Add a person of a company."""
        self._add(at, person(id_, of))

    @rule(at=_SIDES, id_=st.sampled_from(["e0", "e1", "e2"]))
    def append(self, at: int, id_: str) -> None:
        """Append an event."""
        self._add(at, event(id_, payload={"n": at}))

    @rule(at=_SIDES, id_=st.sampled_from(["q0", "q1", "q2"]), due=st.integers(-2, 2))
    def enqueue(self, at: int, id_: str, due: int) -> None:
        """Put a parcel into the outbox."""
        self._add(at, parcel(id_, due=self.clock.now + timedelta(minutes=due)))

    def _add(self, at: int, one: Entity) -> None:
        side = self._writing(at)
        if side is None:
            return
        key, seen = (type(one), one.id), self._seen(side)
        expected: set[type[StorageError]] = set()
        if key in seen:
            expected.add(AlreadyThere)
        if self._dangles(one, seen):
            expected.add(DanglingReference)
        act = side.work.append if isinstance(one, Event) else side.work.add
        added = self._done(side, lambda: act(one), expected)  # type: ignore[arg-type]
        if added is not _REFUSED:
            assert added == evolve(one, version=1)
            self._write(side, key, added)

    @rule(at=_SIDES, one=companies(_COMPANIES), parent=st.none() | _COMPANIES, late=st.sampled_from([0, 0, 0, -1, 1]))
    def put(self, at: int, one: Company, parent: str | None, late: int) -> None:
        """Write a company over the one that is there, in the right version or in another."""
        side = self._writing(at)
        if side is None:
            return
        key, seen = (Company, one.id), self._seen(side)
        known = seen.get(key)
        one = evolve(one, parent=parent, version=max(0, (1 if known is None else known.version) + late))
        expected: set[type[StorageError]] = set()
        if known is None or known.version != one.version:
            expected.add(NotThere if known is None else Stale)
        elif self._dangles(one, seen):
            expected.add(DanglingReference)
        written = self._done(side, lambda: side.work.put(one), expected)
        if written is not _REFUSED:
            assert written == evolve(one, version=one.version + 1)
            self._write(side, key, written)

    @rule(
        at=_SIDES, key=st.tuples(st.just(Company), _COMPANIES) | st.tuples(st.just(Person), _PEOPLE), late=st.booleans()
    )
    def remove(self, at: int, key: Key, *, late: bool) -> None:
        """Remove a company or a person, in the right version or in another."""
        side = self._writing(at)
        if side is None:
            return
        seen = self._seen(side)
        known = seen.get(key)
        one = known if known is not None else evolve(person(), id=key[1], version=1)
        one = evolve(one, version=one.version + late)
        expected: set[type[StorageError]] = set()
        if key != (type(one), one.id) or known is None:
            expected.add(NotThere)
        elif late:
            expected.add(Stale)
        elif self._referred(key, seen):
            expected.add(StillReferred)
        if self._done(side, lambda: side.work.remove(one), expected) is not _REFUSED:
            self._write(side, key, None)

    @precondition(lambda self: self.sides)
    @rule(
        at=_SIDES,
        name=st.sampled_from(["name", "memo", "turnover", "seen"]),
        descending=st.booleans(),
        limit=st.integers(1, 4),
    )
    def read(self, at: int, name: str, limit: int, *, descending: bool) -> None:
        """Read everything in several ways."""
        side = self.sides[at % len(self.sides)]
        seen = self._seen(side)
        if side.moment is not None and Capability.SNAPSHOTS not in self.storage.capabilities:
            return
        for kind in _CLASSES:
            wanted = {id_: one for (of, id_), one in seen.items() if of is kind}
            assert {one.id: one for one in each_of(side.work, Query(kind, limit=limit))} == wanted
            assert side.work.count(kind) == len(wanted)
        known = [one for (of, _), one in seen.items() if of is Company]
        found = each_of(side.work, Query(Company, order=[Order(name, descending)], limit=limit))
        assert sorted(one.id for one in found) == sorted(one.id for one in known)
        values = [getattr(one, name) for one in found]
        keys = [(value is not None, 0 if value is None else value) for value in values]
        assert keys == sorted(keys, reverse=descending)
        tally = Counter((one.tier.value, getattr(one, name)) for one in known if isinstance(one, Company))
        assert dict(side.work.count_by(Company, ["tier", name])) == dict(tally)

    @precondition(lambda self: self._writers())
    @rule(at=_SIDES)
    def commit(self, at: int) -> None:
        """Commit; what others committed meanwhile may speak against it."""
        writers = self._writers()
        side = writers[at % len(writers)]
        seen, now = self._seen(side), self.committed[side.tenant]
        expected: set[type[StorageError]] = set()
        for key, version in side.found.items():
            if (now[key].version if key in now else 0) != version:
                expected |= {Stale, AlreadyThere, NotThere}
        for key, one in side.written.items():
            if one is not None and self._dangles(one, seen):
                expected.add(DanglingReference)
            if one is None and self._referred(key, seen):
                expected.add(StillReferred)
        if self._done(side, side.work.commit, expected) is not _REFUSED:
            self.committed[side.tenant] = dict(seen)
            self.sides.remove(side)
            for place in (place for place, other in enumerate(self.sides) if other.moment is not None):
                self.read(place, "name", 3, descending=False)

    @precondition(lambda self: not self._writers() and Capability.WRITERS in self.storage.capabilities)
    @rule(one=companies(_COMPANIES), acts=st.tuples(_ACTS, _ACTS), ahead=st.booleans())
    def clash(self, one: Company, acts: tuple[str, str], *, ahead: bool) -> None:
        """Let two units of work write one company, and commit both, in one order or the other."""
        for _ in acts:
            self.begin(first=True, read_only=False)
        both = self._writers()
        for side, act in zip(both, acts, strict=True):
            if side in self.sides:
                at = self._writers().index(side)
                if act == "add":
                    self.add_company(at, one, None)
                elif act == "put":
                    self.put(at, one, None, 0)
                else:
                    self.remove(at, (Company, one.id), late=False)
        for side in both if ahead else reversed(both):
            if side in self.sides:
                self.commit(self._writers().index(side))

    @precondition(lambda self: self.sides)
    @rule(at=_SIDES)
    def rollback(self, at: int) -> None:
        """Forget what a unit of work wrote."""
        self.sides.pop(at % len(self.sides)).work.rollback()

    @precondition(lambda self: not self._writers())
    @rule(first=_FIRST, batch=st.integers(1, 3), minutes=st.integers(0, 3))
    def claim(self, batch: int, minutes: int, *, first: bool) -> None:
        """Let time pass, and claim parcels of a tenant."""
        self.clock.now += timedelta(minutes=minutes)
        tenant = list(self.committed)[0 if first else 1]
        known = self.committed[tenant]
        due = sorted(
            (one.due, one.id, one)
            for one in known.values()
            if isinstance(one, Parcel) and one.state is ParcelState.WAITING and one.due <= self.clock.now
        )
        lease = timedelta(minutes=2)
        claims = Outbox(self.storage, self.clock).claim(batch, worker="w", lease=lease, tenant=tenant)
        assert claims == tuple(
            Claim(
                tenant,
                evolve(one, version=one.version + 1, attempts=one.attempts + 1, worker="w", due=self.clock.now + lease),
            )
            for _, _, one in due[:batch]
        )
        known = {**known, **{(Parcel, claim.parcel.id): claim.parcel for claim in claims}}
        self.committed[tenant] = known
        self.claims += claims

    @precondition(lambda self: self.claims and not self._writers())
    @rule(data=st.data(), delivered=st.booleans())
    def settle(self, data: st.DataObject, *, delivered: bool) -> None:
        """Say how a delivery went; whose lease another has is told."""
        claim = self.claims.pop(data.draw(st.integers(0, len(self.claims) - 1)))
        known, key = self.committed[claim.tenant], (Parcel, claim.parcel.id)
        outbox = Outbox(self.storage, self.clock)
        try:
            settled = outbox.delivered(claim) if delivered else outbox.failed(claim, "busy")
        except LeaseLost:
            assert known[key].version != claim.parcel.version
        else:
            assert known[key].version == claim.parcel.version
            assert settled.version == claim.parcel.version + 1
            self.committed[claim.tenant] = {**known, key: settled}

    @precondition(lambda self: not self.sides and Capability.DURABLE in self.storage.capabilities)
    @rule()
    def open_again(self) -> None:
        """Close the storage, and open it again."""
        self.storage.close()
        self.storage = self.reopen()

    def teardown(self) -> None:
        """End everything; nothing may be held open, and what was committed is there."""
        for side in self.sides:
            side.work.rollback()
        assert self.held(self.storage) == 0
        for tenant, known in self.committed.items():
            with self.storage.begin(tenant, read_only=True) as work:
                found = {(kind, one.id): one for kind in _CLASSES for one in each_of(work, Query(kind))}
            assert found == known

    def _writing(self, at: int) -> Side | None:
        """Return a unit of work that writes; one is begun if there is none."""
        if not self._writers():
            self.begin(first=True, read_only=False)
        writers = self._writers()
        return writers[at % len(writers)] if writers else None

    def _writers(self) -> list[Side]:
        return [side for side in self.sides if side.moment is None]

    def _seen(self, side: Side) -> Mapping[Key, Entity]:
        if side.moment is not None:
            return side.moment
        seen = {**self.committed[side.tenant], **side.written}
        return {key: one for key, one in seen.items() if one is not None}

    def _dangles(self, one: Entity, seen: Mapping[Key, Entity]) -> bool:
        target = _target(one)
        return self.refers and target is not None and target not in seen and target != (type(one), one.id)

    def _referred(self, key: Key, seen: Mapping[Key, Entity]) -> bool:
        return self.refers and any(_target(one) == key for own, one in seen.items() if own != key)

    def _write(self, side: Side, key: Key, one: Entity | None) -> None:
        known = self.committed[side.tenant]
        side.found.setdefault(key, known[key].version if key in known else 0)
        side.written[key] = one

    def _done(self, side: Side, act: Callable[[], Any], expected: set[type[StorageError]]) -> Any:
        """Do something; return what it returns, or that it was refused, after making sure that it had to be.

        A storage may let a unit of work wait for others that write, and refuse it as `Busy` if they do not end.
        """
        crowded = any(other is not side and other.written for other in self.sides)
        try:
            result = act()
        except Busy:
            assert crowded, "nobody else writes, and it is busy"
        except StorageError as error:
            assert type(error) in expected, f"{error!r}, where {expected or 'nothing'} was expected"
        else:
            assert not expected, f"nothing was refused, where {expected} was expected"
            return result
        assert side.work.ended
        self.sides.remove(side)
        return _REFUSED


def _target(one: Entity) -> Key | None:
    """Return what a record refers to."""
    if isinstance(one, Person):
        return Company, one.company
    return (Company, one.parent) if isinstance(one, Company) and one.parent is not None else None

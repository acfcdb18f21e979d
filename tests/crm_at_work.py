"""What processes do with one CRM at once, or until they are killed."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from random import Random
from time import time
from typing import Any, Final

from attrs import field, frozen
from crmcore_sqlalchemy import SQLStorage
from crms import COMPANY, FIELDS, START, SteppingClock

from crmcore.crm import CRM
from crmcore.customers import HandoffState, TransitionRefused
from crmcore.errors import CrmError
from crmcore.organization import Organization, Staffing
from crmcore.storage import AlreadyThere, Busy, Stale
from crmcore.values import Clock

__all__ = [
    "BATCH",
    "NOBODY",
    "Place",
    "adds_and_ends",
    "advances",
    "asks_who",
    "does_anything",
    "served_by",
    "turns",
    "works_on",
]

Operation = Callable[[CRM, str, Random], Any]
"""What is done with one of the customers."""

_TENANT: Final = "at-work"
_OPERATIONS_EACH: Final = 30

BATCH = 4
"""How many customers come in at once."""

_EAST = {"region": "Shanghai", "tier": "key"}
_OTHERS = [one for one in COMPANY.staffing if one.role != "account-manager"]

NOBODY = COMPANY.with_(staffing=_OTHERS)
"""The company while it has no account manager."""


def served_by(person: str) -> Organization:
    """The company in which one person alone manages all accounts."""
    return COMPANY.with_(staffing=[*_OTHERS, Staffing("account-manager", holders=[person])])


@frozen
class Place:
    """A database, and a clock that runs on from a Monday in all processes alike.

    Attributes:
        url: the database.
        since: when the clock began, in seconds.
    """

    url: str
    since: float = field(factory=time)

    def now(self) -> datetime:
        """What the clock says."""
        return START + timedelta(seconds=time() - self.since)

    def opened(self, organization: Organization = COMPANY, clock: Clock | None = None) -> CRM:
        """Open the CRM that all work with."""
        return CRM.open(
            lambda kinds: SQLStorage.open(self.url, kinds, patience=30),
            organization=organization,
            tenant=_TENANT,
            clock=clock or self.now,
            fields=FIELDS,
        )


def works_on(tells: Connection, place: Place, number: int) -> None:
    """Give all customers from one to another and back, and take some in, until killed; tell what is committed."""
    with place.opened(clock=SteppingClock(START + timedelta(minutes=number))) as crm:
        turn = 0
        while True:
            source = f"batch-{number}-{turn}"
            turns(crm, "li.na" if turn % 2 else "wang.wei", source)
            tells.send(source)
            turn += 1


def turns(crm: CRM, person: str, source: str) -> None:
    """Give all customers to one person, and take some in."""
    crm.rebalancing.apply(crm.rebalancing.plan(served_by(person)))
    with crm.begin(actor="zhao.lei") as work:
        for _ in range(BATCH):
            customer = work.customers.register("客户", attributes=_EAST, stage="active", source=source)
            work.facts.learn(customer, "interest", source)
            work.tasks.add("回访", owner="zhao.lei", customer=customer)
            work.lifecycle.advance(customer, "at-risk")


def asks_who(tells: Connection, start: Barrier, place: Place, customers: Sequence[str]) -> None:
    """Ask of each customer who answers, and tell."""
    with place.opened() as crm:
        start.wait()
        answers = {}
        for customer in customers:
            person = crm.who(customer, "first-call").person
            answers[customer] = None if person is None else person.id
        tells.send(answers)


def advances(tells: Connection, start: Barrier, place: Place, customers: Sequence[str]) -> None:
    """Let each customer go on to the next stage, unless another did; tell which ones went."""
    with place.opened() as crm:
        start.wait()
        tells.send([customer for customer in customers if _advanced(crm, customer)])


def _advanced(crm: CRM, customer: str) -> bool:
    while True:
        with suppress(Stale, AlreadyThere, Busy):
            try:
                crm.lifecycle.advance(customer, "onboarding")
            except TransitionRefused:
                return False
            return True


def does_anything(tells: Connection, start: Barrier, place: Place, customers: Sequence[str], seed: int) -> None:
    """Do some operations with the customers, each again where another came first; tell how many were done."""
    tells.send(_does(_OPERATIONS, place, customers, seed, start))


def adds_and_ends(tells: Connection, start: Barrier, place: Place, customers: Sequence[str], seed: int) -> None:
    """Add to the customers, merge, take back and erase them, likewise."""
    tells.send(_does([*_ADDING, *_ENDING], place, customers, seed, start))


def _does(operations: Sequence[Operation], place: Place, customers: Sequence[str], seed: int, start: Barrier) -> int:
    random, done = Random(seed), 0
    with place.opened() as crm:
        start.wait()
        for _ in range(_OPERATIONS_EACH):
            operation, customer = random.choice(operations), random.choice(customers)
            done += _done(operation, crm, customer, random)
    return done


def _done(operation: Operation, crm: CRM, customer: str, random: Random) -> bool:
    """Do an operation, again and again where another came first; return whether it was allowed."""
    while True:
        try:
            operation(crm, customer, random)
        except (Stale, AlreadyThere, Busy):
            continue
        except CrmError:
            return False
        return True


def _change(crm: CRM, customer: str, random: Random) -> None:
    crm.customers.change(customer, attributes={"region": random.choice(["Shanghai", "Sichuan", "Singapore"])})


def _advance(crm: CRM, customer: str, random: Random) -> None:
    crm.lifecycle.advance(customer, random.choice([stage.id for stage in COMPANY.stages]))


def _learn(crm: CRM, customer: str, random: Random) -> None:
    crm.facts.learn(customer, random.choice(["interest", "budget"]), str(random.random()))


def _ask(crm: CRM, customer: str, random: Random) -> None:
    crm.who(customer, random.choice(["first-call", "health-check"]))


def _assign(crm: CRM, customer: str, random: Random) -> None:
    crm.assignments.assign(customer, "account-manager", random.choice(["li.na", "liu.yang", "wang.wei"]))


def _release(crm: CRM, customer: str, random: Random) -> None:
    crm.assignments.release(customer, random.choice(["account-manager", "success-manager"]))


def _settle(crm: CRM, customer: str, random: Random) -> None:
    for handoff in crm.handoffs.open(customer):
        if handoff.state is HandoffState.RETURNED:
            crm.handoffs.offer_again(handoff)
        elif random.random() < 0.5:
            crm.handoffs.return_(handoff, "缺资料")
        else:
            crm.handoffs.accept(handoff, despite_missing=True)


def _do(crm: CRM, customer: str, random: Random) -> None:
    for task in crm.tasks.of(customer)[1:]:
        crm.tasks.done(task)
    crm.tasks.add("回访", owner=random.choice(["li.na", "zhao.lei"]), customer=customer)


def _rebalance(crm: CRM, customer: str, random: Random) -> None:
    crm.rebalancing.apply(crm.rebalancing.plan(served_by(random.choice(["li.na", "wang.wei"]))))


_OPERATIONS: Sequence[Operation] = [
    _change,
    _advance,
    _learn,
    _ask,
    _assign,
    _release,
    _settle,
    _do,
    _rebalance,
]


def _merge(crm: CRM, customer: str, random: Random) -> None:
    others = [one.id for one in crm.customers.find() if one.id != customer]
    if others:
        crm.merging.merge(random.choice(others), customer)


def _undo(crm: CRM, customer: str, random: Random) -> None:
    merges = crm.merging.of(crm.merging.into(customer))
    if merges:
        crm.merging.undo(random.choice(merges), keep=True)


def _erase(crm: CRM, customer: str, random: Random) -> None:
    if random.random() < 0.2:
        crm.privacy.erase(crm.customers.get(customer))


_ADDING: Sequence[Operation] = [
    lambda crm, customer, _: crm.notes.add(customer, "王伟说"),
    lambda crm, customer, _: crm.interactions.record(customer, "phone", "in", body="王伟说"),
    lambda crm, customer, _: crm.tasks.add("给王伟打电话", owner="li.na", customer=customer),
    lambda crm, customer, _: crm.tags.add(customer, "王伟"),
    lambda crm, customer, random: crm.contact_points.add(customer, "phone", f"138123456{random.randrange(10, 99)}"),
    lambda crm, customer, _: crm.contacts.add(customer, "王伟"),
    lambda crm, customer, _: crm.consents.give(customer, "marketing", evidence="王伟"),
    _learn,
    _advance,
    _assign,
]
_ENDING: Sequence[Operation] = [_merge, _merge, _undo, _erase, _rebalance]

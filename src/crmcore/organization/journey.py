"""The customers' journey: its stages and touchpoints, who does what there, and how a customer is passed on."""

from datetime import date
from typing import Literal

from attrs import field, frozen

from crmcore.organization.records import ONE, Count, Record, between, ids, ids_or_all, ids_or_none, records, refers_to
from crmcore.organization.space import EVERYWHERE, Scope, scope
from crmcore.values import Duration

__all__ = [
    "Duty",
    "DutyKind",
    "Escalation",
    "EscalationStep",
    "Handoff",
    "Impossible",
    "Promise",
    "Stage",
    "StageTask",
    "Touchpoint",
]

DutyKind = Literal["accountable", "responsible", "consulted", "informed", "veto"]


@frozen
class Impossible(Record):
    """A combination of attributes that cannot occur: nothing has to be answered inside it.

    Attributes:
        where: the combination.
        because: why it cannot occur, in words.
    """

    where: Scope = field(converter=scope)
    because: str = field(default="", kw_only=True)


@frozen
class StageTask(Record):
    """What is to be done for a customer that came into a stage.

    Attributes:
        title: what.
        role: who does it: the person who looks after the customer in this role.
        within: how soon, in working time; None for no time in particular.
        recurs: the rule by which it comes again once it is done (RFC 5545); None for never.
    """

    title: str
    role: str = field(metadata=refers_to("roles"))
    within: Duration | None = field(default=None, kw_only=True)
    recurs: str | None = field(default=None, kw_only=True)


@frozen
class Stage(Record):
    """A stage of the customer lifecycle.

    Attributes:
        id: its id.
        label: what people read.
        next: the stages that can follow; None for the next one of the list.
        terminal: whether the lifecycle ends here.
        needs: the facts that must be known before a customer comes into this stage.
        consents: the purposes to which the customer must have agreed before it comes into this stage.
        probability: how likely a customer in this stage is to buy, in percent.
        within: how long a customer should stay in this stage at most, in working time.
        tasks: what is to be done for a customer that came into this stage.
    """

    id: str
    label: str = field(default="", kw_only=True)
    next: tuple[str, ...] | None = field(
        default=None, kw_only=True, converter=ids_or_none, metadata=refers_to("stages")
    )
    terminal: bool = field(default=False, kw_only=True)
    needs: tuple[str, ...] = field(default=(), kw_only=True, converter=ids)
    consents: tuple[str, ...] = field(default=(), kw_only=True, converter=ids)
    probability: int | None = field(default=None, kw_only=True, metadata=between(0, 100))
    within: Duration | None = field(default=None, kw_only=True)
    tasks: tuple[StageTask, ...] = field(default=(), kw_only=True, converter=records)


@frozen
class Promise(Record):
    """How fast a touchpoint answers and resolves.

    Attributes:
        respond: until the first answer.
        resolve: until it is done.
        elapsed: whether the clock counts, instead of the calendar's working time.
    """

    respond: Duration | None = field(default=None, kw_only=True)
    resolve: Duration | None = field(default=None, kw_only=True)
    elapsed: bool = field(default=False, kw_only=True)


@frozen
class Touchpoint(Record):
    """A place where the company meets the customer.

    Attributes:
        id: its id.
        label: what people read.
        stages: the stages in which it happens; empty for every stage.
        channels: the channels on which it happens, short for `where: {channel: [...]}`; empty for every channel.
        where: the customers for whom it happens.
        follows: the touchpoints that come before it.
        accountable: how many roles may be accountable at any one point.
        asks: the facts that the customer is asked for here.
        needs: the facts that whoever serves it must already have.
        metrics: what it is measured by.
        promises: whether something is promised to the customer here.
        sla: how fast it answers and resolves.
    """

    id: str
    label: str = field(default="", kw_only=True)
    stages: tuple[str, ...] = field(default=(), kw_only=True, converter=ids, metadata=refers_to("stages"))
    channels: tuple[str, ...] = field(default=(), kw_only=True, converter=ids, metadata=refers_to("dimensions.channel"))
    where: Scope = field(default=EVERYWHERE, kw_only=True, converter=scope)
    follows: tuple[str, ...] = field(default=(), kw_only=True, converter=ids, metadata=refers_to("touchpoints"))
    accountable: Count = field(default=ONE, kw_only=True)
    asks: tuple[str, ...] = field(default=(), kw_only=True, converter=ids)
    needs: tuple[str, ...] = field(default=(), kw_only=True, converter=ids)
    metrics: tuple[str, ...] = field(default=(), kw_only=True, converter=ids, metadata=refers_to("metrics"))
    promises: bool = field(default=False, kw_only=True)
    sla: Promise | None = field(default=None, kw_only=True)


@frozen
class Duty(Record):
    """What a role does at touchpoints: answer for them (accountable), do them, be asked, be told, or veto.

    Attributes:
        touchpoints: where, or `all`.
        role: who.
        duty: accountable, responsible, consulted, informed or veto.
        where: the customers for whom it holds.
        priority: of the duties that match, those of the highest priority win; a negative one is a fallback.
        from_: the first day; None for always.
        to: the last day; None for open.
    """

    touchpoints: tuple[str, ...] | Literal["all"] = field(converter=ids_or_all, metadata=refers_to("touchpoints"))
    role: str = field(metadata=refers_to("roles"))
    duty: DutyKind
    where: Scope = field(default=EVERYWHERE, kw_only=True, converter=scope)
    priority: int = field(default=0, kw_only=True)
    from_: date | None = field(default=None, kw_only=True)
    to: date | None = field(default=None, kw_only=True)


@frozen
class Handoff(Record):
    """Where one department passes the customer to another, with what it knows.

    Attributes:
        from_: the department that gives.
        to: the department that takes.
        at: the stages in and between which it happens; empty for every stage.
        carries: the facts that go along.
        within: how soon it has to be taken.
    """

    from_: str = field(metadata=refers_to("departments"))
    to: str = field(metadata=refers_to("departments"))
    at: tuple[str, ...] = field(default=(), kw_only=True, converter=ids, metadata=refers_to("stages"))
    carries: tuple[str, ...] = field(default=(), kw_only=True, converter=ids)
    within: Duration | None = field(default=None, kw_only=True)


@frozen
class EscalationStep(Record):
    """One step of an escalation.

    Attributes:
        after: how long after the customer came.
        to: the role that then hears of it.
    """

    after: Duration
    to: str = field(metadata=refers_to("roles"))


@frozen
class Escalation(Record):
    """Who hears of it when a touchpoint is not answered in time.

    Attributes:
        touchpoints: where, or `all`.
        steps: who hears, and when.
        where: the customers for whom it holds.
    """

    touchpoints: tuple[str, ...] | Literal["all"] = field(converter=ids_or_all, metadata=refers_to("touchpoints"))
    steps: tuple[EscalationStep, ...] = field(converter=records)
    where: Scope = field(default=EVERYWHERE, kw_only=True, converter=scope)

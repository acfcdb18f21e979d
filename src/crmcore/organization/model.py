"""The organization of a company that serves customers, as immutable records.

Each record mirrors one entry of the organization file, key for key (`from_` is the key `from`). A field whose metadata
says `refers` holds ids of that section; whether they exist is a finding of the checks, never an error of the record.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from attrs import Factory, field, frozen

from crmcore.organization.doors import Doors
from crmcore.organization.space import EVERYWHERE, Dimension, Scope, scope
from crmcore.values import NOWHERE, Duration, Place

__all__ = [
    "ALL",
    "Absence",
    "Calendar",
    "Count",
    "Department",
    "Duty",
    "DutyKind",
    "Escalation",
    "EscalationStep",
    "Forum",
    "Handoff",
    "Impossible",
    "Metric",
    "Organization",
    "Person",
    "Promise",
    "Record",
    "Role",
    "Scorecard",
    "Settings",
    "Staffing",
    "Stage",
    "Suppression",
    "Touchpoint",
]

ALL: Final = "all"
"""Every touchpoint there is."""

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DutyKind = Literal["accountable", "responsible", "consulted", "informed", "veto"]
Frequency = Literal["day", "week", "fortnight", "month", "quarter", "half-year", "year"]


def _ids(values: Iterable[str]) -> tuple[str, ...]:
    if isinstance(values, str):
        message = f"a list of ids is wanted, not the text {values!r}"
        raise TypeError(message)
    return tuple(values)


def _records(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(values)


def _codes(values: "Iterable[str | Suppression]") -> "tuple[str | Suppression, ...]":
    return _ids(values) if isinstance(values, str) else tuple(values)


def _ids_or_all(values: Iterable[str]) -> tuple[str, ...] | Literal["all"]:
    return ALL if values == ALL else _ids(values)


def _weekdays(values: Iterable[Weekday]) -> tuple[Weekday, ...]:
    return tuple(values)


def _ids_or_none(values: Iterable[str] | None) -> tuple[str, ...] | None:
    return None if values is None else _ids(values)


def _country_or_days(holidays: str | Iterable[date] | None) -> str | tuple[date, ...] | None:
    return holidays if holidays is None or isinstance(holidays, str) else tuple(holidays)


def _to(section: str) -> Mapping[str, str]:
    """Metadata of a field whose values are ids of a section."""
    return {"refers": section}


def _least(number: int) -> Mapping[str, int]:
    """Metadata of a field that is a number from this one up."""
    return {"least": number}


@frozen
class Record:
    """What every record of the organization has: the place where it is written."""

    place: Place = field(default=NOWHERE, kw_only=True, eq=False, repr=False)


@frozen
class Count(Record):
    """How many there may be at any one point.

    Attributes:
        min: at least this many, from 0.
        max: at most this many; None, in a file `unlimited`, for no limit.
    """

    min: int = field(default=1, kw_only=True, metadata=_least(0))
    max: int | None = field(default=None, kw_only=True, metadata={**_least(1), "none": "unlimited"})


ONE: Final = Count(min=1, max=1)


@frozen
class Calendar(Record):
    """When the company works.

    Attributes:
        workdays: the days of the week that are worked.
        hours: the hours of a workday, each `HH:MM-HH:MM`, in the organization's timezone.
        holidays: a country code (ISO 3166) whose public holidays are free, or the free days themselves.
    """

    workdays: tuple[Weekday, ...] = field(
        default=("mon", "tue", "wed", "thu", "fri"), kw_only=True, converter=_weekdays
    )
    hours: tuple[str, ...] = field(default=("09:00-17:00",), kw_only=True, converter=_ids)
    holidays: str | tuple[date, ...] | None = field(default=None, kw_only=True, converter=_country_or_days)

    @property
    def day_minutes(self) -> int:
        """Working minutes in one workday."""
        total = 0
        for span in self.hours:
            start, stop = (int(clock[:2]) * 60 + int(clock[3:]) for clock in span.split("-"))
            total += stop - start
        return total


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
class Stage(Record):
    """A stage of the customer lifecycle.

    Attributes:
        id: its id.
        label: what people read.
        next: the stages that can follow; None for the next one of the list.
        terminal: whether the lifecycle ends here.
    """

    id: str
    label: str = field(default="", kw_only=True)
    next: tuple[str, ...] | None = field(default=None, kw_only=True, converter=_ids_or_none, metadata=_to("stages"))
    terminal: bool = field(default=False, kw_only=True)


@frozen
class Department(Record):
    """A department of the company.

    Attributes:
        id: its id.
        label: what people read.
        parent: the department that it belongs to; None at the top.
        lead: the person who leads it.
    """

    id: str
    label: str = field(default="", kw_only=True)
    parent: str | None = field(default=None, kw_only=True, metadata=_to("departments"))
    lead: str | None = field(default=None, kw_only=True, metadata=_to("people"))


@frozen
class Absence(Record):
    """Days on which a person is away.

    Attributes:
        from_: the first day away.
        to: the last day away.
        cover: the person who stands in.
    """

    from_: date = field(kw_only=True)
    to: date = field(kw_only=True)
    cover: str | None = field(default=None, kw_only=True, metadata=_to("people"))


@frozen
class Person(Record):
    """A person, or a seat for one.

    Attributes:
        id: its id.
        name: what people read.
        department: where the person works.
        level: top, middle, staff, or the company's own word.
        reports_to: the person's superior; None at the top.
        skills: what the person can do.
        capacity: how many customers the person can look after; None when nobody has said.
        from_: the first day in the company; None for always.
        to: the last day in the company; None for open.
        absences: days away.
        status: `vacant` is a seat with nobody in it yet.
        external: whether this is a partner or an agency rather than staff.
    """

    id: str
    name: str = field(default="", kw_only=True)
    department: str | None = field(default=None, kw_only=True, metadata=_to("departments"))
    level: str | None = field(default=None, kw_only=True)
    reports_to: str | None = field(default=None, kw_only=True, metadata=_to("people"))
    skills: tuple[str, ...] = field(default=(), kw_only=True, converter=_ids)
    capacity: int | None = field(default=None, kw_only=True, metadata=_least(0))
    from_: date | None = field(default=None, kw_only=True)
    to: date | None = field(default=None, kw_only=True)
    absences: tuple[Absence, ...] = field(default=(), kw_only=True, converter=_records)
    status: Literal["active", "vacant"] = field(default="active", kw_only=True)
    external: bool = field(default=False, kw_only=True)

    def employed(self, day: date) -> bool:
        """Whether somebody sits in this seat that day, away or not."""
        return (
            self.status != "vacant"
            and (self.from_ is None or self.from_ <= day)
            and (self.to is None or day <= self.to)
        )

    def absence(self, day: date) -> Absence | None:
        """The absence that holds that day, if there is one."""
        return next((absence for absence in self.absences if absence.from_ <= day <= absence.to), None)


@frozen
class Role(Record):
    """A role that people hold.

    Attributes:
        id: its id.
        label: what people read.
        department: the department that answers through this role.
        skills: what a holder must be able to do.
        leads_customers: whether this role leads the whole customer side.
        holders: how many hold it at any one point.
    """

    id: str
    label: str = field(default="", kw_only=True)
    department: str | None = field(default=None, kw_only=True, metadata=_to("departments"))
    skills: tuple[str, ...] = field(default=(), kw_only=True, converter=_ids)
    leads_customers: bool = field(default=False, kw_only=True)
    holders: Count = field(default=Count(), kw_only=True)


@frozen
class Staffing(Record):
    """Who holds a role, and where. Several holders are a pool.

    Attributes:
        role: the role that is held.
        holders: the people who hold it.
        where: the customers for whom they hold it.
        backup: who stands in when a holder is not there, the first that is there.
        assign: how one of a pool is chosen: round-robin, least-loaded, sticky, first, or a plugin's own name.
        priority: of the entries that match, those of the highest priority hold.
        from_: the first day; None for always.
        to: the last day; None for open.
    """

    role: str = field(metadata=_to("roles"))
    holders: tuple[str, ...] = field(default=(), kw_only=True, converter=_ids, metadata=_to("people"))
    where: Scope = field(default=EVERYWHERE, kw_only=True, converter=scope)
    backup: tuple[str, ...] = field(default=(), kw_only=True, converter=_ids, metadata=_to("people"))
    assign: str = field(default="round-robin", kw_only=True)
    priority: int = field(default=0, kw_only=True)
    from_: date | None = field(default=None, kw_only=True)
    to: date | None = field(default=None, kw_only=True)


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
    stages: tuple[str, ...] = field(default=(), kw_only=True, converter=_ids, metadata=_to("stages"))
    channels: tuple[str, ...] = field(default=(), kw_only=True, converter=_ids, metadata=_to("dimensions.channel"))
    where: Scope = field(default=EVERYWHERE, kw_only=True, converter=scope)
    follows: tuple[str, ...] = field(default=(), kw_only=True, converter=_ids, metadata=_to("touchpoints"))
    accountable: Count = field(default=ONE, kw_only=True)
    asks: tuple[str, ...] = field(default=(), kw_only=True, converter=_ids)
    needs: tuple[str, ...] = field(default=(), kw_only=True, converter=_ids)
    metrics: tuple[str, ...] = field(default=(), kw_only=True, converter=_ids, metadata=_to("metrics"))
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

    touchpoints: tuple[str, ...] | Literal["all"] = field(converter=_ids_or_all, metadata=_to("touchpoints"))
    role: str = field(metadata=_to("roles"))
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

    from_: str = field(metadata=_to("departments"))
    to: str = field(metadata=_to("departments"))
    at: tuple[str, ...] = field(default=(), kw_only=True, converter=_ids, metadata=_to("stages"))
    carries: tuple[str, ...] = field(default=(), kw_only=True, converter=_ids)
    within: Duration | None = field(default=None, kw_only=True)


@frozen
class EscalationStep(Record):
    """One step of an escalation.

    Attributes:
        after: how long after the customer came.
        to: the role that then hears of it.
    """

    after: Duration
    to: str = field(metadata=_to("roles"))


@frozen
class Escalation(Record):
    """Who hears of it when a touchpoint is not answered in time.

    Attributes:
        touchpoints: where, or `all`.
        steps: who hears, and when.
        where: the customers for whom it holds.
    """

    touchpoints: tuple[str, ...] | Literal["all"] = field(converter=_ids_or_all, metadata=_to("touchpoints"))
    steps: tuple[EscalationStep, ...] = field(converter=_records)
    where: Scope = field(default=EVERYWHERE, kw_only=True, converter=scope)


@frozen
class Metric(Record):
    """Something that is measured.

    Attributes:
        id: its id.
        label: what people read.
        unit: percent, days, points, a currency, or the company's own word.
        better: whether higher or lower is better.
        target: the value to reach.
        owner: the role that answers for it.
        outcome: whether it measures what customers get (satisfaction, retention) rather than what the company does.
    """

    id: str
    label: str = field(default="", kw_only=True)
    unit: str | None = field(default=None, kw_only=True)
    better: Literal["higher", "lower"] = field(default="higher", kw_only=True)
    target: float | None = field(default=None, kw_only=True)
    owner: str | None = field(default=None, kw_only=True, metadata=_to("roles"))
    outcome: bool = field(default=False, kw_only=True)


@frozen
class Scorecard(Record):
    """What a department is judged by.

    Attributes:
        department: which one.
        weights: the share of each metric; they sum to 1.
    """

    department: str = field(metadata=_to("departments"))
    weights: Mapping[str, float] = field(metadata=_to("metrics"))


@frozen
class Forum(Record):
    """A regular meeting.

    Attributes:
        id: its id.
        label: what people read.
        chair: the role that leads it.
        members: the departments that attend.
        every: how often it meets.
        reviews: the metrics that it looks at.
    """

    id: str
    label: str = field(default="", kw_only=True)
    chair: str | None = field(default=None, kw_only=True, metadata=_to("roles"))
    members: tuple[str, ...] = field(default=(), kw_only=True, converter=_ids, metadata=_to("departments"))
    every: Frequency = field(default="month", kw_only=True)
    reviews: tuple[str, ...] = field(default=(), kw_only=True, converter=_ids, metadata=_to("metrics"))


@frozen
class Suppression(Record):
    """Findings that a company knows of and lives with, with the reason, and for how long.

    Attributes:
        code: the code of the check.
        because: why the company lives with them, in words.
        subject: the id that they are about; None for every one.
        where: the customers for whom; a finding that reaches beyond them is reported.
        until: the last day on which they are left out; None for open.
    """

    code: str
    because: str = field(kw_only=True)
    subject: str | None = field(default=None, kw_only=True)
    where: Scope = field(default=EVERYWHERE, kw_only=True, converter=scope)
    until: date | None = field(default=None, kw_only=True)


@frozen
class Settings(Record):
    """How strict the checks are.

    Attributes:
        ignore: what is not reported: codes of checks, or mappings that say which of their findings, why and how long.
        span_of_control: the most people that one person should lead directly.
        customer_lead_distance: the most reporting steps between the top and whoever leads customers.
        responsible: the most roles that should be responsible at one point.
        consulted: the most roles that should be consulted at one point.
    """

    ignore: tuple[str | Suppression, ...] = field(default=(), kw_only=True, converter=_codes)
    span_of_control: int = field(default=12, kw_only=True, metadata=_least(1))
    customer_lead_distance: int = field(default=2, kw_only=True, metadata=_least(0))
    responsible: int = field(default=3, kw_only=True, metadata=_least(1))
    consulted: int = field(default=5, kw_only=True, metadata=_least(1))


@frozen(slots=False)
class Organization(Doors, Record):
    """Who serves the customers of a company, and how: the whole organization file as one immutable value.

    Attributes:
        name: the company.
        crmcore: version of the file format.
        locale: language of the labels, BCP 47.
        timezone: IANA name of the zone that days belong to.
        calendar: when the company works.
        dimensions: what decides who answers.
        impossible: combinations that cannot occur.
        stages: the lifecycle of a customer.
        departments: the departments.
        people: the people.
        roles: the roles that people hold.
        staffing: who holds which role, where.
        touchpoints: where the company meets the customer.
        duties: who does what at the touchpoints.
        handoffs: how a customer passes from one department to another.
        escalations: who hears of it when nobody answers in time.
        metrics: what is measured.
        scorecards: what departments are judged by.
        forums: who meets, and about what.
        checks: how strict the checks are.
    """

    name: str
    crmcore: int = field(default=1, kw_only=True, metadata={"required": True})
    locale: str = field(default="en", kw_only=True)
    timezone: str = field(default="UTC", kw_only=True)
    calendar: Calendar = field(default=Factory(Calendar), kw_only=True)
    dimensions: tuple[Dimension, ...] = field(default=(), kw_only=True, converter=_records)
    impossible: tuple[Impossible, ...] = field(default=(), kw_only=True, converter=_records)
    stages: tuple[Stage, ...] = field(default=(), kw_only=True, converter=_records)
    departments: tuple[Department, ...] = field(default=(), kw_only=True, converter=_records)
    people: tuple[Person, ...] = field(default=(), kw_only=True, converter=_records)
    roles: tuple[Role, ...] = field(default=(), kw_only=True, converter=_records)
    staffing: tuple[Staffing, ...] = field(default=(), kw_only=True, converter=_records)
    touchpoints: tuple[Touchpoint, ...] = field(default=(), kw_only=True, converter=_records)
    duties: tuple[Duty, ...] = field(default=(), kw_only=True, converter=_records)
    handoffs: tuple[Handoff, ...] = field(default=(), kw_only=True, converter=_records)
    escalations: tuple[Escalation, ...] = field(default=(), kw_only=True, converter=_records)
    metrics: tuple[Metric, ...] = field(default=(), kw_only=True, converter=_records)
    scorecards: tuple[Scorecard, ...] = field(default=(), kw_only=True, converter=_records)
    forums: tuple[Forum, ...] = field(default=(), kw_only=True, converter=_records)
    checks: Settings = field(default=Factory(Settings), kw_only=True)

    def __attrs_post_init__(self) -> None:
        from crmcore.organization.validating import validate  # noqa: PLC0415 (it reads the record classes of this module)

        validate(self)

    def today(self) -> date:
        """Return which day it is where the company is."""
        return datetime.now(ZoneInfo(self.timezone)).date()

    def section(self, name: str) -> tuple[Any, ...]:
        """Return the records of one section by its key in the file, such as `people`."""
        records: tuple[Any, ...] = getattr(self, name)
        return records

    def by_id(self, section: str) -> Mapping[str, Any]:
        """Return one section as a mapping from id to record; the first of a repeated id stands."""
        return {record.id: record for record in reversed(self.section(section))}

    def stage_transitions(self) -> Iterator[tuple[str, str]]:
        """Yield every (stage, next stage) of the lifecycle; stages that do not exist are left out."""
        known = {stage.id for stage in self.stages}
        for index, stage in enumerate(self.stages):
            following = stage.next
            if following is None:
                following = () if stage.terminal else tuple(later.id for later in self.stages[index + 1 : index + 2])
            for target in following:
                if target in known:
                    yield stage.id, target

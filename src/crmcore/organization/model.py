"""The organization of a company that serves customers, as immutable records.

Each record mirrors one entry of the organization file, key for key (`from_` is the key `from`). A field whose metadata
says `refers` holds ids of that section; whether they exist is a finding of the checks, never an error of the record.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from attrs import Factory, field, frozen

from crmcore.organization.company import Absence, Calendar, Department, Person, Role, Staffing
from crmcore.organization.doors import Doors
from crmcore.organization.journey import (
    Duty,
    DutyKind,
    Escalation,
    EscalationStep,
    Handoff,
    Impossible,
    Promise,
    Stage,
    StageTask,
    Touchpoint,
)
from crmcore.organization.measures import Forum, Metric, Scorecard, Settings, Suppression
from crmcore.organization.records import ALL, Count, Record, records
from crmcore.organization.space import Dimension

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
    "StageTask",
    "Suppression",
    "Touchpoint",
]


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
    dimensions: tuple[Dimension, ...] = field(default=(), kw_only=True, converter=records)
    impossible: tuple[Impossible, ...] = field(default=(), kw_only=True, converter=records)
    stages: tuple[Stage, ...] = field(default=(), kw_only=True, converter=records)
    departments: tuple[Department, ...] = field(default=(), kw_only=True, converter=records)
    people: tuple[Person, ...] = field(default=(), kw_only=True, converter=records)
    roles: tuple[Role, ...] = field(default=(), kw_only=True, converter=records)
    staffing: tuple[Staffing, ...] = field(default=(), kw_only=True, converter=records)
    touchpoints: tuple[Touchpoint, ...] = field(default=(), kw_only=True, converter=records)
    duties: tuple[Duty, ...] = field(default=(), kw_only=True, converter=records)
    handoffs: tuple[Handoff, ...] = field(default=(), kw_only=True, converter=records)
    escalations: tuple[Escalation, ...] = field(default=(), kw_only=True, converter=records)
    metrics: tuple[Metric, ...] = field(default=(), kw_only=True, converter=records)
    scorecards: tuple[Scorecard, ...] = field(default=(), kw_only=True, converter=records)
    forums: tuple[Forum, ...] = field(default=(), kw_only=True, converter=records)
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
        found = self._by_id.get(section)
        if found is None:
            found = self._by_id[section] = {record.id: record for record in reversed(self.section(section))}
        return found

    @cached_property
    def _by_id(self) -> dict[str, Mapping[str, Any]]:
        """The sections that were asked for: whoever answers at a touchpoint is asked for again and again."""
        return {}

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

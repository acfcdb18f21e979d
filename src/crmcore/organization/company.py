"""The company: when it works, its departments, its people, and the roles that they hold."""

from collections.abc import Iterable
from datetime import date
from typing import Literal

from attrs import field, frozen

from crmcore.organization.records import Count, Record, at_least, ids, records, refers_to
from crmcore.organization.space import EVERYWHERE, Scope, scope

__all__ = ["Absence", "Calendar", "Department", "Person", "Role", "Staffing"]

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def _weekdays(values: Iterable[Weekday]) -> tuple[Weekday, ...]:
    return tuple(values)


def _dates(values: Iterable[date]) -> tuple[date, ...]:
    return tuple(values)


def _country_or_days(holidays: str | Iterable[date] | None) -> str | tuple[date, ...] | None:
    return holidays if holidays is None or isinstance(holidays, str) else tuple(holidays)


@frozen
class Calendar(Record):
    """When the company works.

    Attributes:
        workdays: the days of the week that are worked.
        hours: the hours of a workday, each `HH:MM-HH:MM`, in the organization's timezone.
        holidays: a country code (ISO 3166) whose public holidays are free, or the free days themselves.
        closed: days on which the company does not work either, whatever the country says.
        make_up: days on which it works although they are a weekend or a holiday.
    """

    workdays: tuple[Weekday, ...] = field(
        default=("mon", "tue", "wed", "thu", "fri"), kw_only=True, converter=_weekdays
    )
    hours: tuple[str, ...] = field(default=("09:00-17:00",), kw_only=True, converter=ids)
    holidays: str | tuple[date, ...] | None = field(default=None, kw_only=True, converter=_country_or_days)
    closed: tuple[date, ...] = field(default=(), kw_only=True, converter=_dates)
    make_up: tuple[date, ...] = field(default=(), kw_only=True, converter=_dates)

    @property
    def day_minutes(self) -> int:
        """Working minutes in one workday."""
        total = 0
        for span in self.hours:
            start, stop = (int(clock[:2]) * 60 + int(clock[3:]) for clock in span.split("-"))
            total += stop - start
        return total


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
    parent: str | None = field(default=None, kw_only=True, metadata=refers_to("departments"))
    lead: str | None = field(default=None, kw_only=True, metadata=refers_to("people"))


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
    cover: str | None = field(default=None, kw_only=True, metadata=refers_to("people"))


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
    department: str | None = field(default=None, kw_only=True, metadata=refers_to("departments"))
    level: str | None = field(default=None, kw_only=True)
    reports_to: str | None = field(default=None, kw_only=True, metadata=refers_to("people"))
    skills: tuple[str, ...] = field(default=(), kw_only=True, converter=ids)
    capacity: int | None = field(default=None, kw_only=True, metadata=at_least(0))
    from_: date | None = field(default=None, kw_only=True)
    to: date | None = field(default=None, kw_only=True)
    absences: tuple[Absence, ...] = field(default=(), kw_only=True, converter=records)
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
    department: str | None = field(default=None, kw_only=True, metadata=refers_to("departments"))
    skills: tuple[str, ...] = field(default=(), kw_only=True, converter=ids)
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

    role: str = field(metadata=refers_to("roles"))
    holders: tuple[str, ...] = field(default=(), kw_only=True, converter=ids, metadata=refers_to("people"))
    where: Scope = field(default=EVERYWHERE, kw_only=True, converter=scope)
    backup: tuple[str, ...] = field(default=(), kw_only=True, converter=ids, metadata=refers_to("people"))
    assign: str = field(default="round-robin", kw_only=True)
    priority: int = field(default=0, kw_only=True)
    from_: date | None = field(default=None, kw_only=True)
    to: date | None = field(default=None, kw_only=True)

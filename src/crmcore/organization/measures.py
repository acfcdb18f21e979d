"""What is measured and talked about, and how strict the checks are."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal

from attrs import field, frozen

from crmcore.organization.records import Record, at_least, ids, refers_to
from crmcore.organization.space import EVERYWHERE, Scope, scope

__all__ = ["Forum", "Frequency", "Metric", "Scorecard", "Settings", "Suppression"]

Frequency = Literal["day", "week", "fortnight", "month", "quarter", "half-year", "year"]


def _codes(values: "Iterable[str | Suppression]") -> "tuple[str | Suppression, ...]":
    return ids(values) if isinstance(values, str) else tuple(values)


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
    owner: str | None = field(default=None, kw_only=True, metadata=refers_to("roles"))
    outcome: bool = field(default=False, kw_only=True)


@frozen
class Scorecard(Record):
    """What a department is judged by.

    Attributes:
        department: which one.
        weights: the share of each metric; they sum to 1.
    """

    department: str = field(metadata=refers_to("departments"))
    weights: Mapping[str, float] = field(metadata=refers_to("metrics"))


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
    chair: str | None = field(default=None, kw_only=True, metadata=refers_to("roles"))
    members: tuple[str, ...] = field(default=(), kw_only=True, converter=ids, metadata=refers_to("departments"))
    every: Frequency = field(default="month", kw_only=True)
    reviews: tuple[str, ...] = field(default=(), kw_only=True, converter=ids, metadata=refers_to("metrics"))


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
    span_of_control: int = field(default=12, kw_only=True, metadata=at_least(1))
    customer_lead_distance: int = field(default=2, kw_only=True, metadata=at_least(0))
    responsible: int = field(default=3, kw_only=True, metadata=at_least(1))
    consulted: int = field(default=5, kw_only=True, metadata=at_least(1))

"""How long what is known of customers is kept: rules that say which customers and records are due to be erased."""

import calendar
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from attrs import field, frozen

from crmcore.customers.attributes import conditions
from crmcore.customers.contact_point_records import ContactPoint
from crmcore.customers.failures import InvalidDetail
from crmcore.customers.holdings import batched
from crmcore.customers.records import CUSTOMER, Contact, Customer
from crmcore.customers.work import Job
from crmcore.errors import UnknownName, nearest
from crmcore.language import say
from crmcore.storage import EVENT, Above, Among, Below, Entity, Filter, Holds, Is, Lacks, Order, Page, Query

__all__ = ["CODE", "SIGNS_OF_LIFE", "RetentionRule", "due_page", "months_before", "refuse_unknown", "still_due"]

SIGNS_OF_LIFE: Final = (
    "customer-registered",
    "interaction-recorded",
    "message-received",
    "purchase-recorded",
    "purchase-returned",
    "consent-given",
)
"""The events after which a customer is not forgotten for a while."""

_CHUNK: Final = 1_000

CODE: Final = re.compile("[a-z0-9]+(-[a-z0-9]+)*")


def _texts(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(given)


@frozen
class RetentionRule:
    """How long something is kept.

    Attributes:
        name: what the rule is called: lower-case words with hyphens. Events tell it.
        months: how many months it is kept, at least 1.
        stages: of customers in which stages; empty for all.
        where: of customers with which attributes, by dimension or field, as `customers.find` takes them.
        kind: None: a customer is erased that gave no sign of life for so long: no interaction, message, purchase or
            consent, and no other stage. Else the kind of the records that are erased so long after `by`.
        by: the field of the records that says when their time begins.

    Raises:
        InvalidDetail: the name or the months cannot be such, or there is a kind without `by` or with conditions.
    """

    name: str
    months: int
    stages: tuple[str, ...] = field(default=(), kw_only=True, converter=_texts)
    where: Mapping[str, Any] = field(factory=dict, kw_only=True)
    kind: str | None = field(default=None, kw_only=True)
    by: str | None = field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if not CODE.fullmatch(self.name):
            raise InvalidDetail("retention rule", "name", say("it is lower-case words with hyphens between them"))
        if self.months < 1:
            raise InvalidDetail("retention rule", "months", say("nothing is kept for less than 1 month"))
        if (self.kind is None) != (self.by is None):
            raise InvalidDetail("retention rule", "by", say("name the kind and the field by which its time begins"))
        if self.kind is not None and (self.stages or self.where):
            raise InvalidDetail("retention rule", "where", say("conditions are of customers, not of other kinds"))


def refuse_unknown(job: Job, rule: RetentionRule) -> None:
    """Refuse a rule that names what there is not.

    Raises:
        UnknownName: the organization has no such stage, or there is no such kind or field.
        InvalidDetail: the field holds no instant or day.
    """
    stages = job.organization.by_id("stages")
    for stage in rule.stages:
        if stage not in stages:
            raise UnknownName("stage", stage, nearest(stage, stages))
    if rule.kind is not None and rule.by is not None:
        fields = job.kinds[rule.kind].searchable
        if rule.by not in fields:
            raise UnknownName("field", rule.by, nearest(rule.by, fields))
        if fields[rule.by].holds not in (Holds.INSTANT, Holds.DAY):
            raise InvalidDetail("retention rule", "by", say("{field} says not when", field=rule.by))


def due_page(job: Job, rule: RetentionRule, *, limit: int, after: str | None) -> Page[Any]:
    """Return one page of the customers or records that a rule says are due, in the order of their ids."""
    before = months_before(job.now(), rule.months)
    if rule.kind is None:
        where = _customers_due(job, rule, before)
        return job.unit.find(Query(Customer, where=where, order=[Order("id")], limit=limit, after=after))
    kind = job.kinds[rule.kind]
    began = before if kind.searchable[rule.by or ""].holds is Holds.INSTANT else before.date()
    query: Query[Entity] = Query(
        kind.record, where=[Below(rule.by or "", began)], order=[Order("id")], limit=limit, after=after
    )
    return job.unit.find(query)


def still_due(job: Job, rule: RetentionRule, found: Sequence[Any]) -> tuple[Any, ...]:
    """Return what is due of what was found to be, after making sure that nobody adds anything to its customers."""
    if rule.kind is not None:
        job.unit.hold_all(
            Customer, (one.customer for one in found if isinstance(one, Contact | ContactPoint)), alone=True
        )
        return tuple(found)
    job.unit.hold_all(Customer, (one.id for one in found), alone=True)
    before, due = months_before(job.now(), rule.months), list[Any]()
    for some in batched((one.id for one in found), _CHUNK):
        where = [*_customers_due(job, rule, before), Among("id", some)]
        due += job.unit.find(Query(Customer, where=where, order=[Order("id")], limit=_CHUNK))
    return tuple(due)


def _customers_due(job: Job, rule: RetentionRule, before: datetime) -> Iterator[Filter]:
    yield Is("erased_at", None)
    yield Is("merged_into", None)
    yield Below("stage_since", before)
    if rule.stages:
        yield Among("stage", rule.stages)
    yield from conditions(rule.where, job.organization, job.kinds.of(Customer))
    recent = (Is("subject_kind", CUSTOMER.name), Among("name", SIGNS_OF_LIFE), Above("at", before))
    yield Lacks("id", EVENT.name, "subject", recent)


def months_before(instant: datetime, months: int) -> datetime:
    """Return the instant some months before another; on the last day of a month that has no such day."""
    year, month = divmod(instant.year * 12 + instant.month - 1 - months, 12)
    day = min(instant.day, calendar.monthrange(year, month + 1)[1])
    return instant.replace(year=year, month=month + 1, day=day)

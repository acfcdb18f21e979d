"""Survivorship: which of two values of a field stands when two customers become one."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from attrs import evolve, field, frozen

from crmcore.customers.attributes import searched_name, validated
from crmcore.customers.facts import Fact
from crmcore.customers.failures import UnknownField
from crmcore.customers.records import CUSTOMER, Customer
from crmcore.customers.work import Job
from crmcore.errors import nearest
from crmcore.storage import CUSTOM, Event, Is, Order, Query

__all__ = ["Choice", "FieldChoice", "Survivorship", "chosen_fact", "chosen_fields", "with_values"]

_FIELDS: Final = ("name", "language", "time_zone", "source", "registration")
_FACT: Final = "fact."


class Choice(StrEnum):
    """A rule by which the value of a field is chosen. An empty value never takes the place of one that is known."""

    SURVIVOR = "survivor"
    """That of the customer that stays."""
    OTHER = "other"
    """That of the customer that is merged into it."""
    NEWEST = "newest"
    """The one that was written last."""
    LONGEST = "longest"
    """The longest text; of other values that of the customer that stays."""
    MOST_COMPLETE = "most-complete"
    """That of the customer of which more fields are known."""
    SOURCE = "source"
    """That of the customer whose source ranks first."""
    BY_HAND = "by-hand"
    """One that somebody gave."""


def _choices(given: Mapping[str, Choice | str]) -> Mapping[str, Choice]:
    return {name: Choice(choice) for name, choice in given.items()}


@frozen
class Survivorship:
    """By which rules values are chosen.

    Attributes:
        default: the rule of all fields that have none of their own.
        fields: the rules of fields by their names: those of the record, dimensions, the company's own fields, and
            `fact.NAME` for what the customer told, of which the newest stands where nothing else is said.
        sources: the sources of customers, the most trusted first.
        values: values that somebody gave, by the names of the fields.
    """

    default: Choice = field(default=Choice.SURVIVOR, converter=Choice)
    fields: Mapping[str, Choice] = field(factory=dict, converter=_choices)
    sources: Sequence[str] = field(default=(), converter=tuple[str, ...])
    values: Mapping[str, Any] = field(factory=dict)

    def of(self, name: str) -> Choice:
        """Return the rule of a field."""
        if name in self.values:
            return Choice.BY_HAND
        return self.fields.get(name, Choice.NEWEST if name.startswith(_FACT) else self.default)


@frozen
class FieldChoice:
    """What becomes of a field.

    Attributes:
        name: the field.
        survivor: the value of the customer that stays.
        other: that of the customer that is merged into it.
        stands: the value that the customer has afterwards.
        because: the rule by which it was chosen.
    """

    name: str
    survivor: Any
    other: Any
    stands: Any
    because: Choice


def chosen_fields(job: Job, survivor: Customer, other: Customer, rules: Survivorship) -> tuple[FieldChoice, ...]:
    """Return what becomes of the fields of two customers of which one of them knows the value.

    Raises:
        UnknownField: a rule or a value is of a field that does not exist, or is not merged.
        OutsideSpace, ValueNotAllowed: a value by hand cannot be.
    """
    kind = job.kinds.of(Customer)
    stored = {_stored(job, name): name for name in (*rules.fields, *rules.values)}
    known = {*_FIELDS, *(f"{CUSTOM}{one.name}" for one in kind.custom)}
    for name, given in stored.items():
        if name not in known and not given.startswith(_FACT):
            raise UnknownField(CUSTOMER.name, given, nearest(given, [one.removeprefix(CUSTOM) for one in known]))
    by_hand = _by_hand(job, rules)
    weighing = _Weighing(job, survivor, other, rules)
    found = []
    for name in (*_FIELDS, *(f"{CUSTOM}{one.name}" for one in kind.custom)):
        shown = stored.get(name, name.removeprefix(CUSTOM))
        mine, theirs = kind.value(survivor, name), kind.value(other, name)
        rule = rules.of(shown)
        if rule is Choice.BY_HAND:
            found.append(FieldChoice(name.removeprefix(CUSTOM), mine, theirs, by_hand[name], rule))
        elif mine is not None or theirs is not None:
            stands = weighing.chosen(name.removeprefix(CUSTOM), rule, mine, theirs)
            found.append(FieldChoice(name.removeprefix(CUSTOM), mine, theirs, stands, rule))
    return tuple(found)


def with_values(job: Job, survivor: Customer, choices: Sequence[FieldChoice]) -> Customer:
    """Return the customer that stays, with the values that stand."""
    own = {one.name for one in job.kinds.of(Customer).custom}
    custom = {**survivor.custom, **{one.name: one.stands for one in choices if one.name in own}}
    plain = {one.name: one.stands for one in choices if one.name not in own}
    return evolve(survivor, custom={name: value for name, value in custom.items() if value is not None}, **plain)


def chosen_fact(rules: Survivorship, mine: Fact, theirs: Fact) -> Fact:
    """Return which of two facts of one name stands: the newer one, if the rules say nothing else."""
    rule = rules.of(f"{_FACT}{mine.name}")
    if rule is Choice.NEWEST:
        return theirs if theirs.learned_at > mine.learned_at else mine
    if rule is Choice.LONGEST:
        return theirs if len(theirs.value) > len(mine.value) else mine
    return theirs if rule is Choice.OTHER else mine


def _stored(job: Job, name: str) -> str:
    return (
        name
        if name in _FIELDS or name.startswith(_FACT)
        else searched_name(name, job.organization, job.kinds.of(Customer))
    )


def _by_hand(job: Job, rules: Survivorship) -> Mapping[str, Any]:
    plain = {name: value for name, value in rules.values.items() if name in _FIELDS}
    rest = {name: value for name, value in rules.values.items() if name not in _FIELDS}
    fields = job.fields.get(CUSTOMER.name, {})
    own = validated(rest, job.organization, fields, job.kinds.of(Customer))
    return {**plain, **{f"{CUSTOM}{name}": value for name, value in own.items()}}


@frozen(slots=False)
class _Weighing:
    """What speaks for one of two customers, looked up when a rule asks for it."""

    job: Job
    survivor: Customer
    other: Customer
    rules: Survivorship

    def chosen(self, name: str, rule: Choice, mine: Any, theirs: Any) -> Any:
        """Return the value of a field that stands."""
        if mine is None or theirs is None or mine == theirs:
            return theirs if mine is None else mine
        return theirs if self._theirs(name, rule, mine, theirs) else mine

    def _theirs(self, name: str, rule: Choice, mine: Any, theirs: Any) -> bool:
        match rule:
            case Choice.OTHER:
                return True
            case Choice.NEWEST:
                return self._written(self.other, name) > self._written(self.survivor, name)
            case Choice.LONGEST:
                return isinstance(mine, str) and isinstance(theirs, str) and len(theirs) > len(mine)
            case Choice.MOST_COMPLETE:
                return self._known(self.other) > self._known(self.survivor)
            case Choice.SOURCE:
                return self._rank(self.other) < self._rank(self.survivor)
            case _:
                return False

    def _written(self, customer: Customer, name: str) -> datetime:
        """Return when a field of a customer was written last, as its events tell."""
        where = [Is("subject_kind", CUSTOMER.name), Is("subject", customer.id)]
        query = Query(Event, where=where, order=[Order("at", descending=True)])
        return next(
            (one.at for one in self.job.unit.each(query) if name in set(self._told(one))), customer.registered_at
        )

    def _told(self, event: Event) -> Iterator[str]:
        kind = self.job.kinds.of(Customer)
        for given in event.payload.get("fields", ()):
            with suppress(UnknownField):  # the organization had it then
                yield searched_name(str(given), self.job.organization, kind).removeprefix(CUSTOM)

    def _known(self, customer: Customer) -> int:
        return sum(getattr(customer, name) is not None for name in _FIELDS) + len(customer.custom)

    def _rank(self, customer: Customer) -> int:
        sources = list(self.rules.sources)
        return sources.index(customer.source) if customer.source in sources else len(sources)

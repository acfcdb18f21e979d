"""A decision table as an organization: a touchpoint at which each rule answers, so that the checks can prove it."""

from collections.abc import Mapping
from functools import cached_property
from itertools import combinations
from typing import Any

from attrs import field, frozen

from crmcore.errors import OutsideSpace, nearest
from crmcore.language import listed, say
from crmcore.organization.dmn.columns import Column, Names
from crmcore.organization.dmn.deciding import decided
from crmcore.organization.dmn.literals import NoLiteral
from crmcore.organization.dmn.policies import HitPolicy
from crmcore.organization.dmn.records import Input, Output, Rule
from crmcore.organization.model import Count, Duty, Impossible, Organization, Role, Touchpoint
from crmcore.organization.space import Dimension, Scope
from crmcore.values import NOWHERE, Place

__all__ = ["DecisionTable", "Overlap"]


@frozen
class Overlap:
    """Where two rules match together, whatever the hit policy makes of it.

    Attributes:
        rules: the numbers of the two.
        box: the inputs that they restrict, by name, with the values that both admit.
    """

    rules: tuple[int, int]
    box: Mapping[str, list[str]]


_NO_OTHER = say("no rule names another text")


@frozen(slots=False)
class DecisionTable:
    """A decision table of a DMN file.

    Attributes:
        name: of the decision.
        id: the touchpoint that it is in its organization.
        policy: its hit policy.
        aggregation: what COLLECT makes of the outputs: SUM, COUNT, MIN or MAX; empty for a list of them.
        inputs: what it asks for.
        outputs: what it answers.
        rules: its rows.
        place: where it is written.
    """

    name: str
    id: str = field(kw_only=True)
    policy: HitPolicy = field(kw_only=True)
    aggregation: str = field(default="", kw_only=True)
    inputs: tuple[Input, ...] = field(kw_only=True)
    outputs: tuple[Output, ...] = field(kw_only=True)
    rules: tuple[Rule, ...] = field(kw_only=True)
    place: Place = field(default=NOWHERE, kw_only=True, eq=False, repr=False)

    @cached_property
    def columns(self) -> Mapping[str, Column]:
        """The inputs that some rule asks for, by dimension."""
        return {each.id: each.column for each in self.inputs if each.column is not None}

    @cached_property
    def organization(self) -> Organization:
        """The table as data: a touchpoint, a dimension an input, an accountable duty a rule.

        Where two rules with the same outputs may match together, as with ANY, a role is an output; else a role is a
        rule. Then two roles that are accountable with the same priority are what the hit policy forbids.
        """
        roles = {role: self._label(rule) for rule, role in zip(self.rules, self._roles, strict=True)}
        return Organization(
            self.name,
            dimensions=tuple(
                Dimension(each.id, each.column.domain, of="contact", label=each.name, place=each.place)
                for each in self.inputs
                if each.column is not None and self._first(each)
            ),
            impossible=tuple(
                Impossible({name: column.domain.values[-1]}, because=_NO_OTHER, place=self.place)
                for name, column in self.columns.items()
                if name in self.assumed
            ),
            roles=tuple(Role(role, label=label, place=self.place) for role, label in roles.items()),
            touchpoints=(Touchpoint(self.id, label=self.name, accountable=self._count, place=self.place),),
            duties=tuple(self._duty(rule, role) for rule, role in zip(self.rules, self._roles, strict=True)),
            place=self.place,
        )

    @cached_property
    def assumed(self) -> Mapping[str, str]:
        """The inputs of which nothing says what they can be, and whose texts every rule names: no other is expected.

        By dimension, with what the table calls them. That a text is missing which neither the input nor any rule names
        cannot be known, so that it is no gap; whoever checks a table has to be told.
        """
        names = {each.id: each.name for each in self.inputs}
        return {
            name: names[name]
            for name, column in self.columns.items()
            if isinstance(column, Names)
            and column.others
            and all(name in rule.masks and not rule.masks[name] >> len(column.values) & 1 for rule in self.rules)
        }

    def _first(self, one: Input) -> bool:
        """Whether an input is the first of its dimension: an expression can stand above several columns."""
        return next(each for each in self.inputs if each.id == one.id) is one

    @property
    def _count(self) -> Count:
        answered = all(output.default is not None for output in self.outputs)
        return Count(min=0 if answered else 1, max=None if self.policy.lists else 1)

    def _label(self, rule: Rule) -> str:
        return listed(map(str, rule.outputs))

    @cached_property
    def _roles(self) -> tuple[str, ...]:
        if not self.policy.by_output:
            return tuple(f"rule-{rule.number}" for rule in self.rules)
        numbers: dict[Any, int] = {}
        return tuple(f"output-{numbers.setdefault(rule.outputs, len(numbers) + 1)}" for rule in self.rules)

    def _duty(self, rule: Rule, role: str) -> Duty:
        where = Scope(tuple((name, self._values(name, mask)) for name, mask in rule.masks.items()))
        return Duty(
            (self.id,), role, "accountable", where=where, priority=self._priorities[rule.number], place=rule.place
        )

    def _values(self, dimension: str, mask: int) -> tuple[str, ...]:
        values = self.columns[dimension].domain.values
        return tuple(value for cell, value in enumerate(values) if mask >> cell & 1)

    def rank(self, rule: Rule) -> tuple[int, ...]:
        """Return the place of a rule in the order of its outputs: the lowest comes first."""
        return tuple(output.rank(value) for output, value in zip(self.outputs, rule.outputs, strict=True))

    @cached_property
    def _priorities(self) -> Mapping[int, int]:
        if self.policy is HitPolicy.FIRST:
            return {rule.number: len(self.rules) - rule.number for rule in self.rules}
        if self.policy is not HitPolicy.PRIORITY:
            return {rule.number: 0 for rule in self.rules}
        ranks = sorted({self.rank(rule) for rule in self.rules}, reverse=True)
        return {rule.number: ranks.index(self.rank(rule)) for rule in self.rules}

    def decide(self, inputs: Mapping[str, Any]) -> Any:
        """Return what the table answers.

        Args:
            inputs: a value for each input, by its name: text, a truth value, a number, a date, a datetime, a time or a
                timedelta. An input that no rule asks for may be left out.

        Returns:
            The output; a mapping by name where there are several; a list of them where the hit policy lists all rules
            that match; None, or an empty list, when no rule matches and there is no default.

        Raises:
            OutsideSpace: an input is missing, or has a value that it cannot have.
            RulesConflict: the hit policy does not allow that all rules match which do.
        """
        return decided(self, self.matching(inputs))

    def matching(self, inputs: Mapping[str, Any]) -> tuple[Rule, ...]:
        """Return the rules that match, in the order of the table.

        Raises:
            OutsideSpace: an input is missing, or has a value that it cannot have.
        """
        where = {each.id: self._cell(each, inputs) for each in self.inputs if each.column is not None}
        return tuple(rule for rule in self.rules if rule.admits(where))

    def _cell(self, one: Input, inputs: Mapping[str, Any]) -> int:
        if one.name not in inputs:
            reason = say("the table asks for {name!r}, which is not given", name=one.name)
            raise OutsideSpace(one.name, None, reason, nearest(one.name, inputs))
        value = inputs[one.name]
        try:
            cell = one.column.cell(value) if one.column is not None else None
        except NoLiteral:
            cell = None
        if cell is None:
            reason = say("{name!r} cannot be {value}", name=one.name, value=repr(value))
            raise OutsideSpace(one.name, value, reason)
        return cell

    def overlaps(self) -> tuple[Overlap, ...]:
        """Return every two rules that match together somewhere, allowed or not, in the order of the table."""
        pairs = combinations(self.rules, 2)
        return tuple(overlap for one, other in pairs if (overlap := self._overlap(one, other)) is not None)

    def _overlap(self, one: Rule, other: Rule) -> Overlap | None:
        shared = dict(one.masks)
        for dimension, mask in other.masks.items():
            shared[dimension] = shared.get(dimension, mask) & mask
        if not all(shared.values()):
            return None
        axes = self.organization.responsibilities.space
        box = {}
        for each in self.inputs:
            position = axes.index(each.id)
            if each.id in shared and position is not None:
                box[each.name] = axes.axes[position].describe(shared[each.id])
        return Overlap((one.number, other.number), box)

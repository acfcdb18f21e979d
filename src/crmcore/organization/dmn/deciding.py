"""What a decision table answers: the outputs of the rules that match, by its hit policy."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from crmcore.errors import CrmError
from crmcore.language import joined, say, told
from crmcore.organization.dmn.literals import Kind, Literal
from crmcore.organization.dmn.policies import HitPolicy
from crmcore.organization.dmn.records import Expression, Rule

if TYPE_CHECKING:
    from crmcore.organization.dmn.tables import DecisionTable

__all__ = ["RulesConflict", "decided"]


class RulesConflict(CrmError):
    """Several rules of a decision table match, and its hit policy does not say which one answers. Mend the table.

    Attributes:
        table: the table's name.
        policy: its hit policy.
        rules: the numbers of the rules.
    """

    code: ClassVar[str] = "rules-conflict"

    def __init__(self, table: str, policy: str, rules: tuple[int, ...]) -> None:
        self.table = table
        self.policy = policy
        self.rules = rules
        super().__init__(table, policy, rules)

    def __str__(self) -> str:
        rules = joined(map(str, self.rules))
        found = {"table": self.table, "rules": rules, "policy": self.policy}
        return told(say("rules {rules} of {table} match together, which {policy} does not allow", **found))


def decided(table: "DecisionTable", rules: Sequence[Rule]) -> Any:
    """Return the answer of a table.

    Args:
        table: the table.
        rules: its rules that match, in the order of the file.

    Raises:
        RulesConflict: the hit policy does not allow that all these match.
    """
    if not rules:
        return _default(table)
    if table.policy is HitPolicy.COLLECT and table.aggregation:
        return _aggregated(table.aggregation, [rule.outputs[0] for rule in rules])
    if table.policy is HitPolicy.OUTPUT_ORDER:
        rules = sorted(rules, key=table.rank)
    if table.policy.lists:
        return [_answer(table, rule) for rule in rules]
    if table.policy is HitPolicy.PRIORITY:
        best = min(map(table.rank, rules))
        rules = [rule for rule in rules if table.rank(rule) == best]
    if table.policy is not HitPolicy.FIRST:
        _agree(table, rules)
    return _answer(table, rules[0])


def _agree(table: "DecisionTable", rules: Sequence[Rule]) -> None:
    same = table.policy.by_output and all(rule.outputs == rules[0].outputs for rule in rules)
    if len(rules) > 1 and not same:
        raise RulesConflict(table.name, table.policy.value, tuple(rule.number for rule in rules))


def _answer(table: "DecisionTable", rule: Rule) -> Any:
    return _outputs(table, dict(zip((output.name for output in table.outputs), rule.outputs, strict=True)))


def _outputs(table: "DecisionTable", values: Mapping[str, Literal | Expression | None]) -> Any:
    answer = {name: _plain(value) for name, value in values.items()}
    return answer if len(table.outputs) > 1 else next(iter(answer.values()))


def _plain(value: Literal | Expression | None) -> Any:
    if not isinstance(value, Literal):
        return None if value is None or value.nothing else value
    return _number(value.value) if isinstance(value.value, Decimal) else value.value


def _number(number: Decimal) -> int | Decimal:
    return int(number) if number == number.to_integral_value() else number


def _default(table: "DecisionTable") -> Any:
    if all(output.default is None for output in table.outputs):
        return [] if table.policy.lists and not table.aggregation else None
    answer = _outputs(table, {output.name: output.default for output in table.outputs})
    return [answer] if table.policy.lists and not table.aggregation else answer


def _aggregated(aggregation: str, values: Sequence[Literal | Expression]) -> Any:
    """Return the sum, the number, the least or the greatest of some outputs."""
    if aggregation == "COUNT":
        return len(values)
    numbers = [value.value for value in values if isinstance(value, Literal) and value.kind is Kind.NUMBER]
    if len(numbers) < len(values):
        return None
    functions = {"SUM": sum, "MIN": min, "MAX": max}
    return _number(Decimal(functions[aggregation](numbers)))  # type: ignore[operator]

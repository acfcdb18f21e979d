"""Reading one decision table: its inputs cut into cells, its outputs, its rules."""

from collections.abc import Sequence
from typing import Final

from crmcore.language import say
from crmcore.organization.dmn.cells import Asked, Cells
from crmcore.organization.dmn.elements import Element
from crmcore.organization.dmn.input_reading import InputReading
from crmcore.organization.dmn.literals import Literal
from crmcore.organization.dmn.policies import AGGREGATIONS, HitPolicy
from crmcore.organization.dmn.records import Expression, Output, Rule
from crmcore.organization.dmn.tables import DecisionTable
from crmcore.organization.dmn.types import Types
from crmcore.organization.dmn.unary_tests import ANYTHING, single_literal
from crmcore.organization.faults import Faults, did_you_mean, quoted

__all__ = ["TableReading"]

_MOST_RULES: Final = 20_000


class TableReading:
    """One table being read.

    Args:
        element: the table.
        name: what people call it.
        id_: the touchpoint that it becomes.
        types: the types of the file.
        faults: where what is wrong is added.
    """

    def __init__(self, element: Element, name: str, id_: str, types: Types, faults: Faults) -> None:
        self.element = element
        self.name = name
        self.id = id_
        self.types = types
        self.faults = faults
        self.cells = Cells(name, faults)
        self.policy = self.read_policy()
        self.inputs = list(element.all("input"))
        self.outputs = list(element.all("output"))
        self.rules = list(element.all("rule"))

    def table(self) -> DecisionTable | None:
        """Return the table; None, with faults, when it cannot be analysed."""
        before = len(self.faults)
        if not self.whole():
            return None
        inputs, masks = InputReading(self.inputs, self.rules, self.types, self.cells).read()
        outputs = [self.read_output(number, output) for number, output in enumerate(self.outputs, 1)]
        answers = [self.read_answers(number, rule, outputs) for number, rule in enumerate(self.rules, 1)]
        self.examine_order(outputs)
        if len(self.faults) > before:
            return None
        rules = [
            Rule(number, mask, answer, place=rule.place)
            for number, (rule, mask, answer) in enumerate(zip(self.rules, masks, answers, strict=True), 1)
        ]
        return DecisionTable(
            self.name,
            id=self.id,
            policy=self.policy,
            aggregation=self.element.attributes.get("aggregation", "") if self.policy is HitPolicy.COLLECT else "",
            inputs=inputs,
            outputs=tuple(outputs),
            rules=tuple(rules),
            place=self.element.place,
        )

    def read_policy(self) -> HitPolicy:
        """Return the hit policy, UNIQUE if none is written."""
        written = self.element.attributes.get("hitPolicy", HitPolicy.UNIQUE.value)
        try:
            return HitPolicy(written.replace("_", " "))
        except ValueError:
            names = [policy.value for policy in HitPolicy]
            found = say("there is no hit policy {policy}", policy=quoted(written))
            self.cells.fault(self.element.place, found, did_you_mean(written, names))
            return HitPolicy.UNIQUE

    def whole(self) -> bool:
        """Say whether there are inputs, outputs, and as many entries in each rule."""
        before = len(self.faults)
        aggregation = self.element.attributes.get("aggregation")
        if aggregation and aggregation not in AGGREGATIONS:
            self.cells.fault(self.element.place, say("there is no aggregation {name}", name=quoted(aggregation)))
        if aggregation and len(self.outputs) > 1:
            self.cells.fault(self.element.place, say("{name} of several outputs means nothing", name=aggregation))
        if not self.inputs:
            self.cells.fault(self.element.place, say("the table has no inputs"))
        if not self.outputs:
            self.cells.fault(self.element.place, say("the table has no outputs"))
        if len(self.rules) > _MOST_RULES:
            self.cells.fault(self.element.place, say("the table has more than {most:,} rules", most=_MOST_RULES))
        for number, rule in enumerate(self.rules, 1):
            for name, columns in (("inputEntry", self.inputs), ("outputEntry", self.outputs)):
                count = len(list(rule.all(name)))
                if count != len(columns):
                    counts = {"rule": number, "found": count, "name": name, "wanted": len(columns)}
                    self.cells.fault(rule.place, say("rule {rule} has {found} {name} for {wanted} columns", **counts))
        return len(self.faults) == before

    def read_output(self, number: int, element: Element) -> Output:
        """Read one output: its values in their order, and its default."""
        name = element.attributes.get("name") or element.attributes.get("label") or ""
        if len(self.outputs) > 1 and not name:
            name = f"output-{number}"
        default = element.child("defaultOutputEntry")
        text = default.expression()[0] if default is not None else ""
        return Output(name, self.output_values(number, element), _answer(text) if text else None)

    def output_values(self, number: int, element: Element) -> tuple[Literal, ...]:
        """Return the values of an output in their order: what the table says, or its type; none when nothing does."""
        values = element.child("outputValues")
        text, place = values.expression() if values is not None else ("", element.place)
        if not text and self.policy.ordered:
            text, place = self.types.allowed(self.output_type(element)) or ("", place)
        one = self.cells.read_condition(text, place, 0, len(self.inputs) + number) if self.policy.ordered else None
        if one is None:
            return ()
        if one.condition.negated or not all(isinstance(test, Literal) for test in one.condition.tests):
            self.cells.fault_of(one, say("values in an order are wanted: name them one by one"))
            return ()
        return tuple(one.condition.literals())

    def output_type(self, element: Element) -> str:
        """Return the name of the type of an output: its own; that of the table or of the decision if it is alone."""
        written = element.attributes.get("typeRef", "")
        if written or len(self.outputs) > 1:
            return written
        return self.element.attributes.get("typeRef", "") or self.types.variables.get(self.name, "")

    def read_answers(self, number: int, rule: Element, outputs: Sequence[Output]) -> tuple[Literal | Expression, ...]:
        """Read the outputs of one rule; where they are compared they have to be values."""
        answers = []
        for column_, (entry, output) in enumerate(zip(rule.all("outputEntry"), outputs, strict=True), 1):
            text, place = entry.expression()
            answer = _answer(text)
            answers.append(answer)
            cell = Asked(ANYTHING, place, number, len(self.inputs) + column_)
            compared = self.policy is HitPolicy.ANY or output.values
            if isinstance(answer, Expression) and compared and not answer.nothing:
                self.cells.fault_of(cell, say("{text} cannot be analysed: a value is wanted", text=quoted(answer.text)))
            elif isinstance(answer, Literal) and output.values and answer not in output.values:
                found = say("{value} is not among the output values, whose order decides", value=str(answer)[:60])
                self.cells.fault_of(cell, found, did_you_mean(str(answer), map(str, output.values)))
        return tuple(answers)

    def examine_order(self, outputs: Sequence[Output]) -> None:
        """Have the outputs an order where it decides?"""
        if self.policy.ordered and len(self.rules) > 1 and not any(output.values for output in outputs):
            found = say("{policy} goes by the order of the output values, and there are none", policy=self.policy.value)
            self.cells.fault(self.element.place, found, say("name the output values, the most important first"))


def _answer(text: str) -> Literal | Expression:
    return single_literal(text) or Expression(text)

"""Reading the inputs of a decision table, and cutting the values of each into cells."""

from collections.abc import Iterator, Sequence
from typing import Final

from crmcore.language import say
from crmcore.organization.dmn.cells import Asked, Cells
from crmcore.organization.dmn.columns import Column, column
from crmcore.organization.dmn.elements import Element
from crmcore.organization.dmn.identifiers import ids
from crmcore.organization.dmn.literals import Kind, NoLiteral
from crmcore.organization.dmn.records import Input
from crmcore.organization.dmn.types import Types
from crmcore.organization.dmn.unary_tests import ANYTHING
from crmcore.organization.faults import did_you_mean, quoted

__all__ = ["InputReading"]

_MOST_CELLS: Final = 20_000


class InputReading:
    """The inputs of one table being read.

    Args:
        inputs: the inputs.
        rules: the rules.
        types: the types of the file.
        cells: what reads the cells of the table.
    """

    def __init__(self, inputs: Sequence[Element], rules: Sequence[Element], types: Types, cells: Cells) -> None:
        self.inputs = inputs
        self.entries = [list(rule.all("inputEntry")) for rule in rules]
        self.types = types
        self.cells = cells

    def read(self) -> tuple[tuple[Input, ...], list[dict[str, int]]]:
        """Return the inputs, and for each rule the cells of each that it admits, where it does not admit all.

        Two columns of one expression are one input, of which both conditions are asked.
        """
        names = [_input_name(number, element) for number, element in enumerate(self.inputs, 1)]
        distinct = list(dict.fromkeys(names))
        id_of = dict(zip(distinct, ids(distinct, "input"), strict=True))
        asked: dict[str, list[Asked]] = {}
        for number, name in enumerate(names, 1):
            asked.setdefault(name, []).extend(self.asked(number))
        columns = {name: self.column(name, names, asked[name]) for name in distinct}
        inputs = tuple(
            Input(name, id_of[name], columns[name], place=element.place)
            for name, element in zip(names, self.inputs, strict=True)
        )
        masks: list[dict[str, int]] = [{} for _ in self.entries]
        for name, made in columns.items():
            if made is not None:
                _add_masks(masks, id_of[name], made, asked[name])
        return inputs, masks

    def asked(self, number: int) -> Iterator[Asked]:
        """Yield what the rules ask of one column."""
        for rule, entries in enumerate(self.entries, 1):
            one = self.cells.read_condition(*entries[number - 1].expression(), rule, number)
            if one is not None:
                yield one

    def column(self, name: str, names: Sequence[str], asked: Sequence[Asked]) -> Column | None:
        """Cut the values of an input; None when no rule asks for it, or, with a fault, when it cannot be done."""
        numbers = [number for number, other in enumerate(names, 1) if other == name]
        number = numbers[0]
        type_ = self.type_of(name, self.inputs[number - 1])
        limits = (self.allowed(self.inputs[each - 1], type_, each) for each in numbers)
        allowed = next((limit for limit in limits if limit is not None), None)
        restricting = [one for one in asked if one.condition.tests]
        if not restricting:
            return None
        if self.types.manifold(type_):
            found = say("the type {type} has several parts, and cannot be analysed", type=quoted(type_))
            self.cells.fault_of(restricting[0], found)
            return None
        every = [*([allowed] if allowed else []), *restricting]
        kind = _kind(self.types.kind(type_), every)
        strangers = [one for one in every if not self.of_kind(one, kind)]
        return None if strangers else self.cut(kind, allowed, restricting, number)

    def cut(self, kind: Kind, allowed: Asked | None, asked: Sequence[Asked], number: int) -> Column | None:
        """Cut the values of an input whose conditions are all of its kind."""
        possible = allowed.condition if allowed else ANYTHING
        where = allowed or asked[0]
        try:
            made = column(kind, possible, [one.condition for one in asked])
        except NoLiteral as error:
            self.cells.fault_of(where, error.reason)
            return None
        cells = len(made.domain.values)
        if not cells:
            self.cells.fault_of(where, say("no value at all is allowed"))
        if cells > _MOST_CELLS:
            found = say("column {column} names more than {most:,} values", column=number, most=_MOST_CELLS)
            self.cells.fault(self.inputs[number - 1].place, found)
        if kind is Kind.STRING and allowed:
            self.examine_names(made, asked)
        return made

    def examine_names(self, made: Column, asked: Sequence[Asked]) -> None:
        """Are the texts that rules name allowed?"""
        for one in asked:
            for literal in one.condition.literals():
                if made.cell(literal.value) is None:
                    found = say("{value} is not among the values that are allowed", value=str(literal)[:60])
                    self.cells.fault_of(one, found, did_you_mean(str(literal), made.domain.values))

    def of_kind(self, one: Asked, kind: Kind) -> bool:
        """Say whether all values of a condition are of a kind; else add a fault."""
        number = {Kind.NUMBER, Kind.INTEGER}
        for literal in one.condition.literals():
            if literal.kind is not kind and not {literal.kind, kind} <= number:
                wrong = {"value": str(literal)[:60], "found": literal.kind.value, "wanted": kind.value}
                self.cells.fault_of(one, say("{value} is a {found}, where a {wanted} is wanted", **wrong))
                return False
        return True

    def type_of(self, name: str, element: Element) -> str:
        """Return the name of the type of an input: its own, or that of the variable of its name."""
        expression = element.child("inputExpression")
        written = expression.attributes.get("typeRef", "") if expression is not None else ""
        return written or self.types.variables.get(name, "")

    def allowed(self, element: Element, type_: str, number: int) -> Asked | None:
        """Return what an input can be: what the table says, or its type; None for everything."""
        values = element.child("inputValues")
        text, place = values.expression() if values is not None else ("", element.place)
        if not text:
            text, place = self.types.allowed(type_) or ("", place)
        one = self.cells.read_condition(text, place, 0, number)
        return one if one is not None and one.condition.tests else None


def _input_name(number: int, element: Element) -> str:
    expression = element.child("inputExpression")
    text = expression.expression()[0] if expression is not None else ""
    return " ".join((text or element.attributes.get("label", "")).split()) or f"input {number}"


def _kind(declared: Kind | None, asked: Sequence[Asked]) -> Kind:
    """Return what kind of values an input has: what its type says, or else what its conditions name first.

    Some modelers write the type `date` for a date with a time.
    """
    kinds = {literal.kind for one in asked for literal in one.condition.literals()}
    named = next(literal.kind for one in asked for literal in one.condition.literals())
    zoned = declared is Kind.MOMENT and kinds == {Kind.ZONED}
    if declared is None or zoned or (declared is Kind.DATE and kinds in ({Kind.MOMENT}, {Kind.ZONED})):
        return named
    return declared


def _add_masks(masks: Sequence[dict[str, int]], dimension: str, made: Column, asked: Sequence[Asked]) -> None:
    full = (1 << len(made.domain.values)) - 1
    for one in asked:
        mask = made.mask(one.condition)
        if mask != full:
            admitted = masks[one.rule - 1]
            admitted[dimension] = admitted.get(dimension, full) & mask

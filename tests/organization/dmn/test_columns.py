"""An input is cut into cells exactly where its conditions begin and end."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.organization.dmn.columns import Column, column
from crmcore.organization.dmn.literals import Kind
from crmcore.organization.dmn.unary_tests import ANYTHING, condition
from crmcore.organization.scales import Scale


def cut(kind: Kind, *conditions: str, allowed: str = "-") -> Column:
    return column(kind, condition(allowed), [condition(text) for text in conditions])


def test_numbers_are_cut_into_points_and_what_lies_between() -> None:
    assert cut(Kind.NUMBER, ">= 0", "(5..660]").domain.values == (
        "< 0",
        "0",
        "(0 .. 5)",
        "5",
        "(5 .. 660)",
        "660",
        "> 660",
    )


def test_neighbouring_days_have_nothing_between_them() -> None:
    scale = cut(Kind.DATE, '<= date("2021-03-31")', '>= date("2021-04-01")').domain
    assert scale.values == ("< 2021-03-31", "2021-03-31", "2021-04-01", "> 2021-04-01")
    assert isinstance(scale, Scale)
    assert list(scale.describe(1, 3)) == ["[2021-03-31 .. 2021-04-01]"]


def test_whole_numbers_have_nothing_between_neighbours_and_no_halves() -> None:
    assert cut(Kind.INTEGER, "[1..2]", "> 3.5").domain.values == ("< 1", "1", "2", "(2 .. 3.5)", "> 3.5")


def test_what_is_not_allowed_is_no_cell_and_separates_those_beside_it() -> None:
    made = cut(Kind.NUMBER, "5", "7", "30", allowed="[0..10], [20..40)")
    scale = made.domain
    assert isinstance(scale, Scale)
    assert list(scale.describe(0, len(scale.cells))) == ["[0 .. 10]", "[20 .. 40)"]


def test_texts_have_a_cell_each_and_one_for_all_others() -> None:
    assert cut(Kind.STRING, '"A","B"', 'not("C")').domain.values == ('"A"', '"B"', '"C"', 'not("A", "B", "C")')
    assert cut(Kind.STRING, '"A"', allowed='"B","A"').domain.values == ('"B"', '"A"')


def test_many_texts_are_not_all_named_in_what_the_others_are_not() -> None:
    texts = ",".join(f'"{number}"' for number in range(9))
    assert cut(Kind.STRING, texts).domain.values[-1] == 'not("0", "1", "2", "3", "4", …)'


def test_truth_values_are_two() -> None:
    assert cut(Kind.BOOLEAN, "true").domain.values == ("true", "false")


@pytest.mark.parametrize(
    ("kind", "conditions", "value"),
    [
        (Kind.NUMBER, ("5",), "5"),
        (Kind.NUMBER, ("5",), True),
        (Kind.INTEGER, ("5",), 5.5),
        (Kind.BOOLEAN, ("true",), 1),
        (Kind.STRING, ('"5"',), 5),
        (Kind.DATE, ('date("2021-03-31")',), "2021-03-31"),
    ],
)
def test_a_value_of_another_kind_has_no_cell(kind: Kind, conditions: tuple[str, ...], value: Any) -> None:
    assert cut(kind, *conditions).cell(value) is None


def test_years_and_months_are_given_as_a_number_of_months() -> None:
    made = cut(Kind.MONTHS, '>= duration("P1Y")')
    assert [made.cell(months) for months in (11, 12, 13, 12.5)] == [0, 1, 2, None]


NUMBERS = st.decimals(-50, 50, allow_nan=False, places=1)
BRACKETS = st.tuples(st.sampled_from("[(]"), st.sampled_from("])["))


@st.composite
def single_conditions(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(("value", "compare", "interval")))
    low, high = sorted((draw(NUMBERS), draw(NUMBERS)))
    if kind == "value":
        return str(low)
    if kind == "compare":
        return draw(st.sampled_from(("<", "<=", ">", ">="))) + str(low)
    start, end = draw(BRACKETS)
    return f"{start}{low}..{high}{end}"


@st.composite
def conditions_of_numbers(draw: st.DrawFn) -> str:
    text = ", ".join(draw(st.lists(single_conditions(), min_size=1, max_size=3)))
    return f"not({text})" if draw(st.booleans()) else text


def holds(text: str, value: Decimal) -> bool:
    """Whether a value satisfies a condition, read in the simplest way that there is."""
    if text.startswith("not("):
        return not holds(text[4:-1], value)
    return any(holds_one(part.strip(), value) for part in text.split(","))


def holds_one(text: str, value: Decimal) -> bool:
    if ".." in text:
        low, high = text[1:-1].split("..")
        above = Decimal(low) <= value if text[0] == "[" else Decimal(low) < value
        return above and (value <= Decimal(high) if text[-1] == "]" else value < Decimal(high))
    for sign in ("<=", ">=", "<", ">"):
        if text.startswith(sign):
            end = Decimal(text.removeprefix(sign))
            return {"<=": value <= end, ">=": value >= end, "<": value < end, ">": value > end}[sign]
    return Decimal(text) == value


@given(st.lists(conditions_of_numbers(), min_size=1, max_size=4), NUMBERS, st.sampled_from((Kind.NUMBER, Kind.INTEGER)))
def test_a_value_lies_in_the_cells_of_a_condition_if_it_satisfies_it(
    texts: list[str], value: Decimal, kind: Kind
) -> None:
    made = cut(kind, *texts)
    cell = made.cell(value)
    if cell is None:
        assert kind is Kind.INTEGER
        assert value != int(value)
        return
    for text in texts:
        assert bool(made.mask(condition(text)) >> cell & 1) == holds(text, value)


@given(conditions_of_numbers(), conditions_of_numbers(), NUMBERS)
def test_an_input_can_be_what_is_allowed_and_nothing_else(allowed: str, text: str, value: Decimal) -> None:
    made = cut(Kind.NUMBER, text, allowed=allowed)
    assert (made.cell(value) is not None) == holds(allowed, value)


@given(st.lists(conditions_of_numbers(), min_size=1, max_size=4))
def test_the_example_of_a_cell_lies_in_it(texts: list[str]) -> None:
    made = cut(Kind.NUMBER, *texts)
    assert isinstance(made.domain, Scale)
    for number, cell in enumerate(made.domain.cells):
        assert made.cell(cell.example) == number


@given(st.lists(conditions_of_numbers(), min_size=1, max_size=4))
def test_what_is_told_of_a_condition_is_a_condition_that_says_the_same(texts: list[str]) -> None:
    made = cut(Kind.NUMBER, *texts)
    scale = made.domain
    assert isinstance(scale, Scale)
    for start in range(len(scale.cells)):
        for stop in range(start + 1, len(scale.cells) + 1):
            (told,) = scale.describe(start, stop)
            assert made.mask(condition(told)) == (1 << stop) - (1 << start)


def test_nothing_asked_is_everything() -> None:
    made = cut(Kind.NUMBER, "5")
    assert made.mask(ANYTHING) == 0b111


def test_ends_that_lie_close_have_an_example_between_them() -> None:
    scale = cut(Kind.NUMBER, "0.1234567890123456789", "0.123456789012345678901").domain
    assert isinstance(scale, Scale)
    assert scale.cells[2].example == "0.1234567890123456789001"

"""Conditions are read in every style that FEEL knows; what cannot be analysed is refused with a reason."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from crmcore.organization.dmn.literals import Literal, NoLiteral, literal_of
from crmcore.organization.dmn.unary_tests import ANYTHING, Condition, Range, condition, single_literal


def values(text: str) -> tuple[Any, ...]:
    return tuple(test.value for test in condition(text).tests if isinstance(test, Literal))


def ends(text: str) -> tuple[Any, ...]:
    (test,) = condition(text).tests
    assert isinstance(test, Range)
    return test.low and test.low.value, test.low_inside, test.high and test.high.value, test.high_inside


@pytest.mark.parametrize("text", ["-", "", "  ", " - "])
def test_a_dash_or_nothing_admits_everything(text: str) -> None:
    assert condition(text) == ANYTHING


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"Good"', ("Good",)),
        ('"Fair", "Bad"', ("Fair", "Bad")),
        ('"a \\"quoted\\" \\u4e2d\\n"', ('a "quoted" 中\n',)),
        ("1, -2.5, .5, 1e3", (Decimal(1), Decimal("-2.5"), Decimal("0.5"), Decimal(1000))),
        ("= 3", (Decimal(3),)),
        ("true,false", (True, False)),
        ('date("2021-03-01")', (date(2021, 3, 1),)),
        ('@"2021-03-01"', (date(2021, 3, 1),)),
    ],
)
def test_values_are_read(text: str, expected: tuple[Any, ...]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("< 5", (None, False, 5, False)),
        ("<=5", (None, False, 5, True)),
        ("> -5", (-5, False, None, False)),
        (">=5", (5, True, None, False)),
        ("[1..5]", (1, True, 5, True)),
        ("(1..5)", (1, False, 5, False)),
        ("]1..5[", (1, False, 5, False)),
        ("[1 .. 5)", (1, True, 5, False)),
        ("(1..5]", (1, False, 5, True)),
        ("[12..15[", (12, True, 15, False)),
    ],
)
def test_every_style_of_interval_says_which_ends_belong_to_it(text: str, expected: tuple[Any, ...]) -> None:
    assert ends(text) == expected


def test_not_negates_all_that_is_in_it() -> None:
    assert condition('not("A", "B")') == Condition((literal_of("A"), literal_of("B")), negated=True)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x > 5", "the name x cannot be analysed"),
        ("count(items) > 1", "the function count cannot be analysed"),
        ("> limit", "the name limit cannot be analysed"),
        ("5 + 3", "+ cannot be analysed"),
        ("? > 5", "? cannot be analysed"),
        ("null", "null cannot be analysed"),
        ("!= 5", "write not(…)"),
        ("[1..", "breaks off"),
        ("[1,5]", ".. is wanted, found ,"),
        ('"open', "cannot be analysed"),
        ('["a".."f"]', "has no order"),
        ('[1..date("2021-01-01")]', "from a number to a date"),
        ('date("2021-02-30")', "is nothing that date can read"),
        ('today("x")', "the function today cannot be analysed"),
        ("12 13", "is wanted, found 13"),
        ("1,", "breaks off"),
        ("not(5", "breaks off"),
        ("9" * 50, "is no number"),
        ("-" + "(" * 500, "cannot be analysed"),
    ],
)
def test_what_cannot_be_analysed_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(NoLiteral) as refused:
        condition(text)
    assert reason in refused.value.reason


def test_a_single_value_is_told_from_an_expression() -> None:
    assert single_literal('"x"') == literal_of("x")
    assert single_literal("1 + 1") is None
    assert single_literal("1, 2") is None

"""A table answers by its hit policy, and knows which of its rules overlap."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from decision_tables import table

from crmcore.errors import OutsideSpace
from crmcore.organization.dmn import Expression, RulesConflict

OVERLAPPING = (("> 0", '"low"'), ("> 10", '"high"'), ("> 10", '"low"'))
ORDER = ('"high","low"',)


@pytest.mark.parametrize(
    ("policy", "value", "answer"),
    [
        ("UNIQUE", 5, "low"),
        ("UNIQUE", 0, None),
        ("ANY", 5, "low"),
        ("FIRST", 11, "low"),
        ("PRIORITY", 11, "high"),
        ("RULE ORDER", 11, ["low", "high", "low"]),
        ("OUTPUT ORDER", 11, ["high", "low", "low"]),
        ("COLLECT", 11, ["low", "high", "low"]),
        ("COLLECT", 0, []),
    ],
)
def test_the_hit_policy_says_what_is_answered(policy: str, value: int, answer: Any) -> None:
    assert table(*OVERLAPPING, policy=policy, order=ORDER).decide({"a": value}) == answer


@pytest.mark.parametrize("policy", ["UNIQUE", "ANY"])
def test_rules_that_may_not_match_together_are_an_error_with_their_numbers(policy: str) -> None:
    with pytest.raises(RulesConflict, match="rules 1, 2 and 3 of T match together") as conflict:
        table(*OVERLAPPING, policy=policy).decide({"a": 11})
    assert conflict.value.rules == (1, 2, 3)


def test_any_allows_rules_that_agree() -> None:
    assert table(("> 0", "1"), ("> 5", "1.0"), policy="ANY").decide({"a": 6}) == 1


@pytest.mark.parametrize(
    ("aggregation", "answer"), [("SUM", 7), ("MIN", Decimal("1.5")), ("MAX", Decimal("5.5")), ("COUNT", 2)]
)
def test_collect_can_add_up(aggregation: str, answer: Any) -> None:
    read = table(("> 0", "1.5"), ("> 1", "5.5"), policy="COLLECT", attributes=f'aggregation="{aggregation}"')
    assert read.decide({"a": 2}) == answer
    assert read.decide({"a": 0}) is None


def test_a_default_answers_where_no_rule_does() -> None:
    assert table(("> 0", "1"), default="9").decide({"a": 0}) == 9
    assert table(("> 0", "1"), default="9", policy="RULE ORDER").decide({"a": 0}) == [9]


def test_several_outputs_are_answered_by_name() -> None:
    read = table(("> 0", '"yes"', "today()"), ("<= 0", "-", "2"), outputs=2)
    assert read.decide({"a": 1}) == {"out0": "yes", "out1": Expression("today()")}
    assert read.decide({"a": 0}) == {"out0": None, "out1": 2}


def test_inputs_have_the_kinds_of_their_columns() -> None:
    read = table(
        ('>= date("2021-01-01")', "true", 'not("x")', "1"),
        types=("date", "boolean", "string"),
        names=("from", "is new", "country"),
    )
    assert read.decide({"from": date(2021, 1, 1), "is new": True, "country": "y"}) == 1
    assert read.decide({"from": date(2021, 1, 1), "is new": True, "country": "x"}) is None


def test_an_input_that_no_rule_asks_for_may_be_left_out() -> None:
    assert table((">= 1", "-", "1")).decide({"a": 1}) == 1


@pytest.mark.parametrize("inputs", [{}, {"a": "1"}, {"a": None}, {"a": float("nan")}, {"a": -1}])
def test_an_input_that_is_missing_or_cannot_be_is_refused(inputs: dict[str, Any]) -> None:
    with pytest.raises(OutsideSpace):
        table((">= 1", "1"), allowed=(">= 0",)).decide(inputs)


def test_two_columns_of_one_expression_are_one_input() -> None:
    read = table((">= 1", "< 5", "1"), names=("a", "a"))
    assert len(read.organization.dimensions) == 1
    assert [read.decide({"a": value}) for value in (0, 1, 5)] == [None, 1, None]


def test_the_values_of_an_expression_may_be_named_at_any_of_its_columns() -> None:
    read = table((">= 1", "< 5", "1"), names=("a", "a"), allowed=("", ">= 0"))
    with pytest.raises(OutsideSpace):
        read.decide({"a": -1})


def test_overlaps_are_told_whatever_the_hit_policy_makes_of_them() -> None:
    (overlap,) = table(("[0..10]", "-", "1"), ("[10..20]", "> 3", "2"), policy="FIRST").overlaps()
    assert (overlap.rules, overlap.box) == ((1, 2), {"a": ["10"], "b": ["> 3"]})

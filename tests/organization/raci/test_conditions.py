"""Conditions survive their text, whatever names a company uses; what is none says why."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.organization import Scope, scope
from crmcore.organization.raci.conditions import ALWAYS, Conditions, NotUnderstood, read_conditions
from crmcore.values import Interval

names = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    ["region", "priority", "from", "to", "a;b", "a=b", "..", "1..2", " x ", '"', "\\", "a,b", "＝", "\n", ""]
)
numbers = st.integers(-(10**6), 10**6) | st.floats(-1e9, 1e9)
values = names | st.builds(Interval, st.none() | numbers, st.none() | numbers)
scopes = st.dictionaries(names, st.lists(values, max_size=3).map(tuple), max_size=3).map(
    lambda d: Scope(tuple(d.items()))
)
days = st.none() | st.dates()


@given(st.builds(Conditions, scopes, st.integers(-99, 99), days, days))
def test_what_is_written_is_read_again(conditions: Conditions) -> None:
    assert read_conditions(conditions.text()) == conditions


def test_conditions_read_like_a_sentence() -> None:
    where = scope({"region": "East", "tier": ("key", "standard"), "employees": Interval(500, None)})
    text = "employees=500..; region=East; tier=key,standard; priority=-10; from=2026-01-01"
    assert Conditions(where, -10, date(2026, 1, 1)).text() == text
    assert ALWAYS.text() == ""


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("区域＝华东，华南；级别=重点", {"区域": ("华东", "华南"), "级别": "重点"}),
        ("a=1\nb=2;", {"a": "1", "b": "2"}),
        ("a = x y ,z", {"a": ("x y", "z")}),
        ("a=", {"a": ()}),
        ("  ", {}),
        ("", {}),
    ],
)
def test_conditions_as_people_type_them(text: str, where: dict[str, str]) -> None:
    assert read_conditions(text).where == scope(where)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("for VIPs only", "conditions such as"), ("=x", "conditions such as"), ("a=b=c", "conditions such as"),
        ("a=x,,y", "conditions such as"), ('a="b', "conditions such as"), ('a="\\q"', "the quotes"),
        ("a=1;a=2", "'a' is said twice"), ("priority=high", "a whole number is wanted"),
        ("from=soon", "a date such as"),
    ],
)  # fmt: skip
def test_what_is_no_condition_says_why(text: str, why: str) -> None:
    with pytest.raises(NotUnderstood) as caught:
        read_conditions(text)
    assert caught.value.why.startswith(why)


@given(st.text(max_size=30))
def test_any_text_is_read_or_not_understood(text: str) -> None:
    try:
        assert isinstance(read_conditions(text), Conditions)
    except NotUnderstood as error:
        assert error.why


def test_a_long_cell_of_spaces_is_decided_at_once() -> None:
    with pytest.raises(NotUnderstood):
        read_conditions("a" + " " * 30_000 + '"')

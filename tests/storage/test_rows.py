"""Records become rows of plain values, and rows become records."""

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from crmcore.storage import LONGEST_ID, LONGEST_TEXT, InvalidRecord, Kinds, Row
from crmcore.testing.storages import COMPANY, KINDS, START, Company, Tier, companies, company


class Word(str, Enum):  # noqa: UP042 (what older programs write)
    HELLO = "hello"


class Number(int, Enum):
    ONE = 1


def row(**fields: Any) -> Row:
    return KINDS.rows(COMPANY).of(company(**fields))


@given(companies())
def test_a_row_has_plain_values_and_becomes_the_record_again(one: Company) -> None:
    rows = Kinds([COMPANY]).rows(COMPANY)
    values = rows.of(one)
    assert len(values) == len(COMPANY.all_fields)
    assert not any(isinstance(value, Enum) for value in values)
    empty = {name: value for name, value in one.custom.items() if value is not None}
    assert rows.entity(values) == evolve(one, custom=empty)


def test_a_choice_becomes_its_text_each_time() -> None:
    place = list(COMPANY.all_fields).index("tier")
    assert [row(tier=tier)[place] for tier in (Tier.KEY, Tier.STANDARD, Tier.KEY)] == ["key", "standard", "key"]
    assert type(row(memo=Word.HELLO)[place - 1]) is str


def test_a_choice_among_numbers_is_no_number() -> None:
    with pytest.raises(InvalidRecord, match=r"employees.*a Number"):
        row(employees=Number.ONE)


def test_what_is_known_of_one_record_does_not_let_another_pass() -> None:
    row(employees=5, turnover=Decimal(1))
    for fields in ({"employees": 2**63}, {"turnover": Decimal("NaN")}, {"employees": "5"}, {"name": None}):
        with pytest.raises(InvalidRecord):
            row(**fields)
    row(employees=5, turnover=Decimal(1))


def test_the_field_that_is_wrong_is_named_as_a_query_names_it() -> None:
    for fields, name in (({"custom": {"seats": "x"}}, "custom.seats"), ({"custom": {"no": 1}}, "custom.no")):
        with pytest.raises(InvalidRecord) as caught:
            row(**fields)
        assert caught.value.field == name


@given(st.lists(companies(), min_size=1, max_size=12))
def test_many_records_become_the_rows_that_each_becomes_alone(some: list[Company]) -> None:
    rows = KINDS.rows(COMPANY)
    first_versions = [(row[0], 1, *row[2:]) for row in map(rows.of, some)]
    assert rows.added(some) == first_versions


_WRONG: list[tuple[str, Any]] = [
    ("id", ""), ("id", "c" * 201), ("version", -1), ("version", 2**62), ("name", "a\0b"), ("name", None),
    ("name", "x" * 251), ("memo", "\ud800"), ("employees", 2**63), ("employees", -(2**63) - 1), ("employees", True),
    ("turnover", Decimal("NaN")), ("score", float("inf")), ("founded", date(99, 1, 1)), ("seen", datetime(2026, 1, 1)),
    ("seen", datetime(99, 1, 1, tzinfo=UTC)), ("active", "yes"), ("notes", {1: "one"}), ("notes", None),
    ("notes", {"long": "x" * LONGEST_TEXT}), ("parent", "c" * 201), ("custom", {"no": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), _WRONG)
@pytest.mark.parametrize("count", [3, 30])
def test_of_many_records_the_one_that_is_wrong_is_named(name: str, value: Any, count: int) -> None:
    wrong, rows = count // 2, KINDS.rows(COMPANY)
    right = company(
        memo="", employees=5, turnover=Decimal(1), score=1.5, founded=date(2020, 1, 1), seen=START, notes={"a": "b"}
    )
    some = [evolve(right, id=f"c{number}") for number in range(count)]
    assert len(rows.added(some)) == count
    some[wrong] = evolve(some[wrong], **{name: value})
    with pytest.raises(InvalidRecord) as caught:
        rows.added(some)
    assert caught.value.id == some[wrong].id[:LONGEST_ID]
    assert caught.value.field == ("custom.no" if name == "custom" else name)

"""Records become rows of plain values, and rows become records."""

from decimal import Decimal
from enum import Enum
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given

from crmcore.storage import InvalidRecord, Kinds, Row
from crmcore.testing.storages import COMPANY, KINDS, Company, Tier, companies, company


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

"""Numbers and money as people write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.importing.numbers import currency_in, marks_of, number_of

NUMBERS = st.decimals(-(10**12), 10**12, allow_nan=False, allow_infinity=False, places=2)


@given(NUMBERS, st.sampled_from(["", ",", " ", "'", "\u202f"]))
def test_a_number_written_with_a_point_is_read(number: Decimal, group: str) -> None:
    text = f"{number:,.2f}".replace(",", group)
    assert number_of(text, ".") == number
    assert "." in marks_of(text)


@given(NUMBERS, st.sampled_from(["", ".", " ", "'"]))
def test_a_number_written_with_a_comma_is_read(number: Decimal, group: str) -> None:
    text = f"{number:,.2f}".replace(",", "_").replace(".", ",").replace("_", group)
    assert number_of(text, ",") == number
    assert "," in marks_of(text)


@given(st.text(max_size=70))
def test_no_text_is_more_than_a_finite_number(text: str) -> None:
    for mark in ("", ".", ","):
        value = number_of(text, mark)
        assert value is None or value.is_finite()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(1 200)", -1200), ("12.5%", "0.125"), ("1.2万", 12_000), ("3亿", 300_000_000), ("１２３", 123),
        ("1.5e3", 1500),
        ("+5", 5), ("1,234", None), ("12,34,567", None), ("1..2", None), ("0x10", None), ("NaN", None), ("", None),
        ("١٢", None),
    ],
)  # fmt: skip
def test_what_people_write_for_a_number(text: str, value: object) -> None:
    assert number_of(text, "") == (None if value is None else Decimal(str(value)))


@pytest.mark.parametrize(
    ("text", "currency", "number"),
    [
        ("￥1,200.00", "CNY", "1,200.00"), ("1200元", "CNY", "1200"), ("-$5.00", "USD", "-5.00"),
        ("HK$ 3", "HKD", "3"),
        ("EUR 1.200,50", "EUR", "1.200,50"), ("12 usd", "USD", "12"), ("12", "", "12"), ("", "", ""),
    ],
)  # fmt: skip
def test_a_currency_is_found_beside_the_number(text: str, currency: str, number: str) -> None:
    assert currency_in(text) == (currency, number)

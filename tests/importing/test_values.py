"""The values of cells by the format of their column."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.importing import Format, ValueType, Wrong
from crmcore.importing.values import is_uscc, reader

SHANGHAI = Format(ValueType.INSTANT, timezone="Asia/Shanghai")
LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize(
    ("format_", "cell", "value"),
    [
        (Format(ValueType.TEXT), " 华为 ", "华为"),
        (Format(ValueType.TEXT), Decimal("1.50"), "1.50"),
        (Format(ValueType.TEXT), True, "true"),
        (Format(ValueType.WHOLE), "1,234,567", 1_234_567),
        (Format(ValueType.WHOLE), Decimal("3.0"), 3),
        (Format(ValueType.MONEY, currency="CNY"), "12", (Decimal(12), "CNY")),
        (Format(ValueType.MONEY, currency="CNY"), "$12", (Decimal(12), "USD")),
        (Format(ValueType.DAY), "2026年11月23日", date(2026, 11, 23)),
        (Format(ValueType.DAY), datetime(2026, 11, 23, 8), date(2026, 11, 23)),
        (Format(ValueType.DAY), 46349, date(2026, 11, 23)),
        (Format(ValueType.DAY, dates="day-first"), "02/03/2026", date(2026, 3, 2)),
        (SHANGHAI, "2026-11-23 08:30", datetime(2026, 11, 23, 0, 30, tzinfo=UTC)),
        (Format(ValueType.INSTANT), "2026-11-23T08:30:00+08:00", datetime(2026, 11, 23, 0, 30, tzinfo=UTC)),
        (Format(ValueType.YES_NO), "√", True),
        (Format(ValueType.YES_NO), "0", False),
        (Format(ValueType.EMAIL), "li.na@example.com", "li.na@example.com"),
        (Format(ValueType.USCC), "9135 0100 m000100y43", "91350100M000100Y43"),
    ],
)  # fmt: skip
def test_a_cell_is_read(format_: Format, cell: Any, value: Any) -> None:
    assert reader(format_)(cell) == value


@pytest.mark.parametrize(
    ("format_", "cell"),
    [
        (Format(ValueType.WHOLE), "1.5"), (Format(ValueType.DECIMAL), "many"), (Format(ValueType.MONEY), "$"),
        (Format(ValueType.DAY), "02/03/2026"), (Format(ValueType.DAY), "2026-02-30"), (Format(ValueType.DAY), "46349"),
        (Format(ValueType.INSTANT), "02/03/2026 08:30"), (Format(ValueType.INSTANT), "2026-11-23 25:00"),
        (Format(ValueType.YES_NO), "maybe"), (Format(ValueType.PHONE), "none"), (Format(ValueType.EMAIL), "a@b"),
        (Format(ValueType.EMAIL), "a@example.com; b@example.com"), (Format(ValueType.USCC), "91350100M000100Y44"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_with_how_to_mend_it(format_: Format, cell: Any) -> None:
    wrong = reader(format_)(cell)
    assert isinstance(wrong, Wrong)
    assert wrong.found
    assert wrong.mend


@given(
    st.sampled_from(list(ValueType)),
    st.one_of(st.text(max_size=80), st.integers(), st.decimals(allow_nan=False), st.booleans()),
)
def test_no_cell_is_more_than_wrong(kind: ValueType, cell: Any) -> None:
    if isinstance(cell, Decimal) and not cell.is_finite():
        return
    reader(Format(kind))(cell)


@given(st.text(LETTERS, min_size=2, max_size=2), st.integers(0, 999_999), st.text(LETTERS, min_size=9, max_size=9))
def test_one_check_digit_of_31_is_right(office: str, region: int, body: str) -> None:
    """By the definition of GB 32100-2015: the weighted sum of all eighteen is a multiple of 31."""
    start = f"{office}{region:06d}{body}"
    right = [letter for letter in LETTERS if is_uscc(start + letter)]
    assert len(right) == 1
    weights = [3**place % 31 for place in range(17)] + [1]
    code = start + right[0]
    assert sum(LETTERS.index(letter) * weight for letter, weight in zip(code, weights, strict=True)) % 31 == 0

"""Dates are read as the column means them, against a brute-force oracle that knows every order."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.organization.spreadsheets.dates import DateOrder, day_of, orders_of

DAYS = st.dates(date(1970, 1, 1), date(2069, 12, 31))
ORDERS: tuple[DateOrder, ...] = ("day-first", "month-first")


def written(day: date, order: DateOrder, sign: str) -> str:
    first, second = (day.day, day.month) if order == "day-first" else (day.month, day.day)
    return f"{first}{sign}{second:02}{sign}{day.year}"


@given(st.lists(DAYS, max_size=6), st.sampled_from(ORDERS), st.sampled_from("/-."))
def test_the_orders_of_a_column_are_those_in_which_every_date_exists(
    days: list[date], order: DateOrder, sign: str
) -> None:
    texts = [written(day, order, sign) for day in days]
    possible = {one for one in ORDERS if all(day_of(text, one) is not None for text in texts)}
    assert orders_of(texts) == possible
    assert order in possible
    assert [day_of(text, order) for text in texts] == days


@given(DAYS, st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日", "%d %b %Y", "%d-%B-%Y",
                              "%B %d, %Y", "%b %d %Y", "%Y-%m-%d 09:30", "%Y-%m-%dT00:00:00Z"]))  # fmt: skip
def test_dates_that_say_what_is_what_are_read_in_either_order(day: date, format_: str) -> None:
    assert {day_of(day.strftime(format_), order) for order in ORDERS} == {day}


@given(DAYS)
def test_the_numbers_of_a_spreadsheet_are_dates(day: date) -> None:
    assert day_of(str((day - date(1899, 12, 30)).days), "day-first") == day


@pytest.mark.parametrize(("text", "year"), [("1/2/24", 2024), ("1/2/69", 2069), ("1/2/70", 1970), ("1/2/99", 1999)])
def test_years_of_two_digits(text: str, year: int) -> None:
    assert day_of(text, "day-first") == date(year, 2, 1)


@pytest.mark.parametrize(
    "text", ["", "soon", "2024-13-01", "2024-02-30", "32/01/2024", "1 Foo 2024", "123", "0/0/0", "99/99/9999"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert day_of(text, "day-first") is None


@given(st.text(max_size=20))
def test_any_text_is_a_date_or_none(text: str) -> None:
    assert isinstance(day_of(text, "month-first"), date | None)

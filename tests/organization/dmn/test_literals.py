"""Values are read, put on a line, and written again as people write them."""

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.organization.dmn.literals import Kind, NoLiteral, called, literal_of, number, plain, shown

VALUES = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12),
    st.dates(),
    st.times(),
    st.datetimes(),
    st.timedeltas(timedelta(days=-(10**6)), timedelta(days=10**6)),
)


@given(VALUES)
def test_a_value_that_is_written_is_read_as_the_same(value: Any) -> None:
    literal = literal_of(value)
    assert literal.position is not None
    text = plain(literal.kind, literal.position)
    if literal.kind is Kind.TIME:
        text += "" if re.search(r":\d\d:\d\d", text) else ":00"
    again = number(text) if literal.kind is Kind.NUMBER else called("@", text)
    assert (again.kind, again.position) == (literal.kind, literal.position)


@given(st.one_of(st.tuples(st.dates(), st.dates()), st.tuples(st.datetimes(), st.datetimes())))
def test_positions_have_the_order_of_the_values(pair: tuple[Any, Any]) -> None:
    one, other = map(literal_of, pair)
    assert one.position is not None
    assert other.position is not None
    assert (one.position < other.position) == (pair[0] < pair[1])


@pytest.mark.parametrize(
    ("function", "text", "kind", "written"),
    [
        ("date and time", "2021-01-01T10:00:00", Kind.MOMENT, "2021-01-01T10:00:00"),
        ("date and time", "2021-01-01T10:00:00+08:00", Kind.ZONED, "2021-01-01T02:00:00Z"),
        ("date and time", "2021-01-01", Kind.MOMENT, "2021-01-01T00:00:00"),
        ("time", "10:30:00", Kind.TIME, "10:30:00"),
        ("duration", "P1DT2H", Kind.DURATION, "P1DT7200S"),
        ("duration", "-PT0.5S", Kind.DURATION, "-PT0.5S"),
        ("duration", "P1Y2M", Kind.MONTHS, "P14M"),
        ("duration", "-P1Y", Kind.MONTHS, "-P12M"),
        ("@", "10:30:00", Kind.TIME, "10:30:00"),
    ],
)
def test_days_moments_and_durations_are_read(function: str, text: str, kind: Kind, written: str) -> None:
    literal = called(function, text)
    assert literal.position is not None
    assert (literal.kind, plain(kind, literal.position)) == (kind, written)


@pytest.mark.parametrize("text", ["P", "PT", "P1", "2021-13-01", "10:30", "2021-01-01T25:00:00", "", "P1D2H"])
def test_what_is_no_day_moment_or_duration_is_refused(text: str) -> None:
    with pytest.raises(NoLiteral):
        called("@", text)


@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), [], time(1, tzinfo=UTC)])
def test_what_no_table_can_hold_is_refused(value: Any) -> None:
    with pytest.raises(NoLiteral):
        literal_of(value)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_moment_that_no_calendar_has_is_refused(text: str) -> None:
    with pytest.raises(NoLiteral):
        literal_of(datetime.fromisoformat(text))


def test_text_is_written_with_quotation_marks_and_escapes() -> None:
    assert shown('say "hi"\\') == '"say \\"hi\\"\\\\"'
    assert str(literal_of(True)) == "true"
    assert str(literal_of(Decimal("1.50"))) == "1.5"
    assert str(literal_of(date(2021, 3, 1))) == "2021-03-01"

"""A file is looked at before it is imported: what is guessed comes with its evidence, what nobody can tell is asked."""

from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmcore.errors import UnknownName
from crmcore.importing import Examination, Format, ValueType, examine
from crmcore.language import told

OPENPYXL: Any = import_module("openpyxl")


def looked_at(tmp_path: Path, *lines: str, name: str = "table.csv") -> Examination:
    path = tmp_path / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return examine(path)


def column(tmp_path: Path, *values: str, heading: str = "value") -> Examination:
    return looked_at(tmp_path, f"{heading};z", *(f"{value};z" for value in values))


@pytest.mark.parametrize(
    ("values", "format_"),
    [
        (["1", "22", "-3"], Format(ValueType.WHOLE)),
        (["1,234", "12"], Format(ValueType.WHOLE)),
        (["1,234,567", "12"], Format(ValueType.WHOLE, decimal=".")),
        (["1.5", "1,234.5"], Format(ValueType.DECIMAL, decimal=".")),
        (["1,5", "1.234,5"], Format(ValueType.DECIMAL, decimal=",")),
        (["¥1,200.50", "¥3"], Format(ValueType.MONEY, decimal=".", currency="CNY")),
        (["1.200,50 €", "3 €"], Format(ValueType.MONEY, decimal=",", currency="EUR")),
        (["2026-11-23", "2026/1/2"], Format(ValueType.DAY)),
        (["2026年11月23日", "2026年1月2日"], Format(ValueType.DAY)),
        (["23/11/2026", "02/03/2026"], Format(ValueType.DAY, dates="day-first")),
        (["11/23/2026", "02/03/2026"], Format(ValueType.DAY, dates="month-first")),
        (["2026-11-23 08:30", "2026-11-23 00:00"], Format(ValueType.INSTANT)),
        (["11/23/2026 8:30", "2/3/2026 8:30"], Format(ValueType.INSTANT, dates="month-first")),
        (["yes", "no"], Format(ValueType.YES_NO)),
        (["是", "否"], Format(ValueType.YES_NO)),
        (["li.na@example.com", "王@例子.中国"], Format(ValueType.EMAIL)),
        (["13800138000", "13900139000"], Format(ValueType.PHONE)),
        (["021-65001234", "+86 10 6500 1234"], Format(ValueType.PHONE)),
        (["91350100M000100Y43"], Format(ValueType.USCC)),
        (["91350100M000100Y44"], Format(ValueType.TEXT)),
        (["007", "12"], Format(ValueType.TEXT)),
        (["12345678901234567", "12"], Format(ValueType.TEXT)),
        (["华为", "12"], Format(ValueType.TEXT)),
    ],
)
def test_the_format_of_a_column_is_found(tmp_path: Path, values: list[str], format_: Format) -> None:
    found = column(tmp_path, *values).columns[0]
    if found.undecided:
        assert values == ["1,234", "12"]
        assert {one.decimal for one in found.undecided} == {".", ","}
    else:
        assert found.format == format_
        assert found.because


def test_days_that_nobody_can_tell_are_said_and_asked(tmp_path: Path) -> None:
    examination = column(tmp_path, "01/02/2026", "03/04/2026", "05/05/2026")
    found = examination.columns[0]
    assert examination.undecided == (found,)
    assert found.format == Format(ValueType.DAY)
    assert [one.dates for one in found.undecided] == ["day-first", "month-first"]
    assert "'01/02/2026' can be read in two ways" in found.because
    assert any("nobody can tell" in line for line in examination.lines())


def test_what_somebody_says_of_a_column_holds(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("day\n01/02/2026\n", encoding="utf-8")
    chosen = Format(ValueType.DAY, dates="month-first")
    examination = examine(path, formats={"day": chosen})
    assert examination.column("day").format == chosen
    assert not examination.undecided
    with pytest.raises(UnknownName, match="did you mean 'day'"):
        examine(path, formats={"dya": chosen})
    with pytest.raises(UnknownName):
        examination.column("week")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(st.dates(date(1990, 1, 1), date(2029, 12, 31)), min_size=1, max_size=30), first=st.booleans())
def test_the_order_is_decided_exactly_when_some_day_decides_it(tmp_path: Path, days: list[date], first: bool) -> None:
    """Against an oracle: decided if a day is beyond the 12th, else open, and of no matter where nothing differs."""
    texts = [day.strftime("%d/%m/%Y" if first else "%m/%d/%Y") for day in days]
    found = column(tmp_path, *texts).columns[0]
    assert found.format.type is ValueType.DAY
    if any(day.day > 12 for day in days):
        assert found.format.dates == ("day-first" if first else "month-first")
    else:
        assert found.format.dates is None
        assert bool(found.undecided) == any(day.day != day.month for day in days)


def test_one_wrong_value_among_many_is_shown_and_decides_nothing(tmp_path: Path) -> None:
    days = [f"{month}/{day}/2026" for month in range(1, 13) for day in range(1, 29)]
    found = column(tmp_path, *days[:100], "soon", *days[100:]).columns[0]
    assert found.format == Format(ValueType.DAY, dates="month-first")
    assert found.misfits == ((102, "soon"),)
    assert "335 of 336" not in found.because
    assert "336 of 337 values fit" in found.because


def test_words_for_nothing_are_told(tmp_path: Path) -> None:
    found = column(tmp_path, "1", "NULL", "n/a", "NULL", "", "暂无").columns[0]
    assert found.format.type is ValueType.WHOLE
    assert dict(found.nulls) == {"NULL": 2, "n/a": 1, "暂无": 1}
    assert (found.filled, found.empty) == (1, 5)


def test_what_is_odd_is_told_with_its_lines(tmp_path: Path) -> None:
    examination = looked_at(
        tmp_path, "id,id,,zip,none", "1,2,3,00501,", "1,2", "1,2,3,4,,6", "9,1.23E+17, x,5,", "8,\ufffd,\u200b1,6,"
    )
    odd = {(oddity.code, oddity.column): oddity.lines for oddity in examination.oddities}
    assert odd == {
        ("duplicate-heading", "id (2)"): (),
        ("blank-heading", "column C"): (),
        ("short-rows", ""): (3,),
        ("long-rows", ""): (4,),
        ("leading-zeros", "zip"): (2,),
        ("empty-column", "none"): (),
        ("scientific", "id (2)"): (5,),
        ("space-around", "column C"): (5,),
        ("replacement", "id (2)"): (6,),
        ("invisible", "column C"): (6,),
    }
    assert all(told(oddity.phrase()) for oddity in examination.oddities)


def test_a_workbook_tells_numbers_and_days_from_text(tmp_path: Path) -> None:
    workbook = OPENPYXL.Workbook()
    page = workbook.active
    page.append(["name", "since", "seen", "amount", "card", "code", "ok"])
    page.append(["华为", datetime(2026, 11, 23), datetime(2026, 11, 23, 8, 30), 12.5, 1234567890123456789, "007", True])
    page.append(["小米", date(2026, 11, 24), datetime(2026, 11, 24, 9), 13, 12, "008", False])
    page["A4"] = "=1+1"
    workbook.save(tmp_path / "book.xlsx")
    examination = examine(tmp_path / "book.xlsx")
    types = {one.name: one.format.type for one in examination.columns}
    assert types == {
        "name": ValueType.TEXT,
        "since": ValueType.DAY,
        "seen": ValueType.INSTANT,
        "amount": ValueType.DECIMAL,
        "card": ValueType.TEXT,
        "code": ValueType.TEXT,
        "ok": ValueType.YES_NO,
    }
    first = next(iter(examination.table)).cells
    assert first[:4] == ["华为", date(2026, 11, 23), datetime(2026, 11, 23, 8, 30), Decimal("12.5")]
    assert {"long-numbers", "no-value", "leading-zeros"} <= {oddity.code for oddity in examination.oddities}


def test_the_sales_pipeline_in_us_dates_is_month_first(shared_data: Path) -> None:
    examination = examine(shared_data / "crm-maven-sales" / "sales_pipeline_us_dates.csv")
    assert examination.rows == 8800
    for name in ("engage_date", "close_date"):
        assert examination.column(name).format == Format(ValueType.DAY, dates="month-first")
    assert examination.column("account").empty == 1425
    assert not examination.undecided


def test_northwind_is_understood(shared_data: Path) -> None:
    customers = examine(shared_data / "crm-northwind" / "customers.csv")
    assert customers.rows == 91
    assert customers.column("region").nulls == (("NULL", 60),)
    assert customers.column("phone").format.type is ValueType.PHONE
    assert customers.column("postalCode").format.type is ValueType.TEXT
    orders = examine(shared_data / "crm-northwind" / "orders.csv")
    assert orders.rows == 830
    assert orders.column("shippedDate").format.type is ValueType.DAY
    assert orders.column("shippedDate").empty == 21


def test_a_european_table_has_commas_before_decimals_and_days_that_nobody_can_tell(shared_data: Path) -> None:
    examination = examine(shared_data / "import-csv-xlsx" / "frictionless" / "table-with-accents.csv")
    assert examination.column("RevPAR").format == Format(ValueType.DECIMAL, decimal=",")
    assert [one.name for one in examination.undecided] == ["Date"]

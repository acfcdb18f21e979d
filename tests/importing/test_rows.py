"""Every line is read or rejected, with all that is wrong with it."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmcore.importing import (
    CUSTOMERS,
    ColumnMapping,
    ColumnsMissing,
    Format,
    RejectedRow,
    Route,
    Table,
    Target,
    TargetField,
    TypedRow,
    UndecidedColumn,
    ValueType,
    examine,
    export,
    guess_mapping,
    open_table,
    read_rows,
    write_rejected,
)
from crmcore.importing.marks import NULLS
from crmcore.importing.rows import is_decided, reasons_in_words

OPENPYXL: Any = import_module("openpyxl")

TARGET = Target(
    "orders",
    (
        TargetField("name", required=True),
        TargetField("day", Format(ValueType.DAY)),
        TargetField("amount", Format(ValueType.DECIMAL)),
        TargetField("phone", Format(ValueType.PHONE), several=True),
        TargetField("sector", choices={"tech": "technology", "med": "医疗"}),
    ),
)


def table(tmp_path: Path, *lines: str) -> Table:
    path = tmp_path / "table.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return open_table(path)


def read(found: Table, *routes: Route, target: Target = TARGET) -> list[TypedRow | RejectedRow]:
    return list(read_rows(found, ColumnMapping(target.name, routes), target))


def values(rows: Iterable[TypedRow | RejectedRow]) -> list[Any]:
    return [row.values if isinstance(row, TypedRow) else reasons_in_words(row) for row in rows]


def test_cells_become_what_the_fields_want(tmp_path: Path) -> None:
    found = table(
        tmp_path, "n,d,a,p,q,s", "华为,2026-11-23,1.50,021-65001234,13800138000,Technology", " 小米 ,,NULL,,,医疗"
    )
    routes = [
        Route("name", ("n",)),
        Route("day", ("d",)),
        Route("amount", ("a",)),
        Route("phone", ("p",)),
        Route("phone", ("q",)),
        Route("sector", ("s",)),
    ]
    assert values(read(found, *routes)) == [
        {
            "name": "华为",
            "day": date(2026, 11, 23),
            "amount": Decimal("1.50"),
            "phone": ["021-65001234", "13800138000"],
            "sector": "tech",
        },
        {"name": "小米", "sector": "med"},
    ]


def test_columns_are_joined_split_looked_up_and_filled_in(tmp_path: Path) -> None:
    found = table(tmp_path, "first,last,s,p", "Li,Na,technolgy,13800138000/13900139000", "Wang,,,", ",Wei,x,")
    routes = [
        Route("name", ("last", "first"), between=", "),
        Route("sector", ("s",), values={"technolgy": "tech", "X": "med"}, default="tech"),
        Route("phone", ("p",), split="/", part=0),
        Route("day", constant="2026-11-23"),
    ]
    day = date(2026, 11, 23)
    assert values(read(found, *routes)) == [
        {"name": "Na, Li", "sector": "tech", "phone": ["13800138000", "13900139000"], "day": day},
        {"name": "Wang", "sector": "tech", "day": day},
        {"name": "Wei", "sector": "med", "day": day},
    ]
    parts = [Route("name", ("p",), split="/", part=-1)]
    assert values(read(found, *parts))[0] == {"name": "13900139000"}


def test_all_that_is_wrong_with_a_row_is_told(tmp_path: Path) -> None:
    found = table(tmp_path, "n,d,a,s", ",soon,many,technolgy", "华为,2026-11-23,1,tech,5", "a\u0007b,2026-13-01,,x")
    routes = [Route("name", ("n",)), Route("day", ("d",)), Route("amount", ("a",)), Route("sector", ("s",))]
    first, second, third = read(found, *routes)
    assert isinstance(first, RejectedRow)
    assert isinstance(second, RejectedRow)
    assert isinstance(third, RejectedRow)
    assert [reason.column for reason in first.reasons] == ["d", "a", "s", ""]
    assert [reason.mend for reason in first.reasons][2] == "did you mean 'technology'?"
    assert "the row has 5 cells, the header 4" in reasons_in_words(second)
    assert [reason.column for reason in third.reasons] == ["n", "d", "s"]
    assert "U+0007" in reasons_in_words(third)
    assert (first.line, second.line, third.line) == (2, 3, 4)


def test_what_can_be_read_in_two_ways_is_asked_and_never_guessed(tmp_path: Path) -> None:
    found = table(tmp_path, "n;d;a", "华为;2026-11-23;1", "小米;02/03/2026;1,234")
    with pytest.raises(UndecidedColumn, match="'02/03/2026'") as caught:
        read(found, Route("name", ("n",)), Route("day", ("d",)))
    assert len(caught.value.readings) == 2
    with pytest.raises(UndecidedColumn, match="'1,234'"):
        read(found, Route("name", ("n",)), Route("amount", ("a",)))
    day = Format(ValueType.DAY, dates="month-first")
    amount = Format(ValueType.DECIMAL, decimal=",")
    rows = read(found, Route("name", ("n",)), Route("day", ("d",), format=day), Route("amount", ("a",), format=amount))
    assert values(rows)[1] == {"name": "小米", "day": date(2026, 2, 3), "amount": Decimal("1.234")}


def test_only_a_mapping_that_leaves_days_or_decimals_open_has_to_see_all_rows_first() -> None:
    name, day, amount = Route("name", ("n",)), Route("day", ("d",)), Route("amount", ("a",))
    day_first, point = Format(ValueType.DAY, dates="day-first"), Format(ValueType.DECIMAL, decimal=".")
    for routes, decided in (
        ((name,), True),
        ((name, day), False),
        ((name, amount), False),
        ((name, evolve(day, format=day_first)), True),
        ((name, evolve(day, format=day_first), amount), False),
        ((name, evolve(day, format=day_first), evolve(amount, format=point)), True),
    ):
        assert is_decided(ColumnMapping("orders", routes), TARGET) is decided


def test_a_file_that_lacks_what_is_needed_is_refused(tmp_path: Path) -> None:
    found = table(tmp_path, "n,d", "华为,2026-11-23")
    with pytest.raises(ColumnsMissing, match="no column x"):
        read(found, Route("name", ("x",)))
    with pytest.raises(ColumnsMissing, match="goes to name"):
        read(found, Route("day", ("d",)))


@pytest.mark.parametrize("name", ["rejected.csv", "rejected.xlsx"])
def test_rejected_rows_come_back_as_a_file_that_can_be_mended(tmp_path: Path, name: str) -> None:
    found = table(tmp_path, "n,d,a", "=1+1,soon,-5", "华为,2026-11-23,2", "小米,later,3,4")
    routes = [Route("name", ("n",)), Route("day", ("d",)), Route("amount", ("a",))]
    rejected = [row for row in read(found, *routes) if isinstance(row, RejectedRow)]
    assert write_rejected(rejected, found, tmp_path / name) == 2
    again = open_table(tmp_path / name)
    assert again.columns == ("n", "d", "a", "crmcore: what is wrong")
    cells = [list(line.cells) for line in again]
    assert [row[:3] for row in cells] == [["=1+1", "soon", "-5"], ["小米", "later", "3; 4"]]
    assert "d 'soon': a day is wanted" in str(cells[0][3])
    assert "crmcore: what is wrong" not in guess_mapping(examine(tmp_path / name), CUSTOMERS).aside
    assert len(read(again, *routes)) == 2
    if name.endswith("xlsx"):
        page = OPENPYXL.load_workbook(tmp_path / name).active
        assert page["A2"].data_type == "s"


def test_the_defects_of_the_sales_pipeline_are_found(shared_data: Path) -> None:
    folder = shared_data / "crm-maven-sales"
    products = [str(line.cells[0]) for line in open_table(folder / "products.csv")]
    target = Target(
        "opportunities",
        (
            TargetField("product", choices={product: product for product in products}),
            TargetField("account", required=True),
            TargetField("closed", Format(ValueType.DAY)),
        ),
    )
    day = Format(ValueType.DAY, dates="month-first")
    routes = [
        Route("product", ("product",)),
        Route("account", ("account",)),
        Route("closed", ("close_date",), format=day),
    ]
    rows = read(open_table(folder / "sales_pipeline_us_dates.csv"), *routes, target=target)
    reasons = [reason for row in rows if isinstance(row, RejectedRow) for reason in row.reasons]
    assert sum(reason.value == "GTXPro" for reason in reasons) == 1480
    assert {reason.mend for reason in reasons if reason.value == "GTXPro"} == {"did you mean 'GTX Pro'?"}
    assert sum("account is empty" in reason.found for reason in reasons) == 1425
    good = [row for row in rows if isinstance(row, TypedRow)]
    plain = read(open_table(folder / "sales_pipeline.csv"), *routes, target=target)
    assert [row.values for row in good] == [row.values for row in plain if isinstance(row, TypedRow)]


def test_the_misspelt_accounts_are_found(shared_data: Path) -> None:
    sectors = ["technology", "medical", "retail", "software", "entertainment", "marketing", "telecommunications",
               "finance", "employment", "services"]  # fmt: skip
    places = ["United States", "Kenya", "Philippines", "Japan", "Italy", "Norway", "Korea", "Jordan", "Brazil",
              "Germany", "Panama", "Belgium", "Romania", "Poland", "China"]  # fmt: skip
    target = Target(
        "accounts",
        (
            TargetField("name", required=True),
            TargetField("sector", choices={one: one for one in sectors}),
            TargetField("office", choices={one: one for one in places}),
        ),
    )
    routes = [Route("name", ("account",)), Route("sector", ("sector",)), Route("office", ("office_location",))]
    rows = read(open_table(shared_data / "crm-maven-sales" / "accounts.csv"), *routes, target=target)
    wrong = [(reason.value, reason.mend) for row in rows if isinstance(row, RejectedRow) for reason in row.reasons]
    assert len(rows) == 85
    assert wrong.count(("technolgy", "did you mean 'technology'?")) == 12
    assert wrong.count(("Philipines", "did you mean 'Philippines'?")) == 1
    assert len(wrong) == 13


def test_all_of_northwind_s_customers_come_in(shared_data: Path) -> None:
    examination = examine(shared_data / "crm-northwind" / "customers.csv")
    rows = list(read_rows(examination.table, guess_mapping(examination, CUSTOMERS), CUSTOMERS))
    assert len(rows) == 91
    assert all(isinstance(row, TypedRow) for row in rows)


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=12).map(str.strip)
NAME = TEXT.filter(lambda text: bool(text) and text not in NULLS and text.isprintable())
ROW = st.tuples(
    NAME,
    st.none() | st.dates(date(1900, 1, 1)),
    st.none() | st.decimals(-(10**10), 10**10, allow_nan=False, places=2),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROW, min_size=1, max_size=8), ending=st.sampled_from(["csv", "tsv", "xlsx", "jsonl"]))
def test_what_is_exported_is_imported(tmp_path: Path, rows: list[tuple[Any, ...]], ending: str) -> None:
    """Names that look like formulas, days and exact numbers come back equal from every kind of file."""
    rows = [("#first", None, None), *rows] if ending == "jsonl" else rows
    count = export(rows, tmp_path / f"out.{ending}", ["name", "day", "amount"])
    assert count == len(rows)
    routes = [
        Route("name", ("name",)),
        Route("day", ("day",), format=Format(ValueType.DAY, dates="day-first")),
        Route("amount", ("amount",), format=Format(ValueType.DECIMAL, decimal=".")),
    ]
    found = open_table(tmp_path / f"out.{ending}")
    taken = [route for route in routes if set(route.columns) <= set(found.columns)]
    wanted = [
        {name: value for name, value in zip(("name", "day", "amount"), row, strict=True) if value is not None}
        for row in rows
    ]
    if ending in ("csv", "tsv", "xlsx"):
        wanted = [row for row in wanted if not (str(row["name"]).startswith("#") and len(row) == 1)]
    assert values(read(found, *taken)) == wanted

"""JSON lines and arrays as tables."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmcore.importing import open_table
from crmcore.organization.spreadsheets import UnreadableSheet


def saved(tmp_path: Path, text: str, name: str = "table.json") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def read(path: Path) -> tuple[tuple[str, ...], list[list[Any]]]:
    table = open_table(path)
    return table.columns, [list(line.cells) for line in table]


RECORDS = [
    {"name": "华为", "address": {"city": "深圳", "zip": None}, "tags": ["a", 1], "paid": 12.10},
    {"name": "小米", "vip": True, "address": {"city": "北京"}},
]
COLUMNS = ("name", "address.city", "address.zip", "tags", "paid", "vip")
CELLS = [["华为", "深圳", "", "a; 1", Decimal("12.1"), ""], ["小米", "北京", "", "", "", True]]


@pytest.mark.parametrize("indent", [None, 2])
def test_an_array_is_a_table(tmp_path: Path, indent: int | None) -> None:
    assert read(saved(tmp_path, json.dumps(RECORDS, indent=indent))) == (COLUMNS, CELLS)


def test_lines_are_a_table(tmp_path: Path) -> None:
    text = "\n".join(json.dumps(record, ensure_ascii=False) for record in RECORDS)
    assert read(saved(tmp_path, text, "table.jsonl")) == (COLUMNS, CELLS)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "[1, 2]", '[{"a": 1}', '{"a": 1', '[{"a": 1} {"b"}]', '{"a": 1, "a": 2}', "nonsense", '{"a":1}\n]'],
)
def test_what_is_no_table_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnreadableSheet) as caught:
        list(open_table(saved(tmp_path, text)))
    assert "\n" not in str(caught.value)


VALUES = st.text(st.characters(exclude_categories=["Cs"]), max_size=5) | st.integers() | st.booleans()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.fixed_dictionaries({"甲": VALUES, "b": VALUES}), min_size=1, max_size=300), st.booleans())
def test_records_come_back_wherever_the_chunks_end(tmp_path: Path, records: list[dict[str, Any]], lines: bool) -> None:
    filler = {"甲": "x" * 1000, "b": 1}
    records = [*records, *[filler] * 70]
    text = "\n".join(map(json.dumps, records)) if lines else json.dumps(records)
    columns, cells = read(saved(tmp_path, text))
    assert [dict(zip(columns, row, strict=True)) for row in cells] == records

"""What is exported is safe to open, whole or not there, and says what it cannot be."""

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmcore.importing import export
from crmcore.organization.spreadsheets import UnreadableSheet

OPENPYXL: Any = import_module("openpyxl")


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from("=+-@\t\r'|cmd1 华"), min_size=1, max_size=6))
def test_no_text_is_taken_for_a_formula(tmp_path: Path, text: str) -> None:
    export([[text]], tmp_path / "out.csv", [text])
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in csv.reader(stream) for cell in row)
    export([[text]], tmp_path / "out.xlsx", [text])
    page = OPENPYXL.load_workbook(tmp_path / "out.xlsx").active
    assert [cell.data_type for row in page.iter_rows() for cell in row] == ["s", "s"]


def test_csv_is_what_excel_wants(tmp_path: Path) -> None:
    export([{"a": "华为", "b": Decimal("-1.50"), "c": True, "d": None}], tmp_path / "out.csv", ["a", "b", "c", "d"])
    assert (tmp_path / "out.csv").read_bytes() == "\ufeffa,b,c,d\r\n华为,-1.50,yes,\r\n".encode()


def test_a_workbook_keeps_numbers_and_days_and_no_false_digits(tmp_path: Path) -> None:
    row = [1, Decimal("1.5"), date(2026, 11, 23), datetime(2026, 11, 23, 8, tzinfo=UTC), 12345678901234567, "_x0041_"]
    export([row], tmp_path / "out.xlsx", list("abcdef"))
    page = OPENPYXL.load_workbook(tmp_path / "out.xlsx").active
    values = [cell.value for cell in page[2]]
    assert values[:2] == [1, 1.5]
    assert values[2] == datetime(2026, 11, 23)
    assert values[3:5] == ["2026-11-23T08:00:00+00:00", "12345678901234567"]


def test_json_keeps_every_digit(tmp_path: Path) -> None:
    export([[Decimal("0.10"), ["a", 1]]], tmp_path / "out.jsonl", ["甲", "b"])
    assert (tmp_path / "out.jsonl").read_text("utf-8") == '{"甲": 0.10, "b": ["a", 1]}\n'


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx", "out.jsonl", "out.vcf"])
def test_an_export_that_fails_leaves_the_file_as_it_was(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("before", encoding="utf-8")

    def rows() -> Iterator[list[str]]:
        yield ["华为"]
        raise KeyError

    with pytest.raises(KeyError):
        export(rows(), path, ["name"])
    assert path.read_text("utf-8") == "before"
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSheet, match=r"\.csv, \.tsv, \.xlsx, \.jsonl, \.vcf"):
        export([], tmp_path / "out.doc", ["name"])

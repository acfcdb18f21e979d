"""`crmcore check table.dmn` proves decision tables, with the options of every check."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from decision_tables import dmn

from crmcore.cli.commands import crmcore


def run(*words: str) -> Result:
    return CliRunner().invoke(crmcore, ["check", *words])


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "loan.DMN"
    path.write_bytes(dmn(("< 5", "1"), ("> 5", "2"), ("7", "3")))
    return str(path)


def test_gaps_and_conflicts_are_reported_and_what_is_run_is_said(file: str) -> None:
    result = run(file)
    assert result.exit_code == 1
    assert "no rule of T matches, for example for a=5" in result.stdout
    assert "rules 2 and 3 of T match together, for example for a=7" in result.stdout
    assert "loan.DMN on " in result.stdout
    assert "COV101, COV102, COV103, COV105 and COV107 are run" in result.stderr


def test_options_mean_the_same_as_for_an_organization(file: str, tmp_path: Path) -> None:
    assert [finding["code"] for finding in json.loads(run(file, "--format", "json").stdout)["findings"]] == [
        "COV101",
        "COV102",
    ]
    assert "COV102" not in run(file, "--select", "COV101").stdout
    assert run(file, "--fail-on", "never").exit_code == 0
    known = str(tmp_path / "known.json")
    assert run(file, "--write-baseline", known).exit_code == 0
    assert run(file, "--baseline", known).exit_code == 0
    assert run(file, "--without", "nobody").exit_code == 2


def test_a_table_that_cannot_be_analysed_is_one_line_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "loan.dmn"
    path.write_bytes(dmn(("x", "1"), ("y + 1", "2")))
    result = run(str(path))
    assert result.exit_code == 2
    assert "rule 1, column 1: the name x cannot be analysed" in result.stderr
    assert "2 faults; nothing was checked." in result.stderr


def test_the_messages_are_told_in_chinese(file: str) -> None:
    result = CliRunner().invoke(crmcore, ["--language", "zh", "check", file])
    assert "没有规则与之匹配" in result.stdout
    assert "no rule" not in result.stdout


def test_text_that_nothing_limits_is_taken_to_be_what_the_rules_name_and_that_is_told(shared_data: Path) -> None:
    result = run(str(shared_data / "rules-dmn-gaps-overlaps" / "dmn" / "simpleStringNoGap.dmn"))
    assert result.exit_code == 0
    assert "nothing says what Relationship to primary can be" in result.stderr
    assert "no findings" in result.stdout

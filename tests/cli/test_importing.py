"""`crmcore import` and `crmcore export`: a file is looked at, tried, brought in, taken out again, and taken back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from crms import START

from crmcore.cli.importing import _ask
from crmcore.customers import Customer
from crmcore.customers.duplicates import Profile, compare
from crmcore.importing import Seen, TypedRow, open_table

Run = Callable[..., Result]

TABLE = """公司名称,地区,人数,电话,创立
华为,Shanghai,1000,021-65001234,11/23/1987
=小米,Zhejiang,200,13800138000,4/6/2010
无名,Shanghia,3,,1/2/2020
"""


@pytest.fixture(autouse=True)
def sqlalchemy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRMCORE_PLUGINS", "sqlalchemy")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "customers.csv"
    path.write_bytes(TABLE.encode("gb18030"))
    return path


@pytest.fixture
def stored(tmp_path: Path) -> str:
    return f"sqlite:///{(tmp_path / 'crm.db').as_posix()}"


def test_a_file_is_looked_at_without_a_storage(run: Run, table: Path, company: Path) -> None:
    result = run("import", table, "--organization", company)
    assert result.exit_code == 0, result.stderr
    assert "encoding: gb18030" in result.stdout
    assert "人数: a whole number (all values fit (3))" in result.stdout
    assert "创立: a day, the month first" in result.stdout
    assert "attributes.region comes from 地区 (by its heading)" in result.stdout
    assert "left aside: 创立" in result.stdout


def test_a_file_is_looked_at_before_there_is_an_organization(run: Run, table: Path) -> None:
    result = run("import", table)
    assert result.exit_code == 0, result.stderr
    assert "name comes from 公司名称 (by its heading)" in result.stdout


def test_it_speaks_chinese(run: Run, table: Path, company: Path) -> None:
    result = run("import", table, "--organization", company, "--language", "zh")
    assert "attributes.region 取自 地区（根据列名）" in result.stdout
    assert "创立：日期，月在前" in result.stdout


def test_a_dry_run_writes_nothing_and_reports_every_row(
    run: Run, table: Path, company: Path, stored: str, tmp_path: Path
) -> None:
    report = tmp_path / "report.csv"
    result = run("import", table, "--into", stored, "--organization", company, "--dry-run", "--report", report)
    assert result.exit_code == 1
    assert "line 4: rejected" in result.stdout
    assert "did you mean 'Shanghai'?" in result.stdout
    assert "2 would be new, 0 changed, 0 skipped, 1 rejected" in result.stderr
    assert [line.cells[:3] for line in open_table(report)] == [
        ["2", "add", "华为"],
        ["3", "add", "=小米"],
        ["4", "reject", "无名"],
    ]
    again = run("export", "--from", stored, "--organization", company, "--output", tmp_path / "out.csv")
    assert again.stderr == f"0 customers written to {tmp_path / 'out.csv'}.\n"


def test_a_file_comes_in_goes_out_and_is_taken_back(
    run: Run, table: Path, company: Path, stored: str, tmp_path: Path
) -> None:
    rejected, mapping = tmp_path / "again.csv", tmp_path / "mapping.yaml"
    where = ("--into", stored, "--organization", company)
    result = run("import", table, *where, "--rejected", rejected, "--save-mapping", mapping)
    assert result.exit_code == 1, result.stderr
    assert "3 rows: 2 new, 0 changed, 0 skipped, 1 rejected" in result.stderr
    run_id = result.stderr.strip().rsplit(" ", 1)[1]
    rejected.write_text(rejected.read_text("utf-8-sig").replace("Shanghia,", "Shanghai,"), "utf-8-sig")
    mended = run("import", rejected, *where, "--mapping", mapping, "--encoding", "utf-8")
    assert mended.exit_code == 0, mended.stderr
    twice = run("import", table, *where)
    assert twice.exit_code == 2
    assert f"as {run_id}" in twice.stderr
    out = tmp_path / "out.csv"
    exported = run("export", "region=Shanghai", "--from", stored, "--organization", company, "--output", out)
    assert exported.stderr == f"2 customers written to {out}.\n"
    rows = [dict(zip(open_table(out).columns, line.cells, strict=True)) for line in open_table(out)]
    assert [(row["name"], row["region"], row["employees"], row["phone"]) for row in rows] == [
        ("华为", "Shanghai", "1000", "+862165001234"),
        ("无名", "Shanghai", "3", ""),
    ]
    undone = run("import", "--undo", run_id, *where)
    assert undone.exit_code == 0, undone.stderr
    left = run("export", "--from", stored, "--organization", company, "--output", out)
    assert left.stderr == f"1 customer written to {out}.\n"


@pytest.mark.parametrize("ending", ["csv", "tsv", "xlsx", "jsonl"])
def test_what_goes_out_comes_in_elsewhere_as_it_was(
    run: Run, table: Path, company: Path, tmp_path: Path, ending: str
) -> None:
    one, other = (f"sqlite:///{(tmp_path / name).as_posix()}" for name in ("one.db", "other.db"))
    first, second = tmp_path / f"first.{ending}", tmp_path / f"second.{ending}"
    run("import", table, "--into", one, "--organization", company)
    run("export", "--from", one, "--organization", company, "--output", first)
    result = run("import", first, "--into", other, "--organization", company)
    assert result.exit_code == 0, result.stderr
    run("export", "--from", other, "--organization", company, "--output", second)
    tables = [[list(line.cells) for line in open_table(path)] for path in (first, second)]
    assert tables[0] == tables[1]
    assert any("=小米" in row for row in tables[0])


def test_what_the_call_says_of_columns_holds(run: Run, table: Path, company: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.yaml"
    said = ("--map", "source=创立", "--map", "phone=", "--save-mapping", mapping)
    assert run("import", table, "--organization", company, *said).exit_code == 0
    text = mapping.read_text("utf-8")
    assert "source: 创立" in text
    assert "phone" not in text
    for wrong in (["--map", "nmae=公司名称"], ["--format", "创立=us"], ["--format", "创力=day-first"], ["--map", "x"]):
        result = run("import", table, "--organization", company, *wrong)
        assert result.exit_code == 2
        assert result.stderr.startswith("Error: ")


def test_calls_that_cannot_be_are_told(run: Run, company: Path) -> None:
    assert "name a file" in run("import", "--organization", company).stderr
    assert "--into" in run("import", "--undo", "x", "--organization", company).stderr
    assert run("import", "absent.csv", "--organization", company).exit_code == 2


def test_days_that_nobody_can_tell_are_asked_and_said(run: Run, company: Path, tmp_path: Path) -> None:
    path, mapping = tmp_path / "days.csv", tmp_path / "mapping.yaml"
    path.write_text("公司,日期\n华为,02/03/2026\n", encoding="utf-8")
    looked = run("import", path, "--organization", company)
    assert "nobody can tell which it is" in looked.stdout
    said = ("--map", "source=日期", "--format", "日期=day-first", "--save-mapping", mapping)
    assert run("import", path, "--organization", company, *said).exit_code == 0
    assert "dates: day-first" in mapping.read_text("utf-8")


@pytest.mark.parametrize(("typed", "answer"), [("update\n", "update"), ("\n", "skip"), ("what\nskip\n", "skip")])
def test_somebody_is_asked_about_a_customer_that_is_there(typed: str, answer: str) -> None:
    row = TypedRow(2, {"name": "华为"}, ["华为"])
    customer = Customer(id="c1", name="华为技术", stage_since=START, registered_at=START)
    with CliRunner().isolation(input=typed) as (output, *_):
        assert _ask(row, Seen(customer, "name")) == answer
    assert "line 2: 华为 is there as 华为技术 (c1): skip or update?" in output.getvalue().decode()


@pytest.mark.parametrize(("typed", "answer"), [("update\n", "update"), ("\n", "skip"), ("add\n", "add")])
def test_somebody_is_asked_about_a_customer_that_a_row_resembles_with_the_score_and_the_reasons(
    typed: str, answer: str
) -> None:
    row = TypedRow(2, {"name": "华为"}, ["华为"])
    customer = Customer(id="c1", name="华为技术", stage_since=START, registered_at=START)
    one, other = (
        Profile(name, "organization", names=(name,), phones=("13800138000",)) for name in ("华为", "华为技术")
    )
    match = compare(one, other)
    with CliRunner().isolation(input=typed) as (output, *_):
        assert _ask(row, Seen(customer, "alike", match.score, match.reasons, sure=False)) == answer
    asked = output.getvalue().decode()
    assert f"line 2: 华为 is perhaps 华为技术 (c1, {match.score:.0%}: phone: the same: 13800138000, company" in asked
    assert "skip, update or add?" in asked


def test_a_row_that_resembles_a_customer_is_shown_with_the_score_and_why(
    run: Run, company: Path, stored: str, tmp_path: Path
) -> None:
    path, report = tmp_path / "two.csv", tmp_path / "report.csv"
    path.write_text("公司名称,电话\n云帆软件有限公司,13800138000\n云帆软件,13800138000\n", encoding="utf-8")
    where = ("--into", stored, "--organization", company, "--duplicates", "skip")
    foretold = run("import", path, *where, "--dry-run", "--report", report)
    assert foretold.exit_code == 0, foretold.stderr
    assert "line 3: skipped: 云帆软件, which is probably 云帆软件有限公司" in foretold.stdout
    lines = list(open_table(report))
    assert [line.cells[1] for line in lines] == ["add", "skip"]
    assert lines[1].cells[4:6] == ["alike", "1.000"]
    assert "phone: the same: 8613800138000" in str(lines[1].cells[6])
    result = run("import", path, *where, "--no-compare", "--language", "zh")
    assert result.exit_code == 0, result.stderr
    assert run("export", "--from", stored, "--organization", company, "--output", tmp_path / "out.csv").stderr == (
        f"2 customers written to {tmp_path / 'out.csv'}.\n"
    )
    likely = run("import", path, *where, "--alike", "0.4")
    assert likely.exit_code == 2

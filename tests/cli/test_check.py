import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from click.testing import Result

from crmcore.checks import CHECKS
from crmcore.checks.report_schema import report_schema
from crmcore.cli.formats import FORMATS

GAP = ("--select", "COV101", "--on", "2026-11-23")


def test_a_gap_is_told_with_its_line_its_box_and_a_customer(run: Callable[..., Result], company: Path) -> None:
    result = run("check", company, *GAP)
    assert result.exit_code == 1
    assert "error COV101 uncovered-touchpoint" in result.stdout
    assert f"{company}:21:5" in result.stdout
    assert "region: Overseas" in result.stdout
    assert "region=Singapore" in result.stdout
    assert "云帆软件 on 2026-11-23: 1 error" in result.stdout
    assert result.stderr == ""


def test_a_healthy_organization_ends_with_0(run: Callable[..., Result], company: Path) -> None:
    result = run("check", company, "--select", "COV102", "--on", "2026-11-23")
    assert result.exit_code == 0
    assert "no findings" in result.stdout


@pytest.mark.parametrize(
    ("fail_on", "select", "status"),
    [
        ("error", "COV101", 1),
        ("warning", "COV101", 1),
        ("info", "COV101", 1),
        ("never", "COV101", 0),
        ("error", "COV106", 0),
        ("warning", "COV106", 1),
        ("info", "COV106", 1),
        ("never", "COV106", 0),
    ],
)
def test_the_exit_status_follows_the_least_severity_that_fails(
    run: Callable[..., Result], company: Path, fail_on: str, select: str, status: int
) -> None:
    assert run("check", company, "--select", select, "--fail-on", fail_on).exit_code == status


def codes_found(run: Callable[..., Result], company: Path, *options: str) -> set[str]:
    result = run("check", company, "--format", "json", "--on", "2026-11-23", *options)
    return {finding["code"] for finding in json.loads(result.stdout)["findings"]}


def test_codes_are_separated_by_commas_repeated_and_cut_short(run: Callable[..., Result], company: Path) -> None:
    everything = codes_found(run, company)
    assert {"COV101", "COV106"} <= everything
    assert codes_found(run, company, "--select", "cov101,COV106") == {"COV101", "COV106"}
    assert codes_found(run, company, "--select", "COV101", "--select", "COV106") == {"COV101", "COV106"}
    assert codes_found(run, company, "--select", "COV") == {code for code in everything if code.startswith("COV")}
    assert codes_found(run, company, "--ignore", "COV") == {code for code in everything if not code.startswith("COV")}


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_an_unknown_code_cannot_be_used_and_names_the_nearest(
    run: Callable[..., Result], company: Path, option: str
) -> None:
    result = run("check", company, option, "COV1001")
    assert result.exit_code == 2
    assert result.stderr == "Error: there is no check 'COV1001'; did you mean 'COV101'?\n"


def test_a_person_can_be_thought_away(run: Callable[..., Result], company: Path) -> None:
    vacancy = ("--select", "COV104", "--on", "2026-11-23")
    before = run("check", company, *vacancy)
    after = run("check", company, *vacancy, "--without", "wang.wei", "--without", "li.na")
    assert "account-manager" not in before.stdout
    assert "account-manager" in after.stdout


def test_an_unknown_person_cannot_be_thought_away_and_names_the_nearest(
    run: Callable[..., Result], company: Path
) -> None:
    result = run("check", company, "--without", "wang.wie")
    assert result.exit_code == 2
    assert result.stderr == "Error: there is no person 'wang.wie'; did you mean 'wang.wei'?\n"


@pytest.mark.parametrize("day", ["2026-02-30", "tomorrow", "23.11.2026", "20261123", "2026-11", "", "2026-11-23T00:00"])
@pytest.mark.parametrize("option", ["--on", "--until"])
def test_what_is_no_day_cannot_be_used(run: Callable[..., Result], company: Path, option: str, day: str) -> None:
    result = run("check", company, option, day)
    assert result.exit_code == 2
    assert f"{day!r} is no day" in result.stderr


@pytest.mark.parametrize("on", [("--on", "2026-11-23"), ()])
def test_the_last_day_cannot_come_before_the_first(
    run: Callable[..., Result], company: Path, on: tuple[str, ...]
) -> None:
    result = run("check", company, *on, "--until", "2020-01-01")
    assert result.exit_code == 2
    assert "2020-01-01 comes before the first day" in result.stderr


def test_today_is_the_first_day_when_none_is_given(run: Callable[..., Result], company: Path) -> None:
    result = run("check", company, "--format", "json")
    assert abs((date.fromisoformat(json.loads(result.stdout)["on"]) - date.today()).days) <= 1


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_comes_out_whole(run: Callable[..., Result], company: Path, name: str) -> None:
    result = run("check", company, "--format", name, "--on", "2026-11-23")
    assert result.exit_code == 1
    assert "COV101" in result.stdout
    if name in {"json", "sarif"}:
        json.loads(result.stdout)
    if name == "junit":
        ET.fromstring(result.stdout_bytes)  # noqa: S314 (our own)


def test_the_json_report_is_valid_by_its_schema(run: Callable[..., Result], company: Path) -> None:
    for window in ((), ("--until", "2027-12-31")):
        result = run("check", company, "--format", "json", "--on", "2026-11-23", *window)
        jsonschema.validate(json.loads(result.stdout), report_schema())


def test_the_report_can_be_written_to_a_file(run: Callable[..., Result], company: Path, tmp_path: Path) -> None:
    output = tmp_path / "report.txt"
    result = run("check", company, *GAP, "--output", output)
    assert (result.exit_code, result.stdout) == (1, "")
    assert output.read_text(encoding="utf-8") == run("check", company, *GAP).stdout


@pytest.mark.parametrize("option", ["--output", "--write-baseline"])
def test_the_organization_is_never_overwritten(run: Callable[..., Result], company: Path, option: str) -> None:
    before = company.read_bytes()
    result = run("check", company, option, company.parent / "." / "crmcore.yaml")
    assert result.exit_code == 2
    assert "would be overwritten" in result.stderr
    assert company.read_bytes() == before


def test_a_report_that_cannot_be_written_is_said(run: Callable[..., Result], company: Path, tmp_path: Path) -> None:
    result = run("check", company, *GAP, "--output", tmp_path / "absent" / "report.txt")
    assert result.exit_code == 2
    assert result.stderr == f"Error: {tmp_path / 'absent' / 'report.txt'}: No such file or directory\n"


def test_the_organization_of_this_folder_is_checked_when_no_path_is_given(
    run: Callable[..., Result], company: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(company.parent)
    result = run("check", *GAP)
    assert result.exit_code == 1
    assert "  crmcore.yaml:21:5\n" in result.stdout


def test_a_folder_without_an_organization_is_told_what_to_do(run: Callable[..., Result]) -> None:
    result = run("check")
    assert result.exit_code == 2
    assert "there is no crmcore.yaml in this folder" in result.stderr
    assert "crmcore demo" in result.stderr


def test_every_fault_of_a_file_is_on_its_own_line_with_its_place(run: Callable[..., Result], company: Path) -> None:
    company.write_text("crmcore: 1\nname: x\nduties: 3\npeeple: []\n", encoding="utf-8")
    result = run("check", company)
    assert (result.exit_code, result.stdout) == (2, "")
    *faults, last = result.stderr.splitlines()
    assert last == "Error: 2 faults; nothing was checked."
    assert len(faults) == 2
    assert all(re.match(rf"{re.escape(str(company))}:[34]:[0-9]+: ", fault) for fault in faults)
    assert "people" in result.stderr


def test_a_fault_cannot_write_escapes_on_the_terminal(run: Callable[..., Result], company: Path) -> None:
    company.write_text('crmcore: 1\nname: x\n"\\e[31mred\\n::error::": 1\n', encoding="utf-8")
    result = run("check", company)
    assert result.exit_code == 2
    assert "\x1b" not in result.stderr
    assert not any(line.startswith("::") for line in result.stderr.splitlines())


@pytest.mark.parametrize("path", ["absent.yaml", "absent", "a/b/c.yaml"])
def test_a_path_that_cannot_be_read_ends_with_2_and_names_it(run: Callable[..., Result], path: str) -> None:
    result = run("check", path)
    assert result.exit_code == 2
    assert path in result.stderr
    assert "Traceback" not in result.stderr


def test_known_findings_are_written_down_and_then_not_reported(
    run: Callable[..., Result], company: Path, tmp_path: Path
) -> None:
    known = tmp_path / "known.json"
    first = run("check", company, *GAP, "--write-baseline", known)
    assert (first.exit_code, first.stdout) == (0, "")
    assert "1 known finding written to" in first.stderr
    company.write_text("# a line more\n" + company.read_text(encoding="utf-8"), encoding="utf-8")
    second = run("check", company, *GAP, "--baseline", known)
    assert second.exit_code == 0
    assert "no findings" in second.stdout


def test_what_is_known_and_no_longer_so_is_an_error(run: Callable[..., Result], company: Path, tmp_path: Path) -> None:
    known = tmp_path / "known.json"
    run("check", company, *GAP, "--write-baseline", known)
    text = company.read_text(encoding="utf-8")
    company.write_text(text.replace("accountable, where: {region: China}", "accountable"), encoding="utf-8")
    result = run("check", company, "--select", "COV101,REF002", "--on", "2026-11-23", "--baseline", known)
    assert result.exit_code == 1
    assert "error REF002 unused-suppression" in result.stdout
    assert f"{known}:2:3" in result.stdout
    assert run("check", company, "--select", "COV102,REF002", "--baseline", known).exit_code == 0


def test_a_baseline_that_is_absent_or_broken_cannot_be_used(
    run: Callable[..., Result], company: Path, tmp_path: Path
) -> None:
    absent = run("check", company, "--baseline", tmp_path / "absent.json")
    assert (absent.exit_code, absent.stderr) == (2, f"Error: {tmp_path / 'absent.json'}: No such file or directory\n")
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    broken = run("check", company, "--baseline", tmp_path / "broken.json")
    assert broken.exit_code == 2
    assert "broken.json:1:2: this is not JSON" in broken.stderr


def test_only_known_formats_and_limits_can_be_used(run: Callable[..., Result], company: Path) -> None:
    assert run("check", company, "--format", "xml").exit_code == 2
    assert run("check", company, "--limit", "-1").exit_code == 2


def test_an_interrupted_proof_ends_quietly_with_130(
    run: Callable[..., Result], company: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("crmcore.organization.Organization.check", interrupted)
    result = run("check", company)
    assert (result.exit_code, result.output) == (130, "")


def test_a_defect_of_ours_is_not_hidden(
    run: Callable[..., Result], company: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object, **_options: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("crmcore.organization.Organization.check", broken)
    with pytest.raises(ZeroDivisionError):
        run("check", company)


def test_every_check_can_be_selected_alone(run: Callable[..., Result], company: Path) -> None:
    for check in CHECKS:
        assert codes_found(run, company, "--select", check.code) <= {check.code}

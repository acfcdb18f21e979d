import re
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from click.testing import Result
from rich.cells import cell_len

from crmcore import Organization
from crmcore.checks.report_schema import report_schema
from crmcore.cli.demo import DAY, STORY, company
from crmcore.language import LANGUAGES, speaking, told


def test_the_demo_tells_the_whole_story_in_order(run: Callable[..., Result]) -> None:
    result = run("demo")
    assert result.exit_code == 0
    milestones = [
        "云帆软件 has a CRM tool and no organization",
        *STORY.values(),
        "crmcore explain COV101",
        "crmcore check after.yaml",
        "no findings",
        "crmcore who after.yaml renewal-call",
        "answers, as 客户成功经理 (success-manager)",
    ]
    positions = [result.stdout.find(milestone) for milestone in milestones]
    assert -1 not in positions, milestones[positions.index(-1)]
    assert positions == sorted(positions)


def test_the_demo_tells_the_whole_story_in_chinese_too(run: Callable[..., Result]) -> None:
    result = run("demo", "--language", "zh")
    assert result.exit_code == 0
    with speaking("zh"):
        complaints = [told(complaint) for complaint in STORY.values()]
    milestones = [
        "云帆软件有 CRM 工具，却没有客户组织",
        *complaints,
        "crmcore explain COV101",
        "crmcore check after.yaml",
        "没有问题",
        "crmcore who after.yaml renewal-call",
        "角色为 客户成功经理 (success-manager)",
    ]
    positions = [result.stdout.find(milestone) for milestone in milestones]
    assert -1 not in positions, milestones[positions.index(-1)]
    assert positions == sorted(positions)
    ours = [line for line in result.stdout.splitlines() if not line.startswith("$")]
    assert not re.search(r"[a-z]{2,}( [a-z]{2,}){2}", "\n".join(ours).replace("crmcore check crmcore", ""))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_demo_fits_on_one_screen(run: Callable[..., Result], language: str) -> None:
    lines = run("demo", "--language", language).stdout.splitlines()
    assert len(lines) <= 45
    for line in lines:
        assert cell_len(line) <= 100


def test_the_demo_is_the_same_every_time(run: Callable[..., Result]) -> None:
    assert run("demo").stdout == run("demo").stdout


@pytest.mark.parametrize(("code", "complaint"), STORY.items())
def test_each_complaint_of_the_story_is_a_finding_of_its_check(code: str, complaint: str) -> None:
    assert code in company("before").check(on=DAY).by_check(), complaint


def test_the_repaired_company_is_clean() -> None:
    assert [finding.message for finding in company("after").check(on=DAY).findings] == []


@pytest.mark.parametrize("state", ["before", "after"])
def test_the_reports_of_the_story_are_valid_by_the_schema(state: str) -> None:
    jsonschema.validate(company(state).check(on=DAY).to_dict(), report_schema())


def test_the_company_can_be_taken_along_and_is_the_one_of_the_story(
    run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("demo", "--save", "mine.yaml")
    assert result.exit_code == 0
    assert Organization.read(tmp_path / "mine.yaml") == company("before")


def test_the_company_never_overwrites_what_is_there(
    run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text("my own work", encoding="utf-8")
    result = run("demo", "--save", "mine.yaml")
    assert result.exit_code == 2
    assert "mine.yaml is there already" in result.stderr
    assert (tmp_path / "mine.yaml").read_text(encoding="utf-8") == "my own work"

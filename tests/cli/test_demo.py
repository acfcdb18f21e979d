import csv
import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from click.testing import Result
from rich.cells import cell_len

from crmcore import Organization
from crmcore.checks.report_schema import report_schema
from crmcore.cli.demo import DAY, STORY, company
from crmcore.cli.demo_customers import ACCOUNTS, CUSTOMERS
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
        "12 rows: 12 new, 0 changed, 0 skipped, 0 rejected",
        "nobody answers for 重庆两江教育咨询有限公司 at 首次联系",
        "Done: 10 assignments changed; customers on file: 12.",
        "accounts.csv: 85 rows: 84 new, 0 changed, 0 skipped, 1 rejected; now with 邓昊 42, 吴倩 42",
        "Zencorporation is rejected: office_location 'China': attributes.region has no such value",
        "市场部 → 销售部: 赵磊 takes it, asks nothing: interest=",
        "销售部 → 客户成功部: 吴倩 returns it: what of goals?",
        "销售部 → 客户成功部: 吴倩 takes it, asks nothing: company-size=",
        "came into the CRM, in stage 线索",
        "客户成功部 took it",
        "success is late to take 1 customer",
        "no-next-step  87 customers have no next step: stage=renewal",
        "96 customers on file, 16 concerns",
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
        "新增 12",
        "重庆两江教育咨询有限公司：首次联系 无人负责",
        "已完成：10 项分配改变",
        "新增 84 条、更改 0 条、跳过 0 条、拒绝 1 条",
        "现由 邓昊 42、吴倩 42 负责",
        "市场部 → 销售部：赵磊 接手，无需再问：interest=",
        "它的全部经过",
        "在册客户 96 个",
    ]
    positions = [result.stdout.find(milestone) for milestone in milestones]
    assert -1 not in positions, milestones[positions.index(-1)]
    assert positions == sorted(positions)
    ours = [line for line in result.stdout.splitlines() if not line.startswith("$")]
    assert not re.search(r"[a-z]{2,}( [a-z]{2,}){2}", "\n".join(ours).replace("crmcore check crmcore", ""))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_demo_fits_on_two_screens(run: Callable[..., Result], language: str) -> None:
    lines = run("demo", "--language", language).stdout.splitlines()
    assert next(number for number, line in enumerate(lines) if line.startswith("$ crmcore import")) <= 45
    assert len(lines) <= 90
    for line in lines:
        assert cell_len(line) <= 100


def test_the_demo_is_the_same_every_time_and_leaves_nothing_behind(
    run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    monkeypatch.setenv("CRMCORE_PLUGINS", "sqlalchemy")
    assert run("demo").stdout == run("demo").stdout
    assert list(folder.iterdir()) == []
    assert list(Path.cwd().iterdir()) == []


def test_without_a_database_the_demo_says_so_in_one_line_and_tells_the_same(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRMCORE_PLUGINS", "sqlalchemy")
    stored = run("demo").stdout.splitlines()
    monkeypatch.setenv("CRMCORE_PLUGINS", "")
    told_so = "  SQLite needs crmcore-sqlalchemy, which is not there: they lie in the memory of this process."
    in_memory = run("demo").stdout.splitlines()
    assert told_so not in stored
    assert in_memory.pop(in_memory.index(told_so))
    assert in_memory == stored


def test_those_that_nobody_answers_for_are_those_of_the_broken_company(run: Callable[..., Result]) -> None:
    printed = run("demo").stdout
    left = {name for name, region, tier, stage in customers() if stage == "renewal" and tier != "strategic"}
    unknown = {name for name, region, tier, stage in customers() if not region}
    assert set(re.findall("nobody answers for (.+) at", printed)) == left | unknown


def test_the_accounts_that_are_taken_over_are_real(shared_data: Path) -> None:
    shipped = files("crmcore.cli").joinpath("companies", ACCOUNTS).read_text(encoding="utf-8")
    assert shipped.splitlines() == (shared_data / "crm-maven-sales" / ACCOUNTS).read_text("utf-8").splitlines()


def customers() -> Iterator[tuple[str, str, str, str]]:
    stages = {"线索": "lead", "商机": "opportunity", "上线": "onboarding", "使用": "active", "续约": "renewal"}
    text = files("crmcore.cli").joinpath("companies", CUSTOMERS).read_text(encoding="utf-8")
    for name, region, tier, stage, *_ in list(csv.reader(text.splitlines()))[1:]:
        yield name, region, tier, stages.get(stage, stage)


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

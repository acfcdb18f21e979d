import json
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

DAY = ("--on", "2026-11-23")


def test_the_person_the_role_and_the_reasons_are_told(run: Callable[..., Result], company: Path) -> None:
    result = run("who", company, "renewal-call", "region=Shanghai", *DAY)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "李娜 (li.na) answers, as 客户经理 (account-manager)"
    assert lines[1].split() == ["touchpoint", "续约沟通", "(renewal-call),", "accountable"]
    assert lines[2].split() == ["by", "the", "duty", f"{company}:24:5"]
    assert lines[3].split() == ["by", "the", "staffing", f"{company}:17:5"]
    assert lines[4].split() == ["backup", "chen.gang"]


def test_an_absent_holder_is_replaced_and_it_is_said_by_whom(run: Callable[..., Result], company: Path) -> None:
    result = run("who", company, "renewal-call", "region=Shanghai", "--on", "2026-10-02")
    assert result.stdout.startswith("王伟 (wang.wei) answers")
    assert "李娜 (li.na)" in result.stdout
    assert "王伟 (wang.wei) stands in" in result.stdout


def test_a_pool_is_told_with_its_assignment_rule(run: Callable[..., Result], company: Path) -> None:
    result = run("who", company, "renewal-call", "region=Sichuan", *DAY)
    assert result.stdout.startswith("one of 2 answers, as 客户经理 (account-manager): 王伟 (wang.wei), 李娜 (li.na)")
    assert "chosen least-loaded" in result.stdout


def test_an_answer_is_told_in_chinese_with_its_reasons(run: Callable[..., Result], company: Path) -> None:
    pool = run("who", company, "renewal-call", "region=Sichuan", "--language", "zh", *DAY)
    assert pool.stdout.startswith("由 2 人之一应答，角色为 客户经理 (account-manager)：王伟 (wang.wei)、李娜 (li.na)")
    absent = run("who", company, "renewal-call", "region=Shanghai", "--on", "2026-10-02", "--language", "zh")
    lines = absent.stdout.splitlines()
    assert lines[0] == "由 王伟 (wang.wei) 应答，角色为 客户经理 (account-manager)"
    assert lines[1].split() == ["触点", "续约沟通", "(renewal-call)，负责"]
    assert lines[2].split() == ["依据职责", f"{company}:24:5"]
    assert any(line.split()[0] == "代替" and "缺勤到 " in line and "由 王伟 (wang.wei) 代替" in line for line in lines)


def test_the_json_of_an_answer_has_the_same_keys_and_ids_in_chinese(run: Callable[..., Result], company: Path) -> None:
    asked = ("who", company, "complaint", "region=Shanghai", "employees=800", "channel=phone", *DAY, "--format", "json")
    english, chinese = (json.loads(run(*asked, "--language", language).stdout) for language in ("en", "zh"))
    assert english.keys() == chinese.keys()
    assert {key for key in english if english[key] != chinese[key]} == {"because", "losers"}
    assert "职责见" in chinese["because"]
    assert all("优先级" in loser["reason"] or "角色" in loser["reason"] for loser in chinese["losers"])


def test_numbers_and_contact_attributes_decide_and_losers_say_why(run: Callable[..., Result], company: Path) -> None:
    result = run("who", company, "complaint", "region=Shanghai", "employees=800", "channel=phone", *DAY)
    assert result.exit_code == 0
    assert result.stdout.startswith("陈刚 (chen.gang) answers, as director")
    assert "its priority -10 is lower than 0" in result.stdout or "it names the same role" in result.stdout
    assert "after 4h account-manager; after 1d director" in result.stdout


def test_the_answer_is_also_told_as_json(run: Callable[..., Result], company: Path) -> None:
    result = run("who", company, "renewal-call", "region=Shanghai", *DAY, "--format", "json")
    tree = json.loads(result.stdout)
    assert (tree["person"], tree["role"], tree["touchpoint"]) == ("li.na", "account-manager", "renewal-call")


def test_nobody_is_an_exit_status_of_1_with_the_box_and_a_customer(run: Callable[..., Result], company: Path) -> None:
    result = run("who", company, "renewal-call", "region=Singapore", *DAY)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: nobody answers at touchpoint 'renewal-call'")
    assert "where    region: Overseas" in result.stderr
    assert "example  region=Singapore" in result.stderr


def test_a_vacant_role_is_an_exit_status_of_1(run: Callable[..., Result], company: Path) -> None:
    text = company.read_text(encoding="utf-8")
    company.write_text(text.replace("  - {role: director, holders: [chen.gang]}\n", ""), encoding="utf-8")
    result = run("who", company, "complaint", "region=Shanghai", "employees=800", "channel=phone", *DAY)
    assert result.exit_code == 1
    assert "director" in result.stderr


def test_an_unknown_touchpoint_names_the_nearest(run: Callable[..., Result], company: Path) -> None:
    result = run("who", company, "renewal-cal", *DAY)
    assert result.exit_code == 2
    assert "did you mean 'renewal-call'?" in result.stderr


def test_an_unknown_attribute_or_value_names_the_nearest(run: Callable[..., Result], company: Path) -> None:
    attribute = run("who", company, "renewal-call", "regoin=Shanghai", *DAY)
    value = run("who", company, "renewal-call", "region=Shangai", *DAY)
    assert (attribute.exit_code, value.exit_code) == (2, 2)
    assert "did you mean 'region'?" in attribute.stderr
    assert "did you mean 'Shanghai'?" in value.stderr


def test_a_missing_attribute_is_named(run: Callable[..., Result], company: Path) -> None:
    result = run("who", company, "renewal-call", *DAY)
    assert result.exit_code == 2
    assert "region" in result.stderr


def test_text_where_a_number_is_wanted_is_refused(run: Callable[..., Result], company: Path) -> None:
    result = run("who", company, "complaint", "region=Shanghai", "employees=many", "channel=phone", *DAY)
    assert result.exit_code == 2
    assert "employees" in result.stderr


def test_a_stage_is_refused_where_there_are_none(run: Callable[..., Result], company: Path) -> None:
    for given in (("--stage", "renewal"), ("stage=renewal",)):
        assert run("who", company, "renewal-call", "region=Shanghai", *given).exit_code == 2


def test_what_is_no_attribute_cannot_be_used(run: Callable[..., Result], company: Path) -> None:
    result = run("who", company, "renewal-call", "Shanghai")
    assert result.exit_code == 2
    assert "'Shanghai' is no attribute" in result.stderr


def test_a_duty_that_nobody_has_is_not_answered(run: Callable[..., Result], company: Path) -> None:
    assert run("who", company, "renewal-call", "region=Shanghai", "--duty", "veto", *DAY).exit_code == 1
    assert run("who", company, "renewal-call", "region=Shanghai", "--duty", "boss", *DAY).exit_code == 2


def test_faults_of_the_file_are_told(run: Callable[..., Result], company: Path) -> None:
    company.write_text("name: 3\n", encoding="utf-8")
    result = run("who", company, "renewal-call")
    assert result.exit_code == 2
    assert f"{company}:1:7: " in result.stderr

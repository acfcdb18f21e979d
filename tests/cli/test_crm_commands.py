"""The commands about the customers on file: list them, audit them, see who goes to whom."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from crms import COMPANY, START, SteppingClock, numbered

from crmcore.cli.commands import crmcore
from crmcore.crm import CRM

EAST = {"region": "Shanghai", "tier": "key"}


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A storage with three customers, in a folder with the organization's file."""
    pytest.importorskip("crmcore_sqlalchemy")
    monkeypatch.setenv("CRMCORE_PLUGINS", "sqlalchemy")
    monkeypatch.chdir(tmp_path)
    COMPANY.write("crmcore.yaml")
    with CRM.open("sqlite:///crm.db", organization=COMPANY, clock=SteppingClock(START), ids=numbered()) as crm:
        crm.customers.register("华为", attributes=EAST)
        crm.customers.register("成都蓝图", attributes={"region": "Sichuan"}, stage="renewal")
        crm.customers.register("无地区")
    return "sqlite:///crm.db"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(crmcore, arguments, prog_name="crmcore", env={"CRMCORE_PLUGINS": "sqlalchemy"})


def test_customers_are_listed_with_who_looks_after_them(url: str) -> None:
    told = run("customers", "--storage", url)
    assert told.exit_code == 0
    assert "华为" in told.stdout
    assert "li.na (account-manager), sun.yue (marketer)" in told.stdout
    assert "3 of 3 customers" in told.stdout


def test_customers_are_found_by_what_decides_who_answers(url: str) -> None:
    data = json.loads(run("customers", "region=China", "--format", "json", "--limit", "1", "--storage", url).stdout)
    assert (data["total"], len(data["customers"])) == (2, 1)
    assert [one["name"] for one in data["customers"]] == ["华为"]
    assert data["customers"][0]["assigned"][0] == {"role": "account-manager", "person": "li.na"}
    wrong = run("customers", "regoin=China", "--storage", url)
    assert wrong.exit_code == 2
    assert "did you mean" in wrong.stderr


def test_who_answers_for_a_customer_on_file_is_asked_by_its_name_or_id(url: str) -> None:
    told = run("who", "renewal-call", "--customer", "成都蓝图", "--storage", url)
    assert told.exit_code == 0
    assert told.stdout.startswith("赵磊 (zhao.lei) answers, as 客户成功经理 (success-manager)")
    assert "成都蓝图 (id-000006)" in told.stdout
    data = json.loads(
        run("who", "renewal-call", "--customer", "id-000006", "--storage", url, "--format", "json").stdout
    )
    assert (data["customer"], data["person"], data["role"]) == ("id-000006", "zhao.lei", "success-manager")
    assert "客户" in run("who", "renewal-call", "--customer", "成都蓝图", "--storage", url, "--language", "zh").stdout


def test_whoever_answers_for_a_customer_on_file_keeps_it(url: str) -> None:
    with CRM.open(url, organization=COMPANY) as crm:
        (customer,) = crm.customers.find({"region": "Sichuan"})
        crm.assignments.assign(customer, "success-manager", "zhou.min")
    assert run("who", "renewal-call", "--customer", "成都蓝图", "--storage", url).stdout.startswith("周敏")


def test_a_customer_on_file_that_is_not_there_or_not_the_only_one_is_told(url: str) -> None:
    wrong = run("who", "first-call", "--customer", "华维", "--storage", url)
    assert wrong.exit_code == 2
    assert wrong.stderr == "Error: no customer has the id or the name '华维': crmcore customers lists them.\n"
    with CRM.open(url, organization=COMPANY, ids=numbered("more")) as crm:
        other = crm.customers.register("华为")
    several = run("who", "first-call", "--customer", "华为", "--storage", url)
    assert several.exit_code == 2
    assert f"several customers are called '华为': name one by its id: id-000001, {other.id}" in several.stderr
    assert run("who", "first-call", "--customer", other.id, "--storage", url).exit_code == 2
    for wrong_call in (["--customer", "华为"], ["region=Shanghai", "--customer", "id-000001", "--storage", url]):
        assert run("who", "first-call", *wrong_call).exit_code == 2


def test_who_does_not_say_at_which_touchpoint_is_told_so(url: str) -> None:
    result = run("who", "--customer", "Acme", "--storage", url)
    assert result.exit_code == 2
    assert "Missing argument 'TOUCHPOINT'" in result.stderr


def test_a_customer_that_was_merged_is_answered_for_as_the_one_it_is_now(url: str) -> None:
    with CRM.open(url, organization=COMPANY, ids=numbered("more")) as crm:
        twice = crm.customers.register("华为技术", attributes=EAST)
        crm.merging.merge("id-000001", twice.id)
    told = run("who", "first-call", "--customer", twice.id, "--storage", url)
    assert "华为 (id-000001)" in told.stdout


def test_an_audit_tells_what_is_wrong_and_fails(url: str) -> None:
    told = run("audit", "--storage", url)
    assert told.exit_code == 1
    assert "for 1 customer nobody can be told who answers at first-call: stage=lead" in told.stdout
    assert "of 1 customer nobody knows contract-terms: stage=renewal" in told.stdout
    assert "3 customers on file" in told.stdout
    data = json.loads(run("audit", "--format", "json", "--storage", url).stdout)
    assert {one["kind"] for one in data["concerns"]} == {"unanswered", "no-next-step", "fact-missing"}
    assert "在册客户 3 个" in run("audit", "--storage", url, "--language", "zh").stdout


def test_rebalancing_is_shown_first_and_done_when_it_is_asked_for(url: str) -> None:
    assert "Nothing moves" in run("rebalance", "--storage", url).stdout
    shown = run("rebalance", "--without", "li.na", "--storage", url)
    assert "Nothing is written: 1 assignment would change; customers on file: 3." in shown.stdout
    assert "li.na" in shown.stdout
    assert "liu.yang" in shown.stdout
    done = json.loads(run("rebalance", "--without", "li.na", "--apply", "--format", "json", "--storage", url).stdout)
    assert done["applied"]
    assert [(move["from"], move["to"], move["because"]) for move in done["moves"]] == [("li.na", "liu.yang", "left")]
    assert "liu.yang (account-manager)" in run("customers", "--storage", url).stdout
    wrong = run("rebalance", "--without", "lina", "--storage", url)
    assert wrong.exit_code == 2
    assert "did you mean 'li.na'" in wrong.stderr


def test_a_storage_that_is_not_there_is_told_in_a_sentence(url: str) -> None:
    result = run("audit", "--storage", "sqlite:////nowhere/at/all/crm.db")
    assert result.exit_code == 2
    assert "unable to open database file" in result.stderr
    assert "Traceback" not in result.output

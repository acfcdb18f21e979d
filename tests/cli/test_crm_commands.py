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

"""The company of the demo tells its story by what is found in it, and is clean when it is repaired."""

import os
import subprocess
import sys
from collections import Counter
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from crmcore.errors import UncoveredTouchpoint
from crmcore.organization import Organization
from crmcore.responsibility import Question

DAY = date(2026, 11, 23)
RENEWAL = Question("renewal-call", customer={"region": "Sichuan", "tier": "key"}, stage="renewal", day=DAY)


def company(name: str) -> Organization:
    with as_file(files("crmcore.cli") / "companies" / f"{name}.yaml") as path:
        return Organization.read(path)


def test_the_company_with_a_tool_has_a_hole_for_each_part_of_its_story() -> None:
    findings = company("before").check(on=DAY).findings
    story = {
        "COV101": "renewal-call",  # nobody owns renewal
        "COV102": "complaint",  # two departments answer for one complaint
        "ESC402": "complaint",  # and nobody above them hears of it
        "GOV501": "renewal-call",
        "GOV502": "sales",  # sales is scored on what it signs
        "GOV504": "contract-signing",  # and promises what it likes
        "JRN303": "go-live",  # the customer is passed on by nobody,
        "JRN304": "go-live",  # and what it signed is lost
        "JRN305": "demo",  # the same question is asked twice
        "ORG204": "zhao.lei",  # one person's leaving opens a hole
        "ORG209": "zhao.lei",
    }
    assert {finding.code: finding.subject for finding in findings if finding.code in story} == story
    rest = Counter(finding.code for finding in findings if finding.code not in story)
    assert rest == {"GOV506": 1, "JRN306": 1, "ORG207": 1}


@pytest.mark.parametrize("last", [DAY, date(2027, 11, 22)], ids=["that day", "for a year"])
def test_the_repaired_company_is_clean(last: date) -> None:
    assert company("after").check(on=DAY, until=last).findings == ()


def test_the_repaired_company_answers_where_the_other_did_not() -> None:
    with pytest.raises(UncoveredTouchpoint):
        company("before").who(RENEWAL)
    answer = company("after").who(RENEWAL)
    assert answer.role.id == "success-manager"
    assert [person.id for person in answer.pool] == ["wu.qian", "deng.hao"]


def test_the_example_prints_what_its_page_says(examples: Path) -> None:
    folder = examples / "tools-without-organization"
    command = [sys.executable, str(folder / "run.py")]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    printed = subprocess.run(command, check=True, capture_output=True, encoding="utf-8", env=environment).stdout
    assert printed
    assert f"```text\n{printed}```" in (folder / "README.md").read_text(encoding="utf-8")

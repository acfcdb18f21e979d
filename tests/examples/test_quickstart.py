"""The first program that a newcomer reads."""

import subprocess
import sys
from datetime import date
from pathlib import Path

from crmcore.organization import Organization


def run(script: Path) -> str:
    command = [sys.executable, str(script)]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout


def test_it_prints_what_its_page_says(examples: Path) -> None:
    folder = examples / "quickstart"
    printed = run(folder / "ask.py")
    assert printed
    assert f"```text\n{printed}```" in (folder / "README.md").read_text(encoding="utf-8")


def test_its_company_has_one_gap_and_nothing_else(examples: Path) -> None:
    organization = Organization.read(examples / "quickstart" / "crmcore.yaml")
    [finding] = organization.check(on=date(2026, 11, 23)).findings
    assert (finding.code, finding.subject) == ("COV101", "renewal-call")
    assert finding.box == {"region": ["Overseas"], "stage": ["renewal"]}

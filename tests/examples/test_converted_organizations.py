"""What is true of every organization that an example makes of data that others wrote."""

import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from converting import Converted, converted

from crmcore.checks.report_schema import report_schema
from crmcore.organization import Organization


@pytest.fixture(
    scope="module",
    params=[
        ("org-kubernetes", "convert_kubernetes.py"),
        ("org-rust", "convert_rust.py"),
        ("crm-northwind", "convert_northwind.py"),
    ],
    ids=lambda param: param[0],
)
def example(request: pytest.FixtureRequest, examples: Path, shared_data: Path) -> Converted:
    folder, script = request.param
    return converted(examples / folder / script, shared_data / folder)


def test_it_reads_back_as_it_was_written(example: Converted, tmp_path: Path) -> None:
    path = tmp_path / "crmcore.yaml"
    example.organization.write(path)
    assert Organization.read(path) == example.organization


def test_its_report_is_what_the_schema_says(example: Converted) -> None:
    report = example.organization.check()
    assert report.findings
    jsonschema.Draft202012Validator(report_schema()).validate(report.to_dict())


def test_every_proof_comes_to_its_end(example: Converted) -> None:
    assert all(finding.proven for finding in example.findings)


def test_the_script_prints_its_findings_and_writes_the_file(example: Converted, tmp_path: Path) -> None:
    path = tmp_path / "crmcore.yaml"
    command = [sys.executable, str(example.module.__file__), str(example.data), str(path)]
    printed = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout.splitlines()
    assert printed == [f"{each.severity} {each.code} {each.message}" for each in example.answerable]
    assert Organization.read(path) == example.organization


def test_its_page_shows_what_it_prints(example: Converted) -> None:
    printed = [f"{each.severity} {each.code} {each.message}" for each in example.answerable]
    page = Path(str(example.module.__file__)).with_name("README.md").read_text(encoding="utf-8")
    shown = page.partition("```text\n")[2].partition("```")[0].splitlines()
    assert shown
    for line in shown:
        assert any(each.startswith(line.removesuffix("…")) for each in printed), line

"""Every format speaks the language of the moment; what programs read stays the same in both."""

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from attrs import evolve
from rich.cells import cell_len

from crmcore.checks import Report
from crmcore.checks.pages import page
from crmcore.cli.formats import FORMATS, Options, write
from crmcore.cli.terminal import Terminal
from crmcore.language import speaking
from crmcore.organization import Organization

FOR_PEOPLE = {"message", "text", "help", "description"}


@pytest.fixture
def company(tmp_path: Path) -> Report:
    example = page("COV102").failing
    path = tmp_path / "company.yaml"
    path.write_text(example.text, encoding="utf-8")
    report = Organization.parse(example.text, file=str(path)).check(on=example.on)
    return report.with_findings(evolve(finding, proven=False) for finding in report.findings)


def _in_chinese(name: str, report: Report) -> str:
    with speaking("zh"):
        return write(name, report, Options(terminal=Terminal(width=100, color=False)))


def test_text_has_chinese_labels_which_are_aligned_by_the_width_of_their_cells(company: Report) -> None:
    lines = _in_chinese("text", company).splitlines()
    assert any(line.startswith("错误 COV102 conflicting-accountability") for line in lines)
    words = [re.fullmatch(r" {4}(范围|例|相关|未证完|改法)( +)(.*)", line) for line in lines]
    columns = {cell_len(f"{match[1]}{match[2]}") for match in words if match}
    assert {match[1] for match in words if match} >= {"范围", "相关", "未证完", "改法"}
    assert len(columns) == 1
    assert re.search(r"(\d+) 个错误", lines[-2])
    assert lines[-1].startswith("问题的含义：crmcore explain COV102")


def test_markdown_has_chinese_headings_counts_and_labels(company: Report) -> None:
    lines = _in_chinese("markdown", company).splitlines()
    assert "## COV102 conflicting-accountability: 1 个错误" in lines
    assert "| 位置 | 内容 |" in lines
    row = next(line for line in lines if "同时对" in line)
    assert "<br>改法：" in row
    assert "<br>范围：" in row


@pytest.mark.parametrize("name", ["github", "junit", "sarif", "gitlab", "json"])
def test_messages_for_machines_that_show_them_to_people_are_chinese(name: str, company: Report) -> None:
    assert "同时对 renewal-call 负责" in _in_chinese(name, company)


@pytest.mark.parametrize("name", FORMATS)
def test_a_label_of_ours_is_english_in_no_chinese_report(name: str, company: Report) -> None:
    text = _in_chinese(name, company)
    assert not re.search(r"\b(help|related|example|unproven|everywhere)\b[:：] ", text)
    assert not re.search(r"\b\d+ (error|warning|finding|touchpoint|point)s?\b", text)


def _without_words(tree: Any) -> Any:
    """Take out what people read of a report for programs."""
    if isinstance(tree, dict):
        return {key: ... if key in FOR_PEOPLE else _without_words(value) for key, value in tree.items()}
    return [_without_words(value) for value in tree] if isinstance(tree, list) else tree


@pytest.mark.parametrize("name", ["json", "sarif", "gitlab"])
def test_keys_codes_severities_and_places_are_the_same_in_both_languages(name: str, company: Report) -> None:
    english, chinese = write(name, company, Options()), _in_chinese(name, company)
    assert english != chinese
    assert _without_words(json.loads(english)) == _without_words(json.loads(chinese))


def test_the_cases_of_junit_are_the_same_in_both_languages(company: Report) -> None:
    texts = (write("junit", company, Options()), _in_chinese("junit", company))
    trees = [ET.fromstring(text.encode()) for text in texts]  # noqa: S314 (our own)
    english, chinese = ([case.get("classname") for case in tree.iter("testcase")] for tree in trees)
    assert english == chinese


def test_the_commands_of_github_are_the_same_in_both_languages(company: Report) -> None:
    texts = (write("github", company, Options()), _in_chinese("github", company))
    english, chinese = ([line.split("::")[1] for line in text.splitlines()] for text in texts)
    assert english == chinese

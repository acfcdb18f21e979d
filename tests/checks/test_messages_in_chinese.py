"""What every check says in Chinese: the same findings, and no English in them but the names of the file."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from crmcore.checks import Report
from crmcore.checks.baseline import fingerprint
from crmcore.checks.findings import Finding
from crmcore.checks.pages import codes, page
from crmcore.language import speaking, told
from crmcore.organization import Organization

WORD = re.compile("[A-Za-z]{3,}")
CHINESE = re.compile("[\u4e00-\u9fff]")


def _report(code: str) -> Report:
    example = page(code).failing
    organization = Organization.parse(example.text, file="company.yaml")
    return organization.check(on=example.on, until=example.until, without=example.without)


def _said(finding: Finding) -> Iterator[str]:
    yield finding.message
    yield finding.advice
    for related in finding.related:
        yield told(related.message)


def _without_names(text: str, example: str) -> str:
    """Take out what the file says itself, keys in backticks, days and the names of checks."""
    text = re.sub("`[^`]*`", "", text)
    for name in sorted(set(re.findall(r"[A-Za-z][\w.-]*", example)), key=len, reverse=True):
        text = text.replace(name, "")
    return text


def _recognised(finding: Finding) -> tuple[Any, ...]:
    return finding.code, finding.severity, finding.subject, finding.place, finding.box, finding.witness, finding.points


@pytest.mark.parametrize("code", codes())
def test_every_finding_is_chinese_but_for_the_names_of_the_file(code: str) -> None:
    with speaking("zh"):
        report = _report(code)
        told_of = [(finding, text) for finding in report.findings for text in _said(finding) if text]
    assert any(finding.code == code for finding, _ in told_of)
    for finding, text in told_of:
        assert CHINESE.search(text), text
        english = WORD.findall(_without_names(text, page(code).failing.text + str(finding.witness)))
        assert not english, f"{finding.code}: {text}"


@pytest.mark.parametrize("code", codes())
def test_the_findings_are_the_same_in_both_languages(code: str) -> None:
    english = _report(code)
    with speaking("zh"):
        chinese = _report(code)
        prints = [fingerprint(finding) for finding in chinese.findings]
    assert [_recognised(finding) for finding in chinese.findings] == [_recognised(one) for one in english.findings]
    assert prints == [fingerprint(finding) for finding in english.findings]


def test_a_report_made_in_one_language_can_be_read_in_another() -> None:
    report = _report("COV101")
    number = next(position for position, finding in enumerate(report.findings) if finding.code == "COV101")
    assert "nobody is accountable" in report.findings[number].message
    with speaking("zh"):
        assert "无人负责" in report.to_dict()["findings"][number]["message"]

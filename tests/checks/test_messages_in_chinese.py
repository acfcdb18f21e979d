"""What every check says in Chinese: the same findings, and no English in them but the names of the file."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

import pytest
import yaml

from crmcore.checks import CHECKS, Report
from crmcore.checks.baseline import fingerprint
from crmcore.checks.findings import Finding
from crmcore.checks.pages import codes, page
from crmcore.language import Phrase, joined, listed, say, speaking, told, translated
from crmcore.organization import DAY, STAGE, Organization
from crmcore.organization.schema import organization_schema

ENGLISH = re.compile("[A-Za-z]{3,}")
CHINESE = re.compile("[\u4e00-\u9fff]")
BETWEEN = re.compile(r", | → |=")
DURATION = re.compile(r"\d+[mhdw]")


def _report(code: str) -> Report:
    example = page(code).failing
    organization = Organization.parse(example.text, file="company.yaml")
    return organization.check(on=example.on, until=example.until, without=example.without)


def _said(finding: Finding) -> Iterator[str]:
    yield finding.phrase
    yield finding.help
    yield from (related.message for related in finding.related)


@cache
def _keywords() -> frozenset[str]:
    """Words of ours that a file holds: its keys, and the choices that a value can be."""

    def inside(schema: Any) -> Iterator[str]:
        if isinstance(schema, dict):
            yield from schema.get("properties", ())
            yield from map(str, schema.get("enum", ()))
        for part in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
            yield from inside(part)

    return frozenset(inside(organization_schema()))


def _names(tree: Any) -> Iterator[str]:
    """Yield what a file calls things: every text in it."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield str(key)
            yield from _names(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _names(value)
    else:
        yield str(tree)


@cache
def _known(code: str) -> frozenset[str]:
    """What may stand in a message as it is: names of the failing example, of checks, and the two dimensions of ours."""
    tree = yaml.safe_load(page(code).failing.text)
    ids = {one["id"] for section in tree.values() if isinstance(section, list) for one in section if "id" in one}
    ours = {name for check in CHECKS for name in (check.code, check.name)}
    return frozenset(_names(tree)) - _keywords() | ids | ours | {DAY, STAGE}


def _is_name(value: object, known: frozenset[str]) -> bool:
    """Whether an argument is a name, a number or a day, or several of them: nothing that could be translated."""
    if not isinstance(value, str):
        return isinstance(value, int | float | date) or value is None or not ENGLISH.search(str(value))
    return all(part in known or not ENGLISH.search(part) or DURATION.fullmatch(part) for part in BETWEEN.split(value))


def _words(text: str, code: str) -> str:
    """Return what we say ourselves in the language of the moment: without the names, and the keys in backticks."""
    if not isinstance(text, Phrase):
        return re.sub("`[^`]*`", "", translated(text))
    if text.key == ", ":
        assert all(isinstance(name, Phrase) or _is_name(name, _known(code)) for name in text.arguments["names"]), text
        return "".join(_words(name, code) for name in text.arguments["names"] if isinstance(name, Phrase))
    arguments = {}
    for name, value in text.arguments.items():
        quoted = f"`{{{name}}}`" in translated(text.key)
        assert isinstance(value, Phrase) or quoted or _is_name(value, _known(code)), f"{name} of {text!r}: {value!r}"
        arguments[name] = _words(value, code) if isinstance(value, Phrase) else value if isinstance(value, int) else ""
    return re.sub("`[^`]*`", "", translated(text.key).format_map(arguments))


@pytest.mark.parametrize("code", codes())
def test_every_finding_is_chinese_but_for_the_names_of_the_file(code: str) -> None:
    report = _report(code)
    assert any(finding.code == code for finding in report.findings)
    with speaking("zh"):
        for finding in report.findings:
            for text in filter(None, _said(finding)):
                assert CHINESE.search(told(text) if isinstance(text, Phrase) else translated(text)), text
                assert not ENGLISH.search(_words(text, code)), f"{finding.code}: {text}"


@pytest.mark.parametrize(
    "english",
    [
        say("{name} answers", name="roles without a department"),
        say("{names} and {last}", names=listed(["li.na", "nobody at all"]), last="x"),
        joined(["wang.wei", "everybody"]),
        say("nobody has translated this"),
    ],
)
def test_english_that_hides_in_a_message_would_be_found(english: Phrase) -> None:
    with speaking("zh"):
        try:
            left = _words(english, "COV101")
        except AssertionError:
            return
    assert ENGLISH.search(left)


def _recognised(finding: Finding) -> tuple[Any, ...]:
    return finding.code, finding.severity, finding.subject, finding.place, finding.box, finding.witness, finding.points


@pytest.mark.parametrize("code", codes())
def test_the_findings_are_the_same_in_both_languages(code: str) -> None:
    english = _report(code)
    with speaking("zh"):
        chinese = _report(code)
        prints = [fingerprint(finding) for finding in chinese.findings]
        order = [finding.order for finding in chinese.findings]
    assert [_recognised(finding) for finding in chinese.findings] == [_recognised(one) for one in english.findings]
    assert prints == [fingerprint(finding) for finding in english.findings]
    assert order == [finding.order for finding in english.findings]


def test_a_report_made_in_one_language_can_be_read_in_another() -> None:
    report = _report("COV101")
    number = next(position for position, finding in enumerate(report.findings) if finding.code == "COV101")
    assert "nobody is accountable" in report.findings[number].message
    with speaking("zh"):
        assert "无人负责" in report.to_dict()["findings"][number]["message"]

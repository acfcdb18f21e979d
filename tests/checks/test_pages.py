import re
from collections import defaultdict
from datetime import date
from functools import cache

import jsonschema
import pytest
import yaml

from crmcore.checks import CHECKS, pages
from crmcore.checks.findings import Check, Finding, Report
from crmcore.checks.pages import EXAMPLE, HEADINGS, SECTIONS, USUAL_DAY, Example, codes, page, parse
from crmcore.checks.report_schema import report_schema
from crmcore.errors import UnknownName
from crmcore.organization import Organization

CHINESE = re.compile("[\u4e00-\u9fff]")
EVERY_CHECK = [pytest.param(check, id=check.code) for check in CHECKS]


@cache
def reported(example: Example) -> Report:
    organization = Organization.parse(example.text, file="crmcore.yaml")
    return organization.check(on=example.on, until=example.until, without=example.without)


def test_there_is_a_page_for_every_check_and_for_nothing_else() -> None:
    assert sorted(codes()) == sorted(check.code for check in CHECKS)


@pytest.mark.parametrize("check", EVERY_CHECK)
def test_a_page_is_about_the_check_of_its_name(check: Check) -> None:
    found = page(check.code)
    assert (found.code, found.name) == (check.code, check.name)
    assert tuple(found.sections) == SECTIONS
    assert all(len(text) > 20 for text in found.sections.values())


@pytest.mark.parametrize("check", EVERY_CHECK)
def test_the_failing_file_of_a_page_provokes_its_check(check: Check) -> None:
    found = {finding.code for finding in reported(page(check.code).failing).findings}
    assert check.code in found, f"only {sorted(found)} are found"


@pytest.mark.parametrize("check", EVERY_CHECK)
def test_the_check_is_silent_on_the_mended_file(check: Check) -> None:
    report = reported(page(check.code).mended)
    assert [finding.message for finding in report.findings if finding.code == check.code] == []


@pytest.mark.parametrize("check", EVERY_CHECK)
def test_the_reports_on_a_page_are_valid_by_the_schema_of_reports(check: Check) -> None:
    for example in (page(check.code).failing, page(check.code).mended):
        jsonschema.validate(reported(example).to_dict(), report_schema())


@pytest.mark.parametrize("check", EVERY_CHECK)
def test_the_files_on_a_page_are_short_enough_to_be_read(check: Check) -> None:
    for example in (page(check.code).failing, page(check.code).mended):
        assert len(example.text.splitlines()) <= 60
        assert yaml.safe_load(example.text)["crmcore"] == 1


def test_messages_and_helps_are_one_line_each() -> None:
    lines: defaultdict[str, list[Finding]] = defaultdict(list)
    for check in CHECKS:
        for finding in reported(page(check.code).failing).findings:
            assert "\n" not in finding.message + finding.help
            assert "{" not in finding.message
            lines[finding.code].append(finding)
    assert set(lines) == {check.code for check in CHECKS}


PAGE = """# ABC123 a-check

All is well.

## What it means

It means something.

## Why it matters

It matters.

## A failing file

```yaml
{failing}
```

## The mend

Mend it.

```yaml
crmcore: 1
name: 乙
```
"""


def test_a_page_is_read_with_its_parts() -> None:
    found = parse(PAGE.format(failing="crmcore: 1\nname: 甲"))
    assert (found.code, found.name, found.promise) == ("ABC123", "a-check", "All is well.")
    assert found.failing == Example("crmcore: 1\nname: 甲\n", on=USUAL_DAY)
    assert found.mended.text == "crmcore: 1\nname: 乙\n"


def test_the_first_line_of_an_example_says_how_it_is_checked() -> None:
    line = "# crmcore check --on 2026-01-01 --until 2026-12-31 --without li.na --without wang.wei crmcore.yaml"
    failing = parse(PAGE.format(failing=f"{line}\ncrmcore: 1")).failing
    assert (failing.on, failing.until) == (date(2026, 1, 1), date(2026, 12, 31))
    assert failing.without == ("li.na", "wang.wei")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("# ABC123 a-check", "# a-check", "begins with"),
        ("All is well.", "", "does not say"),
        ("## The mend", "## Mending", "has the sections"),
        ("## Why it matters\n", "", "has the sections"),
        ("```yaml\ncrmcore: 1\nname: 乙\n```", "", "0 yaml blocks"),
        ("{failing}", "# crmcore check --storage x crmcore.yaml", "--storage"),
    ],
)
def test_a_page_of_another_shape_is_refused(old: str, new: str, said: str) -> None:
    assert old in PAGE
    with pytest.raises(ValueError, match=said):
        parse(PAGE.replace(old, new))


def test_a_page_is_found_by_code_and_by_name_in_letters_of_either_size() -> None:
    first = CHECKS[0]
    assert page(first.code.lower()).code == page(first.name.upper()).code == first.code


@pytest.mark.parametrize("check", EVERY_CHECK)
def test_every_page_is_there_in_chinese(check: Check) -> None:
    found, english = page(check.code, "zh"), page(check.code)
    assert found.language == "zh"
    assert tuple(found.sections) == HEADINGS["zh"]
    assert all(CHINESE.search(text) for text in (found.promise, *found.sections.values()))
    assert (found.code, found.name) == (english.code, english.name)
    assert (found.failing, found.mended) == (english.failing, english.mended)
    assert EXAMPLE not in found.text


ZH_PAGE = f"""# ABC123 a-check

一切正常。

## 含义

意思是这样。

## 为什么重要

这很重要。

## 出错的文件

{EXAMPLE}

## 如何修改

改好它。

{EXAMPLE}
"""


def test_a_translated_page_shows_the_examples_of_the_english_one() -> None:
    english = parse(PAGE.format(failing="crmcore: 1\nname: 甲"))
    found = parse(ZH_PAGE, "zh", english)
    assert found.promise == "一切正常。"
    assert (found.failing, found.mended) == (english.failing, english.mended)
    assert found.text.count("```yaml\n") == 2
    assert found.sections["如何修改"] == "改好它。\n\n```yaml\ncrmcore: 1\nname: 乙\n```"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("a-check", "another-check", "is translated as that of"),
        (f"\n{EXAMPLE}\n\n##", "\n##", "shows its two examples"),
        (EXAMPLE, "```yaml\ncrmcore: 1\n```", "shows its two examples"),
        ("## 含义", "## What it means", "has the sections"),
        ("一切正常。", "", "does not say"),
        (f"{EXAMPLE}\n\n## 如何修改", f"## 如何修改\n\n{EXAMPLE}", "yaml blocks"),
    ],
)
def test_a_translated_page_of_another_shape_is_refused(old: str, new: str, said: str) -> None:
    assert old in ZH_PAGE
    with pytest.raises(ValueError, match=said):
        parse(ZH_PAGE.replace(old, new), "zh", parse(PAGE.format(failing="crmcore: 1")))


def test_a_page_that_nobody_translated_comes_in_english_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    files = pages._files
    monkeypatch.setattr(pages, "_files", lambda language="en": {} if language == "zh" else files())
    assert page("COV101", "zh") == page("COV101")
    assert page("COV101", "zh").language == "en"


def test_an_unknown_check_names_the_nearest() -> None:
    with pytest.raises(UnknownName) as caught:
        page("COV1001")
    assert caught.value.suggestion == "COV101"

import json
import re
import unicodedata
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmcore.checks.findings import Finding, Report, Severity
from crmcore.checks.report_schema import report_schema
from crmcore.cli.formats import FORMATS, Options, write
from crmcore.cli.harmless import visible
from crmcore.cli.terminal import Terminal


def parsed(xml: str) -> ET.Element:
    return ET.fromstring(xml.encode())  # noqa: S314 (our own)


FAIL_ON_ERROR = Options(fail_on=Severity.ERROR)


def control_characters(text: str) -> set[str]:
    return {character for character in text if unicodedata.category(character) in {"Cc", "Cs"}} - {"\n"}


@pytest.mark.parametrize("name", FORMATS)
def test_no_control_character_of_a_label_reaches_any_format(name: str, hostile_report: Report) -> None:
    text = write(name, hostile_report, FAIL_ON_ERROR)
    assert not control_characters(text)
    assert "\u202e" not in text
    text.encode("utf-8")


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_ends_in_a_line_break_with_and_without_findings(name: str, report: Report, clean: Report) -> None:
    for each in (report, clean):
        text = write(name, each, FAIL_ON_ERROR)
        assert text.endswith("\n")
        assert not text.endswith("\n\n")


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_names_each_finding_and_keeps_chinese_readable(name: str, report: Report) -> None:
    text = write(name, report, FAIL_ON_ERROR)
    assert all(finding.code in text for finding in report.findings)
    assert "赵磊" in text


@given(st.text(st.characters(), max_size=40))
def test_visible_text_has_one_line_and_no_control_character(text: str) -> None:
    shown = visible(text)
    assert len(shown.splitlines()) <= 1
    assert not control_characters(shown)
    assert visible(shown) == shown


def test_visible_leaves_other_languages_and_joined_emoji_as_they_are() -> None:
    for text in ("客户经理", "Müller", "ครับ", "👩\u200d💻", "می\u200cخواهم"):
        assert visible(text) == text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(label=st.text(st.characters(), max_size=30))
def test_any_label_leaves_every_format_whole(report: Report, finding: Finding, label: str) -> None:
    evil = evolve(finding, subject=label, arguments={"touchpoint": label}, box={label: [label]}, help=label)
    found = evolve(report, organization=label).with_findings([evil, evil])
    assert json.loads(write("json", found, Options())) == found.to_dict()
    assert len(json.loads(write("sarif", found, Options()))["runs"][0]["results"]) == 2
    assert len(list(parsed(write("junit", found, FAIL_ON_ERROR)).iter("failure"))) == 2
    assert len(write("github", found, Options()).split("\n")) == 4
    assert len([line for line in write("markdown", found, Options()).split("\n") if line.startswith("| ")]) == 4
    assert write("text", found, Options()).count("error COV101") == 1


# JSON


def test_json_is_the_report_and_valid_by_its_schema(report: Report, hostile_report: Report, clean: Report) -> None:
    for each in (report, clean, hostile_report):
        tree = json.loads(write("json", each, Options()))
        assert tree == each.to_dict()
        jsonschema.validate(tree, report_schema())


# Text


def test_text_shows_the_place_the_line_the_box_the_witness_and_the_help(report: Report, finding: Finding) -> None:
    lines = write("text", report, Options()).splitlines()
    assert lines[0] == "error COV101 uncovered-touchpoint"
    assert lines[1] == f"  {finding.place}"
    assert lines[2] == "  nobody is accountable for renewal-call"
    assert lines[3] == "    4 │   - {id: 续约, label: 续约沟通} # 沟通"
    assert lines[4] == "      │     ^"
    assert lines[5] == (
        "    where    region: West; tier: key, standard; employees: from 1 to below 500, below 3; stage: renewal"
        " (2,400 points)"
    )
    assert lines[6] == "    example  region=Sichuan, tier=key, employees=1, stage=renewal"
    assert lines[7].startswith("    related  ")
    assert lines[8] == "    help     give the duty to a role"


def test_the_caret_stands_under_its_column_behind_wide_characters(report: Report, finding: Finding) -> None:
    line = "  - {id: 续约, label: 续约沟通} # 沟通"
    there = evolve(finding, place=evolve(finding.place, column=line.index("label") + 1))
    lines = write("text", report.with_findings([there]), Options()).splitlines()
    caret = lines[4].index("^")
    before = lines[3][: lines[3].index("label")]
    width = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in before)
    assert caret == width


def test_text_groups_the_findings_of_a_check_and_limits_them(report: Report, finding: Finding) -> None:
    many = [evolve(finding, subject=f"t{number}", arguments={"touchpoint": f"t{number}"}) for number in range(30)]
    text = write("text", report.with_findings(many), Options(limit=4))
    assert "error COV101 uncovered-touchpoint  30 findings" in text
    assert text.count("nobody is accountable") == 4
    assert "… and 26 more findings of COV101 (--limit 0 shows all)" in text
    assert write("text", report.with_findings(many), Options(limit=0)).count("nobody is accountable") == 30


def test_people_are_shown_a_dozen_of_a_kind_and_programs_all(report: Report, finding: Finding) -> None:
    related = [evolve(finding.related[0], message=f"place {number}.") for number in range(40)]
    large = evolve(finding, box={"region": [f"r{number}" for number in range(1_000)]}, related=related)
    text = write("text", report.with_findings([large]), Options())
    assert "r10, r11 and 988 more" in text
    assert "place 11." in text
    assert "place 12." not in text
    assert "and 28 more places" in text
    assert "r999" in write("json", report.with_findings([large]), Options())


def test_text_has_colour_only_where_the_terminal_has(report: Report) -> None:
    assert "\x1b[" not in write("text", report, Options(terminal=Terminal(width=80)))
    assert "\x1b[" in write("text", report, Options(terminal=Terminal(width=80, color=True)))


def test_markup_in_a_label_is_no_markup(hostile_report: Report) -> None:
    text = write("text", hostile_report, Options(terminal=Terminal(width=200, color=True)))
    assert "[bold]x[/bold]" in text
    assert "\x1b]8" not in text  # a hyperlink
    assert re.findall(r"\x1b(?!\[[0-9;]*m)", text) == []


def test_text_fits_into_a_narrow_terminal(report: Report) -> None:
    for line in write("text", report, Options(terminal=Terminal(width=50))).splitlines():
        assert sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line) <= 50


def test_text_says_when_a_proof_did_not_end(report: Report) -> None:
    assert "the budget of this proof was spent" in write("text", report, Options())
    unproven = evolve(report, summary=evolve(report.summary, proven=False))
    assert "Not every proof went to its end" in write("text", unproven, Options())


def test_a_clean_report_says_what_was_proven(clean: Report) -> None:
    assert write("text", clean, Options()) == (
        "云帆软件 on 2026-11-23: no findings (7 touchpoints, 6 duties, 21,600 points).\n"
    )


def test_a_file_that_cannot_be_read_is_shown_without_its_line(report: Report, finding: Finding) -> None:
    gone = evolve(finding, place=evolve(finding.place, file="gone\x00.yaml"))
    text = write("text", report.with_findings([gone]), Options())
    assert "│" not in text
    assert "gone\\x00.yaml:4:5" in text


# SARIF


def test_sarif_has_a_rule_for_each_code_and_a_result_for_each_finding(report: Report) -> None:
    log = json.loads(write("sarif", report, Options()))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["COV101", "ORG204", "ORG206"]
    assert [result["level"] for result in run["results"]] == ["error", "warning", "note"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        region = result["locations"][0]["physicalLocation"]["region"]
        assert (region["startLine"], region["startColumn"]) == (4, 5)
        assert re.fullmatch("[0-9a-f]{16}", result["partialFingerprints"]["crmcore/v1"])
    assert run["results"][0]["relatedLocations"][0]["message"]["text"] == "the duty that covers the East"


def test_sarif_uris_are_ascii_and_relative_where_the_path_is(report: Report, finding: Finding) -> None:
    here = evolve(finding, place=evolve(finding.place, file="公司/crm core.yaml"))
    log = json.loads(write("sarif", report.with_findings([here]), Options()))
    location = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": "%E5%85%AC%E5%8F%B8/crm%20core.yaml"}


def test_sarif_messages_hold_no_links_and_no_placeholders(hostile_report: Report) -> None:
    log = json.loads(write("sarif", hostile_report, Options()))
    text = log["runs"][0]["results"][0]["message"]["text"]
    assert re.search(r"(?<!\\)\[[^\]]*\]\(", text) is None
    assert re.search(r"(?<!\{)\{(?!\{)", text) is None


def test_a_finding_about_an_organization_from_a_program_has_no_location_in_sarif(
    report: Report, finding: Finding
) -> None:
    nowhere = evolve(finding, place=evolve(finding.place, file="<python>"))
    log = json.loads(write("sarif", report.with_findings([nowhere]), Options()))
    assert log["runs"][0]["results"][0]["locations"] == []


# JUnit


def test_junit_fails_what_fails_the_run_and_passes_the_rest(report: Report) -> None:
    suites = parsed(write("junit", report, FAIL_ON_ERROR))
    (suite,) = suites
    assert (suite.get("tests"), suite.get("failures"), suite.get("name")) == ("3", "1", "云帆软件")
    cases = suite.findall("testcase")
    assert [len(case.findall("failure")) for case in cases] == [1, 0, 0]
    failure = cases[0].find("failure")
    assert failure is not None
    assert failure.get("message") == "nobody is accountable for renewal-call"
    assert "region: West" in (failure.text or "")


def test_junit_of_a_clean_report_is_one_passed_case(clean: Report) -> None:
    suites = parsed(write("junit", clean, FAIL_ON_ERROR))
    assert [case.get("name") for case in suites.iter("testcase")] == ["check"]
    assert suites.get("failures") == "0"


def test_junit_is_well_formed_whatever_the_labels_hold(hostile_report: Report) -> None:
    suites = parsed(write("junit", hostile_report, FAIL_ON_ERROR))
    assert len(list(suites.iter("testcase"))) == 1
    assert not list(suites.iter("script"))


# GitHub


def test_github_writes_one_command_a_finding(report: Report, finding: Finding) -> None:
    lines = write("github", report, Options()).splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error", "::warning", "::notice", "::notice"]
    assert f"file={finding.place.file},line=4,col=5,title=COV101 uncovered-touchpoint::nobody" in lines[0]
    assert "%0Awhere: region: West" in lines[0]


def test_a_label_cannot_begin_a_github_command_or_another_property(hostile_report: Report) -> None:
    lines = write("github", hostile_report, Options()).splitlines()
    assert len(lines) == 2
    properties = lines[0].removeprefix("::error ").partition("::")[0]
    assert [part.partition("=")[0] for part in properties.split(",")] == ["file", "line", "col", "title"]
    assert "%250A" in lines[0]  # what looked like an escape is text


# Markdown


def test_markdown_has_a_table_for_each_check(report: Report) -> None:
    lines = write("markdown", report, Options()).splitlines()
    assert lines[0] == "# 云帆软件"
    assert "## COV101 uncovered-touchpoint: 1 error" in lines
    assert "## ORG206 idle-role: 1 info" in lines
    rows = [line for line in lines if line.startswith("|") and "accountable" in line]
    assert len(rows) == 1
    assert "where: region: West; tier: key, standard" in rows[0]


def test_markdown_labels_are_no_markup_html_link_or_mention(hostile_report: Report) -> None:
    text = write("markdown", hostile_report, Options())
    row = text.splitlines()[-1]
    assert len(re.findall(r"(?<!\\)\|", row)) == 3
    assert re.search(r"(?<!\\)<(?!br>)", text) is None
    assert re.search(r"(?<!\\)\[", text) is None
    assert "@everyone" not in text
    assert "http://" not in text
    assert not text.splitlines()[2].startswith("::")

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from crmcore import Organization, checks
from crmcore.checks import pages
from crmcore.checks.baseline import Baseline, InvalidBaseline, apply, fingerprint, read_baseline, write_baseline
from crmcore.checks.findings import Finding, Related, Report, Severity, Summary
from crmcore.language import say, speaking
from crmcore.values import Place

DAY = date(2026, 11, 23)
EMPTY = Report(
    organization="云帆软件",
    on=DAY,
    until=DAY,
    findings=(),
    summary=Summary(errors=0, warnings=0, infos=0, touchpoints=1, duties=1, points=1, proven=True),
)


def gap(subject: str = "renewal-call", **changes: Any) -> Finding:
    finding = Finding(
        code="COV101",
        name="uncovered-touchpoint",
        severity=Severity.ERROR,
        subject=subject,
        place=Place("crmcore.yaml", 41, 5),
        text="nobody is accountable for {touchpoint}{example}",
        arguments={"touchpoint": subject, "example": ", for example for region=Sichuan, tier=key"},
        box={"region": ["West", "Overseas"], "employees": [[1, 500]]},
        witness={"region": "Sichuan", "tier": "key"},
        points=24,
    )
    return evolve(finding, **changes)


def about(subject: str, text: str = "{who} reports to {whom}", **arguments: Any) -> Finding:
    return gap(subject, code="ORG201", text=text, arguments=arguments, box=None, witness=None, points=None)


@pytest.mark.parametrize(
    "change",
    [
        {"place": Place("renamed.yaml", 7, 1)},
        {"box": {"employees": [[1, 500]], "region": ["Overseas", "West"]}},
        {"witness": {"region": "Chongqing"}, "points": 12},
        {"arguments": {"touchpoint": "renewal-call", "example": ", for example for region=Chongqing"}},
        {"text": "{touchpoint} is nobody's{example}"},
        {"related": (Related("elsewhere", Place("crmcore.yaml", 3)),)},
        {"help": "another help", "severity": Severity.INFO},
    ],
)
def test_a_fingerprint_does_not_change_with(change: dict[str, Any]) -> None:
    assert fingerprint(gap(**change)) == fingerprint(gap())


@pytest.mark.parametrize(
    "change",
    [
        {"code": "COV102"},
        {"subject": "contract-signing"},
        {"box": {"region": ["West"]}},
        {"box": {}},
        {"arguments": {"touchpoint": "renewal-call", "roles": "sales and service"}, "text": "{roles}"},
    ],
)
def test_a_fingerprint_changes_with(change: dict[str, Any]) -> None:
    assert fingerprint(gap(**change)) != fingerprint(gap())


def test_without_a_box_the_arguments_tell_findings_apart_and_line_numbers_do_not() -> None:
    one = about("a", who="li.na", whom="wang.wei", at="crmcore.yaml:41:5")
    assert fingerprint(one) == fingerprint(about("a", who="li.na", whom="wang.wei", at="crmcore.yaml:44:9"))
    assert fingerprint(one) != fingerprint(about("a", who="li.na", whom="zhao.lei", at="crmcore.yaml:41:5"))


def test_without_arguments_the_message_tells_findings_apart() -> None:
    assert fingerprint(about("a", text="one thing")) != fingerprint(about("a", text="another"))
    assert fingerprint(about("a", text="see f.yaml:3:1")) == fingerprint(about("a", text="see f.yaml:9:2"))


def written(report: Report, path: Path) -> Baseline:
    write_baseline(report, path)
    return read_baseline(path)


def test_a_known_finding_is_not_reported_and_a_new_one_is(tmp_path: Path) -> None:
    baseline = written(EMPTY.with_findings([gap("a"), gap("b")]), tmp_path / "known.json")
    moved = gap("a", place=Place("crmcore.yaml", 99, 1))
    report = apply(EMPTY.with_findings([gap("c"), gap("b"), moved]), baseline)
    assert [finding.subject for finding in report.findings] == ["c"]
    assert report.summary.errors == 1


def test_an_entry_that_matches_nothing_any_more_is_an_error_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / "known.json"
    baseline = written(EMPTY.with_findings([gap("a"), gap("b")]), path)
    (unused,) = apply(EMPTY.with_findings([gap("b")]), baseline).findings
    assert (unused.code, unused.name, unused.severity) == ("REF002", "unused-suppression", Severity.ERROR)
    assert unused.subject == "COV101"
    assert "nobody is accountable for a" in unused.message
    line = path.read_text(encoding="utf-8").splitlines()[unused.place.line - 1]
    assert fingerprint(gap("a")) in line
    assert line[unused.place.column - 1] == "{"


@pytest.mark.parametrize(("ran", "reported"), [({"COV101", "REF002"}, 1), ({"REF002"}, 0), ({"COV101"}, 0)])
def test_an_entry_of_a_check_that_did_not_run_is_not_unused(tmp_path: Path, ran: set[str], reported: int) -> None:
    baseline = written(EMPTY.with_findings([gap()]), tmp_path / "known.json")
    assert len(apply(EMPTY, baseline, ran=ran).findings) == reported


def test_what_is_unused_is_never_written_down_as_known(tmp_path: Path) -> None:
    unused = about("COV101", text="the baseline excuses", who="x")
    report = EMPTY.with_findings([evolve(unused, code="REF002"), gap()])
    assert [entry.code for entry in written(report, tmp_path / "known.json").entries] == ["COV101"]


def test_the_same_findings_in_another_order_give_the_same_file(tmp_path: Path) -> None:
    one, other = tmp_path / "one.json", tmp_path / "other.json"
    write_baseline(EMPTY.with_findings([gap("a"), gap("b"), about("c", who="王伟", whom="李娜")]), one)
    write_baseline(EMPTY.with_findings([about("c", who="王伟", whom="李娜"), gap("b"), gap("a")]), other)
    assert one.read_bytes() == other.read_bytes()


texts = st.text(st.characters(), min_size=1, max_size=20)
findings = st.builds(
    lambda subject, box, argument: gap(subject, box=box, arguments={"touchpoint": argument, "example": ""}),
    texts,
    st.none() | st.dictionaries(texts, st.lists(texts, min_size=1, max_size=3), max_size=3),
    texts,
)


@given(st.lists(findings, max_size=8))
def test_all_that_is_written_down_is_known_and_none_of_it_unused(
    tmp_path_factory: pytest.TempPathFactory, found: list[Finding]
) -> None:
    report = EMPTY.with_findings(found)
    baseline = written(report, tmp_path_factory.mktemp("baseline") / "known.json")
    assert apply(report, baseline).findings == ()
    assert len(apply(EMPTY, baseline).findings) == len({fingerprint(finding) for finding in found})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[]", "a baseline is"),
        ('{"version": 2, "findings": []}', "a baseline is"),
        ('{"version": 1, "findings": {}}', "a baseline is"),
        ('{"version": 1, "findings": [1]}', "object of texts"),
        ('{"version": 1, "findings": [{"fingerprint": 1, "code": "", "subject": "", "message": ""}]}', "of texts"),
        ("[" * 100_000, "not a baseline"),
    ],
)
def test_a_broken_file_is_refused_with_its_place_and_the_mend(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "known.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidBaseline) as caught:
        read_baseline(path)
    assert said in str(caught.value)
    assert str(caught.value).startswith(f"{path}:1:")
    assert "--write-baseline" in str(caught.value)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "known.json"
    path.write_bytes(b"\xff\xfe\x00{")
    with pytest.raises(InvalidBaseline):
        read_baseline(path)


def test_a_missing_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_baseline(tmp_path / "absent.json")


def test_a_baseline_is_readable_json_with_a_line_for_each_finding(tmp_path: Path) -> None:
    path = tmp_path / "known.json"
    assert write_baseline(EMPTY.with_findings([gap("b"), gap("a")]), path) == 2
    text = path.read_text(encoding="utf-8")
    assert [entry["subject"] for entry in json.loads(text)["findings"]] == ["a", "b"]
    assert len(text.splitlines()) == 4


def prints(text: str, file: str) -> set[tuple[str, str]]:
    """Code and fingerprint of everything that is found in the text of an organization."""
    report = Organization.parse(text, file=file).check(on=DAY, until=date(2027, 3, 1))
    return {(finding.code, fingerprint(finding)) for finding in report.findings}


@pytest.mark.parametrize("code", pages.codes())
def test_what_a_check_finds_is_recognised_when_lines_move_the_file_is_renamed_and_another_language_is_spoken(
    code: str,
) -> None:
    text = pages.page(code).failing.text
    known = prints(text, "crmcore.yaml")
    assert code in {each for each, _ in known}
    moved = "# moved\n\n\n" + text.replace("\n", "\n\n\n")
    assert prints(moved, "companies/yunfan/organization.yaml") == known
    with speaking("zh"):
        assert prints(text, "crmcore.yaml") == known


@pytest.mark.parametrize("code", pages.codes())
def test_what_a_check_finds_is_recognised_when_sections_change_their_order(code: str) -> None:
    tree = Organization.parse(pages.page(code).failing.text).to_data()
    turned = dict(reversed(tree.items()))
    one, other = (
        {fingerprint(each) for each in Organization.from_data(data).check(on=DAY).findings} for data in (tree, turned)
    )
    assert one == other


def test_a_baseline_is_the_same_for_everybody_who_writes_it(tmp_path: Path) -> None:
    phrase = say("{one} and {other}", one="sales", other=say("service"))
    found = gap(arguments={"touchpoint": phrase, "example": ""})
    report = EMPTY.with_findings([found, about("a", who=phrase, whom="x")])
    paths = tmp_path / "one.json", tmp_path / "other.json"
    write_baseline(report, paths[0])
    with speaking("zh"):
        write_baseline(report, paths[1])
        assert apply(report, read_baseline(paths[0])).findings == ()
    assert paths[0].read_bytes() == paths[1].read_bytes()
    plain = evolve(
        report.findings[0], arguments={key: str(value) for key, value in report.findings[0].arguments.items()}
    )
    assert fingerprint(plain) == fingerprint(report.findings[0])


def test_a_program_reaches_baselines_through_the_room_of_checks(tmp_path: Path) -> None:
    report = EMPTY.with_findings([gap()])
    checks.write_baseline(report, tmp_path / "known.json")
    assert checks.apply_baseline(report, checks.read_baseline(tmp_path / "known.json")).findings == ()

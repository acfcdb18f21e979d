import pickle
from datetime import date

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from crmcore.checks.findings import Finding, Problem, Report, Severity, Summary
from crmcore.values import Place

DAY = date(2026, 11, 23)
EMPTY = Report(
    organization="云帆软件",
    on=DAY,
    until=DAY,
    findings=(),
    summary=Summary(errors=0, warnings=0, infos=0, touchpoints=1, duties=1, points=1, proven=True),
)


def finding(code: str = "COV101", severity: Severity = Severity.ERROR, line: int = 1) -> Finding:
    return Finding(
        code=code, name="a-check", severity=severity, subject="x", place=Place("crmcore.yaml", line), text="it fails"
    )


findings = st.lists(
    st.builds(
        finding,
        code=st.sampled_from(["COV101", "COV102", "ORG201"]),
        severity=st.sampled_from(Severity),
        line=st.integers(1, 5),
    )
)


def test_a_message_is_its_text_with_the_arguments_in_it() -> None:
    problem = Problem(subject="x", place=Place("f"), text="{name} has {count}", arguments={"name": "王伟", "count": 2})
    assert problem.message == "王伟 has 2"


def test_braces_in_an_argument_are_not_filled_in() -> None:
    problem = Problem(subject="x", place=Place("f"), text="{name}", arguments={"name": "{secret.__class__}"})
    assert problem.message == "{secret.__class__}"


def test_an_error_is_worse_than_a_warning_and_that_worse_than_an_info() -> None:
    assert Severity.ERROR.rank < Severity.WARNING.rank < Severity.INFO.rank


@given(findings)
def test_a_report_orders_and_counts_its_findings_whatever_their_order_was(found: list[Finding]) -> None:
    report = EMPTY.with_findings(found)
    assert sorted(report.findings, key=repr) == sorted(found, key=repr)
    ranks = [each.severity.rank for each in report.findings]
    assert ranks == sorted(ranks)
    summary = report.summary
    assert summary.errors + summary.warnings + summary.infos == len(found)
    assert summary.errors == ranks.count(0)
    assert report.ok == (0 not in ranks)
    assert EMPTY.with_findings(reversed(found)) == report


@given(findings)
def test_the_groups_of_a_report_hold_every_finding_once(found: list[Finding]) -> None:
    groups = EMPTY.with_findings(found).by_check()
    assert sum(map(len, groups.values())) == len(found)
    assert all({each.code for each in group} == {code} for code, group in groups.items())


def test_the_figures_of_the_proof_stay_when_findings_change() -> None:
    report = EMPTY.with_findings([finding()])
    assert report.summary == evolve(EMPTY.summary, errors=1)


def test_a_report_can_be_sent_to_another_process() -> None:
    report = EMPTY.with_findings([finding()])
    assert pickle.loads(pickle.dumps(report)) == report  # noqa: S301 (its own bytes)

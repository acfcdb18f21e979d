"""What a file ignores is left out for as long as it says, and what ignores nothing is found."""

import random
from datetime import date
from typing import Any

import pytest
from attrs import evolve
from oracle import FIRST, Oracle, expand, random_organization

from crmcore.checks import Finding
from crmcore.organization import Organization, Scope, Suppression

DAY = date(2026, 11, 23)
COMPANY = """
crmcore: 1
name: 云帆软件
dimensions:
  region: {tree: {China: [Shanghai, Sichuan], Overseas: [Singapore, Dubai]}}
  size: {number: {min: 1, max: 1000, integer: true}}
roles: [{id: seller}]
touchpoints: [{id: renewal-call}, {id: complaint}]
duties:
  - {touchpoints: [renewal-call], role: seller, duty: accountable, where: {region: China}}
  - {touchpoints: [complaint], role: seller, duty: accountable, where: {size: {from: 10, to: 200}}}
checks:
  ignore:
"""


def findings(*ignored: str, on: date = DAY, select: tuple[str, ...] = ("COV101", "REF")) -> list[Finding]:
    text = COMPANY + "".join(f"    - {entry}\n" for entry in ignored)
    return list(Organization.parse(text, file="crmcore.yaml").check(on=on, select=select).findings)


def told(*ignored: str, **options: Any) -> list[tuple[str, str]]:
    return [(finding.code, finding.subject) for finding in findings(*ignored, **options)]


OVERSEAS = (
    "{code: COV101, subject: renewal-call, where: {region: Overseas}, because: it opens in March, until: 2027-03-31}"
)
GAPS = [("COV101", "complaint"), ("COV101", "renewal-call")]


def test_without_suppressions_everything_is_reported() -> None:
    assert sorted(told()) == GAPS


def test_a_code_alone_leaves_out_all_that_its_check_finds() -> None:
    assert told("COV101") == []


def test_a_suppression_leaves_out_its_subject_where_it_says_and_nothing_else() -> None:
    assert sorted(told(OVERSEAS)) == GAPS[:1]


def test_on_its_last_day_it_still_holds_and_a_day_later_it_is_a_finding_beside_what_it_left_out() -> None:
    assert sorted(told(OVERSEAS, on=date(2027, 3, 31))) == GAPS[:1]
    later = findings(OVERSEAS, on=date(2027, 4, 1))
    assert sorted((one.code, one.subject) for one in later) == [*GAPS, ("REF002", "COV101")]
    (ended,) = (one for one in later if one.code == "REF002")
    assert ended.message == "COV101 was ignored because it opens in March; that ended on 2027-03-31"
    assert (ended.place.line, ended.place.column) == (14, 7)


def test_a_suppression_that_matches_nothing_is_a_finding_at_its_place() -> None:
    (unused,) = findings("COV101", "{code: COV101, subject: demo, because: it starts later}")
    assert (unused.code, unused.subject, unused.place.line) == ("REF002", "COV101", 15)
    assert unused.message == "COV101 is ignored for demo, but it finds nothing there"


def test_a_finding_that_reaches_beyond_the_scope_is_reported_and_so_is_the_suppression() -> None:
    found = findings("{code: COV101, subject: renewal-call, where: {region: Singapore}, because: it opens}")
    assert sorted((one.code, one.subject) for one in found) == [*GAPS, ("REF002", "COV101")]
    assert any("is about others too" in one.message for one in found)


@pytest.mark.parametrize(
    ("where", "left"),
    [
        ("[{to: 10}, {from: 200}]", 0),
        ("[{to: 10}]", 1),
        ("[{to: 10}, {from: 200, to: 999}]", 1),
        ("[{from: 300}, {to: 10}, {from: 200, to: 300}]", 0),
        ("[{from: 301}, {to: 10}, {from: 200, to: 300}]", 1),
        ("{from: 1, to: 1000}", 0),
    ],
)
def test_ranges_of_numbers_have_to_hold_all_of_the_finding(where: str, left: int) -> None:
    entry = f"{{code: COV101, subject: complaint, where: {{size: {where}}}, because: small ones wait}}"
    assert told(entry).count(("COV101", "complaint")) == left


def test_what_is_not_about_customers_lies_in_no_scope() -> None:
    everywhere = "{code: ORG207, because: we are three people}"
    assert told(everywhere, select=("ORG207", "REF")) == []
    somewhere = "{code: ORG207, where: {region: China}, because: we are three people}"
    assert sorted(told(somewhere, select=("ORG207", "REF"))) == [("ORG207", "云帆软件"), ("REF002", "ORG207")]


def test_an_unknown_code_is_told_with_the_nearest() -> None:
    (unknown,) = findings("COV101", "{code: COV1011, because: because}")
    assert unknown.message == "COV1011 is ignored, but there is no such check; did you mean COV101?"


def test_a_suppression_of_a_check_that_did_not_run_is_not_judged() -> None:
    assert told("{code: COV102, because: because}", "COV101") == []


def test_unused_suppressions_can_be_left_out_like_anything_else() -> None:
    unused = "{code: COV101, subject: demo, because: it starts later}"
    assert told("COV101", unused, "REF002") == []
    assert told("COV101", unused, "{code: REF002, subject: COV101, because: it is a promise}") == []
    assert told("COV101", "{code: REF002, subject: COV101, because: it is a promise}") == [("REF002", "REF002")]


def test_a_name_in_its_scope_that_does_not_exist_is_found() -> None:
    wrong = "{code: COV101, where: {region: Oversea}, because: it opens in March}"
    assert ("REF001", "Oversea") in told(wrong)


def test_the_scope_of_a_suppression_means_what_brute_force_says(cases: int) -> None:
    draw = random.Random(17)
    compared = 0
    for seed in range(min(cases, 300)):
        organization, on, _ = random_organization(seed)
        report = organization.check(on=on, select=["COV101"])
        boxed = [one for one in report.findings if one.box is not None]
        scopes = [duty.where for duty in organization.duties if len(duty.where)]
        if not boxed or not scopes:
            continue
        where = draw.choice(scopes)
        ignoring = evolve(
            organization,
            checks=evolve(organization.checks, ignore=[Suppression("COV101", because="known", where=where)]),
        )
        oracle = Oracle(organization, FIRST, FIRST)
        wanted = [one for one in boxed if not _inside(oracle, one, where)]
        kept = [one for one in ignoring.check(on=on, select=["COV101"]).findings if one.box is not None]
        assert kept == wanted, seed
        compared += len(boxed)
    assert compared > 50


def _inside(oracle: Oracle, finding: Finding, where: Scope) -> bool:
    """Whether every customer of a finding lies in a scope, asked one by one."""
    return all(oracle.admits(where, point) for point, _ in expand(oracle, finding.box or {}))

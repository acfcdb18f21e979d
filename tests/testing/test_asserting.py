"""The assertion fails with what does not hold, and with nothing else."""

from datetime import date
from pathlib import Path

import pytest

from crmcore.checks import write_baseline
from crmcore.errors import UnknownName
from crmcore.language import speaking
from crmcore.organization import Organization, Role, Touchpoint
from crmcore.testing import assert_holds

DAY = date(2026, 11, 23)
GAP = Organization.parse("crmcore: 1\nname: 云帆\ntouchpoints: [{id: renewal-call}]\n", file="crmcore.yaml")


def test_a_finding_is_told_with_its_place() -> None:
    with pytest.raises(AssertionError) as caught:
        assert_holds(GAP, on=DAY, select=["COV101"])
    assert str(caught.value) == (
        "云帆: 1 finding\ncrmcore.yaml:3:15: error COV101 nobody is accountable for renewal-call"
    )


def test_what_is_less_bad_than_wanted_does_not_fail() -> None:
    idle = Organization("x", roles=[Role("seller")])
    assert_holds(idle, on=DAY, select=["ORG206"])
    with pytest.raises(AssertionError, match="info ORG206"):
        assert_holds(idle, on=DAY, select=["ORG206"], fail_on="info")
    assert_holds(GAP, on=DAY, select=["COV"], ignore=["COV101"])


def test_what_is_known_does_not_fail_and_what_is_known_no_more_does(tmp_path: Path) -> None:
    known = tmp_path / "known.json"
    write_baseline(GAP.check(on=DAY), known)
    assert_holds(GAP, on=DAY, baseline=known)
    with pytest.raises(AssertionError, match="REF002 the baseline excuses"):
        assert_holds(Organization("x"), on=DAY, select=["COV101", "REF002"], baseline=known)
    assert_holds(Organization("x"), on=DAY, select=["REF002"], baseline=known)


def test_of_many_findings_the_rest_is_counted() -> None:
    many = Organization("x", touchpoints=[Touchpoint(f"t{number}") for number in range(60)])
    with pytest.raises(AssertionError, match=r"x: 60 findings\n(.*\n){50}and 10 more$"):
        assert_holds(many, on=DAY, select=["COV101"])


def test_it_speaks_chinese() -> None:
    with speaking("zh"), pytest.raises(AssertionError, match="云帆：1 个问题"):
        assert_holds(GAP, on=DAY, select=["COV101"])


def test_a_wrong_call_is_no_failed_assertion() -> None:
    with pytest.raises(UnknownName):
        assert_holds(GAP, select=["XYZ"])
    with pytest.raises(ValueError, match="fatal"):
        assert_holds(GAP, fail_on="fatal")

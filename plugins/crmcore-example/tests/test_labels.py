"""The check of the example: the contract, and the organizations that hypothesis invents."""

import pytest
from crmcore_example.labels import UNLABELLED
from hypothesis import given
from hypothesis import strategies as st

from crmcore import Organization
from crmcore.checks import Check, check
from crmcore.organization import Touchpoint
from crmcore.testing import CheckContract


class TestUnlabelled(CheckContract):
    @pytest.fixture
    def check(self) -> Check:
        return UNLABELLED


@given(st.lists(st.sampled_from(["", "续约沟通", "Renewal call"]), max_size=5))
def test_it_finds_exactly_the_touchpoints_without_a_label(labels: list[str]) -> None:
    touchpoints = [Touchpoint(f"t{number}", label=label) for number, label in enumerate(labels)]
    report = check(Organization("company", touchpoints=touchpoints), checks=[UNLABELLED])
    assert [finding.subject for finding in report.findings] == [one.id for one in touchpoints if not one.label]
